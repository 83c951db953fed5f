"""Statements as questions see them: chosen by filters, with every report, outcome and item of evidence.

However many statements are asked for, four queries answer.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_
from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col, select

from kb.errors import NotFoundError
from kb.store import search, speaker_rows
from kb.store.speakers import in_clusters
from kb.store.tables import Attribution, Document, Evidence, Mention, Outcome, Speaker, Statement
from kb.types import (
    EvidenceRow,
    Filters,
    Horizon,
    OutcomeRow,
    PartialDate,
    PredictionStatus,
    Quantity,
    Report,
    StatementKind,
    StatementRow,
)

DUE_SOON = dt.timedelta(days=30)
"""A prediction whose last day is this near is due: a month is what a reporter plans ahead."""

LISTED: tuple[StatementKind, ...] = ("claim", "prediction", "commitment", "opinion", "question")
"""Kinds that are worth listing unasked: all but ``other``."""

DATE_ORDER = (col(Statement.said_on).desc().nulls_last(), col(Statement.id))
DUE_ORDER = (col(Statement.latest).asc().nulls_last(), *DATE_ORDER)


def find(
    session: Session,
    filters: Filters,
    *,
    today: dt.date,
    kinds: tuple[StatementKind, ...] = LISTED,
    by_due: bool = False,
) -> list[StatementRow]:
    """Statements that pass ``filters``, newest first, or in the order they fall due.

    ``kinds`` are left in where ``filters.kind`` is None; rejected statements never are. ``today`` decides the status.
    Raises NotFoundError when ``filters.by`` names nobody.
    """
    wanted = (filters.kind,) if filters.kind else kinds
    query = select(Statement.id).outerjoin(Speaker, col(Statement.speaker_id) == col(Speaker.id))
    query = query.where(col(Statement.kind).in_(wanted), *_conditions(session, filters, today))
    order = DUE_ORDER if by_due else DATE_ORDER
    return _load(session, query.order_by(*order).limit(filters.limit), order)


def get(session: Session, statement_id: int) -> StatementRow:
    """The statement with that id, whatever its kind and review. Raises NotFoundError."""
    rows = _load(session, select(Statement.id).where(Statement.id == statement_id), DATE_ORDER)
    if not rows:
        raise NotFoundError(f"no statement {statement_id} in the record")
    return rows[0]


def of_speakers(
    session: Session, roots: Collection[int], *, since: PartialDate | None = None, until: PartialDate | None = None
) -> list[StatementRow]:
    """What these speakers (roots of clusters) said between two dates or without a date, of any kind and review."""
    undated = col(Statement.said_on).is_(None)
    in_time = [or_(undated, condition) for condition in _said_between(since, until)]
    members = select(Speaker.id).where(in_clusters(list(roots)))
    query = select(Statement.id).where(col(Statement.speaker_id).in_(members), *in_time)
    return _load(session, query, (col(Statement.id),))


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


def _conditions(session: Session, filters: Filters, today: dt.date) -> list[ColumnElement[bool]]:
    conditions = [col(Statement.review) != "rejected", *_said_between(filters.since, filters.until)]
    if filters.words:
        conditions.append(search.matches(session, "statement", filters.words))
    if filters.by:
        conditions.append(speaker_rows.ROOT_ID.in_(speaker_rows.named(session, filters.by)))
    if filters.about:
        conditions.append(_about(session, filters.about))
    if filters.outlet:
        conditions.append(_reported_in(filters.outlet))
    if filters.due_before:
        conditions.append(col(Statement.latest) < filters.due_before)
    if filters.status:
        conditions.append(_has_status(filters.status, today))
    return conditions


def _said_between(since: PartialDate | None, until: PartialDate | None) -> list[ColumnElement[bool]]:
    """Conditions that ``said_on`` may fall in ``since`` to ``until``, each compared at the coarser precision.

    A statement of "2024" may have been said on 2024-12-03, so ``since="2024-12-03"`` keeps it.
    """
    said_on = col(Statement.said_on)
    conditions: list[ColumnElement[bool]] = []
    if since:
        conditions.append(said_on >= func.substr(since, 1, func.length(said_on)))
    if until:
        conditions.append(func.substr(said_on, 1, len(until)) <= until)
    return conditions


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


def _has_status(status: PredictionStatus, today: dt.date) -> ColumnElement[bool]:
    """``status_of`` as a condition."""
    latest = col(Statement.latest)
    resolved = exists().where(col(Outcome.statement_id) == col(Statement.id))
    due_from, due_to = latest >= today, latest <= today + DUE_SOON
    conditions: dict[PredictionStatus, ColumnElement[bool]] = {
        "resolved": resolved,
        "overdue": and_(not_(resolved), latest < today),
        "due": and_(not_(resolved), due_from, due_to),
        "open": and_(not_(resolved), or_(latest.is_(None), latest > today + DUE_SOON)),
    }
    return conditions[status]


def _load(session: Session, ids: Select[Any], order: tuple[Any, ...]) -> list[StatementRow]:
    root = aliased(Speaker)
    query = (
        select(Statement, root.id, root.name)
        .outerjoin(Speaker, col(Statement.speaker_id) == col(Speaker.id))
        .outerjoin(root, col(root.id) == speaker_rows.ROOT_ID)
        .where(col(Statement.id).in_(ids))
        .order_by(*order)
    )
    found = session.exec(query).all()
    reports, outcomes = _reports(session, ids), _outcomes(session, ids)
    return [
        StatementRow(
            id=statement.id,
            fingerprint=statement.fingerprint,
            speaker_id=root_id,
            speaker=name,
            kind=statement.kind,
            text=statement.text,
            said_on=statement.said_on,
            strength=statement.strength,
            p_low=statement.p_low,
            p_high=statement.p_high,
            horizon=_horizon(statement),
            quantity=Quantity(**statement.quantity) if statement.quantity else None,
            review=statement.review,
            reports=tuple(reports[statement.id]),
            outcomes=tuple(outcomes[statement.id]),
        )
        for statement, root_id, name in found
    ]


def _horizon(statement: Statement) -> Horizon | None:
    """The horizon, its phrase looked up in the statement's text (0, 0 when the phrase stands elsewhere)."""
    if statement.precision is None:
        return None
    phrase = statement.horizon_phrase or ""
    start = max(statement.text.find(phrase), 0)
    return Horizon(
        earliest=statement.earliest,
        latest=statement.latest,
        precision=statement.precision,
        phrase=phrase,
        rule=statement.horizon_rule or "",
        start=start,
        end=start + len(phrase) if phrase in statement.text else 0,
    )


def _reports(session: Session, ids: Select[Any]) -> dict[int, list[Report]]:
    """Reports by statement, the earliest published first. The documents' texts stay where they are."""
    query = (
        select(Attribution, Document)
        .options(defer(Document.text))  # type: ignore[arg-type]  # SQLModel types a column as its value
        .join(Document, col(Attribution.document_id) == col(Document.id))
        .where(col(Attribution.statement_id).in_(ids))
        .order_by(col(Document.published_at).asc().nulls_last(), col(Attribution.id))
    )
    reports: dict[int, list[Report]] = defaultdict(list)
    for attribution, document in session.exec(query):
        reports[attribution.statement_id].append(
            Report(
                document_id=attribution.document_id,
                title=document.title,
                publisher=document.publisher,
                url=document.url,
                published_at=document.published_at,
                quote_kind=attribution.quote_kind,
                speaker_text=attribution.speaker_text,
                words=attribution.words,
                content=attribution.content_spans,
                confidence=attribution.confidence,
            )
        )
    return reports


def _outcomes(session: Session, ids: Select[Any]) -> dict[int, list[OutcomeRow]]:
    """Outcomes by statement, in the order recorded."""
    evidence = _evidence(session, ids)
    query = select(Outcome).where(col(Outcome.statement_id).in_(ids)).order_by(col(Outcome.id))
    outcomes: dict[int, list[OutcomeRow]] = defaultdict(list)
    for outcome in session.exec(query):
        outcomes[outcome.statement_id].append(
            OutcomeRow(
                id=outcome.id,
                verdict=outcome.verdict,
                known_on=outcome.known_on,
                recorded_at=outcome.recorded_at,
                recorded_by=outcome.recorded_by,
                method=outcome.method,
                reason=outcome.reason,
                evidence=tuple(evidence[outcome.id]),
            )
        )
    return outcomes


def _evidence(session: Session, ids: Select[Any]) -> dict[int, list[EvidenceRow]]:
    """Items of evidence by outcome."""
    query = (
        select(Evidence, Document)
        .outerjoin(Document, col(Document.id) == col(Evidence.document_id))
        .where(col(Evidence.statement_id).in_(ids), col(Evidence.outcome_id).is_not(None))
        .order_by(col(Evidence.id))
    )
    evidence: dict[int, list[EvidenceRow]] = defaultdict(list)
    for item, document in session.exec(query):
        evidence[item.outcome_id or 0].append(
            EvidenceRow(
                id=item.id,
                url=item.url or (document.url if document else None),
                document_id=item.document_id,
                quote=item.quote,
                direction=item.direction,
                date=item.date,
                title=document.title if document else None,
                publisher=document.publisher if document else None,
            )
        )
    return evidence
