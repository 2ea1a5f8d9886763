"""The data that the trained parts are fitted to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TRAINING = Path(__file__).parents[1] / "data" / "training"


def test_every_unit_has_twins_that_can_be_read() -> None:
    """Each edit finds its words once, changes something, and leaves a passage of about the same length."""
    checked = subprocess.run(
        [sys.executable, "twins.py"], cwd=TRAINING, capture_output=True, encoding="utf-8", check=False
    )
    assert checked.stderr == ""
    assert checked.stdout == "1697 of 1697 units edited, 0 wrongly\n"
