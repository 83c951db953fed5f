"""What to do with a document, given what the store holds of it. Pure; the time is data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kb.store.documents import StoredDocument
from kb.types import DocumentData


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """A new document, to be stored with its statements."""

    data: DocumentData
    fetched_at: dt.datetime
    near_duplicate_of: int | None = None
    """The stored document of another address with the very same text: a syndicated copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise:
    """A stored document whose text has changed: the new text is kept beside the old."""

    document_id: int
    data: DocumentData
    seen_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Nothing to do, and why."""

    document_id: int
    reason: str


Decision = Insert | Revise | Keep


def decide(found: StoredDocument | None, data: DocumentData, source_id: int, now: dt.datetime) -> Decision:
    """Choose. ``found`` is what the store recognises the document as: None when nothing matches.

    Two sources read one page differently (a feed's full text, the page itself), so only the source that a document
    came from can tell that its text has changed.
    """
    if found is None:
        return Insert(data=data, fetched_at=now)
    if found.matched_by == "text":
        if is_copy(found, data):
            return Keep(document_id=found.id, reason=f"same text as document {found.id}")
        return Insert(data=data, fetched_at=now, near_duplicate_of=found.id if data.raw.kind == "article" else None)
    if data.text_sha256 in (found.text_sha256, found.latest_sha256):
        return Keep(document_id=found.id, reason="already in the record")
    if found.source_id != source_id:
        return Keep(document_id=found.id, reason="already in the record, read from another source")
    if not data.raw.complete:
        return Keep(document_id=found.id, reason="already in the record, and this is only a summary of it")
    return Revise(document_id=found.id, data=data, seen_at=now)


def is_copy(found: StoredDocument, data: DocumentData) -> bool:
    """Whether an equal text is the same publication read from another place (a moved file, a second export).

    Two addresses or two dates are two publications: a syndicated article, a post that says "Happy new year" again.
    """
    raw = data.raw
    two_addresses = None not in (found.canonical_url, raw.canonical_url)
    two_dates = None not in (found.published_at, raw.published_at) and found.published_at != raw.published_at
    return not two_addresses and not two_dates
