"""The ledger of corrections: what people said of extractions, tied to the text itself. Entries are only added."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, literal_column, text
from sqlmodel import Session, col, select

from kb.store.tables import Correction
from kb.types import CorrectionRow, Spans

APART = "apart"
"""Field of a correction that says of another statement that nothing links the two, however alike their words are."""

NUMBER = {
    "sqlite": "CAST(CASE WHEN json_valid(old) THEN json_extract(old, '$.id') END AS TEXT)",
    "postgresql": "substring(old from '\"id\": ([0-9]{1,9})[,}]')",
}
"""The number of the statement that a report left, in the value of a correction, by dialect."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an attribution stands: no row ids, so that it is the same place in every database."""

    document_sha256: str
    """Hash of the text."""
    spans: Spans
    """Of the content."""
    speaker_text: str
    """The source words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCorrection:
    """A correction to record. Values are as ``kb.store.reviews`` reads them."""

    place: Place
    statement: str
    """Fingerprint."""
    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the corrections of one judgement share."""

    judgement: str
    by: str
    now: dt.datetime
    undoes: str | None = None


def append(session: Session, act: Act, new: NewCorrection) -> Correction:
    """Add one correction."""
    row = Correction(
        document_sha256=new.place.document_sha256,
        spans=new.place.spans,
        speaker_text=new.place.speaker_text,
        field=new.field,
        old=new.old,
        new=new.new,
        statement=new.statement,
        judgement=act.judgement,
        undoes=act.undoes,
        made_by=act.by,
        made_at=act.now,
    )
    session.add(row)
    session.flush()
    return row


def of_statement(session: Session, fingerprint: str, *, after: int = 0) -> list[Correction]:
    """What was said of a statement, the first first; with ids above ``after``."""
    query = select(Correction).where(Correction.statement == fingerprint, col(Correction.id) > after)
    return list(session.exec(query.order_by(col(Correction.id))))


def of_judgement(session: Session, judgement: str) -> list[Correction]:
    """The corrections of one act, in the order made."""
    query = select(Correction).where(Correction.judgement == judgement)
    return list(session.exec(query.order_by(col(Correction.id))))


def of_text(session: Session, document_sha256: str) -> list[Correction]:
    """What was said of extractions from a text, the first first."""
    query = select(Correction).where(Correction.document_sha256 == document_sha256)
    return list(session.exec(query.order_by(col(Correction.id))))


def gone_into(session: Session, statement_id: int) -> list[str]:
    """The statement that took the reports of one which is no more, then the one that took those of it, and so on.

    Fingerprints, since numbers in corrections are only hints.
    """
    path: list[str] = []
    # As migration 0009 writes it, so that its index is taken.
    number: ColumnElement[str] = literal_column(NUMBER[session.get_bind().dialect.name])
    taker = _taken_by(session, number == str(statement_id), "id", statement_id)
    while taker is not None and taker not in path:
        path.append(taker)
        taker = _taken_by(session, col(Correction.statement) == taker, "fingerprint", taker)
    return path


def _taken_by(session: Session, asked: ColumnElement[bool], name: str, value: int | str) -> str | None:
    """The fingerprint of what last took reports of the statement with that ``name``: an id, or a fingerprint."""
    query = select(Correction.old, Correction.new).where(text("field = 'statement'"), asked)
    for old, new in session.exec(query.order_by(col(Correction.id).desc())):
        if old and new and json.loads(old)[name] == value:
            return str(json.loads(new)["fingerprint"])
    return None


def standing(rows: Sequence[Correction]) -> list[str]:
    """The judgements among ``rows`` that nobody took back, and that take none back, in the order made."""
    undone = {row.undoes for row in rows if row.undoes}
    return list(dict.fromkeys(row.judgement for row in rows if not row.undoes and row.judgement not in undone))


def place_of(row: Correction) -> Place:
    """Where the attribution stood that a correction is about."""
    return Place(row.document_sha256, row.spans, row.speaker_text)


def parted_from(row: Correction) -> list[Place]:
    """Where the other statement stands, for a correction of the field ``APART``."""
    places = json.loads(row.new or row.old or "{}")["places"]
    return [
        Place(place["document_sha256"], tuple((s, e) for s, e in place["spans"]), place["speaker_text"])
        for place in places
    ]


def as_rows(rows: Collection[Correction]) -> list[CorrectionRow]:
    """``rows`` for people to read."""
    return [
        CorrectionRow(
            id=row.id,
            judgement=row.judgement,
            undoes=row.undoes,
            field=row.field,
            old=row.old,
            new=row.new,
            made_by=row.made_by,
            made_at=row.made_at,
        )
        for row in rows
    ]
