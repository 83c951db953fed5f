"""Entries of feeds that are teasers: is the page behind one to be read, or to be read again?

A page is read once, and again when its teaser has other words or says that it was updated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from kb.ingest import teasers
from kb.ingest.pipeline import Item, label
from kb.ingest.prepare import clean_fields
from kb.store import Session, Store, documents, entries, pending, times
from kb.store.documents import StoredDocument
from kb.store.entries import StoredEntry
from kb.types import ItemResult, RawDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """The teasers of one update."""

    store: Store
    now: Callable[[], dt.datetime]

    def put_off(self, item: Item) -> ItemResult:
        """Note a teaser whose page is to be fetched later, if it is."""
        item = replace(item, document=clean_fields(item.document))
        raw = item.document
        with self.store.reading() as session:
            found = find_document(session, item)
            entry = entries.find(session, item.source_id, raw.external_id)
        if found is None and entry is None:
            return self._await(item)
        if found:
            self._note_recording(found, raw)
        if found and entry and teasers.has_news(entry, raw):
            return self._await_again(item, entry)
        if found and entry is None and _was_read_from_page(found, item):
            with self.store.transaction() as session:
                entries.put(session, item.source_id, raw.external_id, teasers.entry(raw, found.id))
        # An entry without a document of its own led to one that others brought: a page with another canonical address.
        document_id = found.id if found else entry.document_id if entry else None
        return ItemResult(item=label(raw), status="unchanged", reason="already in the record", document_id=document_id)

    def _note_recording(self, found: StoredDocument, raw: RawDocument) -> None:
        """An episode that came before the addresses of recordings were kept has it from the feed's next reading."""
        if raw.recording_url and found.kind == "transcript" and not found.recording_url:
            with self.store.transaction() as session:
                times.set_recording(session, found.id, raw.recording_url)

    def _await(self, item: Item) -> ItemResult:
        raw = item.document
        with self.store.transaction() as session:
            waits = pending.put(
                session,
                item.source_id,
                external_id=raw.external_id,
                url=teasers.page_url(raw),
                canonical_url=raw.canonical_url,
                teaser=teasers.pack(raw),
                now=self.now(),
            )
        if not waits:
            return ItemResult(item=label(raw), status="unchanged", reason="its page could not be had")
        return ItemResult(item=label(raw), status="waiting", reason=f"its page: {teasers.LATER}")

    def _await_again(self, item: Item, entry: StoredEntry) -> ItemResult:
        raw = item.document
        with self.store.transaction() as session:
            entries.put(session, item.source_id, raw.external_id, teasers.seen_again(entry, raw))
            pending.put_again(
                session,
                item.source_id,
                external_id=raw.external_id,
                url=teasers.page_url(raw),
                teaser=teasers.pack(raw),
                now=self.now(),
            )
        reason = f"its page again: {teasers.LATER}"
        return ItemResult(item=label(raw), status="waiting", reason=reason, document_id=entry.document_id)


def find_document(session: Session, item: Item) -> StoredDocument | None:
    """The document of a teaser. It may have no words of its own, so only its identity and its address can tell."""
    raw = item.document
    return documents.find(
        session,
        source_id=item.source_id,
        external_id=raw.external_id,
        canonical_url=raw.canonical_url,
        text_sha256="",
    )


def is_known(session: Session, item: Item) -> bool:
    """Whether an item is in the record, or waited for, or was given up."""
    item = replace(item, document=clean_fields(item.document))
    raw, source_id = item.document, item.source_id
    return (
        find_document(session, item) is not None
        or entries.find(session, source_id, raw.external_id) is not None
        or pending.knows(session, source_id, external_id=raw.external_id, canonical_url=raw.canonical_url)
    )


def _was_read_from_page(found: StoredDocument, item: Item) -> bool:
    """Whether the page can change the text: not that of a feed with whole articles, nor of another page.

    Bytes that were not kept are believed to be the page's; nothing was kept of summaries.
    """
    is_own = found.source_id == item.source_id and found.read_from is None
    return is_own or found.read_from == teasers.page_url(item.document)
