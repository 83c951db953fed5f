"""Sources: where each is read, how its last polls went, when it is asked next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, delete, select

from kb.errors import NotFoundError
from kb.store.tables import Document, Entry, PendingPage, Source
from kb.types import SourceRow

REMOVED = "removed"
"""Why a source is not polled that somebody removed; its documents stay, so it does."""
_LISTED = (col(Source.url).contains("://"), func.coalesce(Source.inactive_because, "") != REMOVED)
"""Conditions of sources on the network that nobody removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSource:
    """A source as registered, with what its polls left behind. The fields mean what the columns of ``Source`` do."""

    id: int
    kind: str
    name: str
    url: str
    config: Mapping[str, Any]
    etag: str | None
    last_modified: str | None
    last_polled_at: dt.datetime | None
    last_error: str | None
    error_count: int
    active: bool
    address: str | None = None
    moving_to: str | None = None
    moving_since: dt.datetime | None = None
    body_sha256: str | None = None
    read_at: dt.datetime | None = None
    news_at: dt.datetime | None = None
    next_poll_at: dt.datetime | None = None
    poll_seconds: int | None = None
    inactive_because: str | None = None

    @property
    def reads(self) -> str:
        """The address that it is read from now."""
        return self.address or self.url


def register(session: Session, kind: str, *, name: str, url: str, config: Mapping[str, Any] | None = None) -> int:
    """Register a source and return its id; the same url again gives the same id, and is polled again if it was not.
    What ``config`` says then counts from now on.

    ``url`` is the address or path that the source is read from. One path may hold things of several kinds one after
    another, which are several sources; one address is one source.
    """
    known = at(session, url, kind=None if "://" in url else kind)
    if known:
        resume(session, known.id)
        if config:
            _existing(session, known.id).config = {**known.config, **config}
        return known.id
    source = Source(kind=kind, name=name, url=url, config=dict(config or {}))
    session.add(source)
    session.flush()
    return source.id


def at(session: Session, url: str, *, kind: str | None = None) -> StoredSource | None:
    """The source that was registered with that address, or has moved to it."""
    query = select(Source).where(or_(col(Source.url) == url, col(Source.address) == url)).order_by(col(Source.id))
    if kind:
        query = query.where(Source.kind == kind)
    found = session.exec(query.limit(1)).first()
    return _stored(found) if found else None


def list_active(session: Session) -> list[StoredSource]:
    """Every source that is polled, in the order registered."""
    return [_stored(row) for row in session.exec(select(Source).where(col(Source.active)).order_by(col(Source.id)))]


def get(session: Session, source_id: int) -> StoredSource:
    """The source with that id. Raises NotFoundError."""
    return _stored(_existing(session, source_id))


def named(session: Session, name: str) -> list[StoredSource]:
    """The sources on the network with that number, name or address, paused ones included, removed ones not."""
    same = [col(Source.name) == name, col(Source.url) == name, col(Source.address) == name]
    if name.isdecimal() and name.isascii():
        same.append(col(Source.id) == int(name))
    query = select(Source).where(*_LISTED, or_(*same)).order_by(col(Source.id))
    return [_stored(row) for row in session.exec(query)]


def one(session: Session, name: str) -> StoredSource:
    """The one source with that number, name or address. Raises NotFoundError, also when there are several."""
    found = named(session, name)
    if len(found) != 1:
        several = (
            f"{len(found)} sources are called {name!r}; name one by its number" if found else f"no source {name!r}"
        )
        raise NotFoundError(f"{several}: kb sources list")
    return found[0]


def rows(session: Session) -> list[SourceRow]:
    """Every source on the network as listings show it, removed ones left out."""
    documents = dict(session.exec(select(Document.source_id, func.count()).group_by(col(Document.source_id))).all())
    pages = select(PendingPage.source_id, func.count()).where(col(PendingPage.next_try_at).is_not(None))
    waiting = dict(session.exec(pages.group_by(col(PendingPage.source_id))).all())
    found = session.exec(select(Source).where(*_LISTED).order_by(col(Source.id)))
    return [_row(source, documents.get(source.id, 0), waiting.get(source.id, 0)) for source in found]


def change(session: Session, source_id: int, **values: Any) -> None:
    """Set columns of a source. Raises NotFoundError."""
    source = _existing(session, source_id)
    for name, value in values.items():
        setattr(source, name, value)
    session.flush()


def pause(session: Session, source_id: int, *, because: str) -> None:
    """Poll a source no more until it is resumed. Raises NotFoundError."""
    change(session, source_id, active=False, inactive_because=because)


def resume(session: Session, source_id: int) -> None:
    """Poll a source again, and at once, with its failures forgotten. Raises NotFoundError."""
    if not _existing(session, source_id).active:
        change(session, source_id, active=True, inactive_because=None, error_count=0, next_poll_at=None)


def remove(session: Session, source_id: int) -> int:
    """Forget a source, its entries and the pages that it waits for; return how many documents it leaves in the record.

    Raises NotFoundError.
    """
    source = _existing(session, source_id)
    session.exec(delete(PendingPage).where(col(PendingPage.source_id) == source_id))
    session.exec(delete(Entry).where(col(Entry.source_id) == source_id))
    kept = session.exec(select(func.count()).where(col(Document.source_id) == source_id)).one()
    if kept:
        pause(session, source_id, because=REMOVED)
    else:
        session.delete(source)
        session.flush()
    return kept


def _existing(session: Session, source_id: int) -> Source:
    source = session.get(Source, source_id)
    if source is None:
        raise NotFoundError(f"no source {source_id} in the record")
    return source


def _stored(source: Source) -> StoredSource:
    return StoredSource(**{field.name: getattr(source, field.name) for field in fields(StoredSource)})


def _row(source: Source, documents: int, waiting: int) -> SourceRow:
    return SourceRow(
        id=source.id,
        kind=source.kind,
        name=source.name,
        url=source.address or source.url,
        documents=documents,
        waiting=waiting,
        last_polled_at=source.last_polled_at,
        news_at=source.news_at,
        next_poll_at=source.next_poll_at if source.active else None,
        every=dt.timedelta(seconds=source.poll_seconds) if source.poll_seconds else None,
        error_count=source.error_count,
        last_error=source.last_error,
        active=source.active,
        inactive_because=source.inactive_because,
    )
