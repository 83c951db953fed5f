"""Polling sources and fetching the pages that their teasers lead to.

Threads fetch; reading, extracting and storing happen in the one thread that iterates over the results:

    sources that are due  ->  crawl  ->  documents, stored          pages of teasers  ->  crawl  ->  documents, stored
                                     ->  teasers, noted  ---------->

Nothing is kept in memory alone: a poll is noted when its documents are stored and its teasers are noted, and a teaser
is forgotten when its document is stored. What is interrupted is done again by the next update, to the same end.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from kb.errors import FetchError, InputError
from kb.ingest import polling, teasers
from kb.ingest.crawl import Crawl
from kb.ingest.jobs import Answer, Fetching, Job, Pace
from kb.ingest.outside import Fetched, Hints, Outside, host_of, is_url
from kb.ingest.pipeline import TOGETHER, Item, Pipeline, label
from kb.ingest.polls import Polls, Success
from kb.ingest.rounds import Round
from kb.store import pending, sources
from kb.store.pending import StoredPage
from kb.store.sources import StoredSource
from kb.types import ItemResult, Payload, RawDocument, Skipped, SourceResult

Announce = Callable[[int], None]


class Update:
    """One update. ``stop`` ends it early, after the document under way."""

    def __init__(
        self, pipeline: Pipeline, outside: Outside, *, pace: Pace, stop: threading.Event, chance: Callable[[], float]
    ) -> None:
        self._pipeline = replace(pipeline, put_off=self._put_off)
        self._store = pipeline.store
        self._now = pipeline.now
        self._outside = outside
        self._pace = pace
        self._stop = stop
        self._polls = Polls(store=pipeline.store, now=pipeline.now, chance=chance)
        fetching = Fetching(outside=outside, pace=pace, now=pipeline.now, stop=stop)
        self._crawl: Crawl[Job, Answer] = Crawl(fetching, workers=pace.workers)
        self._rounds: dict[int, Round] = {}
        self._asked_pages: set[int] = set()
        self._pages_of_host: Counter[str] = Counter()
        with self._store.reading() as session:
            self._held = pending.held(session, self._now())

    def poll(
        self, polled: Sequence[StoredSource], *, others: bool, hurry: bool, announce: Announce | None
    ) -> Iterator[SourceResult]:
        """Poll these sources and fetch the pages that they wait for. One result per source, as they are done.

        ``others``: fetch the pages of other sources, too. ``hurry``: try pages again that are not due yet.
        """
        with self._crawl:
            for source in polled:
                self._ask(source)
            self._ask_pages(None if others else {source.id for source in polled}, hurry=hurry)
            if announce:
                announce(len(self._rounds))
            yield from self._done()
            for answers in self._crawl.batches(TOGETHER, self._stop):
                for answer in answers:
                    if isinstance(answer.job, StoredSource) and not self._stop.is_set():
                        self._polled(answer.job, answer)
                for page, result in self._pages_read(answers):
                    self._rounds[page.source_id].count_page(result)
                yield from self._done()
        yield from self._done(interrupted=True)

    def read(
        self, source: StoredSource, fetched: Fetched, payload: Payload, *, grow: Announce | None = None
    ) -> Iterator[ItemResult]:
        """Bring what was fetched of a source into the record, and note the poll.

        A teaser gives ``waiting``; ``pages`` fetches what it waits for. ``grow`` is that of ``Pipeline.run``.
        """
        statuses, failure = Counter[str](), ""
        hints = Hints.from_config(dict(source.config))
        for result in self._pipeline.run(self._outside.documents(payload, source.id, hints), grow=grow):
            statuses[result.status] += 1
            failure = failure or (result.reason if result.status == "failed" else "")
            yield result
            if self._stop.is_set():
                return
        if statuses["failed"] and statuses["failed"] + statuses["skipped"] == statuses.total():
            self._polls.failed(source, InputError(failure))
            return
        wishes = (fetched.max_age, self._outside.interval(payload))
        wish = max((wish for wish in wishes if wish is not None), default=None)
        self._polls.succeeded(source, Success(fetched=fetched, statuses=statuses, digest=_digest(payload), wish=wish))

    def run(self, items: Iterable[Item | Skipped], *, grow: Announce | None = None) -> Iterator[ItemResult]:
        """Bring documents into the record that need no poll; teasers as ``read`` does."""
        return self._pipeline.run(items, grow=grow)

    def pages(self, source_ids: set[int]) -> Iterator[ItemResult]:
        """Fetch the pages that sources wait for, as many as one update may, and bring them into the record."""
        with self._crawl:
            self._ask_pages(source_ids)
            for answers in self._crawl.batches(TOGETHER, self._stop):
                yield from (result for _, result in self._pages_read(answers))

    def leave_alone(self, error: InputError) -> None:
        """Ask nothing more of a host that wishes to be left alone, neither now nor in the next updates."""
        held = self._polls.hold(error) if isinstance(error, FetchError) else None
        if held is None:
            return
        (host, until), why = held, str(error)
        self._held[host] = (until, why)
        for job in self._crawl.withdraw(host):
            if isinstance(job, StoredSource):
                self._rounds[job.id].open -= 1
                self._wait_for_host(job, until, why)
            else:
                self._rounds[job.source_id].open -= 1
                self._try_later(job, until, why, tried=False)

    # --- sources ---

    def _ask(self, source: StoredSource) -> None:
        host = host_of(source.reads)
        self._rounds[source.id] = Round(source)
        if host in self._held:
            self._wait_for_host(source, *self._held[host])
        else:
            self._rounds[source.id].open += 1
            self._crawl.put(host, source)

    def _polled(self, source: StoredSource, answer: Answer) -> None:
        round_ = self._rounds[source.id]
        round_.open -= 1
        fetched = answer.fetched
        if fetched and (fetched.payload is None or self._is_known(source, fetched.payload)):
            self._polls.succeeded(source, Success(fetched=fetched, statuses=Counter(), wish=fetched.max_age))
            round_.note = "not modified"
        elif fetched and fetched.payload and not (misfit := self._outside.misfit(fetched.payload, source.kind)):
            for result in self.read(source, fetched, fetched.payload):
                round_.count(result)
            self._ask_pages({source.id})
        else:
            error = answer.error or InputError(f"{source.reads} gave {misfit} where a {source.kind} was")
            round_.fail(self._polls.failed(source, error), waiting=answer.hold is not None)
            self.leave_alone(error)

    def _is_known(self, source: StoredSource, payload: Payload) -> bool:
        """Whether the very same bytes were read before, not too long ago."""
        return _digest(payload) == source.body_sha256 and not polling.read_whole(source.read_at, self._now())

    def _done(self, *, interrupted: bool = False) -> Iterator[SourceResult]:
        """The results of sources with nothing under way; ``interrupted``: of those that got anywhere, too."""
        for source_id, round_ in list(self._rounds.items()):
            if not round_.open or (interrupted and round_.has_begun):
                del self._rounds[source_id]
                with self._store.reading() as session:
                    yield round_.result(waiting=pending.count(session, source_id))

    def _wait_for_host(self, source: StoredSource, until: dt.datetime, why: str) -> None:
        self._polls.wait_until(source, until)
        reason = f"its host is to be left alone until {until:%Y-%m-%d %H:%M} UTC: {why}"
        self._rounds[source.id].fail(reason, waiting=True)

    # --- pages ---

    def _put_off(self, item: Item) -> ItemResult:
        """Note a teaser; its page is fetched later."""
        raw = item.document
        with self._store.transaction() as session:
            waits = pending.put(
                session,
                item.source_id,
                external_id=raw.external_id,
                url=raw.text_url or raw.url or "",
                canonical_url=raw.canonical_url,
                teaser=teasers.pack(raw),
                now=self._now(),
            )
        if not waits:
            return ItemResult(item=label(raw), status="unchanged", reason="its page could not be had")
        return ItemResult(item=label(raw), status="waiting", reason=f"its page: {teasers.LATER}")

    def _ask_pages(self, source_ids: set[int] | None, *, hurry: bool = False) -> None:
        """Have the pages fetched that are due, as many from each host as one update may; None: of every source."""
        now = None if hurry else self._now()
        with self._store.reading() as session:
            due = [page for page in pending.due(session, now, source_ids=source_ids) if self._is_new(page)]
            for source_id in {page.source_id for page in due} - self._rounds.keys():
                self._rounds[source_id] = Round(sources.get(session, source_id))
        for page in due:
            host = host_of(page.url)
            if host in self._held:
                self._try_later(page, *self._held[host], tried=False)
            elif self._pages_of_host[host] < self._pace.max_pages:
                self._asked_pages.add(page.id)
                self._pages_of_host[host] += 1
                self._rounds[page.source_id].open += 1
                self._crawl.put(host, page)

    def _is_new(self, page: StoredPage) -> bool:
        return page.id not in self._asked_pages

    def _is_due(self, page: StoredPage) -> bool:
        """Whether trying it counts; a hurried user must not use up the tries."""
        return page.next_try_at <= self._now()

    def _pages_read(self, answers: Sequence[Answer]) -> Iterator[tuple[StoredPage, ItemResult]]:
        """Everything that pages brought, extracted together; ``waiting`` for those to be tried again."""
        owners: list[StoredPage] = []
        items: list[Item] = []
        for answer in answers:
            page = answer.job
            if isinstance(page, StoredPage):
                self._rounds[page.source_id].open -= 1
                documents = self._documents(page, answer)
                items += [Item(page.source_id, document) for document in documents]
                owners += [page] * len(documents)
                if not documents:
                    item = label(teasers.unpack(page.teaser))
                    yield page, ItemResult(item=item, status="waiting", reason=f"{answer.error}; {teasers.LATER}")
        yield from self._settled(owners, items)

    def _settled(self, owners: list[StoredPage], items: list[Item]) -> Iterator[tuple[StoredPage, ItemResult]]:
        """Store what came of each page, and wait for it no more."""
        left, stored = Counter(page.id for page in owners), set()
        for page, result in zip(owners, self._pipeline.run(items), strict=True):
            left[page.id] -= 1
            if result.document_id is not None:
                stored.add(page.id)
            if not left[page.id]:
                self._settle(page, None if page.id in stored else result.reason)
            yield page, result
            if self._stop.is_set():
                return

    def _documents(self, page: StoredPage, answer: Answer) -> list[RawDocument]:
        """What a page gives: the document with its text and posts, its summary alone, or nothing yet."""
        teaser = teasers.unpack(page.teaser)
        if answer.error:
            self.leave_alone(answer.error)
            wait = self._next_try(page, answer)
            if wait is not None:
                self._try_later(page, self._now() + wait, str(answer.error), tried=self._is_due(page))
                return []
            return [teasers.summary(teaser, str(answer.error))]
        payload = answer.fetched.payload if answer.fetched else None
        try:
            documents = teasers.completed(teaser, self._outside.read(payload, Hints())) if payload else []
        except InputError as error:
            return [teasers.summary(teaser, str(error))]
        return documents or [teasers.summary(teaser, teasers.NO_ARTICLE)]

    def _next_try(self, page: StoredPage, answer: Answer) -> dt.timedelta | None:
        """How long to wait; None: the summary is all there is. A file is not polled, so it is read as far as it can."""
        if answer.refused or not is_url(self._rounds[page.source_id].source.url):
            return None
        wait = polling.next_try(max(page.tries + self._is_due(page), 1), answer.status)
        return max(wait, answer.hold) if wait is not None and answer.hold is not None else wait

    def _try_later(self, page: StoredPage, until: dt.datetime, why: str, *, tried: bool) -> None:
        with self._store.transaction() as session:
            pending.put_off(session, page.id, until=until, error=why, tried=tried)

    def _settle(self, page: StoredPage, failure: str | None) -> None:
        """Wait for a page no more. One that left no document is remembered, or the next poll would begin anew."""
        with self._store.transaction() as session:
            if failure is None:
                pending.drop(session, page.id)
            else:
                pending.put_off(session, page.id, until=None, error=failure, tried=True)


def _digest(payload: Payload) -> str:
    return hashlib.sha256(payload.data).hexdigest()
