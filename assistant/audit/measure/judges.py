"""Who says whether sources support a claim: the local verification, or a chat model. The port Judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.types import Verdict
from assistant.verify import Verifier, split_claims
from kb.embedders import Embedder


class Judge(Protocol):
    """Says of claims whether evidence supports them."""

    name: str
    """Of the judge, for reports; another one measures otherwise."""

    def verdicts(self, claims: Sequence[str], evidence: Sequence[str]) -> list[Verdict]:
        """Return a verdict on each claim against the same passages."""


class LocalJudge:
    """The verification that also checks what goes out, applied anew to what went out."""

    def __init__(self, embedder: Embedder) -> None:
        self._verifier = Verifier(embedder)
        self.name = f"local verification on {embedder.fingerprint}"

    def verdicts(self, claims: Sequence[str], evidence: Sequence[str]) -> list[Verdict]:
        """Return a verdict on each claim against the same passages."""
        return self._verifier.verify_all(list(claims), list(evidence)) if claims else []


def claims_of(sentence: str) -> list[str]:
    """Return the claims of a sentence, the sentence itself where nothing can be split."""
    return [claim for claim in split_claims(sentence) if claim.strip()] or [sentence]
