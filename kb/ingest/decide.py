"""What to do with a document, given what the store holds of it. Pure; the time is data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kb.ingest.changes import is_same
from kb.store.documents import StoredDocument
from kb.types import DocumentData, RevisionReason, Times

MOST_REVISIONS = 24
"""Texts of one document that are kept besides the first. A page that changes at every poll has a part that we do not
know to be noise; lemon24/reader stops at as many updates in a row that nothing but a hash tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """A new document, to be stored with its statements."""

    data: DocumentData
    fetched_at: dt.datetime
    near_duplicate_of: int | None = None
    """The stored document of another address with the very same text: a syndicated copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise:
    """A stored document whose text has changed: the new text is kept beside the old, with its statements."""

    document_id: int
    data: DocumentData
    seen_at: dt.datetime
    reason: RevisionReason = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A stored document that did not tell its day and does now: so it is known when its statements were made."""

    document_id: int
    data: DocumentData
    revision: int
    """Number of the text that it is dated with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Nothing to do, and why."""

    document_id: int
    reason: str
    times: Times = ()
    """Of its last text, where the record lacks them and they are known now."""


Decision = Insert | Revise | Date | Keep


def decide(found: StoredDocument | None, data: DocumentData, source_id: int, now: dt.datetime) -> Decision:
    """Choose. ``found`` is what the store recognises the document as: None when nothing matches.

    Two sources read one page differently (a feed's full text, the page itself), so only the source that a document
    came from, or bytes from the same address as its text, can tell that its text has changed.
    """
    if found is None:
        return Insert(data=data, fetched_at=now)
    if found.matched_by == "text":
        if is_copy(found, data):
            return _dating(found, data) or Keep(document_id=found.id, reason=f"same text as document {found.id}")
        return Insert(data=data, fetched_at=now, near_duplicate_of=found.id if data.raw.kind == "article" else None)
    if data.text_sha256 in found.hashes:
        return _dating(found, data) or Keep(document_id=found.id, reason="already in the record")
    if found.source_id != source_id and not _same_address(found, data):
        return Keep(document_id=found.id, reason="already in the record, read from another source")
    if not data.raw.complete:
        return Keep(document_id=found.id, reason="already in the record, and this is only a summary of it")
    if len(found.hashes) > MOST_REVISIONS:
        return Keep(
            document_id=found.id, reason=f"already in the record with {MOST_REVISIONS} revisions, the most kept"
        )
    return decide_again(found, data, now, reason="changed")


def decide_again(
    found: StoredDocument, data: DocumentData, now: dt.datetime, *, reason: RevisionReason
) -> Revise | Date | Keep:
    """Choose for a text that surely is one of that document's. ``reason``: why it may be another than the last one."""
    if found.latest_text == data.text:
        if dating := _dating(found, data):
            return dating
        times = data.times if reason == "parser" and not found.times else ()
        return Keep(document_id=found.id, reason="already in the record", times=times)
    if is_same(found.latest_text, data.text):
        return Keep(document_id=found.id, reason="already in the record, but for layout or a note on its update")
    return Revise(document_id=found.id, data=data, seen_at=now, reason=reason)


def _dating(found: StoredDocument, data: DocumentData) -> Date | None:
    if found.published_at or not data.raw.published_at:
        return None
    return Date(document_id=found.id, data=data, revision=found.hashes.index(data.text_sha256))


def _same_address(found: StoredDocument, data: DocumentData) -> bool:
    return data.raw.origin is not None and data.raw.origin.payload.name == found.read_from


def is_copy(found: StoredDocument, data: DocumentData) -> bool:
    """Whether an equal text is the same publication read from another place (a moved file, a second export).

    Two addresses or two dates are two publications: a syndicated article, a post that says "Happy new year" again. But
    a post has the same number in an export and on its page, whose address and clock differ.
    """
    raw = data.raw
    if raw.kind == found.kind == "post" and raw.external_id == found.external_id:
        return True
    two_addresses = None not in (found.canonical_url, raw.canonical_url)
    two_dates = None not in (found.published_at, raw.published_at) and found.published_at != raw.published_at
    return not two_addresses and not two_dates
