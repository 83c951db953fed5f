"""Entries of feeds whose pages were read: what tells whether to read a page again."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields

from sqlmodel import Session

from kb.store.tables import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """What is known of an entry. The fields mean what the columns of ``Entry`` do."""

    document_id: int
    url: str
    teaser_sha256: str
    updated_at: dt.datetime | None
    etag: str | None = None
    last_modified: str | None = None
    vain: int = 0


def find(session: Session, source_id: int, external_id: str) -> StoredEntry | None:
    """The entry of a source with that identity; None where its page was not read."""
    found = session.get(Entry, (source_id, external_id))
    return stored(found) if found else None


def put(session: Session, source_id: int, external_id: str, entry: StoredEntry) -> None:
    """Know this of an entry from now on."""
    session.merge(Entry(source_id=source_id, external_id=external_id, **asdict(entry)))
    session.flush()


def stored(row: Entry) -> StoredEntry:
    """A row as other layers see it."""
    return StoredEntry(**{field.name: getattr(row, field.name) for field in fields(StoredEntry)})
