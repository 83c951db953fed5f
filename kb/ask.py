"""Questions to the record; the answers are plain rows of ``kb.types``."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace

from kb.scores import scorecard
from kb.store import Store, documents, speaker_rows, statement_rows
from kb.store.ledger import RESOLVABLE
from kb.store.statement_rows import status_of
from kb.types import Filters, Report, Scorecard, SpeakerRow, StatementRow, TimelineEntry

__all__ = ["predictions", "said", "scores", "show", "speaker", "speakers", "status_of", "timeline"]

PARAGRAPH_BREAK = "\n\n"
"""What stands between the paragraphs of a stored text."""

CONTEXT = 2000
"""Characters of context on either side of the words, where a document has no paragraphs: about a page."""

ENTRY_ORDER = ("statement", "due", "outcome")
"""Order of a timeline's entries within one day."""


def said(store: Store, filters: Filters, today: dt.date | None = None) -> list[StatementRow]:
    """Statements that pass ``filters``, newest first; kind ``other`` only when asked for, rejected ones never.

    ``today`` decides ``filters.status``; None is the current day, UTC. Raises NotFoundError when ``filters.by`` names
    nobody.
    """
    today = today or dt.datetime.now(dt.UTC).date()
    with store.reading() as session:
        return statement_rows.find(session, filters, today=today)


def predictions(store: Store, filters: Filters, today: dt.date) -> list[StatementRow]:
    """Predictions (or what ``filters.kind`` says) that pass ``filters``, in the order they fall due, undated last."""
    with store.reading() as session:
        return statement_rows.find(session, filters, today=today, kinds=("prediction",), by_due=True)


def show(store: Store, statement_id: int) -> StatementRow:
    """One statement with every report of it in context, its outcomes and their evidence. Raises NotFoundError."""
    with store.reading() as session:
        row = statement_rows.get(session, statement_id)
        texts = {report.document_id: documents.get(session, report.document_id).text for report in row.reports}
    return replace(row, reports=tuple(_in_context(report, texts[report.document_id]) for report in row.reports))


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
    entries = [entry for row in said(store, filters, today) for entry in _entries(row)]
    return sorted(entries, key=lambda e: (e.date is None, e.date or "", ENTRY_ORDER.index(e.kind), e.statement.id))


def scores(
    store: Store, *, today: dt.date, by: str | None = None, topic: str | None = None, min_n: int = 0
) -> list[Scorecard]:
    """Scorecards of known speakers over their predictions and commitments, those with most scored first.

    ``topic`` keeps what is about it, ``min_n`` speakers with so many scored. Raises NotFoundError when ``by`` names
    nobody.
    """
    by_speaker: dict[int, list[StatementRow]] = defaultdict(list)
    filters = Filters(by=by, about=topic)
    with store.reading() as session:
        rows = statement_rows.find(session, filters, today=today, kinds=RESOLVABLE)
    for row in rows:
        if row.speaker_id is not None:
            by_speaker[row.speaker_id].append(row)
    cards = [scorecard(own[0].speaker or "", own, today) for own in by_speaker.values()]
    return sorted((c for c in cards if c.scored >= min_n), key=lambda c: (-c.scored, -c.predictions, c.speaker))


def _in_context(report: Report, text: str) -> Report:
    """``report`` with the paragraphs of ``text`` that hold its words, at most ``CONTEXT`` characters either side."""
    first, last = report.content[0][0], report.content[-1][1]
    earliest, latest = max(first - CONTEXT, 0), min(last + CONTEXT, len(text))
    before, after = text.rfind(PARAGRAPH_BREAK, earliest, first), text.find(PARAGRAPH_BREAK, last, latest)
    start = before + len(PARAGRAPH_BREAK) if before >= 0 else earliest
    return replace(report, context=text[start : after if after >= 0 else latest], context_start=start)


def _entries(row: StatementRow) -> list[TimelineEntry]:
    entries = [TimelineEntry(kind="statement", date=row.said_on, statement=row)]
    if row.kind in RESOLVABLE and row.horizon and row.horizon.latest:
        entries.append(TimelineEntry(kind="due", date=row.horizon.latest.isoformat(), statement=row))
    if row.outcome:
        known_on = row.outcome.known_on.isoformat()
        entries.append(TimelineEntry(kind="outcome", date=known_on, statement=row, outcome=row.outcome))
    return entries
