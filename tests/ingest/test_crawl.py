"""Fetching by several threads: one at a time per host, pauses kept, nothing lost, an end in every case."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from itertools import pairwise

import pytest

from kb.ingest.crawl import Crawl

Job = tuple[str, int]


class Log:
    """A fetch that takes a moment and remembers when it ran for whom."""

    def __init__(self, *, pause: float = 0.0, seconds: float = 0.002) -> None:
        self.pause = pause
        self.seconds = seconds
        self.spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.together = self.most_together = 0
        self.lock = threading.Lock()

    def __call__(self, job: Job) -> tuple[Job, float]:
        with self.lock:
            self.together += 1
            self.most_together = max(self.most_together, self.together)
        start = time.monotonic()
        time.sleep(self.seconds)
        with self.lock:
            self.together -= 1
            self.spans[job[0]].append((start, time.monotonic()))
        return job, self.pause


def crawled(fetch: Log, jobs: list[Job], *, workers: int = 4) -> list[Job]:
    with Crawl(fetch, workers=workers) as crawl:
        for job in jobs:
            crawl.put(job[0], job)
        return [job for batch in crawl.batches(5, threading.Event()) for job in batch]


JOBS = [(host, number) for number in range(6) for host in "abcde"]


def test_every_job_is_answered_once_in_the_order_of_its_host() -> None:
    done = crawled(Log(), JOBS)
    assert sorted(done) == sorted(JOBS)
    for host in "abcde":
        assert [number for h, number in done if h == host] == list(range(6))


def test_hosts_are_asked_together_but_each_by_one_thread_with_pauses() -> None:
    log = Log(pause=0.03)
    crawled(log, JOBS)
    assert 1 < log.most_together <= 4
    for spans in log.spans.values():
        assert all(later[0] - earlier[1] >= 0.03 for earlier, later in pairwise(spans))


def test_what_is_withdrawn_is_not_fetched() -> None:
    log = Log(pause=60.0)
    with Crawl(log, workers=2) as crawl:
        for number in range(5):
            crawl.put("a", ("a", number))
        batches = crawl.batches(5, threading.Event())
        assert next(batches) == [("a", 0)]
        assert crawl.withdraw("a") == [("a", number) for number in range(1, 5)]
        assert list(batches) == []
    assert len(log.spans["a"]) == 1


def test_jobs_may_come_of_answers() -> None:
    with Crawl(Log(), workers=2) as crawl:
        crawl.put("a", ("a", 0))
        seen = []
        for (job,) in crawl.batches(1, threading.Event()):
            seen.append(job)
            if job[1] < 3:
                crawl.put("b", ("b", job[1] + 1))
    assert [number for _, number in seen] == [0, 1, 2, 3]


def test_no_more_is_fetched_than_is_taken() -> None:
    log = Log(seconds=0.0)
    with Crawl(log, workers=2) as crawl:
        for number in range(50):
            crawl.put(f"host{number}", (f"host{number}", number))
        time.sleep(0.3)
        assert len(log.spans) <= 2 * 2 + 2
        assert sum(map(len, crawl.batches(3, threading.Event()))) == 50


def test_a_stop_ends_it_while_fetches_hang() -> None:
    stop, release = threading.Event(), threading.Event()

    def hang(_: Job) -> tuple[Job, float]:
        release.wait()
        return ("a", 0), 0.0

    with Crawl(hang, workers=1) as crawl:
        crawl.put("a", ("a", 0))
        threading.Timer(0.05, stop.set).start()
        assert list(crawl.batches(5, stop)) == []
    release.set()


def test_a_fetch_that_breaks_ends_the_crawl_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(threading, "excepthook", lambda given: seen.append(given.exc_type))

    def broken(_: Job) -> tuple[Job, float]:
        raise ZeroDivisionError

    with Crawl(broken, workers=1) as crawl:
        crawl.put("a", ("a", 0))
        with pytest.raises(RuntimeError, match="no InputError"):
            list(crawl.batches(5, threading.Event()))
    assert seen == [ZeroDivisionError]
