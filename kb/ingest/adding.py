"""One call of ``kb add``: every file, page and feed is registered as a source once, and read.

A list of feeds registers them all; a page that is no article but names feeds makes the user choose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from pathlib import Path

from kb.errors import FetchError, InputError
from kb.ingest.outside import Fetched, Hints, Outside, host_of, is_url
from kb.ingest.pipeline import Item, Pipeline
from kb.ingest.update import Announce, Update
from kb.store import pending, sources
from kb.types import FoundFeed, ItemResult, Payload, Skipped

Choose = Callable[[str, Sequence[FoundFeed]], Sequence[FoundFeed]]
"""Chooses among the feeds that a page names. Raises InputError when nobody can."""

FEED = "feed"
"""Kind of the sources that a list names; what they are in fact is seen when they are read."""


def choose_none(url: str, feeds: Sequence[FoundFeed]) -> Sequence[FoundFeed]:
    """Take none, and tell what there is to choose from."""
    raise InputError(f"{url} is no article; add one of its feeds: {', '.join(feed.url for feed in feeds)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the user says beside the targets."""

    hints: Hints = field(default_factory=Hints)
    choose: Choose = choose_none
    announce: Announce | None = None
    """Told how many items there are in all, whenever more become known."""


class Adding:
    """Reads targets, each by its own ``session`` of fetching."""

    def __init__(self, pipeline: Pipeline, outside: Outside, session: Callable[[], Update], demand: Demand) -> None:
        self._store = pipeline.store
        self._now = pipeline.now
        self._outside = outside
        self._session = session
        self._demand = demand
        self._total = 0
        self._lists: list[FoundFeed] = []
        self._teasers: set[int] = set()
        """Sources with teasers."""
        self._archives: dict[str, int] = {}

    def run(self, targets: Iterable[str]) -> Iterator[ItemResult]:
        """Each URL by itself; paths named one after another together, so that they share the model's batches."""
        for at_url, group in groupby(targets, key=is_url):
            if at_url:
                yield from chain.from_iterable(map(self._url, group))
            else:
                update = self._session()
                items = chain.from_iterable(self._files(Path(path)) for path in group)
                yield from self._completed(update, update.run(items, grow=self._grow))
                yield from self._subscribed()

    def _grow(self, more: int) -> None:
        self._total += more
        if more and self._demand.announce:
            self._demand.announce(self._total)

    # --- addresses ---

    def _url(self, url: str, name: str | None = None, *, may_offer: bool = True) -> Iterator[ItemResult]:
        update = self._session()
        try:
            fetched = self._fetch(update, url)
            payload = fetched.payload
            if payload is None:
                return
            self._lists += self._outside.listed_feeds(payload)
            offered = self._outside.offered_feeds(payload) if may_offer and not self._demand.hints.kind else ()
            chosen = self._demand.choose(url, offered) if offered else ()
            source_id = None if self._lists or offered else self._register(payload, url, name or payload.name)
        except InputError as error:
            yield from update.run([Skipped(url, str(error), failed=True)], grow=self._grow)
            return
        yield from self._subscribed()
        for feed in chosen:
            yield from self._url(feed.url, feed.title, may_offer=False)
        if source_id is not None:
            self._teasers.add(source_id)
            with self._store.reading() as session:
                source = sources.get(session, source_id)
            yield from self._completed(update, update.read(source, fetched, payload, grow=self._grow))

    def _fetch(self, update: Update, url: str) -> Fetched:
        """Fetch a target, unless its host asked to be left alone. Raises InputError."""
        host = host_of(url)
        with self._store.reading() as session:
            held = pending.held(session, self._now()).get(host)
        if held:
            raise InputError(f"{host} is to be left alone until {held[0]:%Y-%m-%d %H:%M} UTC: {held[1]}")
        try:
            return self._outside.fetch(url, None, None)
        except FetchError as error:
            update.leave_alone(error)
            raise

    # --- files ---

    def _files(self, path: Path) -> Iterator[Item | Skipped]:
        try:
            for payload in self._outside.files(path):
                if isinstance(payload, Skipped):
                    yield payload
                else:
                    yield from self._file(payload)
        except InputError as error:
            yield Skipped(str(path), str(error), failed=True)

    def _file(self, payload: Payload) -> Iterator[Item | Skipped]:
        try:
            listed = self._outside.listed_feeds(payload)
            if listed:
                self._lists += listed
                return
            source_id = self._of_file(payload)
        except InputError as error:
            yield Skipped(payload.name, str(error), failed=True)
            return
        for item in self._outside.documents(payload, source_id, self._demand.hints):
            if isinstance(item, Skipped) or item.document.complete:
                yield item
            elif payload.container:  # its page is from another day than the archive, if it is there at all
                note = "only the summary: its feed is in an archive"
                whole = replace(item.document, complete=True, notes=(*item.document.notes, note))
                yield replace(item, document=whole)
            else:
                self._teasers.add(source_id)
                yield item

    def _of_file(self, payload: Payload) -> int:
        """The source of a file; all that one archive holds has one source."""
        path = payload.container or payload.name
        if path not in self._archives:
            source_id = self._register(payload, str(Path(path).absolute()), path)
            if payload.container is None:
                return source_id
            self._archives[path] = source_id
        return self._archives[path]

    # --- both ---

    def _register(self, payload: Payload, url: str, name: str) -> int:
        kind = self._outside.detect(payload)
        with self._store.transaction() as session:
            return sources.register(session, kind, name=name, url=url, config=self._demand.hints.as_config())

    def _subscribed(self) -> Iterator[ItemResult]:
        """Register the feeds of the lists read so far; updates read them."""
        feeds, self._lists = self._lists, []
        self._grow(len(feeds))
        for feed in feeds:
            with self._store.transaction() as session:
                known = sources.at(session, feed.url)
                sources.register(session, FEED, name=feed.title or feed.url, url=feed.url)
            yield ItemResult(item=feed.url, status="unchanged" if known else "registered")

    def _completed(self, update: Update, results: Iterable[ItemResult]) -> Iterator[ItemResult]:
        """``results``, where the pages of teasers are fetched now, as far as one update may."""
        waiting: dict[str, list[ItemResult]] = defaultdict(list)
        for result in results:
            if result.status == "waiting":
                waiting[result.item].append(result)
            else:
                yield result
        if not self._teasers:
            return
        for result in update.pages(self._teasers):
            if result.item not in waiting:
                self._grow(1)  # awaited since an earlier reading, or what a page brought with it
            if result.status == "waiting":
                waiting[result.item][:1] = [result]
            else:
                yield result
                # Several teasers may lead to one page.
                awaited = waiting.pop(result.item, [])
                yield from (replace(result, status="unchanged", statements=0, predictions=0) for _ in awaited[1:])
        self._teasers.clear()
        yield from chain.from_iterable(waiting.values())
