"""The threshold of a knowledge base: chosen from cases, kept in its database, stale once much has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, delete, func, insert, select

from kb.calibration.selective import CONFIDENCE, Judged, Threshold, choose_threshold
from kb.calibration.selfcases import self_cases
from kb.knowledge_base import KnowledgeBase
from kb.store.rows import visible
from kb.store.schema import calibrations, chunks

OWN_DOCUMENTS = "questions made from the documents"
"""Source of a calibration without labels."""
STALE_SHARE = 0.1  # chosen (ADR 0011)
"""Share of the chunks that may have come or gone since before a calibration is stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """From which probability on this knowledge base answers.

    Attributes:
        threshold: 0-1.
        max_error: that was promised for answered questions, 0-1.
        confidence: of the promise, 0-1.
        source: what the cases were.
        cases: how many.
        answered: of them, at this threshold.
        wrong: of the answered ones.
        bound: upper bound of the error among answered, 0-1.
        version: of the knowledge base that was calibrated.
        chunks: in it.
        fingerprint: of the embedder.
        made_at: UTC.
        changed: share of the chunks that have come or gone since.
    """

    threshold: float
    max_error: float
    confidence: float
    source: str
    cases: int
    answered: int
    wrong: int
    bound: float
    version: int
    chunks: int
    fingerprint: str
    made_at: datetime
    changed: float = 0.0

    @property
    def stale(self) -> bool:
        """Whether so much has changed that it should be made again."""
        return self.changed > STALE_SHARE


def calibrate(
    knowledge_base: KnowledgeBase, judged: Sequence[Judged], max_error: float, source: str = OWN_DOCUMENTS
) -> tuple[Threshold, Calibration | None]:
    """Choose a threshold and keep it with the knowledge base; what was kept stays where none keeps the promise.

    Args:
        knowledge_base: that the cases were searched in.
        judged: the cases.
        max_error: that is to be kept, 0-1.
        source: what the cases are, for people.

    Raises:
        KnowledgeBaseEmpty: nothing was ever loaded.
        StorageError: the database cannot be read or written.
        ValueError: ``max_error`` does not lie between 0 and 1.
    """
    catalogue, published = knowledge_base.catalogue, knowledge_base.published()
    chosen = choose_threshold(judged, max_error)
    if chosen.value is None:
        return chosen, None
    made = Calibration(
        threshold=chosen.value,
        max_error=max_error,
        confidence=CONFIDENCE,
        source=source,
        cases=chosen.cases,
        answered=chosen.answered,
        wrong=chosen.wrong,
        bound=chosen.bound,
        version=published.version,
        chunks=catalogue.count(chunks, published.version),
        fingerprint=published.fingerprint,
        made_at=datetime.now(UTC).replace(microsecond=0),
    )
    row = {name: value for name, value in asdict(made).items() if name != "changed"}
    with catalogue.engine.begin() as connection:
        connection.execute(delete(calibrations))
        connection.execute(insert(calibrations), [{**row, "made_at": made.made_at.replace(tzinfo=None)}])
    return chosen, made


def renew(knowledge_base: KnowledgeBase, kept: Calibration) -> Calibration | None:
    """Make a calibration from the documents again, after they have changed; None where no threshold keeps it.

    Args:
        knowledge_base: as it is now.
        kept: made from as many cases, for the same share of errors.

    Raises:
        FaqError: as ``KnowledgeBase.search`` does, with which the cases are made.
    """
    cases = self_cases(knowledge_base, kept.cases // 2)
    return calibrate(knowledge_base, [each for case in cases for each in case.judged()], kept.max_error)[1]


def forget_calibration(knowledge_base: KnowledgeBase) -> None:
    """Delete what was kept: answers follow the setting again.

    Raises:
        StorageError: the database cannot be written.
    """
    with knowledge_base.catalogue.engine.begin() as connection:
        connection.execute(delete(calibrations))


def kept_threshold(knowledge_base: KnowledgeBase) -> float | None:
    """Return the threshold in force as ``kept_calibration`` does, without counting what has changed since.

    Raises:
        StorageError: the database cannot be read.
        EmbedderError: the embedder, whose vectors it must be for, cannot be opened.
    """
    with knowledge_base.catalogue.engine.connect() as connection:
        columns = calibrations.c.threshold, calibrations.c.fingerprint
        row = connection.execute(select(*columns)).first()
    if row is None or row.fingerprint != knowledge_base.embedder.fingerprint:
        return None
    return float(row.threshold)


def kept_calibration(knowledge_base: KnowledgeBase) -> Calibration | None:
    """Return the calibration in force, None where there is none or the vectors are another embedder's.

    Raises:
        KnowledgeBaseEmpty: nothing was ever loaded.
        StorageError: the database cannot be read.
    """
    catalogue, published = knowledge_base.catalogue, knowledge_base.published()
    with catalogue.engine.connect() as connection:
        row = connection.execute(select(calibrations)).first()
        if row is None or row.fingerprint != published.fingerprint:
            return None
        since = and_(visible(chunks, published.version), chunks.c.version_from > row.version)
        come = connection.scalar(select(func.count()).where(since)) or 0
    kept = catalogue.count(chunks, published.version) - come
    changed = (come + max(0, row.chunks - kept)) / max(row.chunks, 1)
    values = {name: getattr(row, name) for name in Calibration.__slots__ if name not in ("changed", "made_at")}
    return Calibration(**values, made_at=row.made_at.replace(tzinfo=UTC), changed=changed)
