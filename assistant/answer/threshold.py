"""From which probability on a question is answered."""

from __future__ import annotations

from assistant.settings import MIN_ANSWERABLE


def least_answerable(stated: float | None, calibrated: float | None) -> float:
    """Return the setting where it is given, else what was calibrated, else what holds without either."""
    return next((value for value in (stated, calibrated) if value is not None), MIN_ANSWERABLE)
