"""Answers that a chat model writes: sentence by sentence, each released only when its sources say so."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from assistant.answer.checker import Checker
from assistant.answer.completion import left_out
from assistant.answer.notes import Notes
from assistant.answer.passage import Around
from assistant.answer.prompt import NO_ANSWER, Source, build_prompt, sources_of
from assistant.answer.sentence_stream import written_sentences
from assistant.chat_model import ChatModel
from assistant.types import Message, Quote, Statement, Understanding, Wish
from assistant.verify import Verifier, split_claims
from kb.errors import ChatModelError
from kb.guard.marks import Guard
from kb.types import Hit

_MOST_SENTENCES = 24  # of a draft: what goes on longer than that is going round in circles


class ChatWriter:
    """Lets a chat model write, and checks what it writes."""

    def __init__(
        self,
        model: ChatModel,
        verifier: Verifier,
        room: int,
        guard: Guard = Guard(),
        around: Around = lambda chunk: (),
    ) -> None:
        """Take the parts.

        Args:
            model: writes.
            verifier: checks what it writes.
            room: how many characters of documents it is shown.
            guard: tells what must not be quoted.
            around: gives the chunks beside one, for lists that run over several.
        """
        self._model, self._verifier, self._room = model, verifier, room
        self._guard, self._around = guard, around

    def write(
        self, understanding: Understanding, hits: Sequence[Hit], history: Sequence[Message], notes: Notes
    ) -> Iterator[Statement]:
        """Yield the draft's sentences, checked, as they are written; those held back too, with ``kept=False``.

        Behind them stands, word for word, what they leave out of a list or of what limits them.

        Raises:
            ChatModelError: the model failed, timed out, or wrote nothing that could be read as an answer.
        """
        notes.model = self._model.name
        sources = sources_of(hits, self._room, self._guard)
        checker = Checker(self._verifier, sources, self._guard, "\n".join(understanding.queries))
        # While the model writes its first sentence there is time to read what it will be held against.
        reading = threading.Thread(target=self._verifier.read, args=([s.text for s in sources],), daemon=True)
        reading.start()
        claimed = False
        said: set[str] = set()
        told: list[Quote] = []
        notes.drafts.append("")
        for place, written in enumerate(written_sentences(self._pieces(understanding, sources, history, notes))):
            if NO_ANSWER in written.text.upper():
                return
            if place == _MOST_SENTENCES:
                break
            claimed = claimed or bool(split_claims(written.text))
            with notes.timed("verify"):
                reading.join()
                statements = checker.check(written)
            for statement in statements:
                if not statement.kept or statement.text not in said:
                    said.add(statement.text if statement.kept else "")
                    told += statement.quotes if statement.kept else ()
                    yield statement
        if not claimed:
            raise ChatModelError(
                f"{self._model.name} wrote nothing that can be read as an answer ({notes.drafts[-1][:80]!r}): "
                "try another model"
            )
        wanted = understanding.wish is not Wish.SHORTER
        yield from left_out(understanding.queries[-1], told, self._around, self._guard, lists=wanted)

    def _pieces(
        self, understanding: Understanding, sources: Sequence[Source], history: Sequence[Message], notes: Notes
    ) -> Iterator[str]:
        for piece in self._model.stream(build_prompt(understanding, sources, history), notes.remarks.append):
            notes.drafts[-1] += piece
            yield piece
