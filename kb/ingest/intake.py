"""What comes in: targets that a user names, and the sources on the network that are polled."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from kb.errors import NotFoundError
from kb.ingest.adding import Adding, Demand
from kb.ingest.jobs import Pace
from kb.ingest.outside import Outside, is_url
from kb.ingest.pipeline import Pipeline
from kb.ingest.update import Announce, Update
from kb.store import Session, pending, sources
from kb.store.sources import StoredSource
from kb.types import ItemResult, SourceResult

WATCH_SECONDS = 60.0
"""How soon a running watch notices a source that was added meanwhile."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Brings targets and polled sources through the pipeline."""

    pipeline: Pipeline
    outside: Outside
    pace: Pace = field(default_factory=Pace)
    chance: Callable[[], float] = random.random

    def add(self, targets: Iterable[str], demand: Demand) -> Iterator[ItemResult]:
        """Register and ingest URLs, files and everything below folders, in order."""
        return Adding(self.pipeline, self.outside, self.session, demand).run(targets)

    def update(
        self,
        *,
        name: str | None = None,
        everything: bool = False,
        stop: threading.Event | None = None,
        announce: Announce | None = None,
    ) -> Iterator[SourceResult]:
        """Poll the sources that are due, or all, or those with a name; fetch the pages that are due.

        ``announce`` is told how many sources there are. Raises NotFoundError for an unknown name.
        """
        with self.pipeline.store.reading() as session:
            polled = self._named(session, name) if name else polled_sources(session)
        now = self.pipeline.now()
        due = [s for s in polled if name or everything or s.next_poll_at is None or s.next_poll_at <= now]
        hurry = everything or name is not None
        yield from self.session(stop).poll(due, others=name is None, hurry=hurry, announce=announce)

    def watch(self, stop: threading.Event) -> Iterator[SourceResult]:
        """Update whenever something is due, until ``stop`` is set or there is nothing to poll."""
        while not stop.is_set():
            yield from self.update(stop=stop)
            due_at = self.next_due()
            if due_at is None:
                return
            stop.wait(min(max((due_at - self.pipeline.now()).total_seconds(), self.pace.gap), WATCH_SECONDS))

    def next_due(self) -> dt.datetime | None:
        """When the next source or page is due; None when there is nothing to poll."""
        with self.pipeline.store.reading() as session:
            moments = [source.next_poll_at or self.pipeline.now() for source in polled_sources(session)]
            page = pending.next_try(session)
        return min([*moments, page] if page else moments, default=None)

    def session(self, stop: threading.Event | None = None) -> Update:
        """A new update, with nothing asked yet."""
        return Update(self.pipeline, self.outside, pace=self.pace, stop=stop or threading.Event(), chance=self.chance)

    def _named(self, session: Session, name: str) -> list[StoredSource]:
        found = sources.named(session, name)
        if not found:
            known = ", ".join(source.name for source in polled_sources(session)) or "none"
            raise NotFoundError(f"no source {name!r} that can be polled; known: {known}")
        return found


def polled_sources(session: Session) -> list[StoredSource]:
    """Every source on the network that is polled."""
    return [source for source in sources.list_active(session) if is_url(source.url)]
