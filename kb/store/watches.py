"""Saved searches, and what each has found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, insert
from sqlmodel import Session, col, select

from kb.errors import JudgementError, NotFoundError
from kb.store.tables import Statement, Watch, WatchHit
from kb.types import WatchRow


def add(session: Session, name: str, query: str, *, now: dt.datetime) -> int:
    """Save a search and return its number. Raises JudgementError where the name is empty or taken."""
    if not name.strip():
        raise JudgementError("a saved search needs a name")
    if session.exec(select(Watch.id).where(Watch.name == name.strip())).first() is not None:
        raise JudgementError(f"there is a saved search {name.strip()!r} already; remove it, or give another --name")
    watch = Watch(name=name.strip(), query=query, made_at=now)
    session.add(watch)
    session.flush()
    return watch.id


def remove(session: Session, name: str) -> None:
    """Forget a saved search, by number or name. Raises NotFoundError."""
    watch = one(session, name)
    session.connection().execute(delete(WatchHit).where(col(WatchHit.watch_id) == watch.id))
    session.connection().execute(delete(Watch).where(col(Watch.id) == watch.id))
    session.expire_all()


def one(session: Session, name: str) -> WatchRow:
    """The saved search of that name, or number. Raises NotFoundError."""
    known = rows(session)
    found = [row for row in known if row.name == name] or [row for row in known if str(row.id) == name]
    if not found:
        names = ", ".join(row.name for row in known) or "none"
        raise NotFoundError(f"no saved search {name!r}; known: {names}")
    return found[0]


def rows(session: Session) -> list[WatchRow]:
    """Every saved search, the first saved first."""
    hits = select(WatchHit.watch_id, func.count().label("hits")).group_by(col(WatchHit.watch_id)).subquery()
    query = select(Watch, func.coalesce(hits.c.hits, 0)).outerjoin(hits, hits.c.watch_id == col(Watch.id))
    return [
        WatchRow(id=watch.id, name=watch.name, query=watch.query, made_at=watch.made_at, hits=number)
        for watch, number in session.exec(query.order_by(col(Watch.id)))
    ]


def take(session: Session, watch_id: int, conditions: Sequence[ColumnElement[bool]]) -> list[int]:
    """The statements that meet ``conditions`` and that this search has not found yet, the first recorded first.

    From now on it has found them.
    """
    known = select(WatchHit.statement_id).where(WatchHit.watch_id == watch_id)
    query = select(Statement.id).where(*conditions, col(Statement.id).not_in(known)).order_by(col(Statement.id))
    found = list(session.exec(query))
    if found:
        values = [{"watch_id": watch_id, "statement_id": id_} for id_ in found]
        session.connection().execute(insert(WatchHit), values)
    return found
