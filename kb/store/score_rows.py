"""What scorecards are made of: how many predictions there are, and what became of them, each counted once.

Predictions and commitments that no reviewer rejected, of known speakers; repeats count with what they repeat.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, case, func, select, text
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from kb.store.conditions import conditions
from kb.store.tables import FORWARD, Mention, Outcome, Speaker, Statement
from kb.types import Filters, Judged, PartialDate

_FORWARD = (
    col(Statement.kind).in_(("prediction", "commitment")),
    col(Statement.review) != "rejected",
    col(Statement.repeats).is_(None),
    col(Statement.speaker_id).is_not(None),
)


PORTION = 1000
"""Rows read at once."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A prediction as far as parts of a scorecard need it."""

    statement_id: int
    speaker_id: int
    said_on: PartialDate | None
    latest: dt.date | None


def counts(session: Session, filters: Filters, day: dt.date) -> dict[int, tuple[int, int]]:
    """(predictions, how many of them are due on ``day``) by root of the speaker."""
    due = func.count(case((col(Statement.latest) <= day, 1)))
    query = select(col(Statement.speaker_id), func.count(), due).where(col(Statement.speaker_id).is_not(None))
    # FORWARD as it is written, so that SQLite sees that its index holds all that is counted.
    query = query.where(text(FORWARD), *conditions(session, filters, day)).group_by(col(Statement.speaker_id))
    roots = _roots(session)
    found: dict[int, tuple[int, int]] = {}
    for speaker_id, predictions, number_due in _rows(session, query):
        root = roots.get(speaker_id, speaker_id)
        so_far = found.get(root, (0, 0))
        found[root] = (so_far[0] + predictions, so_far[1] + number_due)
    return found


def foreseen(session: Session, filters: Filters, day: dt.date) -> list[Foreseen]:
    """Every prediction, with the root of its speaker."""
    columns = (Statement.id, Statement.speaker_id, Statement.said_on, Statement.latest)
    query = select(*map(col, columns)).where(*_FORWARD, *conditions(session, filters, day))
    roots = _roots(session)
    return [
        Foreseen(id_, roots.get(speaker_id, speaker_id), said_on, latest)
        for id_, speaker_id, said_on, latest in _rows(session, query)
    ]


def judged(session: Session, filters: Filters, day: dt.date) -> list[Judged]:
    """Every prediction that has an outcome, with the verdict recorded last (and known by ``filters.as_of``) and the
    root of its speaker."""
    member = aliased(Statement)
    columns = (Statement.speaker_id, Statement.said_on, Statement.latest, Statement.p_low, Statement.p_high)
    query = select(*map(col, (Statement.id, Outcome.verdict, Outcome.known_on, *columns)))
    query = query.select_from(Outcome).join(member, col(member.id) == col(Outcome.statement_id))
    query = query.join(Statement, col(Statement.id) == func.coalesce(member.repeats, member.id))
    if filters.as_of:
        query = query.where(col(Outcome.known_on) <= filters.as_of)
    query = query.where(*_FORWARD, *conditions(session, filters, day))
    query = query.order_by(col(Outcome.recorded_at), col(Outcome.id))
    roots = _roots(session)
    last = {
        id_: Judged(
            statement_id=id_,
            speaker_id=roots.get(speaker_id, speaker_id),
            verdict=verdict,
            known_on=known_on,
            said_on=said_on,
            latest=latest,
            p_low=p_low,
            p_high=p_high,
        )
        for id_, verdict, known_on, speaker_id, said_on, latest, p_low, p_high in _rows(session, query)
    }
    return list(last.values())


def topics(session: Session, filters: Filters, day: dt.date) -> dict[int, list[str]]:
    """What each prediction is about: entities by statement."""
    query = select(col(Mention.statement_id), col(Mention.entity)).join(
        Statement, col(Statement.id) == col(Mention.statement_id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    query = query.where(*_FORWARD, *conditions(session, filters, day)).distinct()
    for statement_id, entity in _rows(session, query.order_by(col(Mention.entity))):
        found[statement_id].append(entity)
    return found


def _rows(session: Session, query: Executable) -> Iterator[Any]:
    """Plain rows, read in portions: faster than objects of the tables' classes, one row after the other, or all."""
    for portion in session.connection().execute(query).partitions(PORTION):
        yield from portion


def _roots(session: Session) -> dict[int, int]:
    """Root by speaker, for those merged into another."""
    query = select(col(Speaker.id), col(Speaker.merged_into)).where(col(Speaker.merged_into).is_not(None))
    return {row[0]: row[1] for row in _rows(session, query)}
