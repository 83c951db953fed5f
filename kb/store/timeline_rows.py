"""The entries of a timeline in order of date: any number of them, first as keys, then loaded a portion at a time."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal, select, union_all
from sqlmodel import Session, col

from kb.store.conditions import GROUP, conditions, listed
from kb.store.ledger import RESOLVABLE
from kb.store.statement_rows import DATE_ORDER, LISTED
from kb.store.tables import Outcome, Statement
from kb.types import Filters, PartialDate

SAID, DUE, KNOWN = range(3)
"""What an entry is; within one day in this order."""

Key = tuple[PartialDate | None, int, int]
"""Date, what it is, and the id of the statement."""

Passing = list[ColumnElement[bool]]
"""Conditions that a statement must meet."""

PORTION = 1000
"""Keys, and statements, read at once."""
_LAST = "9999-99"
"""Sorts after every date."""


def keys(session: Session, filters: Filters, today: dt.date) -> Iterator[Key]:
    """Statements, due dates and outcomes of the statements that pass ``filters``, undated statements last.

    ``filters.testable`` is left to the caller. Raises NotFoundError when ``filters.by`` names nobody.
    """
    passing = [*listed(filters, LISTED), *conditions(session, filters, today)]
    if filters.limit is not None:
        newest = select(col(Statement.id)).where(*passing).order_by(*DATE_ORDER).limit(filters.limit)
        passing = [col(Statement.id).in_(newest)]
    return heapq.merge(_dated(session, passing), _known(session, passing, filters.as_of), key=_order)


def fingerprints(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Fingerprints of statements by id."""
    found = session.execute(select(col(Statement.id), col(Statement.fingerprint)).where(col(Statement.id).in_(ids)))
    return {row.id: row.fingerprint for row in found}


def _order(key: Key) -> tuple[str, int, int]:
    date, what, statement_id = key
    return date or _LAST, what, statement_id


def _dated(session: Session, passing: Passing) -> Iterator[Key]:
    latest = cast(col(Statement.latest), String)
    said: Any = select(col(Statement.said_on).label("date"), literal(SAID).label("what"), col(Statement.id).label("id"))
    due: Any = select(latest.label("date"), literal(DUE).label("what"), col(Statement.id).label("id"))
    due = due.where(*passing, col(Statement.kind).in_(RESOLVABLE), col(Statement.latest).is_not(None))
    both = union_all(said.where(*passing), due).subquery()
    query = select(both).order_by(both.c.date.asc().nulls_last(), both.c.what, both.c.id)
    for row in session.execute(query.execution_options(yield_per=PORTION)):
        yield row.date, row.what, row.id


def _known(session: Session, passing: Passing, as_of: dt.date | None) -> Iterator[Key]:
    """Of what people judged; that much fits into memory."""
    judged = select(GROUP, col(Outcome.known_on)).join(Statement, col(Outcome.statement_id) == col(Statement.id))
    if as_of:
        judged = judged.where(col(Outcome.known_on) <= as_of)
    counting = session.execute(judged.order_by(col(Outcome.recorded_at), col(Outcome.id)))
    known_on = {group: day.isoformat() for group, day in counting}
    groups = select(GROUP).join(Outcome, col(Outcome.statement_id) == col(Statement.id))
    found = session.execute(select(col(Statement.id), GROUP).where(GROUP.in_(groups), *passing))
    yield from sorted((known_on[group], KNOWN, statement_id) for statement_id, group in found if group in known_on)
