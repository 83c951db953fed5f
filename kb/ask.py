"""Questions to the record; the answers are plain rows of ``kb.types``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Literal

from kb.store import Session, Store, documents, speaker_rows, statement_rows, threads, timeline_rows
from kb.store.conditions import status_of
from kb.store.ledger import RESOLVABLE
from kb.types import Filters, Relation, Report, SayingRow, SpeakerRow, StatementKind, StatementRow, TimelineEntry

__all__ = ["due", "entries", "predictions", "said", "show", "speaker", "speakers", "status_of", "timeline"]

PARAGRAPH_BREAK = "\n\n"
"""What stands between the paragraphs of a stored text."""

CONTEXT = 2000
"""Characters of context on either side of the words, where a document has no paragraphs: about a page."""

ENTRY_KINDS: tuple[Literal["statement", "due", "outcome"], ...] = ("statement", "due", "outcome")
"""By their numbers in ``kb.store.timeline_rows``."""

IN_CONTEXT = 200
"""Statements read at once with the texts of their documents, which may have a megabyte each."""


def said(store: Store, filters: Filters, today: dt.date | None = None) -> list[StatementRow]:
    """Statements that pass ``filters``, newest first; kind ``other`` only when asked for, rejected ones never.

    ``today`` decides ``filters.status``; None is the current day, UTC. Raises NotFoundError when ``filters.by`` names
    nobody.
    """
    today = today or dt.datetime.now(dt.UTC).date()
    with store.reading() as session:
        return statement_rows.find(session, filters, today=today)


def predictions(store: Store, filters: Filters, today: dt.date) -> list[StatementRow]:
    """Predictions (or what ``filters.kind`` says) that pass ``filters``, in the order they fall due, undated last.

    What ``filters.due_by`` asks for are promises too.
    """
    kinds: tuple[StatementKind, ...] = RESOLVABLE if filters.due_by else ("prediction",)
    with store.reading() as session:
        rows = statement_rows.find(session, filters, today=today, kinds=kinds, by_due=True)
        joined = threads.threads(session, rows) if filters.slipped else {}
    return [replace(row, thread=_until(joined.get(row.id, ()), filters.as_of)) for row in rows]


def show(store: Store, statement_id: int) -> StatementRow:
    """One statement with every report of it in context, its outcomes and their evidence, and what else its speaker
    said of the same. Raises NotFoundError."""
    with store.reading() as session:
        row = statement_rows.get(session, statement_id)
        texts = {report.document_id: documents.get(session, report.document_id).text for report in row.reports}
        thread = threads.threads(session, [row]).get(row.id, ())
    reports = tuple(_in_context(report, texts[report.document_id]) for report in row.reports)
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


def _until(thread: tuple[SayingRow, ...], as_of: dt.date | None) -> tuple[SayingRow, ...]:
    return tuple(saying for saying in thread if as_of is None or (saying.said_on or "") <= as_of.isoformat())


def _in_context(report: Report, text: str) -> Report:
    """``report`` with the paragraphs of ``text`` that hold its words, at most ``CONTEXT`` characters either side."""
    first, last = report.content[0][0], report.content[-1][1]
    earliest, latest = max(first - CONTEXT, 0), min(last + CONTEXT, len(text))
    before, after = text.rfind(PARAGRAPH_BREAK, earliest, first), text.find(PARAGRAPH_BREAK, last, latest)
    start = before + len(PARAGRAPH_BREAK) if before >= 0 else earliest
    return replace(report, context=text[start : after if after >= 0 else latest], context_start=start)


def _all_in_context(session: Session, rows: dict[int, StatementRow]) -> dict[int, StatementRow]:
    texts = timeline_rows.texts(session, {report.document_id for row in rows.values() for report in row.reports})
    return {
        row.id: replace(row, reports=tuple(_in_context(report, texts[report.document_id]) for report in row.reports))
        for row in rows.values()
    }


def _links(row: StatementRow) -> list[tuple[Relation, int]]:
    links: tuple[tuple[Relation, int | None], ...] = (
        ("repeats", row.repeats),
        ("slips", row.slips),
        ("contradicts", row.contradicts),
    )
    return [(relation, id_) for relation, id_ in links if id_ is not None]
