"""The one composition root: ``open_kb`` wires the record to concrete sources, the language pipeline and exports.

Everything heavy is imported when it is first needed, so that asking a question loads neither a model nor a parser.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast, get_args

from kb import ask, outcomes
from kb.config import Settings, load_settings
from kb.errors import JudgementError, NotFoundError
from kb.ingest.intake import Hints, Intake, Outside, is_url
from kb.ingest.pipeline import Extractor, Pipeline
from kb.store import Store, open_store, speaker_rows, speakers
from kb.store import sources as stored_sources
from kb.store.check import check
from kb.types import (
    Author,
    DocumentKind,
    Filters,
    ItemResult,
    MergeRow,
    OutcomeRow,
    Payload,
    RawDocument,
    Scorecard,
    Skipped,
    SourceResult,
    SpeakerRow,
    StatementRow,
    SuggestionRow,
    TimelineEntry,
)

if TYPE_CHECKING:
    from sources.fetch import Fetcher

Announce = Callable[[int], None]


def _bundled_extractor() -> Extractor:
    from kb.nlp import load_extractor

    return load_extractor()


def open_kb(
    settings: Settings | str | Path | None = None, *, extractor: Callable[[], Extractor] = _bundled_extractor
) -> KB:
    """Open the record, made or migrated when it needs to be. Close it, or use it as a context manager.

    A path or database URL alone is enough; None takes the user's settings. ``extractor`` is called once, when there is
    something to extract. Raises ConfigError, StoreError.
    """
    if not isinstance(settings, Settings):
        settings = load_settings(db=None if settings is None else str(settings))
    return KB(settings, open_store(settings.db_url), extractor)


class KB:
    """The record and everything that can be done with it. Filters are given as one object, as keywords, or both."""

    def __init__(self, settings: Settings, store: Store, extractor: Callable[[], Extractor]) -> None:
        self.settings = settings
        self.store = store
        self._load_extractor = extractor

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self.store.close()

    # --- bringing documents in ---

    def add(
        self,
        targets: Sequence[str | Path],
        *,
        kind: str | None = None,
        speaker: Author | None = None,
        announce: Announce | None = None,
    ) -> Iterator[ItemResult]:
        """Register and ingest URLs, files and folders; one result per item.

        ``kind`` is the name of a format, or what a plain text is (article, post ...). ``speaker`` is who speaks where
        a document does not tell. ``announce`` is told how many items there are whenever that is known to grow.
        """
        return self._intake.add(map(str, targets), Hints(kind=kind, speaker=speaker), announce=announce)

    def update(self, *, source: str | None = None, announce: Announce | None = None) -> Iterator[SourceResult]:
        """Poll every source on the network, or the one with that name or URL. Raises NotFoundError for an unknown one.

        ``announce`` is told how many sources there are.
        """
        with self.store.reading() as session:
            polled = [s for s in stored_sources.list_active(session) if is_url(s.url)]
        if source is not None:
            known = ", ".join(s.name for s in polled) or "none"
            polled = [s for s in polled if source in (s.name, s.url)]
            if not polled:
                raise NotFoundError(f"no source {source!r} that can be polled; known: {known}")
        if announce:
            announce(len(polled))
        yield from map(self._intake.poll, polled)

    # --- asking ---

    def said(self, filters: Filters | None = None, **keywords: Any) -> list[StatementRow]:
        """Statements, newest first."""
        return ask.said(self.store, _filters(filters, keywords), _today())

    def predictions(
        self, filters: Filters | None = None, *, today: dt.date | None = None, **keywords: Any
    ) -> list[StatementRow]:
        """Predictions in the order they fall due; ``today`` decides their status."""
        return ask.predictions(self.store, _filters(filters, keywords), today or _today())

    def show(self, id: int) -> StatementRow:  # noqa: A002
        """One statement with every report, outcome and item of evidence. Raises NotFoundError."""
        return ask.show(self.store, id)

    def scores(self, *, by: str | None = None, topic: str | None = None, min_n: int = 0) -> list[Scorecard]:
        """How the predictions of every speaker turned out, those with most scored first."""
        return ask.scores(self.store, today=_today(), by=by, topic=topic, min_n=min_n)

    def timeline(
        self, filters: Filters | None = None, *, today: dt.date | None = None, **keywords: Any
    ) -> list[TimelineEntry]:
        """What was said, when it falls due and how it turned out, by date."""
        return ask.timeline(self.store, _filters(filters, keywords), today or _today())

    def export(self, format: str, out: BinaryIO, filters: Filters | None = None, **keywords: Any) -> int:  # noqa: A002
        """Write a timeline to ``out`` as csv, html, ics or json; return how many items were written.

        Raises NotFoundError for an unknown format.
        """
        from exports import load_export

        chosen = _filters(filters, keywords)
        return load_export(format).write(self.timeline(chosen), out, title=_title(chosen))

    # --- speakers ---

    def speakers(self, words: str | None = None, *, watched: bool = False) -> list[SpeakerRow]:
        """Speakers one of whose names has all ``words``, those with most statements first.

        ``watched`` keeps those on the list of people to watch.
        """
        return ask.speakers(self.store, words=words, watched=watched)

    def speaker(self, name_or_id: str | int) -> SpeakerRow:
        """The one speaker with that id or name. Raises NotFoundError."""
        return ask.speaker(self.store, name_or_id)

    def merge(self, from_: str | int, into: str | int, *, reason: str) -> MergeRow:
        """Judge that two speakers are one. Raises NotFoundError, or JudgementError when they are already."""
        with self.store.transaction() as session:
            from_id, into_id = (speaker_rows.one_named(session, str(name)) for name in (from_, into))
            if from_id == into_id and str(from_) != str(into):
                raise JudgementError(f"{from_} and {into} are one speaker already: kb speakers show {into_id}")
            made_by = self.settings.user
            merge_id = speakers.merge(session, from_id, into_id, made_by=made_by, reason=reason, now=_now())
        return next(merge for merge in ask.speaker(self.store, into_id).merges if merge.id == merge_id)

    def unmerge(self, merge_id: int) -> None:
        """Take back a merge, whoever made it. Raises NotFoundError, or JudgementError when it is undone already."""
        with self.store.transaction() as session:
            speakers.unmerge(session, merge_id, now=_now())

    def alias(self, speaker: str | int, text: str) -> None:
        """Let a speaker go by another name, in documents to come too. Raises NotFoundError."""
        with self.store.transaction() as session:
            speakers.add_alias(session, speaker_rows.one_named(session, str(speaker)), text, origin="user")

    def suggest_merges(self, name_or_id: str | int | None = None, *, limit: int = 20) -> list[SuggestionRow]:
        """Who may be the speaker of that id or name, which may be new to the record; None: any two who may be one.

        The most likely first, with reasons. Raises NotFoundError for an unknown id.
        """
        from kb.ingest import suggest

        with self.store.reading() as session:
            if name_or_id is None:
                return suggest.suggest(session, limit=limit)
            return suggest.suggest_for(session, str(name_or_id), limit=limit)

    def import_speakers(self, file: str | Path) -> list[ItemResult]:
        """Watch everybody on a list, a CSV file; one result per line. Raises InputError, and then nothing is stored."""
        from kb.ingest.watchlist import read_watchlist, store_watchlist

        watched = read_watchlist(Path(file))
        with self.store.transaction() as session:
            return list(store_watchlist(session, watched))

    # --- judging, checking ---

    def resolve(
        self,
        id: int,  # noqa: A002
        verdict: str,
        *,
        evidence: Sequence[str] = (),
        known_on: dt.date | None = None,
        reason: str = "",
    ) -> OutcomeRow:
        """Record how a prediction or commitment turned out. Raises NotFoundError, JudgementError."""
        return outcomes.resolve(
            self.store,
            id,
            verdict,
            evidence=evidence,
            known_on=known_on,
            reason=reason,
            recorded_by=self.settings.user,
            now=_now(),
        )

    def check(self) -> list[str]:
        """What is wrong with the record, one line each; empty when it is sound."""
        return check(self.store)

    # --- wiring ---

    @cached_property
    def _intake(self) -> Intake:
        import sources
        from sources import files

        def read(payload: Payload, hints: Hints) -> Iterable[RawDocument | Skipped]:
            if hints.kind not in get_args(DocumentKind):
                return sources.read_documents(payload, kind=hints.kind, speaker=hints.speaker)
            kind = cast("DocumentKind", hints.kind)
            return (_as_kind(read, kind) for read in sources.read_documents(payload, speaker=hints.speaker))

        outside = Outside(
            detect=sources.detect,
            read=read,
            files=lambda path: files.payloads(path, _now(), self.settings.max_bytes),
            fetch=lambda url, etag, last_modified: self._fetcher.fetch(url, etag=etag, last_modified=last_modified),
        )
        pipeline = Pipeline(store=self.store, extractor=lambda: self._extractor, open_page=outside.open_page, now=_now)
        return Intake(pipeline, outside)

    @cached_property
    def _fetcher(self) -> Fetcher:
        from sources.fetch import Fetcher

        settings = self.settings
        return Fetcher(
            max_bytes=settings.max_bytes, seconds=settings.fetch_seconds, allow_private=settings.allow_private
        )

    @cached_property
    def _extractor(self) -> Extractor:
        return self._load_extractor()


def _as_kind(read: RawDocument | Skipped, kind: DocumentKind) -> RawDocument | Skipped:
    """A document that is of no particular kind made ``kind``."""
    from sources.turns import find_turns

    if isinstance(read, Skipped) or read.kind != "file":
        return read
    return replace(read, kind=kind, turns=find_turns(read.text) if kind == "transcript" else ())


def _filters(filters: Filters | None, keywords: dict[str, Any]) -> Filters:
    return replace(filters or Filters(), **keywords)


def _title(filters: Filters) -> str:
    """What a timeline shows, for its heading."""
    title = {"prediction": "Predictions", "commitment": "Commitments"}.get(filters.kind or "", "Statements")
    for word, value in (("by", filters.by), ("about", filters.about or filters.words), ("in", filters.outlet)):
        title += f" {word} {value}" if value else ""
    return title


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _today() -> dt.date:
    return _now().date()
