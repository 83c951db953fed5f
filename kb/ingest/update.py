"""Polling sources and fetching the pages that their teasers lead to, and the pages on which feeds go on.

Threads fetch; reading, extracting and storing happen in the one thread that iterates over the results:

    sources that are due  ->  crawl  ->  documents, stored          pages of teasers  ->  crawl  ->  documents, stored
                                     ->  teasers, noted  ---------->
                                     ->  the next page of a feed, noted, which is read as the first one was

Nothing is kept in memory alone: a poll is noted when its documents are stored and its teasers are noted, and a page is
waited for no more when its documents are stored. What is interrupted is done again by the next update, to the same end.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from kb.errors import FetchError, InputError
from kb.ingest import polling
from kb.ingest.awaited import Awaited, Taken
from kb.ingest.crawl import Crawl
from kb.ingest.entries import Entries
from kb.ingest.further import FurtherPages
from kb.ingest.jobs import Answer, Fetching, Job, Pace
from kb.ingest.outside import Fetched, Outside, host_of
from kb.ingest.pipeline import TOGETHER, Item, Pipeline
from kb.ingest.polls import Polls, Success
from kb.ingest.rounds import Round, is_again
from kb.store import pending, sources
from kb.store.pending import StoredPage
from kb.store.sources import StoredSource
from kb.types import ItemResult, Payload, Skipped, SourceResult

Announce = Callable[[int], None]


class Update:
    """One update. ``stop`` ends it early, after the document under way."""

    def __init__(
        self, pipeline: Pipeline, outside: Outside, *, pace: Pace, stop: threading.Event, chance: Callable[[], float]
    ) -> None:
        further = FurtherPages(store=pipeline.store, outside=outside, now=pipeline.now, most=pace.max_feed_pages)
        self._further = further
        self._awaited = Awaited(store=pipeline.store, outside=outside, now=pipeline.now, further=further)
        self._pipeline = replace(pipeline, put_off=Entries(store=pipeline.store, now=pipeline.now).put_off)
        self._store = pipeline.store
        self._now = pipeline.now
        self._outside = outside
        self._pace = pace
        self._stop = stop
        self._polls = Polls(store=pipeline.store, now=pipeline.now, chance=chance)
        fetching = Fetching(outside=outside, pace=pace, now=pipeline.now, stop=stop)
        self._crawl: Crawl[Job, Answer] = Crawl(fetching, workers=pace.workers)
        self._rounds: dict[int, Round] = {}
        self._under_way: set[int] = set()
        """Pages that were asked for and not settled; SQLite gives the number of a settled one to the next."""
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
                for _ in self._pages_read(answers):
                    pass
                yield from self._done()
        yield from self._done(interrupted=True)

    def read(
        self, source: StoredSource, fetched: Fetched, payload: Payload, *, grow: Announce | None = None
    ) -> Iterator[ItemResult]:
        """Bring what was fetched of a source into the record, and note the poll.

        A teaser gives ``waiting``; ``pages`` fetches what it waits for. ``grow`` is that of ``Pipeline.run``.
        """
        statuses, failure = Counter[str](), ""
        for result in self._pipeline.run(self._further.items(source, payload), grow=grow):
            statuses["unchanged" if is_again(result) else result.status] += 1
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
                yield from self._pages_read(answers)

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
                self._awaited.try_later(job, until, why, tried=False)

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

    def _ask_pages(self, source_ids: set[int] | None, *, hurry: bool = False) -> None:
        """Have the pages fetched that are due, as many from each host as one update may; None: of every source."""
        now = None if hurry else self._now()
        with self._store.reading() as session:
            due = [p for p in pending.due(session, now, source_ids=source_ids) if p.id not in self._under_way]
            for source_id in {page.source_id for page in due} - self._rounds.keys():
                self._rounds[source_id] = Round(sources.get(session, source_id))
        for page in due:
            host = host_of(page.url)
            if host in self._held:
                self._awaited.try_later(page, *self._held[host], tried=False)
            elif self._pages_of_host[host] < self._pace.max_pages:
                self._under_way.add(page.id)
                self._pages_of_host[host] += 1
                self._rounds[page.source_id].open += 1
                self._crawl.put(host, page)

    def _pages_read(self, answers: Sequence[Answer]) -> Iterator[ItemResult]:
        """Everything that pages brought, extracted together; ``waiting`` for those to be tried again."""
        taken: list[Taken] = []
        for answer in answers:
            page = answer.job
            if isinstance(page, StoredPage):
                round_ = self._rounds[page.source_id]
                round_.open -= 1
                if answer.error:
                    self.leave_alone(answer.error)
                given = self._awaited.take(page, answer, round_.source)
                if isinstance(given, ItemResult):
                    self._under_way.discard(page.id)
                    round_.count_page(given)
                    yield given
                else:
                    taken.append(given)
        yield from self._settled(taken)

    def _settled(self, taken: list[Taken]) -> Iterator[ItemResult]:
        """Store what came of each page, and wait for it no more."""
        results = self._pipeline.run(item for each in taken for item in each.items)
        for each in taken:
            brought: list[ItemResult] = []
            for result in islice(results, len(each.items)):
                brought.append(result)
                self._rounds[each.page.source_id].count(result)
                if len(brought) == len(each.items):
                    self._settle(each, brought)
                yield result
                if self._stop.is_set():
                    return

    def _settle(self, taken: Taken, results: Sequence[ItemResult]) -> None:
        """A further page of a feed may have brought teasers, and lead to another one."""
        self._awaited.settle(taken, results)
        self._under_way.discard(taken.page.id)
        if taken.page.number:
            self._ask_pages({taken.page.source_id})


def _digest(payload: Payload) -> str:
    return hashlib.sha256(payload.data).hexdigest()
