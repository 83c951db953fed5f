"""CSV: UTF-8, RFC 4180, one row per entry; the cells hold the record's exact text.

The spreadsheet flavour is for Excel and its like, which take a cell that starts with = + - or @ for a formula
(CWE-1236): an apostrophe goes before it, long cells are cut, and a byte-order mark tells Excel that this is UTF-8.

Times are UTC. ``verdict`` and ``known_on`` are those of the entry's own outcome, else of the outcome that counts now.
``testability`` goes from 0 to 1, empty for what foretells nothing; ``lacks`` are its reasons, separated by "; ".
``repeats``, ``slips`` and ``contradicts`` name an earlier statement; one that slips moves its date to a later one.
The ``report_`` columns describe the first report; ``evidence_urls`` are separated by spaces.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable
from typing import Any, BinaryIO

from exports.rows import reports_in_order, streamed, utc_text
from kb.testable import TESTED, testability
from kb.types import OutcomeRow, StatementRow, TimelineEntry

COLUMNS = (
    *("date", "entry", "statement", "speaker", "kind", "text", "said_on", "strength"),
    *("p_low", "p_high", "p_scale"),
    *("due_earliest", "due_latest", "due_precision", "due_phrase", "testability", "lacks"),
    *("verdict", "known_on", "reports"),
    *("repeats", "slips", "contradicts"),
    *("report_title", "report_publisher", "report_url", "report_published_at", "report_quote_kind", "evidence_urls"),
)


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""OWASP's list of what starts a formula."""

LONGEST_CELL = 32_767
"""Characters that Excel keeps of a cell."""


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str, spreadsheet: bool = False) -> int:
    """Write every entry, however many, in constant memory. A table has no place for ``title``."""
    if spreadsheet:
        out.write(codecs.BOM_UTF8)
    writer = csv.DictWriter(codecs.getwriter("utf-8")(out, "backslashreplace"), COLUMNS, restval="")
    writer.writeheader()
    count = 0
    for entry in streamed(entries):
        row = timeline_row(entry)
        writer.writerow({key: safe_cell(value) for key, value in row.items()} if spreadsheet else row)
        count += 1
    return count


def safe_cell(value: Any) -> Any:
    """``value`` as a spreadsheet may read it; numbers and dates are left as they are."""
    if not isinstance(value, str):
        return value
    text = f"'{value}" if value.startswith(_FORMULA) else value
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def timeline_row(entry: TimelineEntry) -> dict[str, Any]:
    """The cells of an entry by column; a column that has none may be missing."""
    statement = entry.statement
    outcome = entry.outcome or statement.outcome
    return {
        "date": entry.date,
        "entry": entry.kind,
        "statement": statement.fingerprint,
        "speaker": statement.speaker,
        "kind": statement.kind,
        "text": statement.text,
        "said_on": statement.said_on,
        "strength": statement.strength,
        "p_low": statement.p_low,
        "p_high": statement.p_high,
        "p_scale": statement.p_scale,
        **_due(statement),
        **_testability(statement),
        **(_outcome(outcome) if outcome else {}),
        **dict(entry.links),
        **_reports(statement),
    }


def _due(statement: StatementRow) -> dict[str, Any]:
    horizon = statement.horizon
    if horizon is None:
        return {}
    return {
        "due_earliest": horizon.earliest,
        "due_latest": horizon.latest,
        "due_precision": horizon.precision,
        "due_phrase": horizon.phrase,
    }


def _testability(statement: StatementRow) -> dict[str, Any]:
    if statement.kind not in TESTED:
        return {}
    found = testability(statement)
    return {"testability": found.score, "lacks": "; ".join(found.reasons)}


def _outcome(outcome: OutcomeRow) -> dict[str, Any]:
    urls = [item.url.replace(" ", "%20") for item in outcome.evidence if item.url]
    return {"verdict": outcome.verdict, "known_on": outcome.known_on, "evidence_urls": " ".join(urls)}


def _reports(statement: StatementRow) -> dict[str, Any]:
    reports = reports_in_order(statement)
    if not reports:
        return {"reports": 0}
    first = reports[0]
    return {
        "reports": len(reports),
        "report_title": first.title,
        "report_publisher": first.publisher,
        "report_url": first.url,
        "report_published_at": utc_text(first.published_at) if first.published_at else None,
        "report_quote_kind": first.quote_kind,
    }
