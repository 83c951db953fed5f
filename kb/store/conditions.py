"""What filters leave in, as conditions on statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from kb.store import search, speaker_rows
from kb.store.speakers import in_clusters
from kb.store.tables import Attribution, Document, Mention, Outcome, Speaker, Statement
from kb.types import Filters, PartialDate, PredictionStatus, StatementRow, Verdict

DUE_SOON = dt.timedelta(days=30)
"""A prediction whose last day is this near is due: a month is what a reporter plans ahead."""

CAME_TRUE: tuple[Verdict, ...] = ("true", "mostly")

GROUP: ColumnElement[int] = func.coalesce(Statement.repeats, Statement.id)
"""Statements of one group are one prediction, said several times."""


NOT_REJECTED = col(Statement.review) != "rejected"


def conditions(session: Session, filters: Filters, today: dt.date) -> list[ColumnElement[bool]]:
    """``filters`` but for kind, ``testable`` and limit; whether rejected statements pass is left to the caller.

    ``today`` decides the status unless ``filters.as_of`` does. Raises NotFoundError when ``filters.by`` names nobody.
    """
    found = _said_between(filters.since, filters.until)
    if filters.words:
        found.append(search.matches(session, "statement", filters.words))
    if filters.by:
        found.append(said_by(speaker_rows.named(session, filters.by)))
    if filters.about:
        found.append(_about(session, filters.about))
    if filters.outlet:
        found.append(_reported_in(filters.outlet))
    if filters.documents:
        reported = select(Attribution.statement_id).where(col(Attribution.document_id).in_(filters.documents))
        found.append(col(Statement.id).in_(reported))
    return found + _in_time(filters, filters.as_of or today)


def said_by(roots: Collection[int]) -> ColumnElement[bool]:
    """Statements of these clusters of speakers."""
    return col(Statement.speaker_id).in_(select(Speaker.id).where(in_clusters(list(roots))))


def said_between(since: PartialDate | None, until: PartialDate | None) -> ColumnElement[bool]:
    """Statements that may have been said between two dates, or without a date."""
    return or_(col(Statement.said_on).is_(None), and_(true(), *_said_between(since, until)))


def status_of(row: StatementRow, today: dt.date) -> PredictionStatus:
    """Where a prediction stands: ``resolved`` has an outcome; ``overdue`` is past its last day without one; ``due``
    has its last day within ``DUE_SOON``; ``open`` is due later, or has no date.
    """
    latest = row.horizon.latest if row.horizon else None
    if row.outcomes:
        return "resolved"
    if latest is None or latest > today + DUE_SOON:
        return "open"
    return "overdue" if latest < today else "due"


def _said_between(since: PartialDate | None, until: PartialDate | None) -> list[ColumnElement[bool]]:
    """Conditions that ``said_on`` may fall in ``since`` to ``until``, each compared at the coarser precision.

    A statement of "2024" may have been said on 2024-12-03, so ``since="2024-12-03"`` keeps it.
    """
    said_on = col(Statement.said_on)
    found: list[ColumnElement[bool]] = []
    if since:
        found.append(said_on >= func.substr(since, 1, func.length(said_on)))
    if until:
        found.append(func.substr(said_on, 1, len(until)) <= until)
    return found


def _about(session: Session, about: str) -> ColumnElement[bool]:
    entity = col(Mention.entity).icontains(about, autoescape=True)
    mentioned = exists().where(col(Mention.statement_id) == col(Statement.id), entity)
    return or_(search.matches(session, "statement", about), mentioned)


def _reported_in(outlet: str) -> ColumnElement[bool]:
    """A report by a publisher whose name has ``outlet``, or at that host or a host below it."""
    address = col(Document.url).concat("/")
    at_host = or_(
        address.icontains(f"://{outlet}/", autoescape=True), address.icontains(f".{outlet}/", autoescape=True)
    )
    published = or_(col(Document.publisher).icontains(outlet, autoescape=True), at_host)
    return exists().where(
        col(Attribution.statement_id) == col(Statement.id), col(Attribution.document_id) == col(Document.id), published
    )


def _in_time(filters: Filters, day: dt.date) -> list[ColumnElement[bool]]:
    """What the filters say of due dates, and of what was said and known by when."""
    found: list[ColumnElement[bool]] = []
    if filters.as_of:
        found += _said_between(None, filters.as_of.isoformat())
    if filters.due_before:
        found.append(col(Statement.latest) < filters.due_before)
    if filters.due_by:
        unresolved = not_(_has_outcome(filters.as_of))
        found += [col(Statement.latest) <= filters.due_by, col(Statement.repeats).is_(None), unresolved]
    if filters.status:
        found.append(_has_status(filters.status, day, filters.as_of))
    if filters.slipped:
        came_true = _groups_with_outcome(filters.as_of).where(col(Outcome.verdict).in_(CAME_TRUE))
        found += [col(Statement.slips).is_not(None), col(Statement.slips).not_in(came_true)]
    return found


def _has_status(status: PredictionStatus, day: dt.date, as_of: dt.date | None) -> ColumnElement[bool]:
    """``status_of`` as a condition."""
    latest, resolved = col(Statement.latest), _has_outcome(as_of)
    statuses: dict[PredictionStatus, ColumnElement[bool]] = {
        "resolved": resolved,
        "overdue": and_(not_(resolved), latest < day),
        "due": and_(not_(resolved), latest >= day, latest <= day + DUE_SOON),
        "open": and_(not_(resolved), or_(latest.is_(None), latest > day + DUE_SOON)),
    }
    return statuses[status]


def _has_outcome(as_of: dt.date | None) -> ColumnElement[bool]:
    return GROUP.in_(_groups_with_outcome(as_of))


def _groups_with_outcome(as_of: dt.date | None) -> Any:
    """The groups that an outcome, known by ``as_of`` where that is given, tells about."""
    member = aliased(Statement)
    query = select(func.coalesce(member.repeats, member.id)).join(Outcome, col(Outcome.statement_id) == member.id)
    return query.where(Outcome.known_on <= as_of) if as_of else query
