"""Stored bytes read again with the parsers of today, without the network.

Each document is read from the bytes that gave its last text. Where another text comes out, that becomes a revision;
documents that the bytes give now and did not give then are left to ``kb add`` and ``kb update``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from kb.errors import InputError
from kb.ingest.origins import remembering
from kb.ingest.outside import Hints
from kb.ingest.pipeline import Item, Pipeline
from kb.store import documents, raw
from kb.store.documents import StoredDocument
from kb.types import ItemResult, Payload, RawDocument, Skipped

GONE = "the parsers of today find no such document in its bytes"


def reparse(
    pipeline: Pipeline,
    read: Callable[[Payload, Hints], Iterable[RawDocument | Skipped]],
    *,
    source_id: int | None = None,
    since: dt.date | None = None,
    announce: Callable[[int], None] | None = None,
) -> Iterator[ItemResult]:
    """One result per document whose bytes are kept: of one source, of bytes that arrived on a day or later.

    ``announce`` is told how many documents there are.
    """
    with pipeline.store.reading() as session:
        readable = raw.readable(session, source_id=source_id, since=since)
    if announce:
        announce(sum(map(len, readable.values())))
    read = remembering(read)  # whatever the settings: what comes of stored bytes is linked to them
    items = (item for arrival_id, ids in readable.items() for item in _items(pipeline, read, arrival_id, ids))
    return pipeline.run(items)


def _items(
    pipeline: Pipeline,
    read: Callable[[Payload, Hints], Iterable[RawDocument | Skipped]],
    arrival_id: int,
    ids: list[int],
) -> Iterator[Item | Skipped]:
    """Each of these documents as the bytes of an arrival give it now."""
    with pipeline.store.reading() as session:
        stored = raw.load(session, arrival_id)
        known = [documents.get(session, document_id) for document_id in ids]
    try:
        found = list(read(stored.payload, Hints.from_config(dict(stored.hints))))
    except InputError as error:
        yield from (Skipped(_name(document), str(error), failed=True) for document in known)
        return
    given = [item for item in found if isinstance(item, RawDocument)]
    for document in known:
        now = _same(document, given, alone=len(known) == 1)
        yield Item(document.source_id, now, document.id) if now else Skipped(_name(document), GONE)


def _same(document: StoredDocument, given: list[RawDocument], *, alone: bool) -> RawDocument | None:
    """What was read that is that document: of the same identity, or the one text of the page that completed it."""
    for read in given:
        if read.external_id == document.external_id:
            return read
    texts = [read for read in given if read.kind != "post"]
    return texts[0] if alone and len(texts) == 1 else None


def _name(document: StoredDocument) -> str:
    return document.url or document.title or document.external_id
