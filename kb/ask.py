"""Questions to the record; the answers are plain rows of ``kb.types``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from kb.facets import COUNTED, facets, facets_of, found_by
from kb.store import Session, Store, documents, pages, speaker_rows, statement_rows, threads, timeline_rows
from kb.store import facets as facet_counts
from kb.store.conditions import status_of
from kb.store.ledger import RESOLVABLE
from kb.store.pages import Cursor, Wanted
from kb.text import fold_words
from kb.types import (
    Facets,
    Filters,
    Page,
    Relation,
    Report,
    SayingRow,
    Sort,
    SpeakerRow,
    StatementKind,
    StatementRow,
    TimelineEntry,
)

__all__ = [
    "due",
    "entries",
    "facets",
    "page",
    "predictions",
    "said",
    "search",
    "show",
    "speaker",
    "speakers",
    "status_of",
    "timeline",
]

PARAGRAPH_BREAK = "\n\n"
"""What stands between the paragraphs of a stored text."""

CONTEXT = 2000
"""Characters of context on either side of the words, where a document has no paragraphs: about a page."""

ENTRY_KINDS: tuple[Literal["statement", "due", "outcome"], ...] = ("statement", "due", "outcome")
"""By their numbers in ``kb.store.timeline_rows``."""

IN_CONTEXT = 200
"""Statements read at once with the texts of their documents, which may have a megabyte each."""


def said(store: Store, filters: Filters, today: dt.date | None = None, *, sort: Sort = "date") -> list[StatementRow]:
    """Statements that pass ``filters``, newest first; kind ``other``, and rejected ones, only when asked for.

    By relevance those come first that fit the words best; ``filters.testable`` is always newest first. ``today``
    decides ``filters.status``; None is the current day, UTC. Raises NotFoundError when ``filters.by`` names nobody.
    """
    today = today or dt.datetime.now(dt.UTC).date()
    with store.reading() as session:
        if sort == "relevance" and not filters.testable:
            ranked = pages.cursors(session, filters, today, Wanted(sort, size=filters.limit))
            return list(statement_rows.load(session, [one.id for one in ranked], filters.as_of))
        return statement_rows.find(session, filters, today=today)


def page(
    store: Store,
    filters: Filters,
    cursor: str | None = None,
    *,
    size: int = 50,
    sort: Sort = "date",
    today: dt.date | None = None,
) -> Page:
    """A page of ``said``; ``cursor`` is what another page of the same question gave as ``next`` or ``previous``.

    A statement recorded between two pages moves none of the others: a page begins where the last one ended. Raises
    NotFoundError when ``filters.by`` names nobody, InputError for a cursor that none of these pages gave.
    """
    at = pages.decoded(cursor, sort) if cursor else None
    day = today or dt.datetime.now(dt.UTC).date()
    with store.reading() as session:
        if filters.testable:
            return _testable_page(session, filters, day, at=at, size=size)
        hits = facet_counts.newest(session, filters, day)
        return _page(session, filters, day, hits, Wanted(sort, at, size))


def search(
    store: Store,
    filters: Filters,
    cursor: str | None = None,
    *,
    size: int = 50,
    sort: Sort = "date",
    today: dt.date | None = None,
) -> tuple[Page, Facets]:
    """``page`` and ``facets`` together, in little more time than one of them."""
    at = pages.decoded(cursor, sort) if cursor else None
    day = today or dt.datetime.now(dt.UTC).date()
    with store.reading() as session:
        found = found_by(session, filters, day)
        counted = facets_of(session, filters, found)
        if filters.testable:
            return _testable_page(session, filters, day, at=at, size=size), counted
        return _page(session, filters, day, found.hits, Wanted(sort, at, size)), counted


def predictions(store: Store, filters: Filters, today: dt.date) -> list[StatementRow]:
    """Predictions (or what ``filters.kind`` says) that pass ``filters``, in the order they fall due, undated last.

    What ``filters.due_by`` and ``filters.slipped`` ask for are promises too.
    """
    kinds: tuple[StatementKind, ...] = RESOLVABLE if filters.due_by or filters.slipped else ("prediction",)
    with store.reading() as session:
        rows = statement_rows.find(session, filters, today=today, kinds=kinds, by_due=True)
        joined = threads.threads(session, rows) if filters.slipped else {}
    return [replace(row, thread=_until(joined.get(row.id, ()), filters.as_of)) for row in rows]


def show(store: Store, statement_id: int) -> StatementRow:
    """One statement with every report of it in context, its outcomes and their evidence, and what else its speaker
    said of the same. Raises NotFoundError."""
    with store.reading() as session:
        row = statement_rows.get(session, statement_id)
        texts = documents.texts_at(session, {(report.document_id, report.revision) for report in row.reports})
        later = documents.later_texts(session, {report.document_id for report in row.reports})
        thread = threads.threads(session, [row]).get(row.id, ())
    reports = tuple(
        _through_revisions(
            _in_context(report, texts[report.document_id, report.revision]), later.get(report.document_id, ())
        )
        for report in row.reports
    )
    return replace(row, reports=reports, thread=thread)


def due(store: Store, today: dt.date, until: dt.date) -> tuple[int, int]:
    """How many predictions and commitments have no outcome: (overdue, due from ``today`` to ``until``)."""
    with store.reading() as session:
        return statement_rows.count_due(session, today, until)


def speakers(
    store: Store, *, words: str | None = None, watched: bool = False, limit: int | None = None
) -> list[SpeakerRow]:
    """Speakers, merges applied, those with most statements first.

    ``words``, or parts of words, all stand in one of their names; ``watched`` keeps those on the list to watch.
    """
    with store.reading() as session:
        roots = speaker_rows.most_quoted(session, words=words, watched=watched, limit=limit)
        return list(speaker_rows.load(session, roots))


def speaker(store: Store, name_or_id: str | int) -> SpeakerRow:
    """The one speaker with that id or name; a part of the name will do when it fits no other.

    Raises NotFoundError: nobody (with a suggestion), or several (listed with their ids).
    """
    with store.reading() as session:
        root = speaker_rows.one_named(session, str(name_or_id))
        return next(speaker_rows.load(session, [root]))


def timeline(store: Store, filters: Filters, today: dt.date) -> list[TimelineEntry]:
    """What was said, when it falls due and how it turned out, by date, undated statements last.

    ``filters`` choose statements, as in ``said``: the due dates and outcomes of those that pass are all there.
    """
    with store.reading() as session:
        return list(entries(session, filters, today))


def entries(session: Session, filters: Filters, today: dt.date, *, context: bool = False) -> Iterator[TimelineEntry]:
    """``timeline`` for any number of entries, in constant memory; with ``context``, reports have theirs."""
    keys = timeline_rows.keys(session, filters, today)
    if filters.testable:
        testable = {row.id for row in statement_rows.find(session, filters, today=today)}
        every = timeline_rows.keys(session, replace(filters, limit=None), today)
        keys = (key for key in every if key[2] in testable)
    while portion := list(islice(keys, IN_CONTEXT if context else timeline_rows.PORTION)):
        rows = {row.id: row for row in statement_rows.load(session, list({key[2] for key in portion}), filters.as_of)}
        if context:
            rows = _all_in_context(session, rows)
        earlier = timeline_rows.fingerprints(session, {id_ for row in rows.values() for _, id_ in _links(row)})
        for date, what, statement_id in portion:
            row = rows[statement_id]
            links = tuple((relation, earlier[id_]) for relation, id_ in _links(row))
            outcome = row.outcome if what == timeline_rows.KNOWN else None
            yield TimelineEntry(kind=ENTRY_KINDS[what], date=date, statement=row, outcome=outcome, links=links)


def _page(session: Session, filters: Filters, today: dt.date, hits: Sequence[int], wanted: Wanted) -> Page:
    """The page of ``hits``: all that was found, or one more than ``COUNTED``; ``wanted`` has a size."""
    at, size = wanted.at, wanted.size or 1
    back = at is not None and at.back
    among = hits if len(hits) <= COUNTED else None
    found = pages.cursors(session, filters, today, replace(wanted, size=size + 1, among=among))
    goes_on, found = len(found) > size, found[-size:] if back else found[:size]
    return Page(
        rows=tuple(statement_rows.load(session, [one.id for one in found], filters.as_of)),
        next=pages.encoded(found[-1]) if found and (goes_on or back) else None,
        previous=pages.encoded(replace(found[0], back=True)) if found and (goes_on if back else at) else None,
        total=min(len(hits), COUNTED),
        more=len(hits) > COUNTED,
    )


def _testable_page(session: Session, filters: Filters, today: dt.date, *, at: Cursor | None, size: int) -> Page:
    """A page of what can be tested, which only the whole statement tells: newest first, whatever the order."""
    rows = statement_rows.find(session, replace(filters, limit=None), today=today)
    places = [row.id for row in rows]
    here = places.index(at.id) if at and at.id in places else -1
    first = max(here - size, 0) if at and at.back else here + 1
    shown = rows[first : here if at and at.back else first + size]
    ends = [Cursor(sort=at.sort if at else "date", id=row.id, said_on=row.said_on) for row in (shown[:1] + shown[-1:])]
    return Page(
        rows=tuple(shown),
        next=pages.encoded(ends[1]) if shown and first + len(shown) < len(rows) else None,
        previous=pages.encoded(replace(ends[0], back=True)) if shown and first else None,
        total=len(rows),
        more=False,
    )


def _until(thread: tuple[SayingRow, ...], as_of: dt.date | None) -> tuple[SayingRow, ...]:
    return tuple(saying for saying in thread if as_of is None or (saying.said_on or "") <= as_of.isoformat())


def _in_context(report: Report, text: str) -> Report:
    """``report`` with the paragraphs of ``text`` that hold its words, at most ``CONTEXT`` characters either side."""
    first, last = report.content[0][0], report.content[-1][1]
    earliest, latest = max(first - CONTEXT, 0), min(last + CONTEXT, len(text))
    before, after = text.rfind(PARAGRAPH_BREAK, earliest, first), text.find(PARAGRAPH_BREAK, last, latest)
    start = before + len(PARAGRAPH_BREAK) if before >= 0 else earliest
    return replace(report, context=text[start : after if after >= 0 else latest], context_start=start)


def _through_revisions(report: Report, later: Sequence[tuple[int, str]]) -> Report:
    """``report`` with the last of its document's texts, and the first after its own that lacks its words."""
    words = f" {' '.join(fold_words(report.words))} "
    after = (
        number for number, text in later if number > report.revision and words not in f" {' '.join(fold_words(text))} "
    )
    return replace(report, last_revision=later[-1][0] if later else 0, gone_in=next(after, None))


def _all_in_context(session: Session, rows: dict[int, StatementRow]) -> dict[int, StatementRow]:
    places = {(report.document_id, report.revision) for row in rows.values() for report in row.reports}
    texts = documents.texts_at(session, places)
    return {
        row.id: replace(
            row,
            reports=tuple(_in_context(report, texts[report.document_id, report.revision]) for report in row.reports),
        )
        for row in rows.values()
    }


def _links(row: StatementRow) -> list[tuple[Relation, int]]:
    links: tuple[tuple[Relation, int | None], ...] = (
        ("repeats", row.repeats),
        ("slips", row.slips),
        ("contradicts", row.contradicts),
    )
    return [(relation, id_) for relation, id_ in links if id_ is not None]
