"""Timeline entries in one fixed order and as plain values: what the formats share."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from typing import Any, BinaryIO

from kb.testable import TESTED, testability
from kb.types import OutcomeRow, Relation, Report, StatementRow, TimelineEntry

ENTRY_ORDER = ("statement", "due", "outcome")
"""On one day: first what was said, then what fell due, then what became known."""

SORTED_AT_ONCE = 10_000
"""Entries that ``streamed`` holds in memory, about 30 MB."""

_STATEMENT = ("speaker", "kind", "text", "said_on", "strength", "p_low", "p_high", "p_scale", "review")
_HORIZON = ("earliest", "latest", "precision", "phrase", "rule")
_QUANTITY = ("comparator", "value", "high", "unit")
_REPORT = (
    *("title", "publisher", "url", "published_at", "quote_kind", "speaker_text", "words", "content"),
    *("confidence", "at_seconds", "moment_url"),
)
_OUTCOME = ("verdict", "known_on", "recorded_at", "recorded_by", "method", "reason")
_EVIDENCE = ("title", "publisher", "url", "quote", "direction", "date")

_LAST = "9999-99"
"""Sorts after every ISO date: where an entry or a report without a date goes."""


def in_order(entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """By date, undated ones last; within a day by kind, speaker and place in the document that first reported it."""
    return sorted(entries, key=_entry_key)


def streamed(entries: Iterable[TimelineEntry]) -> Iterator[TimelineEntry]:
    """``in_order`` for any number of entries: at most ``SORTED_AT_ONCE``, or those of one day, are held in memory.

    More than that must come by date, undated ones last; raises ValueError when they do not.
    """
    remaining = iter(entries)
    first = list(islice(remaining, SORTED_AT_ONCE))
    following = next(remaining, None)
    if following is None:
        yield from in_order(first)
        return
    last = ""
    for date, day in groupby(chain(first, [following], remaining), key=lambda entry: entry.date or _LAST):
        if date < last:
            raise ValueError(f"entries do not come by date: {date} after {last}")
        last = date
        yield from in_order(day)


def statements_in_order(entries: Iterable[TimelineEntry]) -> list[StatementRow]:
    """The statements of ``entries``, each once, in the order of the first entry of each."""
    return list({entry.statement.fingerprint: entry.statement for entry in in_order(entries)}.values())


def links_in_order(entries: Iterable[TimelineEntry]) -> list[tuple[str, Relation, str]]:
    """(later statement, relation, earlier statement) of every link, each once."""
    links = ((e.statement.fingerprint, relation, earlier) for e in in_order(entries) for relation, earlier in e.links)
    return list(dict.fromkeys(links))


def entry_id(entry: TimelineEntry) -> str:
    """Unique among the entries of any record: the statement, what the entry is, and which of its outcomes."""
    number = f"-{entry.statement.outcomes.index(entry.outcome) + 1}" if entry.outcome else ""
    return f"{entry.statement.fingerprint}-{entry.kind}{number}"


def reports_in_order(statement: StatementRow) -> list[Report]:
    """The first published first; undated ones last."""
    return sorted(statement.reports, key=_report_key)


def utc_text(moment: dt.datetime) -> str:
    """``2024-12-03T09:30:00Z``."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def write_json(value: Any, out: BinaryIO, *, indent: int | None = 2) -> None:
    """Write ``value`` as JSON with sorted keys and a line end; ``indent`` None: on one line."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent, separators=separators)
    # A lone surrogate has no UTF-8 form; its backslash escape is valid JSON.
    out.write(text.encode("utf-8", "backslashreplace") + b"\n")


def entry_record(entry: TimelineEntry) -> dict[str, Any]:
    """An entry as JSON values, the shape of ``schemas/timeline.json``. Row ids are left out."""
    return {
        "kind": entry.kind,
        "date": entry.date,
        "statement": _statement_record(entry.statement),
        "outcome": _outcome_record(entry.outcome) if entry.outcome else None,
        "links": [{"relation": relation, "statement": other} for relation, other in entry.links],
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
        **_values(statement, _STATEMENT),
        "horizon": _values(statement.horizon, _HORIZON) if statement.horizon else None,
        "quantity": _values(statement.quantity, _QUANTITY) if statement.quantity else None,
        "testability": _testability_record(statement),
        "reports": [_values(report, _REPORT) for report in reports_in_order(statement)],
        "outcomes": [_outcome_record(outcome) for outcome in statement.outcomes],
    }


def _testability_record(statement: StatementRow) -> dict[str, Any] | None:
    found = testability(statement)
    return {"score": found.score, "reasons": list(found.reasons)} if statement.kind in TESTED else None


def _outcome_record(outcome: OutcomeRow) -> dict[str, Any]:
    return {**_values(outcome, _OUTCOME), "evidence": [_values(item, _EVIDENCE) for item in outcome.evidence]}


def _values(row: object, names: Iterable[str]) -> dict[str, Any]:
    """These attributes of a row as JSON values."""
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return utc_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return [list(span) for span in value] if isinstance(value, tuple) else value
