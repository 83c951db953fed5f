"""Statements page by page: each page begins where another ended, so nothing moves when statements are added.

A cursor names the last statement of a page (or the first, to go back), not how many came before it. By relevance, its
rank is looked up again for every page, because the rank of each statement shifts a little as the record grows.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from sqlalchemy import ColumnElement, Double, and_, cast, literal_column, or_, select
from sqlmodel import Session, col

from kb.errors import InputError
from kb.store import search
from kb.store.conditions import passing
from kb.store.search import Ranking
from kb.store.statement_rows import LISTED
from kb.store.tables import Statement
from kb.types import Filters, PartialDate, Sort

Found = list[tuple[int, PartialDate | None, float]]
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a page begins: behind a statement, or before it."""

    sort: Sort
    id: int
    said_on: PartialDate | None = None
    rank: float = 0.0
    """Of when the cursor was made; counts where the statement no longer passes."""
    back: bool = False


def encoded(cursor: Cursor) -> str:
    """A cursor as text that says nothing to people."""
    return base64.urlsafe_b64encode(json.dumps(list(asdict(cursor).values())).encode()).decode().rstrip("=")


def decoded(text: str, sort: Sort) -> Cursor:
    """The cursor of a text. Raises InputError for one that ``encoded`` did not make, or of another order."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        cursor = Cursor(sort=values[0], id=values[1], said_on=values[2], rank=values[3], back=values[4])
        sound = (cursor.sort in get_args(Sort) and isinstance(cursor.id, int) and isinstance(cursor.rank, float)
                 and isinstance(cursor.said_on, str | None) and isinstance(cursor.back, bool))  # fmt: skip
    except (binascii.Error, UnicodeDecodeError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"{text!r} is no cursor of a page; begin again without one") from error
    if not sound or cursor.sort != sort:
        raise InputError(f"{text!r} is a cursor of another list; begin again without one")
    return cursor


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a list."""

    sort: Sort
    at: Cursor | None = None
    """Where it begins; None: at the first statement."""
    size: int | None = None
    """None: to the end."""
    among: Sequence[int] | None = None
    """Everything that passes, where that is known already."""


def cursors(session: Session, filters: Filters, today: dt.date, wanted: Wanted) -> list[Cursor]:
    """The statements of a part, as cursors that stand behind each; always in the order of the list.

    Raises NotFoundError when ``filters.by`` names nobody.
    """
    sort, at, size, among = wanted.sort, wanted.at, wanted.size, wanted.among
    text = search.text_of(filters)
    ranking = search.ranking(session, text) if sort == "relevance" and text else None
    others: Conditions = [_ids(session, ranking).in_(among)] if among is not None else []
    others = others or passing(session, filters, today, LISTED, words=ranking is None, by_order=True)
    found = _by_rank(session, ranking, others, at, size) if ranking else _by_date(session, others, at, size)
    made = [Cursor(sort=sort, id=id_, said_on=said_on, rank=float(rank)) for id_, said_on, rank in found]
    return made[::-1] if at and at.back else made


def _ids(session: Session, ranking: Ranking | None) -> Any:
    """The ids to compare: for a rank on SQLite those of the index, compared only, for it is slow to look up rows in."""
    ranked = ranking is not None and session.get_bind().dialect.name == "sqlite"
    return literal_column("+statement_fts.rowid") if ranked else col(Statement.id)


def _by_date(session: Session, conditions: Conditions, at: Cursor | None, size: int | None) -> Found:
    """Dated statements and undated ones apart, so that an index gives the order of the dated ones."""
    back = at is not None and at.back
    found: Found = []
    for dated in (False, True) if back else (True, False):
        where = _beyond(at, dated=dated)
        if where is None or len(found) == size:
            continue
        said_on, id_ = col(Statement.said_on), col(Statement.id)
        order = (said_on.asc(), id_.desc()) if back else (said_on.desc(), id_.asc())
        query: Any = select(id_, said_on).where(
            *conditions, *where, said_on.is_not(None) if dated else said_on.is_(None)
        )
        query = query.order_by(*(order if dated else order[1:])).limit(size and size - len(found))
        found += [(row.id, row.said_on, 0.0) for row in session.connection().execute(query)]
    return found


def _beyond(at: Cursor | None, *, dated: bool) -> list[ColumnElement[bool]] | None:
    """The conditions that statements lie beyond a cursor; None where none of the dated, or undated, ones can."""
    if at is None:
        return []
    said_on, id_ = col(Statement.said_on), col(Statement.id)
    behind = id_ < at.id if at.back else id_ > at.id
    if at.said_on is None:
        return [behind] if not dated else ([] if at.back else None)
    if not dated:
        return None if at.back else []
    if at.back:
        return [said_on >= at.said_on, or_(said_on > at.said_on, behind)]
    return [said_on <= at.said_on, or_(said_on < at.said_on, behind)]


def _by_rank(session: Session, ranking: Ranking, conditions: Conditions, at: Cursor | None, size: int | None) -> Found:
    index, matching, score = ranking
    rank, id_ = cast(score, Double), col(Statement.id)
    query: Any = select(id_, col(Statement.said_on), rank.label("rank"))
    if index is not None:
        query = query.join(index, index.c.rowid == id_)
    query = query.where(matching)
    if at:
        limit = session.connection().execute(query.where(id_ == at.id)).first()
        value = limit.rank if limit else at.rank
        beyond = and_(rank == value, id_ < at.id if at.back else id_ > at.id)
        query = query.where(or_(rank < value if at.back else rank > value, beyond))
    order = (rank.desc(), id_.desc()) if at and at.back else (rank, id_)
    query = query.where(*conditions).order_by(*order).limit(size)
    return [tuple(row) for row in session.connection().execute(query)]
