"""Sources and how their last poll went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from kb.errors import NotFoundError
from kb.store.tables import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSource:
    """A source as registered, with what the last poll left behind."""

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


def register(session: Session, kind: str, *, name: str, url: str, config: Mapping[str, Any] | None = None) -> int:
    """Register a source and return its id; the same kind and url again gives the same id and changes nothing.

    ``url`` is the address or path that the source is read from.
    """
    known = session.exec(select(Source).where(Source.kind == kind, Source.url == url)).first()
    if known:
        return known.id
    source = Source(kind=kind, name=name, url=url, config=dict(config or {}))
    session.add(source)
    session.flush()
    return source.id


def list_active(session: Session) -> list[StoredSource]:
    """Every source that is polled, in the order registered."""
    return [_stored(row) for row in session.exec(select(Source).where(col(Source.active)).order_by(col(Source.id)))]


def get(session: Session, source_id: int) -> StoredSource:
    """The source with that id. Raises NotFoundError."""
    return _stored(_existing(session, source_id))


def record_poll(
    session: Session,
    source_id: int,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    error: str | None = None,
    now: dt.datetime,
) -> None:
    """Note how a poll went; a failed one (``error``) keeps the validators of the last good one.

    Raises NotFoundError.
    """
    source = _existing(session, source_id)
    source.last_polled_at = now
    source.last_error = error
    if error is None:
        source.etag, source.last_modified, source.error_count = etag, last_modified, 0
    else:
        source.error_count += 1
    session.flush()


def _existing(session: Session, source_id: int) -> Source:
    source = session.get(Source, source_id)
    if source is None:
        raise NotFoundError(f"no source {source_id} in the record")
    return source


def _stored(source: Source) -> StoredSource:
    return StoredSource(
        id=source.id,
        kind=source.kind,
        name=source.name,
        url=source.url,
        config=source.config,
        etag=source.etag,
        last_modified=source.last_modified,
        last_polled_at=source.last_polled_at,
        last_error=source.last_error,
        error_count=source.error_count,
        active=source.active,
    )
