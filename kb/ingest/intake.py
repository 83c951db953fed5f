"""From what a user names to what the pipeline takes: targets and sources become documents with a source.

The concrete world (formats, files, network) is given as callables. Every file, page and feed is registered as a source
once, however often it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Protocol

from kb.errors import InputError
from kb.ingest.pipeline import Item, Pipeline
from kb.store import sources
from kb.store.sources import StoredSource
from kb.types import Author, ItemResult, Payload, RawDocument, Role, Skipped, SourceResult

Announce = Callable[[int], None]


class Fetched(Protocol):
    """What came back for a URL."""

    @property
    def payload(self) -> Payload | None:
        """None: nothing has changed."""

    @property
    def etag(self) -> str | None:
        """To be sent with the next request, as ``last_modified``."""

    @property
    def last_modified(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the user says of an input, where the input itself does not."""

    kind: str | None = None
    speaker: Author | None = None

    def as_config(self) -> dict[str, Any]:
        """For keeping beside a source that will be polled again."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Hints:
        """The reverse of ``as_config``."""
        speaker = dict(config["speaker"]) if config.get("speaker") else None
        if speaker and speaker.get("role"):
            speaker["role"] = Role(**speaker["role"])
        return cls(kind=config.get("kind"), speaker=Author(**speaker) if speaker else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The concrete world. Every function raises InputError for what it cannot give."""

    detect: Callable[[Payload], str]
    """The name of a payload's format."""
    read: Callable[[Payload, Hints], Iterable[RawDocument | Skipped]]
    files: Callable[[Path], Iterable[Payload | Skipped]]
    fetch: Callable[[str, str | None, str | None], Fetched]
    """Takes a URL and the validators (etag, last modified) of the last fetch."""

    def open_page(self, url: str) -> Iterable[RawDocument | Skipped]:
        """The documents of a page."""
        payload = self.fetch(url, None, None).payload
        return self.read(payload, Hints()) if payload else ()


@dataclass(frozen=True, slots=True)
class Intake:
    """Brings targets and polled sources through the pipeline."""

    pipeline: Pipeline
    outside: Outside

    def add(self, targets: Iterable[str], hints: Hints, *, announce: Announce | None = None) -> Iterator[ItemResult]:
        """Register and ingest URLs, files and everything below folders, in order.

        ``announce`` is told how many items there are in all, whenever more become known.
        """
        total = 0

        def grow(more: int) -> None:
            nonlocal total
            total += more
            if announce:
                announce(total)

        return chain.from_iterable(self._batches(targets, hints, grow))

    def poll(self, source: StoredSource) -> SourceResult:
        """Fetch a source, if it has changed, and ingest what is new; how it went is recorded with the source."""
        hints = Hints.from_config(dict(source.config))
        try:
            fetched = self.outside.fetch(source.url, source.etag, source.last_modified)
        except InputError as error:
            self._record_poll(source.id, error=str(error))
            return SourceResult(source=source.name, url=source.url, status="failed", reason=str(error))
        if fetched.payload is None:
            etag, last_modified = fetched.etag or source.etag, fetched.last_modified or source.last_modified
            self._record_poll(source.id, etag=etag, last_modified=last_modified)
            return SourceResult(source=source.name, url=source.url, status="unchanged", reason="not modified")
        items = self._documents(fetched.payload, source.id, hints)
        result = tally(source, self.pipeline.run(items))
        if result.status == "failed":
            self._record_poll(source.id, error=result.reason)
        else:
            self._record_poll(source.id, etag=fetched.etag, last_modified=fetched.last_modified)
        return result

    def _batches(self, targets: Iterable[str], hints: Hints, grow: Announce) -> Iterator[Iterator[ItemResult]]:
        """Each URL by itself; paths named one after another together, so that they share the model's batches."""
        for at_url, group in groupby(targets, key=is_url):
            if at_url:
                yield from (self._add_url(url, hints, grow) for url in group)
            else:
                items = chain.from_iterable(self._files(Path(path), hints) for path in group)
                yield self.pipeline.run(items, grow=grow)

    def _add_url(self, url: str, hints: Hints, grow: Announce) -> Iterator[ItemResult]:
        try:
            fetched = self.outside.fetch(url, None, None)
            payload = fetched.payload
            source_id = self._register(payload, url, hints) if payload else None
        except InputError as error:
            yield from self.pipeline.run([Skipped(url, str(error), failed=True)], grow=grow)
            return
        if payload and source_id:
            yield from self.pipeline.run(self._documents(payload, source_id, hints), grow=grow)
            # Only now: validators kept before the documents are would hide them from the run after a crash.
            self._record_poll(source_id, etag=fetched.etag, last_modified=fetched.last_modified)

    def _files(self, path: Path, hints: Hints) -> Iterator[Item | Skipped]:
        try:
            for payload in self.outside.files(path):
                if isinstance(payload, Skipped):
                    yield payload
                else:
                    yield from self._file(payload, hints)
        except InputError as error:
            yield Skipped(str(path), str(error), failed=True)

    def _file(self, payload: Payload, hints: Hints) -> Iterator[Item | Skipped]:
        try:
            source_id = self._register(payload, str(Path(payload.name).absolute()), hints)
        except InputError as error:
            yield Skipped(payload.name, str(error), failed=True)
        else:
            yield from self._documents(payload, source_id, hints)

    def _documents(self, payload: Payload, source_id: int, hints: Hints) -> Iterator[Item | Skipped]:
        """What a payload holds; a payload that breaks off gives what it gave and a failed item."""
        try:
            for read in self.outside.read(payload, hints):
                yield read if isinstance(read, Skipped) else Item(source_id, read)
        except InputError as error:
            yield Skipped(payload.name, str(error), failed=True)

    def _register(self, payload: Payload, url: str, hints: Hints) -> int:
        kind = self.outside.detect(payload)
        with self.pipeline.store.transaction() as session:
            return sources.register(session, kind, name=payload.name, url=url, config=hints.as_config())

    def _record_poll(self, source_id: int, **outcome: str | None) -> None:
        with self.pipeline.store.transaction() as session:
            sources.record_poll(session, source_id, now=self.pipeline.now(), **outcome)


def is_url(target: str) -> bool:
    """Whether a target is an address, of any scheme; everything else is a path."""
    return re.match(r"[a-z][a-z0-9+.-]+://", target, re.IGNORECASE) is not None


def tally(source: StoredSource, results: Iterable[ItemResult]) -> SourceResult:
    """Count the results of one source. It failed when nothing could be read from it, and is unchanged without news."""
    counts = dict.fromkeys(("added", "changed", "unchanged", "skipped", "failed"), 0)
    reasons = []
    for result in results:
        counts[result.status] += 1
        if result.status == "failed":
            reasons.append(f"{result.item}: {result.reason}")
    del counts["skipped"]
    nothing_read = bool(reasons) and len(reasons) == sum(counts.values())
    news = counts["added"] + counts["changed"] + counts["failed"]
    return SourceResult(
        source=source.name,
        url=source.url,
        status="failed" if nothing_read else "ok" if news else "unchanged",
        reason=reasons[0] + (f" (and {len(reasons) - 1} more)" if reasons[1:] else "") if reasons else "",
        **counts,
    )
