"""Would a question be answered the same at two versions? Told without asking it twice.

A question's hits depend on the whole knowledge base (rarity of words, the candidates that scores are scaled
over), so that the changed document is not among an old answer's hits proves nothing. What does hold: the assistant
learns of the documents only by what its searches return. So every question is searched at both versions, by the
assistant's own code, and one of three things happens:

- All searches returned the same. Whatever comes after is the same function of the same values; the probe ends
  where the assistant begins to embed for its words.
- They differ, but the assistant never looks where they do. It goes on to its last word at the old version with
  *watched* hits: each field that it reads is compared with the same field of the hit of the same rank at the new
  version. If all that was read is equal, the same code takes the same path to the same words with the new hits.
  This is the argument of self-adjusting computation (Acar 2005): what was not read cannot have mattered.
- It reads something that differs: the probe ends there, and the question has to be asked at both versions.

Scores, and how likely the documents answer, shift with anything; of them each comparison must come out the same.
Not compared is what no word of an answer depends on: where a chunk stands in its document (it is only cited), and
the number of the version.

With a chat model, what it makes of its sources is not known without asking: there, any difference counts.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, ClassVar, Self

from kb.knowledge_base import KnowledgeBase
from kb.search.search import Retrieval
from kb.types import Chunk, Filters, Hit


class _Stop(BaseException):
    """Ends a probe; not an Exception, so that nothing on the way takes it for a failure."""

    def __init__(self, same: bool) -> None:
        self.same = same


class Probe:
    """A knowledge base that searches two versions at once and stops where they differ.

    It stands in for the assistant's knowledge base; what it does not know itself is asked of the real one.

    Attributes:
        embedder: stops the probe when something is embedded for what is to be said, unless it has to be watched.
    """

    def __init__(self, knowledge_base: KnowledgeBase, old: int, new: int, *, watch: bool = True) -> None:
        """Probe ``old`` against ``new``.

        Args:
            knowledge_base: both are searched in.
            old: number of a version.
            new: number of another.
            watch: go on where the searches differ; else any difference counts.
        """
        self._knowledge_base, self._old, self._new, self._watch = knowledge_base, old, new, watch
        self._differ = False
        self.embedder = _Halt(knowledge_base, self)

    def same(self, reply: Callable[[], object]) -> bool:
        """Tell whether a turn of the probing assistant gets to its words, or to its end, without a difference."""
        self._differ = False
        try:
            reply()
        except _Stop as stop:
            return stop.same
        except TypeError:  # it did with a watched number what cannot be watched
            return False
        return True

    def search(self, queries: Sequence[str], k: int = 10, filters: Filters = Filters()) -> Retrieval:
        """Return what the old version has, watched where the new one has something else."""
        was = self._knowledge_base.search(queries, k, replace(filters, version=self._old))
        now = self._knowledge_base.search(queries, k, replace(filters, version=self._new))
        if evidence_of(was) == evidence_of(now):
            return was
        if not self._watch or len(was.hits) != len(now.hits):
            raise _Stop(same=False)
        self._differ = True
        return watched(was, now)

    def may_embed(self) -> None:
        """End the probe if all searches returned the same."""
        if not self._differ:
            raise _Stop(same=True)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._knowledge_base, name)


class _Halt:
    """The embedder, which ends a probe where all that an answer is written from was the same."""

    def __init__(self, knowledge_base: KnowledgeBase, probe: Probe) -> None:
        self._knowledge_base, self._probe = knowledge_base, probe

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("embed"):
            return getattr(self._knowledge_base.embedder, name)

        def embed(*arguments: Any) -> Any:
            self._probe.may_embed()
            return getattr(self._knowledge_base.embedder, name)(*arguments)

        return embed


def evidence_of(retrieval: Retrieval) -> tuple[Any, ...]:
    """Return everything of a retrieval that an answer's words may depend on.

    Of places in a document, how far apart the chunks are, counted in chunks; where they stand is only cited.
    """
    first: dict[str, int] = {}
    for hit in retrieval.hits:
        chunk = hit.chunk
        first[chunk.document_id] = min(first.get(chunk.document_id, chunk.position), chunk.position)
    hits = []
    for hit in retrieval.hits:
        chunk = hit.chunk
        moved = replace(chunk, position=chunk.position - first[chunk.document_id], start=0, end=len(chunk.text))
        hits.append(replace(hit, chunk=moved))
    return tuple(hits), retrieval.answerable, retrieval.evidence, retrieval.queries


def watched(was: Retrieval, now: Retrieval) -> Retrieval:
    """Return ``was``; reading what differs in ``now`` ends the probe. Both have as many hits."""
    hits = tuple(_Hit.twin_of(_with_parts(a, b), b) for a, b in zip(was.hits, now.hits, strict=True))
    answerable: Any = _Number(was.answerable, now.answerable)
    return _Retrieval.twin_of(replace(was, hits=hits, answerable=answerable), now)


def _with_parts(was: Hit, now: Hit) -> Hit:
    score: Any = _Number(was.score, now.score)
    return replace(was, chunk=_Chunk.twin_of(was.chunk, now.chunk), score=score)


class _Watched:
    """Reads of a dataclass's fields are compared with its twin; ``free`` fields are not."""

    __slots__ = ()
    free: ClassVar[frozenset[str]]
    names: ClassVar[frozenset[str]]

    @classmethod
    def twin_of(cls, original: Any, twin: Any) -> Self:
        """Return ``original``, watched."""
        made = cls(**{name: getattr(original, name) for name in cls.names})
        object.__setattr__(made, "twin", twin)
        return made

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        kind = type(self)
        if name in kind.names and name not in kind.free:
            # A copy made with ``replace`` has no twin: it was made of fields that were compared.
            twin = getattr(object.__getattribute__(self, "twin"), name) if hasattr(self, "twin") else value
            if value != twin:
                raise _Stop(same=False)
        return value


class _Chunk(_Watched, Chunk):
    __slots__ = ("twin",)
    free = frozenset({"start", "end"})
    names = frozenset(field.name for field in fields(Chunk))


class _Hit(_Watched, Hit):
    __slots__ = ("twin",)
    free = frozenset({"chunk", "score"})  # watched themselves
    names = frozenset(field.name for field in fields(Hit))


class _Retrieval(_Watched, Retrieval):
    __slots__ = ("twin",)
    free = frozenset({"hits", "answerable", "version"})  # watched themselves; another by what it is
    names = frozenset(field.name for field in fields(Retrieval))


class _Number:
    """A number with a twin. Calculating makes another such pair; comparisons must come out the same for both.

    Turned into a plain number, a text or part of an array, both must be equal.
    """

    __array_ufunc__ = None  # numpy leaves what an array and a pair make to the pair

    def __init__(self, value: float, twin: float) -> None:
        self.value, self.twin = value, twin

    def __float__(self) -> float:
        if self.value != self.twin:
            raise _Stop(same=False)
        return self.value

    def __repr__(self) -> str:
        return repr(float(self))

    def _calculated(self, calculate: Callable[[Any, Any], Any], other: Any, *, turned: bool = False) -> Any:
        one, two = (other.value, other.twin) if isinstance(other, _Number) else (other, other)
        if not isinstance(one, int | float):
            return calculate(other, float(self)) if turned else calculate(float(self), other)
        if turned:
            return _Number(calculate(one, self.value), calculate(two, self.twin))
        return _Number(calculate(self.value, one), calculate(self.twin, two))

    def __add__(self, other: Any) -> Any:
        return self._calculated(operator.add, other)

    def __radd__(self, other: Any) -> Any:
        return self._calculated(operator.add, other, turned=True)

    def __sub__(self, other: Any) -> Any:
        return self._calculated(operator.sub, other)

    def __rsub__(self, other: Any) -> Any:
        return self._calculated(operator.sub, other, turned=True)

    def __mul__(self, other: Any) -> Any:
        return self._calculated(operator.mul, other)

    def __rmul__(self, other: Any) -> Any:
        return self._calculated(operator.mul, other, turned=True)

    def __truediv__(self, other: Any) -> Any:
        return self._calculated(operator.truediv, other)

    def _compared(self, compare: Callable[[Any, Any], bool], other: Any) -> bool:
        one, two = (other.value, other.twin) if isinstance(other, _Number) else (other, other)
        here, there = compare(self.value, one), compare(self.twin, two)
        if here != there:
            raise _Stop(same=False)
        return here

    def __lt__(self, other: object) -> bool:
        return self._compared(operator.lt, other)

    def __le__(self, other: object) -> bool:
        return self._compared(operator.le, other)

    def __gt__(self, other: object) -> bool:
        return self._compared(operator.gt, other)

    def __ge__(self, other: object) -> bool:
        return self._compared(operator.ge, other)

    def __eq__(self, other: object) -> bool:
        return self._compared(operator.eq, other)

    def __bool__(self) -> bool:
        return self._compared(operator.ne, 0.0)

    __hash__ = None  # type: ignore[assignment]  # nothing may be looked up by it
