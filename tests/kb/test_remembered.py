"""What is remembered, by many threads at once."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from kb.remembered import Remembered


def squares(numbers: list[int]) -> list[int]:
    """Return the squares of numbers."""
    return [number * number for number in numbers]


def test_what_was_used_longest_ago_is_forgotten() -> None:
    """No more than the most is kept, and what was asked for again stays."""
    kept = Remembered[int, int](2)
    kept.put(1, 1)
    kept.put(2, 4)
    assert kept.get(1) == 1
    kept.put(3, 9)
    assert (kept.get(1), kept.get(2), kept.get(3), len(kept)) == (1, None, 9, 2)


def test_only_what_is_missing_is_made() -> None:
    """What is remembered is not made again, and each missing value once."""
    kept, made = Remembered[int, int](10), []

    def make(numbers: list[int]) -> list[int]:
        made.extend(numbers)
        return squares(numbers)

    assert kept.all_of([2, 1, 2], make) == {2: 4, 1: 1}
    assert kept.all_of([1, 3], make) == {1: 1, 3: 9}
    assert made == [2, 1, 3]


def test_more_than_the_most_may_be_asked_for() -> None:
    """All values come back, though not all of them can be kept."""
    kept = Remembered[int, int](3)
    assert kept.all_of(range(10), squares) == {number: number * number for number in range(10)}
    assert len(kept) == 3


def test_a_value_is_changed_by_putting_another() -> None:
    """What is put last is what is remembered."""
    kept = Remembered[str, int](3)
    kept.put("a", 1)
    kept.update({"a": 2, "b": 3})
    assert kept.known(["a", "b", "c"]) == {"a": 2, "b": 3}


def test_threads_take_nothing_from_each_other() -> None:
    """Eight threads with far more keys than places get every value right."""
    kept = Remembered[int, int](3)

    def ask(seed: int) -> bool:
        draw = random.Random(seed)
        rounds = [[draw.randrange(40) for _ in range(6)] for _ in range(500)]
        return all(kept.all_of(keys, squares) == {key: key * key for key in keys} for keys in rounds)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == [True] * 8
    assert len(kept) == 3
