"""The one composition root: ``open_kb`` wires the record to concrete sources, the language pipeline and exports.

Everything heavy is imported when it is first needed, so that asking a question loads neither a model nor a parser.
"""

from __future__ import annotations

import copy
import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Self, TypeVar, cast, get_args

from kb import ask, outcomes, scoreboard
from kb.config import Settings, load_settings
from kb.errors import JudgementError
from kb.ingest import repeats
from kb.ingest.adding import Choose, Demand, choose_none
from kb.ingest.intake import Intake
from kb.ingest.jobs import Pace
from kb.ingest.origins import remembering
from kb.ingest.outside import Hints, Outside
from kb.ingest.pipeline import Extractor, Pipeline
from kb.query import parse, spelled
from kb.store import Store, backup, documents, dump, open_store, speaker_rows, speakers
from kb.store import sources as stored_sources
from kb.store.check import check
from kb.store.load import load
from kb.store.record_file import read_lines
from kb.types import (
    Author,
    ChangeRow,
    ChartKind,
    DocumentKind,
    Facets,
    Filters,
    ImportResult,
    ItemResult,
    MergeRow,
    OutcomeRow,
    Payload,
    RawDocument,
    Report,
    Scorecard,
    ScorePart,
    Skipped,
    Sort,
    SourceResult,
    SourceRow,
    SpeakerRow,
    StatementRow,
    SuggestedEvidence,
    SuggestionRow,
    TimelineEntry,
    WatchHits,
)

if TYPE_CHECKING:
    from sources.fetch import Fetcher
    from sources.robots import Robots
    from sources.workers import Workers

T = TypeVar("T")

Announce = Callable[[int], None]

DUE_DAYS = 30
"""What falls due within a month is what a reporter plans ahead."""


def _bundled_extractor(settings: Settings) -> Extractor:
    from kb.nlp import load_extractor

    return load_extractor(settings)


def open_kb(settings: Settings | str | Path | None = None, *, extractor: Callable[[], Extractor] | None = None) -> KB:
    """Open the record, made or migrated when it needs to be. Close it, or use it as a context manager.

    A path or database URL alone is enough; None takes the user's settings. ``extractor``, the bundled one unless given,
    is called once, when there is something to extract. Raises ConfigError, StoreError.
    """
    if not isinstance(settings, Settings):
        settings = load_settings(db=None if settings is None else str(settings))
    return KB(settings, open_store(settings.db_url), extractor or partial(_bundled_extractor, settings))


def restore_backup(settings: Settings, file: str | Path, *, replace: bool = False) -> None:
    """Put a backup in the place of the database that ``settings`` name. Raises StoreError, and nothing has changed."""
    backup.restore(Path(file), settings.db_url, replace=replace)


def check_backup(file: str | Path) -> list[str]:
    """What is wrong with a backup, one line each; empty when it is sound. Raises StoreError when it is no record."""
    return backup.check_backup(Path(file))


class KB:
    """The record and everything that can be done with it. Filters are given as one object, as keywords, or both."""

    def __init__(self, settings: Settings, store: Store, extractor: Callable[[], Extractor]) -> None:
        self.settings = settings
        self.store = store
        self._load_extractor = extractor
        self._shared: KB = self
        self._closing = ExitStack()
        self._closing.callback(store.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back, and end the processes that read pages."""
        self._closing.close()

    def acting_as(self, user: str) -> KB:
        """The same open record, in which ``user`` makes the judgements. It is closed with this one, not by itself."""
        other = copy.copy(self)
        other.settings, other._shared = replace(self.settings, user=user), self
        return other

    # --- bringing documents in ---

    def add(
        self,
        targets: Sequence[str | Path],
        *,
        kind: str | None = None,
        speaker: Author | None = None,
        choose: Choose = choose_none,
        announce: Announce | None = None,
    ) -> Iterator[ItemResult]:
        """Register and ingest URLs, files and folders; one result per item.

        ``kind`` is the name of a format, or what a plain text is (article, post ...). ``speaker`` is who speaks where
        a document does not tell. ``choose`` takes the address of a page that is no article and the feeds it names, and
        returns those to add. ``announce`` is told how many items there are whenever that is known to grow.
        """
        demand = Demand(hints=Hints(kind=kind, speaker=speaker), choose=choose, announce=announce)
        return self._intake.add(map(str, targets), demand)

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
        return self._intake.update(name=source, everything=all, stop=stop, announce=announce)

    def watch(self, stop: threading.Event) -> Iterator[SourceResult]:
        """Update whenever a source is due, until ``stop`` is set or there is nothing to poll."""
        return self._intake.watch(stop)

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
        intake = self._intake
        return reparse(intake.pipeline, intake.outside.read, source_id=source_id, since=since, announce=announce)

    # --- asking ---

    def changes(self, document: int | None = None, *, since: dt.date | None = None) -> Iterator[ChangeRow]:
        """What was changed in a document, or in all documents since a day, the last seen first.

        Raises NotFoundError for an unknown document.
        """
        from kb.ingest.changes import changed_documents

        return changed_documents(self.store, document, since=since)

    def said(self, filters: Filters | str | None = None, *, sort: Sort = "date", **keywords: Any) -> list[StatementRow]:
        """Statements, newest first or by relevance."""
        return ask.said(self.store, _filters(filters, keywords), _today(), sort=sort)

    def facets(self, filters: Filters | str | None = None, **keywords: Any) -> Facets:
        """What the statements that ``said`` lists have in common, with counts."""
        return ask.facets(self.store, _filters(filters, keywords), _today())

    def text_of(self, report: Report) -> str:
        """The whole text that a report stands in."""
        with self.store.reading() as session:
            return documents.text_at(session, report.document_id, report.revision)

    def predictions(
        self, filters: Filters | None = None, *, today: dt.date | None = None, **keywords: Any
    ) -> list[StatementRow]:
        """Predictions in the order they fall due; ``today`` decides their status."""
        return ask.predictions(self.store, _filters(filters, keywords), today or _today())

    def show(self, id: int) -> StatementRow:  # noqa: A002
        """One statement with every report, outcome and item of evidence. Raises NotFoundError."""
        return ask.show(self.store, id)

    def scores(
        self,
        *,
        by: str | None = None,
        topic: str | None = None,
        min_n: int = 0,
        per: ScorePart | None = None,
        as_of: dt.date | None = None,
        limit: int | None = None,
    ) -> list[Scorecard]:
        """How the predictions of every speaker turned out, by rank; ``as_of``: as far as it was known then.

        ``per``: one card for every topic, year or length of horizon.
        """
        chosen = Filters(by=(by,) if by else (), about=topic, as_of=as_of, limit=limit)
        return scoreboard.scores(self.store, chosen, _today(), min_n=min_n, per=per)

    def plot_scores(self, cards: Sequence[Scorecard], out: BinaryIO, *, format: str) -> None:  # noqa: A002
        """Draw how often stated probabilities came about, and hit rates with their intervals, as svg or png.

        Raises ExportError without matplotlib.
        """
        from exports.score_plots import write

        write(cards, out, format=format)

    def due(self, days: int = DUE_DAYS) -> tuple[int, int]:
        """How many predictions and commitments without an outcome are overdue, and fall due within so many days."""
        today = _today()
        return ask.due(self.store, today, today + dt.timedelta(days=days))

    def watched(self) -> list[WatchHits]:
        """What each saved search finds that it had not found before; every statement is told once."""
        from kb import watching

        return watching.new_hits(self.store)

    def suggest_evidence(self, id: int, *, limit: int = 10) -> list[SuggestedEvidence]:  # noqa: A002
        """Passages of later documents that may settle a prediction, the likeliest first. Raises NotFoundError."""
        from kb.evidence import suggest

        return suggest(self.store, id, limit=limit)

    def timeline(
        self, filters: Filters | None = None, *, today: dt.date | None = None, **keywords: Any
    ) -> list[TimelineEntry]:
        """What was said, when it falls due and how it turned out, by date."""
        return ask.timeline(self.store, _filters(filters, keywords), today or _today())

    # --- exporting, importing, keeping ---

    def export(
        self,
        format: str,  # noqa: A002
        out: BinaryIO,
        filters: Filters | None = None,
        *,
        options: Mapping[str, Any] | None = None,
        tell: Callable[[str], None] | None = None,
        **keywords: Any,
    ) -> int:
        """Write a timeline, or the record, to ``out`` and return how many items were written.

        ``options`` are those of the format (docs/exports.md); ``tell`` is told what the format leaves out. Raises
        NotFoundError for an unknown format, ConfigError for an unknown option.
        """
        from exports import check_options, load_export, rows_of, tells

        chosen = _filters(filters, keywords)
        export, given = load_export(format), dict(options or {})
        check_options(format, export, given)
        if tell and tells(export):
            given["tell"] = tell
        with self.store.reading() as session:
            wanted = rows_of(export)
            record = dump.dump(session, chosen, today=_today())
            if wanted == "record":
                return export.write(_begun(record), out, title=_title(chosen), **given)  # type: ignore[arg-type]
            if wanted == "all":
                given["record"] = record
            rows = _begun(ask.entries(session, chosen, _today(), context=wanted in ("context", "all")))
            return export.write(rows, out, title=_title(chosen), **given)

    def export_pages(self, folder: str | Path, filters: Filters | None = None, **keywords: Any) -> int:
        """Write a Markdown page per speaker into ``folder``, made if need be; return how many. Raises ExportError."""
        from exports import md
        from exports.files import write_pages

        pages = md.pages(self.timeline(_filters(filters, keywords)))
        return write_pages(Path(folder), ((page.name, page.text.encode("utf-8")) for page in pages))

    def chart(
        self,
        kind: ChartKind,
        out: BinaryIO,
        filters: Filters | None = None,
        *,
        format: Literal["svg", "png"] = "svg",  # noqa: A002
        **keywords: Any,
    ) -> int:
        """Draw a timeline, moved dates, calibration or hit rates; return how many statements or cards are drawn.

        Raises ExportError without matplotlib.
        """
        from exports import charts

        chosen = _filters(filters, keywords)
        if kind == "timeline" or kind == "slips":
            return charts.write_entries(kind, self.timeline(chosen), out, title=_title(chosen), image=format)
        cards = scoreboard.scores(self.store, chosen, _today())
        return charts.write_scores(kind, cards, out, title=_title(chosen), image=format)

    def import_record(self, file: str | Path, *, name: str | None = None) -> ImportResult:
        """Add what ``kb export jsonl`` wrote; the same file again changes nothing.

        ``name`` is what messages call the file, where that is not its own name. Raises InputError, and then nothing is
        stored.
        """
        path = Path(file)
        with self.store.transaction() as session:
            loaded = load(session, lambda: read_lines(path, name or str(path)), name=name or path.name, now=_now())
            repeats.link_speakers(session, speakers.roots(session, loaded.touched))
        return loaded.result

    def backup(self, file: str | Path) -> None:
        """Copy the database to ``file``, consistent while others write. Raises StoreError: no SQLite, no space."""
        backup.back_up(self.settings.db_url, Path(file))

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
            repeats.link_speakers(session, {speaker_rows.one_named(session, str(into_id))})
        return next(merge for merge in ask.speaker(self.store, into_id).merges if merge.id == merge_id)

    def unmerge(self, merge_id: int) -> None:
        """Take back a merge, whoever made it. Raises NotFoundError, or JudgementError when it is undone already."""
        with self.store.transaction() as session:
            parted = speakers.unmerge(session, merge_id, now=_now())
            repeats.link_speakers(session, parted)

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

    def import_speakers(self, file: str | Path, *, name: str | None = None) -> list[ItemResult]:
        """Watch everybody on a list, a CSV file; one result per line. ``name`` is what messages call the file, its path
        unless given. Raises InputError, and then nothing is stored.
        """
        from kb.ingest.watchlist import read_watchlist, store_watchlist

        watched = read_watchlist(Path(file), name)
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
        if self._shared is not self:  # one language model, however many judge
            return self._shared._intake
        import sources
        from sources import files, fronts, intervals, opml, pages, paging

        def read(payload: Payload, hints: Hints) -> Iterable[RawDocument | Skipped]:
            if hints.kind not in get_args(DocumentKind):
                return sources.read_documents(payload, kind=hints.kind, speaker=hints.speaker, workers=self._workers)
            kind = cast("DocumentKind", hints.kind)
            documents = sources.read_documents(payload, speaker=hints.speaker, workers=self._workers)
            return (_as_kind(read, kind) for read in documents)

        refusal = self._robots.refusal if self.settings.robots else None
        outside = Outside(
            detect=sources.detect,
            read=remembering(read) if self.settings.keep_raw else read,
            files=lambda path: files.payloads(path, _now(), self.settings.max_bytes),
            fetch=lambda url, etag, modified: self._fetcher.fetch(url, etag=etag, last_modified=modified),
            fetch_page=lambda url, etag, modified: self._fetcher.fetch(
                url, etag=etag, last_modified=modified, refusal=refusal
            ),
            refusal=refusal,
            delay=lambda url: self._robots.delay(url) if refusal else None,
            interval=intervals.stated_interval,
            next_page=paging.next_page,
            misfit=lambda payload, kind: "a page" if kind != pages.NAME and pages.matches(payload) else None,
            listed_feeds=lambda payload: opml.feeds(payload) if opml.matches(payload) else (),
            offered_feeds=lambda payload: fronts.offered_feeds(payload, lambda page: read(page, Hints())),
        )
        pipeline = Pipeline(store=self.store, extractor=lambda: self._extractor, now=_now)
        settings = self.settings
        pace = Pace(settings.workers, settings.gap, settings.max_pages, settings.max_feed_pages)
        return Intake(pipeline, outside, pace)

    @cached_property
    def _workers(self) -> Workers | None:
        from sources.workers import Workers

        seconds = self.settings.page_seconds
        return self._closing.enter_context(Workers(seconds=seconds)) if seconds else None

    @cached_property
    def _fetcher(self) -> Fetcher:
        from sources.fetch import Fetcher

        settings = self.settings
        return Fetcher(
            max_bytes=settings.max_bytes,
            seconds=settings.fetch_seconds,
            allow_private=settings.allow_private,
            use_proxy=settings.use_proxy,
        )

    @cached_property
    def _robots(self) -> Robots:
        from sources.robots import Robots

        return Robots(self._fetcher.fetch)

    @cached_property
    def _extractor(self) -> Extractor:
        return self._load_extractor()


def _as_kind(read: RawDocument | Skipped, kind: DocumentKind) -> RawDocument | Skipped:
    """A document that is of no particular kind made ``kind``."""
    from sources.turns import find_turns

    if isinstance(read, Skipped) or read.kind != "file":
        return read
    return replace(read, kind=kind, turns=find_turns(read.text) if kind == "transcript" else ())


def _begun(rows: Iterator[T]) -> Iterator[T]:
    """``rows`` whose first is read: filters that cannot be met fail before a byte is written."""
    return chain(list(islice(rows, 1)), rows)


def _filters(filters: Filters | str | None, keywords: dict[str, Any]) -> Filters:
    """Filters from an object, or from a query; keywords win."""
    given = parse(filters, today=_today()) if isinstance(filters, str) else filters or Filters()
    return replace(given, **keywords)


def _title(filters: Filters) -> str:
    """What a timeline shows, for its heading."""
    titles = {"prediction": "Predictions", "commitment": "Commitments"}
    title = " and ".join(dict.fromkeys(titles.get(kind, "Statements") for kind in filters.kind)) or "Statements"
    words = filters.words or (spelled(filters.text) if filters.text else None)
    for word, value in (
        ("by", " or ".join(filters.by)),
        ("about", filters.about or words),
        ("in", " or ".join(filters.outlet)),
    ):
        title += f" {word} {value}" if value else ""
    return title


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _today() -> dt.date:
    return _now().date()
