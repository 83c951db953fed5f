"""Bringing documents in: adding, polling, reading again, and what was changed in them."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from kb.app.opened import Opened, utc_today
from kb.errors import ConfigError
from kb.ingest.adding import Choose, Demand, choose_none
from kb.ingest.outside import Hints
from kb.ingest.update import Announce
from kb.store import sources as stored_sources
from kb.types import Author, ChangeRow, ItemResult, SourceResult, SourceRow


class Documents(Opened):
    """What is done with documents and the sources that they come from."""

    def add(
        self,
        targets: Sequence[str | Path],
        *,
        kind: str | None = None,
        speaker: Author | None = None,
        date: dt.date | None = None,
        choose: Choose = choose_none,
        announce: Announce | None = None,
    ) -> Iterator[ItemResult]:
        """Register and ingest URLs, files and folders; one result per item.

        ``kind`` is the name of a format, or what a plain text is (article, post ...). ``speaker`` is who speaks where
        a document does not tell, ``date`` the day of what does not tell its own. ``choose`` takes the address of a page
        that is no article and the feeds it names, and returns those to add. ``announce`` is told how many items there
        are whenever that is known to grow. Raises ConfigError for a ``date`` in the future.
        """
        if date and date > utc_today():
            raise ConfigError(f"{date} is in the future: a document is of the day on which it was published")
        demand = Demand(hints=Hints(kind=kind, speaker=speaker, date=date), choose=choose, announce=announce)
        return self._wiring.intake.add(map(str, targets), demand)

    def update(
        self,
        *,
        source: str | None = None,
        all: bool = False,  # noqa: A002
        stop: threading.Event | None = None,
        announce: Announce | None = None,
    ) -> Iterator[SourceResult]:
        """Poll the sources on the network that are due, or ``all`` of them, or those with that number, name or URL.

        One result per source. ``stop`` ends it after the document under way; what was not done, the next update does.
        ``announce`` is told how many sources there are. Raises NotFoundError for an unknown source.
        """
        return self._wiring.intake.update(name=source, everything=all, stop=stop, announce=announce)

    def watch(self, stop: threading.Event) -> Iterator[SourceResult]:
        """Update whenever a source is due, until ``stop`` is set or there is nothing to poll."""
        return self._wiring.intake.watch(stop)

    def sources(self) -> list[SourceRow]:
        """Every source on the network, with how its polls go."""
        with self.store.reading() as session:
            return stored_sources.rows(session)

    def pause_source(self, source: str) -> str:
        """Poll a source no more, until it is resumed; return its name. Raises NotFoundError."""
        with self.store.transaction() as session:
            found = stored_sources.one(session, source)
            stored_sources.pause(session, found.id, because=f"paused by {self.settings.user}")
        return found.name

    def resume_source(self, source: str) -> str:
        """Poll a source again, whatever it was paused for; return its name. Raises NotFoundError."""
        with self.store.transaction() as session:
            found = stored_sources.one(session, source)
            stored_sources.resume(session, found.id)
        return found.name

    def remove_source(self, source: str) -> tuple[str, int]:
        """Forget a source; return its name, and how many documents of it stay in the record. Raises NotFoundError."""
        with self.store.transaction() as session:
            found = stored_sources.one(session, source)
            return found.name, stored_sources.remove(session, found.id)

    def reparse(
        self, *, source: str | None = None, since: dt.date | None = None, announce: Announce | None = None
    ) -> Iterator[ItemResult]:
        """Read stored bytes again with the parsers of today, without the network; one result per document.

        Of one source; of bytes that arrived on that day or later. ``announce`` is told how many documents there are.
        Raises NotFoundError for an unknown source.
        """
        from kb.ingest.reparse import reparse

        with self.store.reading() as session:
            source_id = stored_sources.one(session, source).id if source is not None else None
        intake = self._wiring.intake
        return reparse(intake.pipeline, intake.outside.read, source_id=source_id, since=since, announce=announce)

    def changes(self, document: int | None = None, *, since: dt.date | None = None) -> Iterator[ChangeRow]:
        """What was changed in a document, or in all documents since a day, the last seen first.

        Raises NotFoundError for an unknown document.
        """
        from kb.ingest.changes import changed_documents

        return changed_documents(self.store, document, since=since)
