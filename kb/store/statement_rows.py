"""Statements as questions see them: chosen by filters, with every report, outcome and item of evidence.

One query chooses, five more answer for every portion of what it chose.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import cast

from sqlalchemy import and_, case, func, or_
from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col, select

from kb.errors import NotFoundError
from kb.recordings import moment_url, second_at
from kb.store import corrections, speaker_rows, times
from kb.store.conditions import GROUP, NOT_REJECTED, conditions, passing, said_between, said_by
from kb.store.ledger import RESOLVABLE
from kb.store.tables import Attribution, Document, Evidence, Mention, Outcome, Revision, Speaker, Statement
from kb.testable import testability
from kb.types import (
    EvidenceRow,
    Filters,
    Horizon,
    OutcomeRow,
    PartialDate,
    Quantity,
    Report,
    SpeakerKind,
    StatementKind,
    StatementRow,
)

LISTED: tuple[StatementKind, ...] = ("claim", "prediction", "commitment", "opinion", "question")
"""Kinds that are worth listing unasked: all but ``other``."""

DATE_ORDER = (col(Statement.said_on).desc().nulls_last(), col(Statement.id))
DUE_ORDER = (col(Statement.latest).asc().nulls_last(), *DATE_ORDER)
DATED_DUE_ORDER = (col(Statement.latest).asc(), *DATE_ORDER)
"""``DUE_ORDER`` where every statement has a date: an index gives this one."""

PORTION = 1000
"""Statements loaded at once: they can be read one after the other, and SQLite takes 32,766 values in one query."""


def find(
    session: Session,
    filters: Filters,
    *,
    today: dt.date,
    kinds: tuple[StatementKind, ...] = LISTED,
    by_due: bool = False,
) -> list[StatementRow]:
    """Statements that pass ``filters``, newest first, or in the order they fall due.

    ``kinds`` are left in where ``filters.kind`` is empty, rejected statements only where ``filters.review`` asks for
    them. ``today`` decides the status unless ``filters.as_of`` does. Raises NotFoundError when ``filters.by`` names
    nobody.
    """
    query = select(Statement.id).where(*passing(session, filters, today, kinds))
    order = DATE_ORDER if not by_due else DATED_DUE_ORDER if filters.due_before or filters.due_by else DUE_ORDER
    limit = None if filters.testable else filters.limit
    rows = load(session, session.exec(query.order_by(*order).limit(limit)).all(), filters.as_of)
    if filters.testable:
        rows = islice((row for row in rows if testability(row).testable), filters.limit)
    return list(rows)


def mentioned(session: Session, statement_id: int) -> list[str]:
    """What a statement is about."""
    query = select(Mention.entity).where(Mention.statement_id == statement_id)
    return list(session.exec(query.distinct().order_by(col(Mention.entity))))


def count_due(session: Session, today: dt.date, until: dt.date) -> tuple[int, int]:
    """How many predictions and commitments without an outcome are overdue, and how many are due by ``until``."""
    overdue = func.count(case((col(Statement.latest) < today, 1)))
    query = select(overdue, func.count()).where(col(Statement.kind).in_(RESOLVABLE), NOT_REJECTED)
    late, together = session.exec(query.where(*conditions(session, Filters(due_by=until), today))).one()
    return late, together - late


def get(session: Session, statement_id: int) -> StatementRow:
    """The statement with that id, whatever its kind and review. Raises NotFoundError."""
    row = next(load(session, [statement_id]), None)
    if row is None:
        raise gone(session, statement_id)
    return row


def gone(session: Session, statement_id: int) -> NotFoundError:
    """Why there is no such statement: it never was, or people said that it is another one."""
    into = corrections.gone_into(session, statement_id)
    known = session.exec(select(Statement.fingerprint, Statement.id).where(col(Statement.fingerprint).in_(into)))
    numbers = dict(known.all())
    found = next((numbers[fingerprint] for fingerprint in into if fingerprint in numbers), None)
    if found is None:
        return NotFoundError(f"no statement {statement_id} in the record")
    return NotFoundError(f"statement {statement_id} was merged into statement {found}; look at that one", into=found)


def of_speakers(
    session: Session, roots: Collection[int], *, since: PartialDate | None = None, until: PartialDate | None = None
) -> list[StatementRow]:
    """What these speakers (roots of clusters) said between two dates or without a date, of any kind and review."""
    query = select(Statement.id).where(said_by(roots), said_between(since, until))
    return list(load(session, session.exec(query.order_by(col(Statement.id))).all()))


def load(session: Session, ids: Sequence[int], as_of: dt.date | None = None) -> Iterator[StatementRow]:
    """The statements with these ids, in that order, with the outcomes known by ``as_of``."""
    for start in range(0, len(ids), PORTION):
        yield from _load_portion(session, ids[start : start + PORTION], as_of)


def _load_portion(session: Session, ids: Sequence[int], as_of: dt.date | None) -> Iterator[StatementRow]:
    root = aliased(Speaker)
    query = (
        select(Statement, root.id, root.name, root.kind)
        .outerjoin(Speaker, col(Statement.speaker_id) == col(Speaker.id))
        .outerjoin(root, col(root.id) == speaker_rows.ROOT_ID)
        .where(col(Statement.id).in_(ids))
    )
    found = {row[0].id: row for row in session.exec(query)}
    reports = _reports(session, ids, as_of)
    outcomes = _outcomes(session, {row[0].repeats or row[0].id for row in found.values()}, as_of)
    for statement, root_id, name, kind in (found[id_] for id_ in ids if id_ in found):
        yield replace(
            bare(statement),
            speaker_id=root_id,
            speaker=name,
            speaker_kind=cast("SpeakerKind | None", kind),
            reports=tuple(reports[statement.id]),
            outcomes=tuple(outcomes[statement.repeats or statement.id]),
        )


def bare(statement: Statement) -> StatementRow:
    """What the statement's own table holds of it: neither speaker nor reports nor outcomes."""
    return StatementRow(
        id=statement.id,
        fingerprint=statement.fingerprint,
        speaker_id=None,
        speaker=None,
        kind=statement.kind,
        text=statement.text,
        said_on=statement.said_on,
        strength=statement.strength,
        p_low=statement.p_low,
        p_high=statement.p_high,
        p_scale=statement.p_scale,
        horizon=_horizon(statement),
        quantity=Quantity(**statement.quantity) if statement.quantity else None,
        review=statement.review,
        version=statement.version,
        repeats=statement.repeats,
        slips=statement.slips,
        contradicts=statement.contradicts,
    )


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
        strict_latest=statement.strict_latest,
        start=start,
        end=start + len(phrase) if phrase in statement.text else 0,
    )


def _reports(session: Session, ids: Sequence[int], as_of: dt.date | None) -> dict[int, list[Report]]:
    """Reports by statement, the earliest published first; those published by ``as_of``, where that is given.

    What stands in several texts of a document is reported by the first of them. The texts stay where they are.
    """
    revised = and_(
        col(Revision.document_id) == col(Attribution.document_id), col(Revision.number) == col(Attribution.revision)
    )
    query = (
        select(Attribution, Document, Revision.text_sha256)
        .options(defer(Document.text), defer(Document.times))  # type: ignore[arg-type]  # typed as their values
        .join(Document, col(Attribution.document_id) == col(Document.id))
        .outerjoin(Revision, revised)
        .where(col(Attribution.statement_id).in_(ids))
        .order_by(col(Document.published_at).asc().nulls_last(), col(Attribution.id))
    )
    if as_of:
        next_day = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time(), dt.UTC)
        seen = or_(col(Revision.seen_at).is_(None), col(Revision.reason) == "parser", col(Revision.seen_at) < next_day)
        query = query.where(col(Document.published_at) < next_day, seen)
    rows = session.exec(query).all()
    first: dict[tuple[int, int], int] = {}
    for row, _, _ in rows:
        key = row.statement_id, row.document_id
        first[key] = min(row.revision, first.get(key, row.revision))
    told = times.at(session, {(row.document_id, row.revision) for row, _, _ in rows})
    reports: dict[int, list[Report]] = defaultdict(list)
    for attribution, document, revised_sha256 in rows:
        if attribution.revision > first[attribution.statement_id, attribution.document_id]:
            continue
        at = second_at(told.get((document.id, attribution.revision), ()), attribution.content_spans[0][0])
        reports[attribution.statement_id].append(
            Report(
                id=attribution.id,
                document_id=attribution.document_id,
                title=document.title,
                publisher=document.publisher,
                url=document.url,
                published_at=document.published_at,
                quote_kind=attribution.quote_kind,
                speaker_text=attribution.speaker_text,
                unknown_because=attribution.unknown_because,
                words=attribution.words,
                content=attribution.content_spans,
                confidence=attribution.confidence,
                source=attribution.source_spans,
                cue=attribution.cue_spans,
                text_sha256=revised_sha256 or document.text_sha256,
                fetched_at=document.fetched_at,
                extractor=attribution.extractor,
                extracted_at=attribution.extracted_at,
                revision=attribution.revision,
                copy_of=document.near_duplicate_of,
                differs=tuple(document.differs or ()),
                notes=tuple(document.notes or ()),
                at_seconds=at,
                moment_url=moment_url(at, recording=document.recording_url, page=document.url),
            )
        )
    return reports


def _outcomes(session: Session, groups: Collection[int], as_of: dt.date | None) -> dict[int, list[OutcomeRow]]:
    """Outcomes by group, in the order recorded; those known by ``as_of``, all where that is None."""
    query = select(Outcome, GROUP).join(Statement, col(Outcome.statement_id) == col(Statement.id))
    query = query.where(or_(col(Statement.id).in_(groups), col(Statement.repeats).in_(groups)))
    if as_of:
        query = query.where(Outcome.known_on <= as_of)
    found = session.exec(query.order_by(col(Outcome.recorded_at), col(Outcome.id))).all()
    evidence = _evidence(session, [outcome.id for outcome, _ in found])
    outcomes: dict[int, list[OutcomeRow]] = defaultdict(list)
    for outcome, group in found:
        outcomes[group].append(
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


def _evidence(session: Session, outcome_ids: Sequence[int]) -> dict[int, list[EvidenceRow]]:
    """Items of evidence by outcome."""
    query = (
        select(Evidence, Document)
        .options(defer(Document.text), defer(Document.times))  # type: ignore[arg-type]  # typed as their values
        .outerjoin(Document, col(Document.id) == col(Evidence.document_id))
        .where(col(Evidence.outcome_id).in_(outcome_ids))
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
                archived_sha256=item.archived_sha256,
            )
        )
    return evidence
