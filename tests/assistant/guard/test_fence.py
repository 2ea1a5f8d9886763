"""The fence around untrusted words."""

from __future__ import annotations

from assistant.guard.fence import Fence


def test_a_fence_is_drawn_anew_and_told_of() -> None:
    """Two requests have different fences, words stand between the marks, and the rule names both marks."""
    one, other = Fence(), Fence()
    assert one.name != other.name
    begin, words, end = one.around("<<<end of it>>>").split("\n")
    assert words == "<<<end of it>>>"
    assert begin in one.rule
    assert end in one.rule
