"""An outside world made of dictionaries, with a clock that tests turn."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from line_extractor import LineExtractor

from kb.errors import FetchError, InputError
from kb.ingest.intake import Intake
from kb.ingest.jobs import Pace
from kb.ingest.outside import Hints, Outside
from kb.ingest.pipeline import Pipeline
from kb.store import Store
from kb.types import FoundFeed, Payload, RawDocument, Skipped

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
FEED = "https://example.org/feed"


@dataclass
class Answer:
    payload: Payload | None
    etag: str | None = None
    last_modified: str | None = None
    moved_permanently_to: str | None = None
    max_age: dt.timedelta | None = None


@dataclass
class World:
    """Pages are lists of texts, one document each; "!" breaks off, "" is left out, "~URL" is a teaser of that page
    ("~URL words" with other words), "@" an embedded post."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    etag: str | None = '"1"'
    busy: dict[str, tuple[int, float | None]] = field(default_factory=dict)
    """URL -> status, and seconds to wait."""
    moved: dict[str, str] = field(default_factory=dict)
    finals: dict[str, str] = field(default_factory=dict)
    """URL -> the address that answers for it when it is busy."""
    forbidden: set[str] = field(default_factory=set)
    listed: dict[str, list[FoundFeed]] = field(default_factory=dict)
    offered: dict[str, list[FoundFeed]] = field(default_factory=dict)
    next_pages: dict[str, str] = field(default_factory=dict)
    """Page of a feed -> the next one."""
    container: str | None = None
    max_age: dt.timedelta | None = None
    interval: dt.timedelta | None = None
    now: dt.datetime = NOW
    pace: Pace = field(default_factory=lambda: Pace(workers=4, gap=0.0, max_pages=100))
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    hints: list[Hints] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def intake(self, store: Store, extractor: LineExtractor) -> Intake:
        outside = Outside(
            detect=self.detect,
            read=self.read,
            files=self.open,
            fetch=self.fetch,
            fetch_page=lambda url, etag, modified: self.fetch(url, etag, modified),
            next_page=lambda payload: self.next_pages.get(payload.name),
            refusal=lambda url: f"robots.txt forbids {url}" if url in self.forbidden else None,
            interval=lambda _: self.interval,
            misfit=lambda payload, _: "a page" if payload.data.startswith(b"<html") else None,
            listed_feeds=lambda payload: self.listed.get(payload.name, ()),
            offered_feeds=lambda payload: self.offered.get(payload.name, ()),
        )
        pipeline = Pipeline(store=store, extractor=lambda: extractor, now=lambda: self.now)
        return Intake(pipeline, outside, self.pace, chance=lambda: 0.5)

    def fetch(self, url: str, etag: str | None, _: str | None) -> Answer:
        with self.lock:
            self.requests.append((url, etag))
        if url in self.busy:
            status, seconds = self.busy[url]
            wait = None if seconds is None else dt.timedelta(seconds=seconds)
            raise FetchError(
                f"{url} answered {status}", url=url, status=status, final_url=self.finals.get(url), retry_after=wait
            )
        at = self.moved.get(url, url)
        if at not in self.pages:
            raise FetchError(f"{url} answered 404", url=url, status=404)
        if etag and etag == self.etag:
            return Answer(None, moved_permanently_to=self.moved.get(url), max_age=self.max_age)
        payload = self._payload(url, self.pages[at], url=at)
        return Answer(payload, self.etag, moved_permanently_to=self.moved.get(url), max_age=self.max_age)

    def asked(self, url: str) -> int:
        return sum(asked == url for asked, _ in self.requests)

    def open(self, path: Path) -> Iterator[Payload | Skipped]:
        if not any(name.startswith(str(path)) for name in self.files):
            raise InputError(f"there is no file or folder {path}")
        for name, texts in self.files.items():
            yield self._payload(name, texts) if texts else Skipped(name, "cannot be read", failed=True)

    def read(self, payload: Payload, hints: Hints) -> Iterator[RawDocument | Skipped]:
        self.hints.append(hints)
        texts = payload.data.decode().split("\0")
        for number, text in enumerate(texts if payload.data else []):
            if text == "!":
                raise InputError(f"{payload.name} breaks off")
            published = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
            document = RawDocument(external_id=str(number), kind="article", text=text, published_at=published)
            if text.startswith("~"):
                url, _, words = text[1:].partition(" ")
                words = words or "In short."
                yield RawDocument(
                    external_id=url, kind="article", text=words, url=url, canonical_url=url, complete=False
                )
            elif text.startswith("@"):
                yield RawDocument(external_id=text, kind="post", text=text, published_at=published)
            else:
                yield document if text else Skipped(f"item {number}", "nothing in it")

    @staticmethod
    def detect(payload: Payload) -> str:
        if payload.data.startswith(b"?"):
            raise InputError(f"{payload.name} is of no known format")
        return "feed"

    def _payload(self, name: str, texts: Sequence[str], url: str | None = None) -> Payload:
        data = "\0".join(texts).encode()
        return Payload(data=data, name=name, url=url, fetched_at=NOW, container=self.container)
