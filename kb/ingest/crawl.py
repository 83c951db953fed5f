"""Many fetches at once, by several threads, yet one at a time for each host and with a pause between two."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar

J = TypeVar("J")
R = TypeVar("R")

WAKE_SECONDS = 0.2
"""How soon a wish to stop is noticed while nothing comes in."""
PATIENCE_SECONDS = 1.0
"""How long closing waits for fetches under way; they are left behind then, and what they bring is not looked at."""


class Crawl(Generic[J, R]):
    """Jobs go in with their hosts, answers come out in batches, in the order they arrive.

    ``fetch`` runs in the threads and returns the answer to a job with the seconds that its host is then left alone.
    Answers wait until they are taken; when there are twice as many as threads, no more are fetched, so that memory
    holds a bounded number of pages.
    """

    def __init__(self, fetch: Callable[[J], tuple[R, float]], *, workers: int) -> None:
        self._fetch = fetch
        self._workers = workers
        self._room = 2 * workers
        self._changed = threading.Condition()
        self._jobs: dict[str, deque[J]] = {}
        self._free_at: dict[str, float] = {}
        """When a host may be asked again, on the monotonic clock; infinity while it is being asked."""
        self._answers: deque[R | None] = deque()
        self._open = 0
        """Jobs whose answers were not taken."""
        self._closing = False
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Start no more fetches."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def put(self, host: str, job: J) -> None:
        """Have a job done when its host is free."""
        with self._changed:
            self._jobs.setdefault(host, deque()).append(job)
            self._open += 1
            self._changed.notify_all()
        if len(self._threads) < self._workers:
            self._threads.append(threading.Thread(target=self._work, daemon=True))
            self._threads[-1].start()

    def withdraw(self, host: str) -> list[J]:
        """Take back every job for a host that has not begun."""
        with self._changed:
            jobs = list(self._jobs.pop(host, ()))
            self._open -= len(jobs)
            return jobs

    def batches(self, most: int, stop: threading.Event) -> Iterator[list[R]]:
        """Answers as they come, at most so many together, until there is no job left or ``stop`` is set."""
        while batch := self._batch(most, stop):
            yield batch

    def _batch(self, most: int, stop: threading.Event) -> list[R]:
        with self._changed:
            while self._open and not self._answers and not stop.is_set():
                self._changed.wait(WAKE_SECONDS)
            if stop.is_set():
                return []
            batch = [self._answers.popleft() for _ in range(min(most, len(self._answers)))]
            self._open -= len(batch)
            self._changed.notify_all()
        answers = [answer for answer in batch if answer is not None]
        if len(answers) < len(batch):
            raise RuntimeError("a fetch ended in an error that is no InputError; it is printed above")
        return answers

    def _work(self) -> None:
        while taken := self._take():
            host, job = taken
            answer, pause = None, 0.0
            try:
                answer, pause = self._fetch(job)
            finally:
                with self._changed:
                    self._answers.append(answer)
                    self._free_at[host] = time.monotonic() + pause
                    self._changed.notify_all()

    def _take(self) -> tuple[str, J] | None:
        """The next job whose host is free, waited for; None when there will be none."""
        with self._changed:
            while not self._closing:
                host = min(self._jobs, key=self._free_from, default=None)
                wait = self._free_from(host) - time.monotonic() if host is not None else math.inf
                if host is not None and wait <= 0 and len(self._answers) < self._room:
                    return host, self._begin(host)
                self._changed.wait(wait if 0 < wait < math.inf else None)
            return None

    def _free_from(self, host: str) -> float:
        return self._free_at.get(host, 0.0)

    def _begin(self, host: str) -> J:
        job = self._jobs[host].popleft()
        if not self._jobs[host]:
            del self._jobs[host]
        self._free_at[host] = math.inf
        return job
