"""Reading documents: whole, with everything that is reported in them, and what they say in the course of time."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from kb.store import Store, crossing, document_rows, documents, statement_rows
from kb.types import DocumentRow, Filters, Report, StatementRow

MOST_PERIODS = 24
"""Columns of a comparison: more cannot be read; beyond it months become quarters, and these years."""

LATEST = 3
"""Statements shown of each outlet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How much each outlet reports of a topic over time, and what it reported last."""

    periods: tuple[str, ...]
    """``2025-03``, ``2025-Q1`` or ``2025``, all from the first to the last."""
    outlets: tuple[str, ...]
    """Those with most statements first."""
    counts: dict[tuple[str, str], int]
    """Statements by outlet and period; none is left out."""
    totals: dict[str, int]
    """Statements by outlet."""
    latest: dict[str, tuple[StatementRow, ...]]


def document(store: Store, document_id: int, *, revision: int = 0) -> DocumentRow:
    """A document with one of its texts. Raises NotFoundError for an unknown document or revision."""
    with store.reading() as session:
        return document_rows.get(session, document_id, revision)


def texts(store: Store, reports: Collection[Report]) -> dict[tuple[int, int], str]:
    """The whole texts that reports stand in, by document and revision."""
    with store.reading() as session:
        return documents.texts_at(session, {(report.document_id, report.revision) for report in reports})


def compare(store: Store, filters: Filters, today: dt.date, *, most: int = 8) -> Comparison:
    """What the ``most`` outlets that report most of what passes ``filters`` report of it, and when it was said.

    Statements without a date count in the totals only. Raises NotFoundError when ``filters.by`` names nobody.
    """
    by_outlet: dict[str, Counter[str]] = defaultdict(Counter)
    latest = {}
    with store.reading() as session:
        for outlet, month, number in crossing.outlets_by_month(session, filters, today):
            by_outlet[outlet][month or ""] += number
        totals = {outlet: months.total() for outlet, months in by_outlet.items()}
        outlets = sorted(totals, key=lambda outlet: (-totals[outlet], outlet))[:most]
        for outlet in outlets:
            narrowed = replace(filters, outlet=(outlet,), limit=LATEST)
            latest[outlet] = tuple(statement_rows.find(session, narrowed, today=today))
    months = sorted({month for outlet in outlets for month in by_outlet[outlet] if month})
    periods, of = _periods(months)
    counts: Counter[tuple[str, str]] = Counter()
    for outlet in outlets:
        for month, number in by_outlet[outlet].items():
            if month:
                counts[outlet, of[month]] += number
    return Comparison(periods=periods, outlets=tuple(outlets), counts=dict(counts), totals=totals, latest=latest)


def _periods(months: list[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Every period from the first month to the last, and which one each month is in; a year alone makes them years."""
    if not months:
        return (), {}
    names = (str, _quarter, lambda month: month[:4])
    known_by_month = all(len(month) == len("2025-01") for month in months)
    for name in names if known_by_month else names[2:]:
        periods = tuple(dict.fromkeys(name(month) for month in _months_between(months[0], months[-1])))
        if len(periods) <= MOST_PERIODS:
            break
    return periods[-MOST_PERIODS:], {month: name(month) for month in months}


def _quarter(month: str) -> str:
    return f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}"


def _months_between(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:7] or 1) - 1 for month in (first, last))
    if len(last) == len("2025"):
        end += 11
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]
