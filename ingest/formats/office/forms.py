"""Fields of forms as office programs kept them before there were content controls: boxes, choices, texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ingest.text.symbols import CHECKED, UNCHECKED


class FormKind(StrEnum):
    """What is filled in."""

    TEXT = "text"
    BOX = "box"
    CHOICE = "choice"


@dataclass(slots=True, kw_only=True)
class FormField:
    """A field of a form, as the file states it.

    Attributes:
        kind: what is filled in.
        chosen: number of the choice, 0-based; 1 for a ticked box, 0 for an empty one; None where nobody chose.
        usual: what holds where nobody chose.
        choices: of a choice.
        text: that a text begins with.
    """

    kind: FormKind = FormKind.TEXT
    chosen: int | None = None
    usual: int = 0
    choices: list[str] = field(default_factory=list)
    text: str = ""

    def shown(self) -> str:
        """Return what a reader sees of it.

        >>> FormField(kind=FormKind.BOX, chosen=1).shown()
        '☑'
        >>> FormField(kind=FormKind.CHOICE, choices=["Mail", "Phone"]).shown()
        'Mail'
        """
        value = self.usual if self.chosen is None else self.chosen
        if self.kind is FormKind.BOX:
            return CHECKED if value else UNCHECKED
        if self.kind is FormKind.CHOICE:
            return self.choices[value] if 0 <= value < len(self.choices) else ""
        return self.text
