"""Saved searches: a query that is asked again after every update, and reports each statement once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kb.errors import KBError
from kb.query import parse
from kb.store import Session, Store, statement_rows, watches
from kb.store.conditions import passing
from kb.store.statement_rows import LISTED
from kb.types import Filters, WatchHits, WatchRow


def add(store: Store, query: str, *, name: str | None = None, now: dt.datetime) -> WatchRow:
    """Save a search; what it finds now is no news. It is called like its query unless ``name`` is given.

    Raises QueryError, NotFoundError (``by:`` names nobody), JudgementError (a search of that name is there).
    """
    with store.transaction() as session:
        watch_id = watches.add(session, name or query, query, now=now)
        _take(session, watches.one(session, str(watch_id)), now.date())
        return next(row for row in watches.rows(session) if row.id == watch_id)


def rows(store: Store) -> list[WatchRow]:
    """Every saved search, the first saved first."""
    with store.reading() as session:
        return watches.rows(session)


def one(store: Store, name: str) -> WatchRow:
    """The saved search of that name, or number. Raises NotFoundError."""
    with store.reading() as session:
        return watches.one(session, name)


def remove(store: Store, name: str) -> WatchRow:
    """Forget a saved search, by name or number; return what it was. Raises NotFoundError."""
    with store.transaction() as session:
        row = watches.one(session, name)
        watches.remove(session, row.name)
    return row


def new_hits(store: Store, today: dt.date | None = None) -> list[WatchHits]:
    """What each saved search finds that it had not found before, and is told once; searches without news are left out.

    A statement is news too when it comes to pass only later: a prediction that falls due, one that is edited. A search
    that cannot be asked any more (nobody is called like that now) has its ``problem`` instead.
    """
    day = today or dt.datetime.now(dt.UTC).date()
    with store.transaction() as session:
        found = [_hits(session, watch, day) for watch in watches.rows(session)]
    return [hits for hits in found if hits.rows or hits.problem]


def _hits(session: Session, watch: WatchRow, today: dt.date) -> WatchHits:
    try:
        ids = _take(session, watch, today)
    except KBError as error:
        return WatchHits(watch=watch, rows=(), problem=str(error))
    return WatchHits(watch=replace(watch, hits=watch.hits + len(ids)), rows=tuple(statement_rows.load(session, ids)))


def _take(session: Session, watch: WatchRow, today: dt.date) -> list[int]:
    filters: Filters = parse(watch.query, today=today)
    return watches.take(session, watch.id, passing(session, filters, today, LISTED))
