"""Timeline entries, one portion after the other: order, limits, links and context."""

from __future__ import annotations

import datetime as dt

import pytest
from records import NOW, Record, due

from kb import ask, outcomes
from kb.store import timeline_rows
from kb.store.tables import Statement
from kb.types import Filters

TODAY = dt.date(2026, 1, 1)


def entries(record: Record, filters: Filters | None = None, *, context: bool = False):
    with record.store.reading() as session:
        return list(ask.entries(session, filters or Filters(), TODAY, context=context))


@pytest.fixture
def filled(record: Record) -> Record:
    for year in (2021, 2020, 2022):
        record.said(None, f"said in {year}", on=f"{year}-05-01", horizon=due(f"{year + 1}-05-01"))
    record.said(None, "undated", on=None, kind="claim")
    return record


def test_portions_give_what_one_query_gives(filled: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = entries(filled)
    assert [entry.date for entry in whole] == [
        *("2020-05-01", "2021-05-01", "2021-05-01", "2022-05-01", "2022-05-01", "2023-05-01"),
        None,
    ]
    monkeypatch.setattr(timeline_rows, "PORTION", 2)
    assert entries(filled) == whole == ask.timeline(filled.store, Filters(), TODAY)


def test_a_limit_counts_statements_the_newest_first(filled: Record) -> None:
    found = entries(filled, Filters(limit=1))
    assert [(entry.kind, entry.statement.text) for entry in found] == [
        ("statement", "said in 2022"),
        ("due", "said in 2022"),
    ]


def test_testable_ones_only(filled: Record) -> None:
    found = entries(filled, Filters(testable=True))
    assert {entry.statement.kind for entry in found} <= {"prediction"}
    assert [entry.date for entry in found] == sorted(entry.date or "" for entry in found)


def test_an_outcome_is_dated_by_the_one_that_counts(record: Record) -> None:
    statement_id = record.said(None, "rain", horizon=due("2025-02-01"))
    for verdict, day in (("unclear", 3), ("true", 9)):
        outcomes.resolve(
            record.store,
            statement_id,
            verdict,
            evidence=["https://a.test/"],
            known_on=dt.date(2025, 3, day),
            recorded_by="ann",
            now=NOW + dt.timedelta(days=100 + day),
        )
    (known,) = (entry for entry in entries(record) if entry.kind == "outcome")
    assert (known.date, known.outcome and known.outcome.verdict) == ("2025-03-09", "true")
    (known,) = (entry for entry in entries(record, Filters(as_of=dt.date(2025, 3, 5))) if entry.kind == "outcome")
    assert (known.date, known.outcome and known.outcome.verdict) == ("2025-03-03", "unclear")


def test_links_name_earlier_statements_by_fingerprint(record: Record) -> None:
    first = record.said(None, "ports by May", on="2024-01-01", kind="claim")
    second = record.said(None, "ports by June", on="2024-02-01", kind="claim")
    with record.store.transaction() as session:
        session.get_one(Statement, second).slips = first
        fingerprint = session.get_one(Statement, first).fingerprint
    assert [entry.links for entry in entries(record)] == [(), (("slips", fingerprint),)]


def test_context_holds_what_stands_around_the_words(record: Record) -> None:
    record.said(None, "rain falls 🚀", kind="claim")
    (plain,) = entries(record)
    (entry,) = entries(record, context=True)
    assert plain.statement.reports[0].context == ""
    assert entry.statement.reports[0].context == "It will be seen: rain falls 🚀"
