"""The tables that timeline entries make, for formats with more than one: SQLite and the bundle's CSV files.

Statements are identified by their fingerprint; ``number`` counts a statement's reports and outcomes from 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from exports.csv_ import timeline_row
from exports.rows import in_order, reports_in_order, utc_text
from kb.types import OutcomeRow, StatementRow, TimelineEntry

COLUMNS: dict[str, dict[str, str]] = {
    "statement": {
        "statement": "Identity, equal in every database",
        "speaker": "Who said it; empty when unknown",
        "kind": "claim, prediction, commitment, opinion, question or other",
        "text": "What was said",
        "said_on": "Year, month or day, as precisely as it is known",
        "strength": "certain, likely, possible or unlikely",
        "p_low": "Lower end of the stated probability",
        "p_high": "Upper end of the stated probability",
        "p_scale": "The scale that gives the speaker's phrase this range; stated: the speaker's own number",
        "due_earliest": "First day on which it can come true",
        "due_latest": "Last day on which it can come true",
        "due_precision": "How precise the phrase is: day, month, year ...",
        "due_phrase": "The words that say when",
        "testability": "How well it can be told if it came true, 0 to 1; empty for what foretells nothing",
        "lacks": "What it lacks for that, separated by semicolons",
        "comparator": "=, >, >=, <, <=, ~ or range",
        "value": "The figure it names",
        "value_high": "Upper end of a range",
        "unit": "What the figure counts",
        "review": "machine, accepted, edited or rejected",
        "verdict": "The outcome that counts now; empty while open",
        "known_on": "When that became known",
    },
    "report": {
        "statement": "The statement that the document reports",
        "number": "From 1, the first published first",
        "title": "Title of the document",
        "publisher": "Who published it",
        "url": "Where it can be read",
        "published_at": "UTC",
        "quote_kind": "direct, indirect, mixed or self",
        "speaker_text": "The speaker as the document prints it",
        "words": "The words as the document prints them",
        "content": "Their [start, end) offsets in the document's text, as JSON",
        "confidence": "0 to 1",
        "text_sha256": "Hash of that text",
    },
    "outcome": {
        "statement": "The statement that turned out so",
        "number": "From 1, in the order recorded; the last one counts",
        "verdict": "true, mostly, late, false, unclear, void or unverifiable",
        "known_on": "When it became known",
        "recorded_at": "When it was recorded, UTC",
        "recorded_by": "Who recorded it",
        "method": "How it was found",
        "reason": "Why",
    },
    "evidence": {
        "statement": "The statement that it is about",
        "outcome": "Number of the outcome that it belongs to",
        "number": "From 1",
        "title": "Title of the document",
        "publisher": "Who published it",
        "url": "Where it can be read",
        "quote": "The words that matter",
        "direction": "supports, refutes or neutral",
        "date": "Year, month or day",
    },
    "link": {
        "statement": "A later statement",
        "relation": "repeats, slips (moves to a later date) or contradicts",
        "earlier": "The statement before",
    },
    "entry": {
        "number": "Place in the timeline, from 1",
        "date": "Year, month or day; empty when nobody knows",
        "entry": "statement, due or outcome",
        "statement": "The statement that it is about",
        "verdict": "Of an outcome",
    },
}
"""Tables and their columns, with what they hold."""

Row = tuple[str, Sequence[Any]]


def table_rows(entries: Iterable[TimelineEntry]) -> Iterator[Row]:
    """(table, values) of every row; a statement comes before what refers to it, but for the ``earlier`` of a link."""
    seen: set[str] = set()
    for number, entry in enumerate(in_order(entries), start=1):
        statement = entry.statement
        if statement.fingerprint not in seen:
            seen.add(statement.fingerprint)
            yield from _statement_rows(entry)
        verdict = entry.outcome.verdict if entry.outcome else None
        yield "entry", (number, entry.date, entry.kind, statement.fingerprint, verdict)


def _statement_rows(entry: TimelineEntry) -> Iterator[Row]:
    statement = entry.statement
    yield "statement", _statement(statement)
    for number, report in enumerate(reports_in_order(statement), start=1):
        published = utc_text(report.published_at) if report.published_at else None
        how = (report.quote_kind, report.speaker_text, report.words, json.dumps(report.content), report.confidence)
        where = (report.title, report.publisher, report.url, published)
        yield "report", (statement.fingerprint, number, *where, *how, report.text_sha256)
    for number, outcome in enumerate(statement.outcomes, start=1):
        yield from _outcome_rows(statement.fingerprint, number, outcome)
    for relation, earlier in entry.links:
        yield "link", (statement.fingerprint, relation, earlier)


def _statement(statement: StatementRow) -> Sequence[Any]:
    # The same cells as in a timeline's CSV, where there are such.
    cells = timeline_row(TimelineEntry(kind="statement", date=statement.said_on, statement=statement))
    quantity = statement.quantity
    if quantity:
        cells |= {"comparator": quantity.comparator, "value": quantity.value, "unit": quantity.unit}
        cells["value_high"] = quantity.high
    cells["review"] = statement.review
    return [_plain(cells.get(column)) for column in COLUMNS["statement"]]


def _outcome_rows(statement: str, number: int, outcome: OutcomeRow) -> Iterator[Row]:
    recorded = (utc_text(outcome.recorded_at), outcome.recorded_by, outcome.method, outcome.reason)
    yield "outcome", (statement, number, outcome.verdict, outcome.known_on.isoformat(), *recorded)
    for place, item in enumerate(outcome.evidence, start=1):
        where = (item.title, item.publisher, item.url)
        yield "evidence", (statement, number, place, *where, item.quote, item.direction, item.date)


def _plain(value: Any) -> Any:
    """Dates as text; what a table takes is left as it is."""
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
