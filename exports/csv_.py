"""CSV: UTF-8, RFC 4180, one row per entry; the cells hold the record's exact text.

Times are UTC. ``verdict`` and ``known_on`` are those of the entry's own outcome, else of the outcome that counts now.
The ``report_`` columns describe the first report; ``evidence_urls`` are separated by spaces.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable
from typing import Any, BinaryIO

from exports.rows import in_order, reports_in_order, utc_text
from kb.types import OutcomeRow, StatementRow, TimelineEntry

COLUMNS = (
    *("date", "entry", "statement", "speaker", "kind", "text", "said_on", "strength", "p_low", "p_high"),
    *("due_earliest", "due_latest", "due_precision", "due_phrase", "verdict", "known_on", "reports"),
    *("report_title", "report_publisher", "report_url", "report_published_at", "report_quote_kind", "evidence_urls"),
)


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
    """Write every entry. A table has no place for ``title``."""
    writer = csv.DictWriter(codecs.getwriter("utf-8")(out, "backslashreplace"), COLUMNS, restval="")
    writer.writeheader()
    rows = [_row(entry) for entry in in_order(entries)]
    writer.writerows(rows)
    return len(rows)


def _row(entry: TimelineEntry) -> dict[str, Any]:
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
        **_due(statement),
        **(_outcome(outcome) if outcome else {}),
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
