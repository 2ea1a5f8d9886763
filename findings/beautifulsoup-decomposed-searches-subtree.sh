#!/usr/bin/env bash
# Asking Beautiful Soup whether an element was taken out of the tree searches everything below the element, as often
# as it is asked.
#
# Versions: beautifulsoup4 4.15.0.
# Expected: ``Tag.decomposed`` looks at a mark of the element, in the same few steps for a small and a large one: it
# is the property that the documentation names for this question.
# Seen: for an element that is in the tree, the steps grow with what is below it: 82, 622 and 6,022 functions entered
# for 10, 100 and 1,000 paragraphs. The mark is only set by ``decompose``; until then ``getattr(self, "_decomposed",
# False)`` reaches ``Tag.__getattr__``, which is ``find("_decomposed")``. So a loop that asks each element of a nested
# page is quadratic. ``"_decomposed" in vars(element)`` answers at once.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check beautifulsoup4==4.15.0
"$folder/venv/bin/python" <<'PYTHON'
import sys

from bs4 import BeautifulSoup


def steps(paragraphs: int) -> int:
    """Return how many functions are entered to ask one element that holds so many."""
    element = BeautifulSoup(f"<div>{'<p>x</p>' * paragraphs}</div>", "html.parser").div
    entered = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal entered
        entered += event == "call"

    sys.setprofile(count)
    answer = element.decomposed
    sys.setprofile(None)
    assert answer is False
    return entered


seen = {paragraphs: steps(paragraphs) for paragraphs in (10, 100, 1000)}
print(seen)
assert seen[100] > 5 * seen[10] and seen[1000] > 9 * seen[100], "this has changed"
PYTHON
