"""A document whose text changes: the old text stays, the new one is read, and what stands in both is said once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from line_extractor import LineExtractor, raw

from kb import ask
from kb.ingest.changes import changed_documents
from kb.store import Store, statement_rows
from kb.store.check import check
from kb.types import Filters, ItemResult, StatementRow

Ingest = Callable[..., list[ItemResult]]
TODAY = dt.date(2025, 1, 1)

FERRIES = "Mira Okafor predicts: Rotterdam will order 40,000 electric ferries in 2025"
CRANES = "Mira Okafor says: The harbour needs a second crane by the river"
GULLS = "Host says: Gulls are loud"
FIRST = f"Ferries are coming.\n{FERRIES}\n{CRANES}\n{GULLS}"
CORRECTED = FIRST.replace("40,000", "50,000")


def said(store: Store) -> list[StatementRow]:
    with store.reading() as session:
        return sorted(statement_rows.find(session, Filters(), today=TODAY), key=lambda row: row.id)


def test_statements_follow_the_text_they_stand_in(store: Store, ingest: Ingest) -> None:
    ingest(raw("a", FIRST))
    (result,) = ingest(raw("a", CORRECTED))
    assert (result.status, result.reason) == ("changed", "the text has changed; kept as revision 1")
    assert (result.statements, result.predictions) == (1, 1)
    old, crane, gulls, new = (ask.show(store, row.id) for row in said(store))
    assert [row.reports[0].revision for row in (old, crane, gulls, new)] == [0, 0, 0, 1]
    assert [len(row.reports) for row in (old, crane, gulls, new)] == [1, 1, 1, 1]
    assert (old.reports[0].gone_in, old.reports[0].last_revision) == (1, 1)
    assert (crane.reports[0].gone_in, crane.reports[0].last_revision) == (None, 1)
    (report,) = new.reports
    start, end = report.content[0]
    assert CORRECTED[start:end] == report.words == new.text
    assert "50,000" in report.context
    assert report.text_sha256 != old.reports[0].text_sha256
    assert check(store) == []
    assert [change.kind for change in changed_documents(store)] == ["number"]


@pytest.mark.parametrize("how", ["unknown", "group"])
def test_whoever_is_unnamed_says_it_once(store: Store, ingest: Ingest, extractor: LineExtractor, how: str) -> None:
    extractor.anonymous, extractor.kind = how == "unknown", "group"
    ingest(raw("a", FIRST))
    before = said(store)
    ingest(raw("a", FIRST + "\nHost says: Boats are quiet"))
    after = said(store)
    assert [row.id for row in after] == [*(row.id for row in before), len(before) + 1]
    assert len({row.speaker_id for row in after}) == len({row.speaker_id for row in before})


def test_what_a_person_rejected_does_not_come_back(store: Store, ingest: Ingest) -> None:
    ingest(raw("a", FIRST))
    with store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE statement SET review = 'rejected' WHERE id = 2")
    ingest(raw("a", CORRECTED))
    assert [row.id for row in said(store)] == [1, 3, 4]


def test_words_that_another_says_now_are_another_statement(store: Store, ingest: Ingest) -> None:
    ingest(raw("a", CRANES))
    ingest(raw("a", CRANES.replace("Mira Okafor", "Jon Adeyemi")))
    assert [row.speaker for row in said(store)] == ["Mira Okafor", "Jon Adeyemi"]


def test_noise_makes_no_revisions(store: Store, ingest: Ingest, extractor: LineExtractor) -> None:
    ingest(raw("a", FIRST))
    for minute in range(30):
        (result,) = ingest(raw("a", f"{FIRST}\n\nUpdated 3:{minute:02} pm\n\n{minute * 7} comments"))
        assert result.status == "unchanged"
    assert list(changed_documents(store)) == []
    assert extractor.seen == ["a"]


def test_a_revision_is_as_old_as_it_was_seen(store: Store, ingest: Ingest) -> None:
    ingest(raw("a", FIRST))
    ingest(raw("a", CORRECTED, title="Corrected"))
    assert [change.revision for change in changed_documents(store, 1, since=dt.date(2026, 1, 2))] == [1]
    assert list(changed_documents(store, since=dt.date(2026, 1, 3))) == []
    with store.reading() as session:
        (known,) = statement_rows.load(session, [4], dt.date(2026, 1, 1))
    assert known.reports == ()
