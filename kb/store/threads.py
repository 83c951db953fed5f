"""Statements of one speaker that belong together: repeats, moved dates, contradictions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from kb.store import corrections, reviews, snapshots
from kb.store.conditions import said_by
from kb.store.corrections import APART
from kb.store.ledger import RESOLVABLE
from kb.store.speaker_rows import ROOT_ID
from kb.store.tables import Attribution, Correction, Speaker, Statement
from kb.types import PartialDate, Quantity, SayingRow, StatementRow

PORTION = 1000
"""Statements asked for at once; SQLite takes 32,766 values in one query."""

COMPARED = 1000
"""Predictions of one speaker, the last ones said, that are compared with one another; few people make more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Numbers of earlier statements, as in ``kb.types.StatementRow``."""

    repeats: int | None = None
    slips: int | None = None
    contradicts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """A prediction or commitment as far as it can be compared with others."""

    id: int
    text: str
    said_on: PartialDate | None = None
    phrase: str = ""
    """The horizon's words."""
    earliest: dt.date | None = None
    latest: dt.date | None = None
    quantity: Quantity | None = None
    links: Links = Links()


def foretellers(session: Session, document_id: int) -> list[int]:
    """Roots of the people and organisations who predict or promise something in a document."""
    query = select(ROOT_ID).join(Statement, col(Statement.speaker_id) == col(Speaker.id))
    query = query.join(Attribution, col(Attribution.statement_id) == col(Statement.id))
    query = query.where(Attribution.document_id == document_id, col(Statement.kind).in_(RESOLVABLE))
    return list(session.exec(query.where(Speaker.kind != "group").distinct().order_by(ROOT_ID)))


def foretold(session: Session, root: int) -> list[Foretold]:
    """What a speaker predicted and promised, but for what a reviewer rejected; the last ``COMPARED`` said."""
    query = select(Statement).where(
        said_by([root]), col(Statement.kind).in_(RESOLVABLE), Statement.review != "rejected"
    )
    newest = query.order_by(col(Statement.said_on).desc().nulls_last(), col(Statement.id).desc()).limit(COMPARED)
    return [
        Foretold(
            id=row.id,
            text=row.text,
            said_on=row.said_on,
            phrase=row.horizon_phrase or "",
            earliest=row.earliest,
            latest=row.latest,
            quantity=Quantity(**row.quantity) if row.quantity else None,
            links=Links(repeats=row.repeats, slips=row.slips, contradicts=row.contradicts),
        )
        for row in session.exec(newest)
    ]


def join(session: Session, statement_id: int, links: Links) -> None:
    """Replace what a statement has to do with earlier ones."""
    session.connection().execute(update(Statement).where(col(Statement.id) == statement_id).values(**asdict(links)))
    session.expire_all()


class Linked(Protocol):
    """A statement with its links: a row of the table, or one that questions give."""

    @property
    def id(self) -> int: ...
    @property
    def repeats(self) -> int | None: ...
    @property
    def slips(self) -> int | None: ...
    @property
    def contradicts(self) -> int | None: ...


def linked(a: Linked, b: Linked) -> bool:
    """Whether one repeats, moves or contradicts the other, or both repeat the same."""
    same = (a.repeats or a.id) == (b.repeats or b.id)
    return a.id != b.id and (same or b.id in (a.slips, a.contradicts) or a.id in (b.slips, b.contradicts))


def apart_value(session: Session, other: Statement) -> str:
    """What a correction keeps of a statement that another one is apart from: its words, and where they stand."""
    places = [asdict(report.place) for report in reviews.reports_of(session, other.id)]
    return str(snapshots.as_json({"id": other.id, "text": other.text, "places": places}))


def apart(session: Session, ids: Collection[int]) -> set[frozenset[int]]:
    """Pairs with one of these statements of which a person said that nothing links the two."""
    texts = reviews.texts_of(ids)
    query = select(Correction).where(Correction.field == APART, col(Correction.document_sha256).in_(texts))
    rows = list(session.exec(query))
    standing = set(corrections.standing(rows))
    return {pair for row in rows if row.judgement in standing for pair in _pairs(session, row)}


def _pairs(session: Session, row: Correction) -> Iterator[frozenset[int]]:
    here = [one.statement_id for one in reviews.at(session, corrections.place_of(row))]
    for place in corrections.parted_from(row):
        for other in reviews.at(session, place):
            yield from (frozenset((one, other.statement_id)) for one in here)


def threads(session: Session, rows: Collection[StatementRow]) -> dict[int, tuple[SayingRow, ...]]:
    """Every statement that repeats, slips or contradicts join to these, directly or through others, by their ids.

    In the order said, each row's own statement among them; nothing for rows that are joined to none.
    """
    known = _reachable(session, {row.id for row in rows})
    beside: dict[int, set[int]] = defaultdict(set)
    for saying in known.values():
        for other in filter(None, (saying.repeats, saying.slips, saying.contradicts)):
            beside[saying.id].add(other)
            beside[other].add(saying.id)
    return {row.id: _thread(row.id, known, beside) for row in rows if beside[row.id]}


def _reachable(session: Session, ids: set[int]) -> dict[int, SayingRow]:
    """These statements and all that are joined to them."""
    known: dict[int, SayingRow] = {}
    while new := ids - known.keys():
        found = list(_sayings(session, sorted(new)))
        known |= {saying.id: saying for saying in found if saying.id in new}
        ids = {
            other
            for saying in found
            for other in (saying.id, saying.repeats, saying.slips, saying.contradicts)
            if other
        }
    return known


def _thread(start: int, known: dict[int, SayingRow], beside: dict[int, set[int]]) -> tuple[SayingRow, ...]:
    inside, border = {start}, [start]
    while border:
        new = beside[border.pop()] - inside
        inside |= new
        border += new
    return tuple(sorted((known[i] for i in inside), key=lambda s: (s.said_on is None, s.said_on or "", s.id)))


def _sayings(session: Session, ids: Sequence[int]) -> Iterator[SayingRow]:
    """The statements with these ids, and those that name one of them."""
    named = (Statement.id, Statement.repeats, Statement.slips, Statement.contradicts)
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        for row in session.exec(select(Statement).where(or_(*(col(column).in_(portion) for column in named)))):
            yield SayingRow(
                id=row.id,
                text=row.text,
                said_on=row.said_on,
                latest=row.latest,
                repeats=row.repeats,
                slips=row.slips,
                contradicts=row.contradicts,
            )
