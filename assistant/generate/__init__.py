"""From hits to a draft answer. The port Generator: quotes chosen, or sentences written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.types import Quote, Understanding
from kb.types import Hit


class Generator(Protocol):
    """Chooses what to say about a question."""

    def generate(self, understanding: Understanding, hits: Sequence[Hit]) -> list[Quote]:
        """Return what the answer says, in the order of its sentences, each with the chunk it rests on."""
