"""What was worked out lately, by what it was worked out from; for many threads at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """The values that were used last, no more than ``most`` of them; any number of threads may share it.

    What is returned cannot be taken away by another thread: values are handed out, not places. Two threads that
    miss the same value may both work it out; nobody waits for another's work.

    >>> squares = Remembered[int, int](most=2)
    >>> squares.all_of([1, 2, 3], lambda numbers: [number * number for number in numbers])
    {1: 1, 2: 4, 3: 9}
    >>> squares.get(1), squares.get(3), len(squares)
    (None, 9, 2)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        """Return what is remembered of a key, None if nothing is."""
        return self.known([key]).get(key)

    def known(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """Return what is remembered of these keys; they count as used now."""
        with self._lock:
            there = [key for key in keys if key in self._values]
            for key in there:
                self._values.move_to_end(key)
            return {key: self._values[key] for key in there}

    def put(self, key: Key, value: Value) -> None:
        """Remember one value."""
        self.update({key: value})

    def update(self, values: Mapping[Key, Value]) -> None:
        """Remember values, and forget the ones that were used longest ago if there are too many."""
        with self._lock:
            for key, value in values.items():
                self._values[key] = value
                self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def all_of(self, keys: Iterable[Key], make: Callable[[list[Key]], Iterable[Value]]) -> dict[Key, Value]:
        """Return the value of each key: remembered, or made now and remembered.

        Args:
            keys: asked for; each once or more often.
            make: given the keys that nothing is remembered of, in order, returns their values in the same order.
        """
        wanted = list(dict.fromkeys(keys))
        known = self.known(wanted)
        if missing := [key for key in wanted if key not in known]:
            made = dict(zip(missing, make(missing), strict=True))
            self.update(made)
            known |= made
        return {key: known[key] for key in wanted}
