"""Carrying corrections out: on the statement that a person judged, and on what an extraction finds there later.

Both go the same way, so that the record is always what its corrections make of what was extracted. Values of
corrections are text: a review, a kind or the words as they are; a speaker, a horizon, spans, another statement that
this one is ``apart`` from, and a statement or its whole ``reading`` as JSON, in which row ids are only hints. A reading
goes with every judgement of it but a rejection: it is what the person saw and vouches for, so that nothing read
differently later takes its place.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from kb.store import snapshots
from kb.store.corrections import APART, Place, of_text, place_of
from kb.store.documents import texts_at
from kb.store.ledger import RESOLVABLE
from kb.store.tables import (
    Attribution,
    Correction,
    Document,
    Evidence,
    Mention,
    Outcome,
    Revision,
    Speaker,
    Statement,
    WatchHit,
)
from kb.text import words_at
from kb.types import Spans

LINKS = ("repeats", "slips", "contradicts")

SAME_PLACE = 0.5
"""Share of the shorter of two contents that both have, from which they are one place: a newer extractor may draw the
ends elsewhere, but half of a quotation is no longer the same quotation."""

TEXT_HASH: ColumnElement[str] = func.coalesce(Revision.text_sha256, Document.text_sha256)
"""Of the text that an attribution points into."""
REVISED = (col(Revision.document_id) == col(Document.id)) & (col(Revision.number) == col(Attribution.revision))
"""That a revision has the text that an attribution of the document points into."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An attribution and where it stands."""

    row: Attribution
    place: Place


def placed(session: Session, *conditions: ColumnElement[bool]) -> list[Placed]:
    """The attributions that meet ``conditions`` (on Attribution, Document and Revision), with their places."""
    query = select(Attribution, TEXT_HASH).join(Document, col(Document.id) == col(Attribution.document_id))
    query = query.outerjoin(Revision, REVISED).where(*conditions).order_by(col(Attribution.id))
    return [Placed(row, Place(digest, row.content_spans, row.speaker_text)) for row, digest in session.exec(query)]


def texts_of(statement_ids: Collection[int]) -> SelectOfScalar[str]:
    """Hashes of the texts that report these statements."""
    query = select(TEXT_HASH).select_from(Attribution).join(Document).outerjoin(Revision, REVISED)
    return query.where(col(Attribution.statement_id).in_(statement_ids))


def reports_of(session: Session, statement_id: int) -> list[Placed]:
    """The reports of a statement."""
    return placed(session, col(Attribution.statement_id) == statement_id)


def in_text(session: Session, document_sha256: str) -> list[Placed]:
    """What was found in a text, wherever the record has it."""
    found = placed(session, or_(col(Document.text_sha256) == document_sha256, _is_revision(document_sha256)))
    return [one for one in found if one.place.document_sha256 == document_sha256]


def _is_revision(document_sha256: str) -> ColumnElement[bool]:
    having = select(Revision.document_id).where(col(Revision.text_sha256) == document_sha256)
    return col(Document.id).in_(having)


def overlap(a: Spans, b: Spans) -> float:
    """The share of the shorter of two contents that both have."""
    common = sum(max(min(end, other[1]) - max(start, other[0]), 0) for start, end in a for other in b)
    shorter = min(sum(end - start for start, end in spans) for spans in (a, b))
    return common / shorter if shorter else 0.0


def at(session: Session, place: Place) -> list[Attribution]:
    """The attributions at ``place``; where there is none exactly there, the nearest that is the same place."""
    here = [
        found
        for found in in_text(session, place.document_sha256)
        if found.place.document_sha256 == place.document_sha256
    ]
    exactly = [found.row for found in here if found.place == place]
    if exactly:
        return exactly
    same_words = [found for found in here if found.place.spans == place.spans]
    near = max(same_words or here, key=lambda found: overlap(found.place.spans, place.spans), default=None)
    return [near.row] if near and overlap(near.place.spans, place.spans) >= SAME_PLACE else []


# --- carrying out ------------------------------------------------------------------------------------------------


def carry_out(session: Session, correction: Correction) -> set[int]:
    """Do what a correction says; return the speakers (row ids) of whom a statement was changed."""
    touched: set[int | None] = set()
    for attribution in at(session, place_of(correction)):
        statement = session.get_one(Statement, attribution.statement_id)
        touched.add(statement.speaker_id)
        if correction.field == "statement":
            statement.version = max(statement.version, correction.id)
            statement = _move(session, attribution, json.loads(correction.new or "null"))
        elif correction.field in ("content", "source", "cue"):
            _point(session, attribution, correction.field, snapshots.spans_from(correction.new))
        elif correction.field != APART:  # that is asked for whenever statements are linked (kb.store.threads)
            _set(session, statement, correction.field, correction.new)
            if not _foretells(session, statement):
                statement.repeats = statement.slips = statement.contradicts = None
        statement.version = max(statement.version, correction.id)
        touched.add(statement.speaker_id)
        session.flush()
    return {speaker_id for speaker_id in touched if speaker_id is not None}


def replay(session: Session, document_sha256: str) -> set[int]:
    """Do again all that people corrected in a text, on what was just found in it; as ``carry_out`` otherwise."""
    touched: set[int] = set()
    for correction in of_text(session, document_sha256):
        touched |= carry_out(session, correction)
    return touched


def _set(session: Session, statement: Statement, field: str, new: str | None) -> None:
    if field == "reading":
        _read(session, statement, json.loads(new) if new else {})
    elif field == "speaker":
        statement.speaker_id = snapshots.speaker_of(session, json.loads(new)) if new else None
    elif field == "horizon":
        for column, value in snapshots.horizon_columns(json.loads(new) if new else {}).items():
            setattr(statement, column, value)
    else:
        setattr(statement, field, new)


def _foretells(session: Session, statement: Statement) -> bool:
    """Whether it can have to do with what its speaker foretold before."""
    speaker = session.get(Speaker, statement.speaker_id) if statement.speaker_id is not None else None
    stands = statement.kind in RESOLVABLE and statement.review != "rejected"
    return stands and speaker is not None and speaker.kind != "group"


def _read(session: Session, statement: Statement, reading: dict[str, Any]) -> None:
    """Let a statement read as a person saw it, whatever an extraction read; without a reading it stays."""
    for column in snapshots.READING:
        if column in reading:
            setattr(statement, column, reading[column])
    if reading:
        _set(session, statement, "speaker", snapshots.as_json(reading["speaker"]))
        _set(session, statement, "horizon", snapshots.as_json(reading["horizon"]))


def _point(session: Session, attribution: Attribution, field: str, spans: Spans) -> None:
    where = (attribution.document_id, attribution.revision)
    words = words_at(texts_at(session, [where])[where], spans)
    setattr(attribution, f"{field}_spans", spans)
    if field == "content":
        attribution.words = words
    elif field == "source":
        attribution.speaker_text = words


def _move(session: Session, attribution: Attribution, snapshot: dict[str, Any]) -> Statement:
    """Make ``attribution`` a report of the statement that ``snapshot`` tells of; the one it leaves goes with its last
    report, unless outcomes rest on it."""
    old = session.get_one(Statement, attribution.statement_id)
    query = select(Statement).where(Statement.fingerprint == snapshot["fingerprint"])
    target = session.exec(query).first() or snapshots.restore(session, snapshot)
    if target.id == old.id:
        return target
    others = select(Attribution.id).where(Attribution.statement_id == old.id, Attribution.id != attribution.id)
    is_last = session.exec(others).first() is None
    if is_last and is_resolved(session, old.id):
        return old
    attribution.statement_id = target.id
    session.flush()
    if is_last:
        _remove(session, old)
    return target


def is_resolved(session: Session, statement_id: int) -> bool:
    """Whether outcomes or evidence rest on a statement."""
    ledger = (select(Outcome.id).where(Outcome.statement_id == statement_id),
              select(Evidence.id).where(Evidence.statement_id == statement_id))  # fmt: skip
    return any(session.exec(query.limit(1)).first() is not None for query in ledger)


def _remove(session: Session, statement: Statement) -> None:
    connection = session.connection()
    for link in LINKS:
        column = col(getattr(Statement, link))
        connection.execute(update(Statement).where(column == statement.id).values({link: None}))
    for child in (Mention, WatchHit):
        connection.execute(delete(child).where(col(child.statement_id) == statement.id))
    session.delete(statement)
    session.flush()
    session.expire_all()


# --- asked by those who judge -------------------------------------------------------------------------------------


def place_after(session: Session, correction: Correction) -> Place:
    """Where the attribution stands once a correction was carried out."""
    place = place_of(correction)
    if correction.field == "content":
        return Place(place.document_sha256, snapshots.spans_from(correction.new), place.speaker_text)
    if correction.field == "source":
        text = text_with(session, place.document_sha256)
        return Place(place.document_sha256, place.spans, words_at(text, snapshots.spans_from(correction.new)))
    return place


def text_with(session: Session, document_sha256: str) -> str:
    """The text of that hash; empty where the record does not have it."""
    own = select(Document.text).where(Document.text_sha256 == document_sha256)
    revised = select(Revision.text).where(Revision.text_sha256 == document_sha256)
    return session.exec(own.limit(1)).first() or session.exec(revised.limit(1)).first() or ""


def locked(session: Session, statement_id: int) -> Statement | None:
    """The statement with that id, which nobody else changes before this transaction ends; None without one."""
    query = select(Statement).where(Statement.id == statement_id)
    return session.exec(query.with_for_update()).first()


def with_fingerprint(session: Session, fingerprint: str) -> Statement:
    """The statement with that fingerprint, which must exist."""
    return session.exec(select(Statement).where(Statement.fingerprint == fingerprint)).one()
