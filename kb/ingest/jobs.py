"""One fetch: what is asked for, what came of it, and how politely. Runs in the threads of a crawl; stores nothing."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from kb.errors import FetchError, InputError
from kb.ingest import polling
from kb.ingest.outside import Fetched, Outside, host_of
from kb.store.pending import StoredPage
from kb.store.sources import StoredSource

Job = StoredSource | StoredPage

LONGEST_DELAY = 30.0
"""Seconds between two pages beyond which no robots.txt is believed; some ask for hours."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard the network is worked."""

    workers: int = 8
    """Threads that fetch."""
    gap: float = 1.0
    """Seconds between two requests to one host."""
    max_pages: int = 100
    """Pages fetched from one host in one update; the others wait for the next."""
    max_feed_pages: int = 10
    """Pages of one feed that are read, the first included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one job: exactly one of ``fetched`` and ``error``."""

    job: Job
    fetched: Fetched | None = None
    error: InputError | None = None
    refused: bool = False
    """Whether the site's rules for programs forbid the page."""

    @property
    def status(self) -> int | None:
        """The HTTP status of a failure, where there was one."""
        return self.error.status if isinstance(self.error, FetchError) else None

    @property
    def hold(self) -> dt.timedelta | None:
        """How long the host that answered asks to be left alone."""
        return polling.hold(self.status, self.error.retry_after) if isinstance(self.error, FetchError) else None

    @property
    def host(self) -> str:
        """Who answered in the end; a redirect may lead elsewhere."""
        return host_of((isinstance(self.error, FetchError) and self.error.final_url) or url_of(self.job))


def url_of(job: Job) -> str:
    """The address that a job asks."""
    return job.url if isinstance(job, StoredPage) else job.reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """Fetches jobs, in several threads at once."""

    outside: Outside
    pace: Pace
    now: Callable[[], dt.datetime]
    stop: threading.Event
    _known_rules: set[str] = field(default_factory=set)
    """Hosts whose robots.txt has been read; a host is asked by one thread at a time."""

    def __call__(self, job: Job) -> tuple[Answer, float]:
        """What came of a job, and for how many seconds its host is then left alone."""
        answer = self._page(job) if isinstance(job, StoredPage) else self._source(job)
        if answer.hold is not None and answer.host == host_of(url_of(job)):
            return answer, max(self.pace.gap, answer.hold.total_seconds())
        asked = self.outside.delay(job.url) if isinstance(job, StoredPage) else None
        return answer, max(self.pace.gap, min(asked or 0.0, LONGEST_DELAY))

    def _source(self, source: StoredSource) -> Answer:
        whole = polling.read_whole(source.read_at, self.now())
        validators = (None, None) if whole else (source.etag, source.last_modified)
        return _tried(source, lambda: self.outside.fetch(source.reads, *validators))

    def _page(self, page: StoredPage) -> Answer:
        refusal = self._refusal(page.url)
        if refusal:
            return Answer(job=page, error=InputError(refusal), refused=True)
        return _tried(page, lambda: self.outside.fetch_page(page.url, *page.validators))

    def _refusal(self, url: str) -> str | None:
        if self.outside.refusal is None:
            return None
        refusal, host = self.outside.refusal(url), host_of(url)
        if host not in self._known_rules:
            self._known_rules.add(host)
            self.stop.wait(self.pace.gap)  # reading robots.txt was a request too
        return refusal


def _tried(job: Job, fetch: Callable[[], Fetched]) -> Answer:
    try:
        return Answer(job=job, fetched=fetch())
    except InputError as error:
        return Answer(job=job, error=error)
