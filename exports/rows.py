"""Timeline entries in one fixed order and as plain values: what the formats share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from kb.types import EvidenceRow, Horizon, OutcomeRow, Quantity, Report, StatementRow, TimelineEntry

ENTRY_ORDER = ("statement", "due", "outcome")
"""On one day: first what was said, then what fell due, then what became known."""

_LAST = "9999-99"
"""Sorts after every ISO date: where an entry or a report without a date goes."""


def in_order(entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """By date, undated ones last; within a day by kind, speaker and place in the document that first reported it."""
    return sorted(entries, key=_entry_key)


def reports_in_order(statement: StatementRow) -> list[Report]:
    """The first published first; undated ones last."""
    return sorted(statement.reports, key=_report_key)


def utc_text(moment: dt.datetime) -> str:
    """``2024-12-03T09:30:00Z``."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def entry_record(entry: TimelineEntry) -> dict[str, Any]:
    """An entry as JSON values, the shape of ``schemas/timeline.json``. Row ids are left out."""
    return {
        "kind": entry.kind,
        "date": entry.date,
        "statement": _statement_record(entry.statement),
        "outcome": _outcome_record(entry.outcome) if entry.outcome else None,
    }


def _entry_key(entry: TimelineEntry) -> tuple[Any, ...]:
    statement, outcome = entry.statement, entry.outcome
    first_report = min(map(_report_key, statement.reports), default=())
    recorded = (utc_text(outcome.recorded_at), outcome.verdict) if outcome else ()
    kind = ENTRY_ORDER.index(entry.kind)
    return entry.date or _LAST, kind, statement.speaker or "", first_report, statement.fingerprint, recorded


def _report_key(report: Report) -> tuple[Any, ...]:
    published = utc_text(report.published_at) if report.published_at else _LAST
    return published, report.url or "", report.title or "", report.content, report.words


def _statement_record(statement: StatementRow) -> dict[str, Any]:
    return {
        "id": statement.fingerprint,
        "speaker": statement.speaker,
        "kind": statement.kind,
        "text": statement.text,
        "said_on": statement.said_on,
        "strength": statement.strength,
        "p_low": statement.p_low,
        "p_high": statement.p_high,
        "horizon": _horizon_record(statement.horizon) if statement.horizon else None,
        "quantity": _quantity_record(statement.quantity) if statement.quantity else None,
        "review": statement.review,
        "reports": [_report_record(report) for report in reports_in_order(statement)],
        "outcomes": [_outcome_record(outcome) for outcome in statement.outcomes],
    }


def _horizon_record(horizon: Horizon) -> dict[str, Any]:
    return {
        "earliest": horizon.earliest.isoformat() if horizon.earliest else None,
        "latest": horizon.latest.isoformat() if horizon.latest else None,
        "precision": horizon.precision,
        "phrase": horizon.phrase,
        "rule": horizon.rule,
    }


def _quantity_record(quantity: Quantity) -> dict[str, Any]:
    return {
        "comparator": quantity.comparator,
        "value": quantity.value,
        "high": quantity.high,
        "unit": quantity.unit,
    }


def _report_record(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "publisher": report.publisher,
        "url": report.url,
        "published_at": utc_text(report.published_at) if report.published_at else None,
        "quote_kind": report.quote_kind,
        "speaker_text": report.speaker_text,
        "words": report.words,
        "content": [list(span) for span in report.content],
        "confidence": report.confidence,
    }


def _outcome_record(outcome: OutcomeRow) -> dict[str, Any]:
    return {
        "verdict": outcome.verdict,
        "known_on": outcome.known_on.isoformat(),
        "recorded_at": utc_text(outcome.recorded_at),
        "recorded_by": outcome.recorded_by,
        "method": outcome.method,
        "reason": outcome.reason,
        "evidence": [_evidence_record(item) for item in outcome.evidence],
    }


def _evidence_record(item: EvidenceRow) -> dict[str, Any]:
    return {
        "title": item.title,
        "publisher": item.publisher,
        "url": item.url,
        "quote": item.quote,
        "direction": item.direction,
        "date": item.date,
    }
