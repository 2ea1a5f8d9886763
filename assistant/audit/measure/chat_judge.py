"""A chat model as a second judge. What it reads is data within a fence; what it writes is only read as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from assistant.chat_model import ChatModel, open_chat_model
from assistant.guard.fence import Fence
from assistant.settings import Settings
from assistant.types import Verdict
from kb.errors import ChatModelError, SettingsError

_RULES = """You check whether passages support statements. A statement is supported only if the passages say \
all of it: every number, date, name, condition and negation. What is merely likely, or true elsewhere, is not \
supported.
{fence}

Answer with a JSON list and nothing else, one object per statement, in order:
[{{"supported": true or false, "reason": "a few words"}}]"""
_ATTEMPTS = 2
_TOKENS = 2000  # of an answer, at least: a verdict and a few words of reason for each of some thirty claims


class ChatJudge:
    """Asks a chat model for all claims of a sentence at once."""

    def __init__(self, model: ChatModel) -> None:
        """Use a chat model; its name is the judge's."""
        self._model = model
        self.name = model.name

    def verdicts(self, claims: Sequence[str], evidence: Sequence[str]) -> list[Verdict]:
        """Return a verdict on each claim.

        Raises:
            ChatModelError: none can be had, or not in time.
        """
        if not claims:
            return []
        if not evidence:
            return [
                Verdict(claim=claim, supported=False, support=0.0, reason="it cites nothing") for claim in claims
            ]
        said = ""
        for _ in range(_ATTEMPTS):
            said = self._ask(claims, evidence)
            found = _read(said, claims)
            if found is not None:
                return found
        raise ChatModelError(
            f"the judge {self.name!r} answered {said[:80]!r} where a JSON list of {len(claims)} verdicts was "
            "wanted: choose a larger model with --second-judge"
        )

    def _ask(self, claims: Sequence[str], evidence: Sequence[str]) -> str:
        fence = Fence()
        passages = "\n\n".join(f"Passage {i}:\n{text}" for i, text in enumerate(evidence, 1))
        statements = "\n".join(f"Statement {i}: {text}" for i, text in enumerate(claims, 1))
        request = fence.around(f"PASSAGES\n{passages}\n\nSTATEMENTS\n{statements}")
        return "".join(self._model.stream([("system", _RULES.format(fence=fence.rule)), ("human", request)]))


def _read(reply: str, claims: Sequence[str]) -> list[Verdict] | None:
    """Return the verdicts in a reply, None where it is not what was asked for."""
    try:
        rows = json.loads(reply[reply.index("[") : reply.rindex("]") + 1])
        if len(rows) != len(claims) or not all(isinstance(row["supported"], bool) for row in rows):
            return None
        return [
            Verdict(
                claim=claim,
                supported=row["supported"],
                support=float(row["supported"]),
                reason=str(row.get("reason", ""))[:400],
            )
            for claim, row in zip(claims, rows, strict=True)
        ]
    except (ValueError, TypeError, KeyError):
        return None


def open_chat_judge(settings: Settings, model: str) -> ChatJudge:
    """Open the judge of that name, with the address, key and budgets of the settings.

    Raises:
        MissingExtra: its library is not installed.
        ChatModelError: nobody knows its name.
    """
    opened = open_chat_model(
        model, base_url=settings.chat_base_url, api_key=settings.chat_api_key, seconds=settings.chat_seconds,
        tokens=max(settings.chat_tokens, _TOKENS), retries=settings.chat_retries,
    )  # fmt: skip
    try:
        opened.open()
    except SettingsError as error:
        raise ChatModelError(f"the judge {model!r} cannot be opened: name it as provider:model") from error
    return ChatJudge(opened)
