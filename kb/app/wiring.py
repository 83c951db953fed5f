"""What an open record is wired to: concrete sources, the network, the language pipeline, each made when it is needed.

Everything heavy is imported then too, so that asking a question loads neither a model nor a parser.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, cast, get_args

from kb.config import Settings
from kb.ingest.intake import Intake
from kb.ingest.jobs import Pace
from kb.ingest.origins import remembering
from kb.ingest.outside import Hints, Outside
from kb.ingest.pipeline import Extractor, Pipeline
from kb.store import Store
from kb.types import DocumentKind, Payload, RawDocument, Skipped

if TYPE_CHECKING:
    from sources.fetch import Fetcher
    from sources.robots import Robots
    from sources.workers import Workers


class Wiring:
    """One for an open record, however many judge in it: the language model is there once."""

    def __init__(self, settings: Settings, store: Store, extractor: Callable[[], Extractor]) -> None:
        self.settings = settings
        self.store = store
        self._load_extractor = extractor
        self._closing = ExitStack()
        self._closing.callback(store.close)

    def close(self) -> None:
        """Give the database back, and end the processes that read pages."""
        self._closing.close()

    @cached_property
    def intake(self) -> Intake:
        """What brings documents in."""
        import sources
        from sources import files, fronts, intervals, opml, pages, paging

        def read(payload: Payload, hints: Hints) -> Iterable[RawDocument | Skipped]:
            reading = partial(
                sources.read_documents, payload, speaker=hints.speaker, date=hints.date, workers=self._workers
            )
            if hints.kind not in get_args(DocumentKind):
                return reading(kind=hints.kind)
            kind = cast("DocumentKind", hints.kind)
            documents = reading()
            return (_as_kind(read, kind) for read in documents)

        refusal = self._robots.refusal if self.settings.robots else None
        outside = Outside(
            detect=sources.detect,
            read=remembering(read) if self.settings.keep_raw else read,
            files=lambda path: files.payloads(path, now(), self.settings.max_bytes),
            fetch=lambda url, etag, modified: self._fetcher.fetch(url, etag=etag, last_modified=modified),
            fetch_page=lambda url, etag, modified: self._fetcher.fetch(
                url, etag=etag, last_modified=modified, refusal=refusal
            ),
            refusal=refusal,
            delay=lambda url: self._robots.delay(url) if refusal else None,
            interval=intervals.stated_interval,
            next_page=paging.next_page,
            misfit=lambda payload, kind: "a page" if kind != pages.NAME and pages.matches(payload) else None,
            listed_feeds=lambda payload: opml.feeds(payload) if opml.matches(payload) else (),
            offered_feeds=lambda payload: fronts.offered_feeds(payload, lambda page: read(page, Hints())),
        )
        pipeline = Pipeline(store=self.store, extractor=lambda: self._extractor, now=now)
        settings = self.settings
        pace = Pace(settings.workers, settings.gap, settings.max_pages, settings.max_feed_pages)
        return Intake(pipeline, outside, pace)

    @cached_property
    def _workers(self) -> Workers | None:
        from sources.workers import Workers

        seconds = self.settings.page_seconds
        return self._closing.enter_context(Workers(seconds=seconds)) if seconds else None

    @cached_property
    def _fetcher(self) -> Fetcher:
        from sources.fetch import Fetcher

        settings = self.settings
        return Fetcher(
            max_bytes=settings.max_bytes,
            seconds=settings.fetch_seconds,
            allow_private=settings.allow_private,
            use_proxy=settings.use_proxy,
        )

    @cached_property
    def _robots(self) -> Robots:
        from sources.robots import Robots

        return Robots(self._fetcher.fetch)

    @cached_property
    def _extractor(self) -> Extractor:
        return self._load_extractor()


def _as_kind(read: RawDocument | Skipped, kind: DocumentKind) -> RawDocument | Skipped:
    """A document that is of no particular kind made ``kind``."""
    from sources.turns import find_times, find_turns

    if isinstance(read, Skipped) or read.kind != "file":
        return read
    if kind != "transcript":
        return replace(read, kind=kind)
    return replace(read, kind=kind, turns=find_turns(read.text), times=find_times(read.text))


def now() -> dt.datetime:
    """The current moment, UTC."""
    return dt.datetime.now(dt.UTC)
