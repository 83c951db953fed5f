"""What filters leave in, as conditions on statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, text, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from kb.errors import NotFoundError
from kb.store import search, speaker_rows
from kb.store.speaker_rows import FEW
from kb.store.speakers import in_clusters, members
from kb.store.tables import FORWARD, Attribution, Document, Mention, Outcome, Speaker, Statement
from kb.types import Filters, PartialDate, PredictionStatus, StatementKind, StatementRow, Verdict

DUE_SOON = dt.timedelta(days=30)
"""A prediction whose last day is this near is due: a month is what a reporter plans ahead."""

CAME_TRUE: tuple[Verdict, ...] = ("true", "mostly")

GROUP: ColumnElement[int] = func.coalesce(Statement.repeats, Statement.id)
"""Statements of one group are one prediction, said several times."""


NOT_REJECTED = col(Statement.review) != "rejected"


def listed(filters: Filters, kinds: Collection[StatementKind]) -> list[ColumnElement[bool]]:
    """The kinds that ``filters`` ask for, else ``kinds``; nothing that was rejected, unless they ask for that."""
    found: list[ColumnElement[bool]] = [col(Statement.kind).in_(filters.kind or kinds)]
    return found if "rejected" in filters.review else [*found, NOT_REJECTED]


def passing(
    session: Session,
    filters: Filters,
    today: dt.date,
    kinds: Collection[StatementKind],
    *,
    words: bool = True,
    by_order: bool = False,
) -> list[ColumnElement[bool]]:
    """Everything that ``filters`` say but for ``testable`` and limit; without ``words``, but for those too.

    ``by_order``: as for ``conditions``.
    """
    asked = conditions(session, filters, today, by_order=by_order) if words else but_for_text(session, filters, today)
    found = [*listed(filters, kinds), *asked]
    # As FORWARD is written, so that SQLite takes the index of what is due.
    return [*found, text(FORWARD)] if filters.due_by else found  # type: ignore[list-item]  # SQL is a condition too


def conditions(
    session: Session, filters: Filters, today: dt.date, *, by_order: bool = False
) -> list[ColumnElement[bool]]:
    """``filters`` but for ``testable`` and limit; kind and rejection are left to ``listed``.

    ``by_order``: the order of the rows finds them faster than common words would.

    ``today`` decides the status unless ``filters.as_of`` does. Raises NotFoundError when ``filters.by`` names nobody,
    and for an unknown document.
    """
    words = search.text_of(filters)
    others = but_for_text(session, filters, today)
    if words is None:
        return others
    last = bool(filters.by) or (by_order and _is_loose(filters) and search.is_common(session, words))
    return [search.found(session, "statement", words, last=last), *others]


def _is_loose(filters: Filters) -> bool:
    """Whether ``filters`` but for words leave in enough that a page of them is found soon, going by date."""
    kept = replace(Filters(), words=filters.words, text=filters.text, kind=filters.kind, limit=filters.limit)
    return filters == replace(kept, since=filters.since, until=filters.until)


def but_for_text(session: Session, filters: Filters, today: dt.date) -> list[ColumnElement[bool]]:
    """``conditions`` but for what ``filters`` say of the statement's words."""
    found = _said_between(filters.since, filters.until)
    if filters.by:
        found.append(_said_by_named(session, filters.by))
    if filters.about:
        found.append(_about(session, filters.about))
    if filters.outlet:
        found.append(_reported_in(filters.outlet))
    if filters.documents:
        found.append(_reported_by(session, filters.documents))
    day = filters.as_of or today
    found += [*_one_of(filters), *_in_time(filters, day)]
    return found + [_without(session, left_out, today) for left_out in filters.without]


def _without(session: Session, filters: Filters, today: dt.date) -> ColumnElement[bool]:
    """That a statement does not pass ``filters``; what is unknown (no speaker, no date) does not pass."""
    kind = [col(Statement.kind).in_(filters.kind)] if filters.kind else []
    return and_(*kind, *conditions(session, filters, today)).is_not(true())


def _one_of(filters: Filters) -> list[ColumnElement[bool]]:
    """What the filters say that take any number of values."""
    found: list[ColumnElement[bool]] = []
    if filters.strength:
        found.append(col(Statement.strength).in_(filters.strength))
    if filters.review:
        found.append(col(Statement.review).in_(filters.review))
    if filters.quote:
        quoted = col(Attribution.quote_kind).in_(filters.quote)
        found.append(exists().where(col(Attribution.statement_id) == col(Statement.id), quoted))
    if filters.topic:
        named = func.lower(col(Mention.entity)).in_([topic.lower() for topic in filters.topic])
        found.append(exists().where(col(Mention.statement_id) == col(Statement.id), named))
    if filters.verdict:
        found.append(GROUP.in_(_groups_found(filters.verdict, filters.as_of)))
    return found


def _said_by_named(session: Session, names: Collection[str]) -> ColumnElement[bool]:
    """Statements of whoever a name fits. Few speakers are listed, so that SQLite knows how little they said."""
    roots = sorted({root for name in names for root in speaker_rows.named(session, name)})
    return col(Statement.speaker_id).in_(members(session, roots)) if len(roots) <= FEW else said_by(roots)


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

    A statement of "2024" may have been said on 2024-12-03, so ``since="2024-12-03"`` keeps it. The coarse bounds beside
    them change nothing, but an index can use them.
    """
    said_on = col(Statement.said_on)
    found: list[ColumnElement[bool]] = []
    if since:
        found += [said_on >= since[:4], said_on >= func.substr(since, 1, func.length(said_on))]
    if until:
        found.append(func.substr(said_on, 1, len(until)) <= until)
        if int(until[:4]) < dt.MAXYEAR:
            found.append(said_on < f"{int(until[:4]) + 1:04}")
    return found


def _about(session: Session, about: str) -> ColumnElement[bool]:
    entity = col(Mention.entity).icontains(about, autoescape=True)
    mentioned = exists().where(col(Mention.statement_id) == col(Statement.id), entity)
    return or_(search.matches(session, "statement", about), mentioned)


def _reported_in(outlets: Collection[str]) -> ColumnElement[bool]:
    """A report by one of ``outlets``."""
    published = or_(*map(_published_by, outlets))
    return exists().where(
        col(Attribution.statement_id) == col(Statement.id), col(Attribution.document_id) == col(Document.id), published
    )


def _published_by(outlet: str) -> ColumnElement[bool]:
    """A document of a publisher whose name has ``outlet``, or at that host or a host below it."""
    address = col(Document.url).concat("/")
    at_host = or_(
        address.icontains(f"://{outlet}/", autoescape=True), address.icontains(f".{outlet}/", autoescape=True)
    )
    return or_(col(Document.publisher).icontains(outlet, autoescape=True), at_host)


def _reported_by(session: Session, documents: Collection[int]) -> ColumnElement[bool]:
    known = session.exec(select(Document.id).where(col(Document.id).in_(documents)))
    if unknown := set(documents) - set(known):
        raise NotFoundError(f"no document {min(unknown)} in the record")
    return col(Statement.id).in_(select(Attribution.statement_id).where(col(Attribution.document_id).in_(documents)))


def _in_time(filters: Filters, day: dt.date) -> list[ColumnElement[bool]]:
    """What the filters say of due dates, and of what was said and known by when."""
    found: list[ColumnElement[bool]] = []
    if filters.as_of:
        found += _said_between(None, filters.as_of.isoformat())
    if filters.due_since:
        found.append(col(Statement.latest) >= filters.due_since)
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


def _groups_found(verdicts: Collection[Verdict], as_of: dt.date | None) -> Any:
    """The groups whose last outcome, of those known by ``as_of``, has one of ``verdicts``."""
    last = _last_verdicts(as_of).subquery()
    return select(last.c.group).where(last.c.verdict.in_(verdicts), last.c.age == 1)


def _last_verdicts(as_of: dt.date | None) -> Any:
    """Group, verdict and ``age`` of every outcome: 1 for the last one recorded of its group."""
    member = aliased(Statement)
    group = func.coalesce(member.repeats, member.id)
    order = (col(Outcome.recorded_at).desc(), col(Outcome.id).desc())
    age = func.row_number().over(partition_by=group, order_by=order)
    query: Any = select(group.label("group"), col(Outcome.verdict).label("verdict"), age.label("age"))
    query = query.join(member, col(Outcome.statement_id) == member.id)
    return query.where(col(Outcome.known_on) <= as_of) if as_of else query
