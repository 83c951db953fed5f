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
from typing import Literal, Protocol

from kb.errors import InputError
from kb.ingest import repeats
from kb.ingest.decide import Date, Decision, Insert, Keep, Revise, decide, decide_again
from kb.ingest.prepare import prepare
from kb.ingest.recording import Recorded, record, record_date, record_revision
from kb.store import Session, Store, documents, times
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


@dataclass(frozen=True, slots=True)
class Item:
    """A document and the source that gave it."""

    source_id: int
    document: RawDocument
    document_id: int | None = None
    """The stored document whose bytes were read again; None where it has to be found out which one it is, if any."""


PutOff = Callable[[Item], ItemResult]
"""Takes a teaser, which its page completes later unless that is in the record."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A document, or a new text of one, that is to be extracted and stored."""

    item: Item
    data: DocumentData


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Everything that ingesting needs."""

    store: Store
    extractor: Callable[[], Extractor]
    """Called only when there is something to extract, because loading takes seconds."""
    put_off: PutOff | None = None
    """None stores the teasers of a feed as they are."""
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
        new = [p.data for p in prepared if isinstance(p, _Prepared)]
        extractor = self.extractor() if new else None
        found = extractor.pipe(new) if extractor else iter(())
        version = extractor.version if extractor else ""
        for p in prepared:
            if isinstance(p, ItemResult):
                yield p
            else:
                yield self._store(p, next(found)[1], version)

    def _prepare(self, item: Item | Skipped) -> _Prepared | ItemResult:
        """Everything up to the decision; a result where there is nothing to store."""
        if isinstance(item, Skipped):
            return ItemResult(item=item.item, status="failed" if item.failed else "skipped", reason=item.reason)
        raw = item.document
        if self.put_off and (raw.text_url or raw.url) and not raw.complete:
            return self.put_off(item)
        try:
            data = prepare(raw)
            with self.store.reading() as session:
                decision = self._decide(session, item, data)
        except InputError as error:
            return ItemResult(item=label(raw), status="failed", reason=str(error))
        if isinstance(decision, Keep):
            return self._time(raw, decision) if decision.times else _kept(raw, decision)
        return _Prepared(item, data)

    def _time(self, raw: RawDocument, decision: Keep) -> ItemResult:
        with self.store.transaction() as session:
            times.set_last(session, decision.document_id, decision.times)
        return ItemResult(
            item=label(raw),
            status="changed",
            reason="the same text, now with its times",
            document_id=decision.document_id,
        )

    def _decide(self, session: Session, item: Item, data: DocumentData) -> Decision:
        if item.document_id is not None:
            return decide_again(documents.get(session, item.document_id), data, self.now(), reason="parser")
        raw = data.raw
        found = documents.find(
            session,
            source_id=item.source_id,
            external_id=raw.external_id,
            canonical_url=raw.canonical_url,
            text_sha256=data.text_sha256,
        )
        return decide(found, data, item.source_id, self.now())

    def _store(self, prepared: _Prepared, attributions: tuple[Attribution, ...], version: str) -> ItemResult:
        item, data = prepared.item, prepared.data
        with self.store.transaction() as session:
            match self._decide(session, item, data):
                case Keep() as decision:
                    return _kept(data.raw, decision)
                case Revise() as decision:
                    stored = record_revision(session, decision, attributions, extractor=version)
                    how = "the text has changed" if decision.reason == "changed" else "it is read otherwise now"
                    result = _stored(data.raw, stored, "changed", f"{how}; kept as revision {stored.revision}")
                case Date() as decision:
                    stored = record_date(session, decision, attributions)
                    result = _stored(data.raw, stored, "changed", "the same text, now with its day")
                case Insert() as decision:
                    stored = record(session, decision, item.source_id, attributions, extractor=version)
                    result = _stored(data.raw, stored, "added", "; ".join(data.raw.notes))
            repeats.link_document(session, stored.document_id)
            return result


def _stored(raw: RawDocument, stored: Recorded, status: Literal["added", "changed"], reason: str) -> ItemResult:
    return ItemResult(
        item=label(raw),
        status=status,
        reason=reason,
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
    """A feed's item with the text of its page; what the feed says of it stays, the page fills what is missing.

    A page that tells the time of day knows better than a feed or sitemap that tells only the day.
    """
    is_vague = teaser.published_precision in ("day", "unknown")
    dated = page if page.published_at and is_vague else teaser
    return replace(
        page,
        external_id=teaser.external_id,
        url=teaser.url,
        canonical_url=page.canonical_url or teaser.canonical_url,
        title=teaser.title or page.title,
        author=teaser.author or page.author,
        publisher=page.publisher or teaser.publisher,
        published_at=dated.published_at,
        published_precision=dated.published_precision,
        people=teaser.people,
        recording_url=teaser.recording_url or page.recording_url,
        notes=(*teaser.notes, *page.notes),
    )
