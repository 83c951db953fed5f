"""The way of a document into the record:

    fetch | parse | decide | extract | store

Every step is given from outside, so the pipeline knows no format, no network and no model. An item that cannot be read
is a result with its reason and the rest goes on; an unusable store ends the batch. One transaction holds a document and
all its statements, so a process that is killed leaves whole documents only, and the next run brings the missing ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

from kb.errors import InputError
from kb.ingest import repeats
from kb.ingest.decide import Decision, Insert, Keep, Revise, decide
from kb.ingest.prepare import prepare
from kb.ingest.recording import record
from kb.store import Session, Store, documents
from kb.types import Attribution, DocumentData, ItemResult, RawDocument, Skipped

TOGETHER = 32
"""Documents extracted together, so that the model reads one while the rules work on another."""


class Extractor(Protocol):
    """What finds statements."""

    @property
    def version(self) -> str:
        """Recorded beside every attribution."""

    def pipe(self, documents: Iterable[DocumentData], /) -> Iterator[tuple[DocumentData, tuple[Attribution, ...]]]:
        """Every document with what it says, in order."""


OpenPage = Callable[[str], Iterable[RawDocument | Skipped]]
"""Fetches and reads a page. Raises InputError, FetchError included."""


@dataclass(frozen=True, slots=True)
class Item:
    """A document and the source that gave it."""

    source_id: int
    document: RawDocument


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A document that is to be stored."""

    source_id: int
    data: DocumentData
    is_new: bool
    """Whether it has to be extracted; a changed one is only kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Everything that ingesting needs."""

    store: Store
    extractor: Callable[[], Extractor]
    """Called only when there is something to extract, because loading takes seconds."""
    open_page: OpenPage | None = None
    """Completes the summaries of a feed; None leaves them as they are."""
    now: Callable[[], dt.datetime]

    def run(
        self, items: Iterable[Item | Skipped], *, grow: Callable[[int], None] | None = None
    ) -> Iterator[ItemResult]:
        """One result per item, in order. ``grow`` is told how many more items are coming, before their results."""
        stream = iter(items)
        while batch := list(islice(stream, TOGETHER)):
            if grow:
                grow(len(batch))
            yield from self._run_batch(batch)

    def _run_batch(self, batch: list[Item | Skipped]) -> Iterator[ItemResult]:
        prepared = [self._prepare(item) for item in batch]
        new = [p.data for p in prepared if isinstance(p, _Prepared) and p.is_new]
        extractor = self.extractor() if new else None
        found = extractor.pipe(new) if extractor else iter(())
        version = extractor.version if extractor else ""
        for p in prepared:
            if isinstance(p, ItemResult):
                yield p
            else:
                yield self._store(p, next(found)[1] if p.is_new else (), version)

    def _prepare(self, item: Item | Skipped) -> _Prepared | ItemResult:
        """Everything up to the decision; a result where there is nothing to store."""
        if isinstance(item, Skipped):
            return ItemResult(item=item.item, status="failed" if item.failed else "skipped", reason=item.reason)
        raw = item.document
        try:
            data = prepare(raw)
            with self.store.reading() as session:
                decision = self._decide(session, item.source_id, data)
            if isinstance(decision, Insert) and not raw.complete:
                data = prepare(self._completed(raw))
        except InputError as error:
            return ItemResult(item=label(raw), status="failed", reason=str(error))
        if isinstance(decision, Keep):
            return _kept(raw, decision)
        return _Prepared(item.source_id, data, isinstance(decision, Insert))

    def _decide(self, session: Session, source_id: int, data: DocumentData) -> Decision:
        raw = data.raw
        found = documents.find(
            session,
            source_id=source_id,
            external_id=raw.external_id,
            canonical_url=raw.canonical_url,
            text_sha256=data.text_sha256,
        )
        return decide(found, data, source_id, self.now())

    def _completed(self, raw: RawDocument) -> RawDocument:
        """The document with the text of its page; with a note where the page cannot be had."""
        if not (self.open_page and raw.url):
            return replace(raw, notes=(*raw.notes, "only the summary: the page was not fetched"))
        try:
            pages = [
                page for page in self.open_page(raw.url) if isinstance(page, RawDocument) and page.kind == "article"
            ]
        except InputError as error:
            return replace(raw, notes=(*raw.notes, f"only the summary: {error}"))
        if not pages:
            return replace(raw, notes=(*raw.notes, "only the summary: no article on its page"))
        return with_page(raw, pages[0])

    def _store(self, prepared: _Prepared, attributions: tuple[Attribution, ...], version: str) -> ItemResult:
        data, source_id = prepared.data, prepared.source_id
        with self.store.transaction() as session:
            match self._decide(session, source_id, data):
                case Keep() as decision:
                    return _kept(data.raw, decision)
                case Revise(document_id=known, seen_at=now):
                    number = documents.revise(session, known, data, now)
                    reason = f"the text has changed; kept as revision {number}"
                    return ItemResult(item=label(data.raw), status="changed", reason=reason, document_id=known)
                case Insert() as decision:
                    stored = record(session, decision, source_id, attributions, extractor=version)
                    repeats.link_document(session, stored.document_id)
                    return ItemResult(
                        item=label(data.raw),
                        status="added",
                        reason="; ".join(data.raw.notes),
                        statements=stored.statements,
                        predictions=stored.predictions,
                        document_id=stored.document_id,
                    )


def _kept(raw: RawDocument, decision: Keep) -> ItemResult:
    return ItemResult(item=label(raw), status="unchanged", reason=decision.reason, document_id=decision.document_id)


def label(raw: RawDocument) -> str:
    """What to call a document in messages."""
    return raw.url or raw.title or raw.external_id


def with_page(teaser: RawDocument, page: RawDocument) -> RawDocument:
    """A feed's item with the text of its page; what the feed says of it stays, the page fills what is missing."""
    return replace(
        page,
        external_id=teaser.external_id,
        url=teaser.url,
        canonical_url=page.canonical_url or teaser.canonical_url,
        title=teaser.title or page.title,
        author=teaser.author or page.author,
        publisher=page.publisher or teaser.publisher,
        published_at=teaser.published_at or page.published_at,
        published_precision=teaser.published_precision if teaser.published_at else page.published_precision,
        notes=(*teaser.notes, *page.notes),
    )
