"""Documents as they are read, and one topic across outlets and over time."""

from __future__ import annotations

import datetime as dt

import pytest
from records import NOW, Record, document_data

from kb import reading
from kb.errors import NotFoundError
from kb.store import documents
from kb.types import Filters, StatementData

TODAY = dt.date(2026, 1, 1)


def reported(record: Record, words: str, publisher: str, on: str | None) -> int:
    document = record.document(f"Somebody says: {words}", publisher=publisher)
    statement = record.said(None, f"unused {words} {publisher} {on}", kind="claim", on=on)
    record.report(statement, StatementData(kind="claim", text=words), document)
    return statement


def test_a_document_has_the_text_asked_for_and_every_statement(record: Record) -> None:
    number = record.document("First. It will rain tomorrow.", title="Weather")
    statement = record.said(None, "It will rain", kind="claim")
    record.report(statement, StatementData(kind="claim", text="It will rain tomorrow"), number)
    data = document_data("It will snow.", external_id="d1", title="Weather, corrected")
    with record.store.transaction() as session:
        documents.revise(session, number, data, NOW)
    first, second = (reading.document(record.store, number, revision=revision) for revision in (0, 1))
    assert (first.text, first.title) == ("First. It will rain tomorrow.", "Weather")
    assert (second.text, second.title) == ("It will snow.", "Weather, corrected")
    assert [row.number for row in second.revisions] == [0, 1]
    assert [row.id for row in second.statements] == [statement]
    with pytest.raises(NotFoundError, match="no revision 2"):
        reading.document(record.store, number, revision=2)


def test_outlets_are_compared_month_by_month(record: Record) -> None:
    for month in ("2025-01", "2025-03", "2025-03"):
        reported(record, "the tide turns", "The Coast", f"{month}-05")
    reported(record, "the tide turns", "The Daily", "2025-02-01")
    undated = reported(record, "the tide turns", "The Daily", None)
    found = reading.compare(record.store, Filters(words="tide"), TODAY)
    assert found.outlets == ("The Coast", "The Daily")
    assert found.periods == ("2025-01", "2025-02", "2025-03")
    coast, daily = found.outlets
    assert found.counts == {(coast, "2025-01"): 1, (coast, "2025-03"): 2, (daily, "2025-02"): 1}
    assert found.totals == {coast: 3, daily: 2}
    assert found.latest[daily][-1].id == undated


@pytest.mark.parametrize(
    ("first", "last", "periods"),
    [
        ("2020-02-03", "2025-06-01", ("2020-Q1", "2025-Q2", 22)),
        ("1999-02-03", "2025-06-01", ("2002", "2025", 24)),
        ("2024", "2025-06-01", ("2024", "2025", 2)),
    ],
)
def test_longer_times_have_longer_periods(record: Record, first: str, last: str, periods: tuple[str, str, int]) -> None:
    for day in (first, last):
        reported(record, "the tide turns", "The Coast", day)
    found = reading.compare(record.store, Filters(), TODAY)
    assert (found.periods[0], found.periods[-1], len(found.periods)) == periods
