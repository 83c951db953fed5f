"""Repeats, moved dates and contradictions: which of a speaker's predictions belong together, and what follows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from records import Record, due

from kb import ask
from kb.ingest.repeats import link_document, link_speakers, relate
from kb.outcomes import resolve
from kb.scoreboard import scores
from kb.store import statements
from kb.store.threads import Foretold, Links
from kb.types import Filters, Quantity, StatementData

TODAY = dt.date(2026, 6, 1)
DUE_2025 = {"phrase": "by the end of 2025", "latest": dt.date(2025, 12, 31)}
DUE_2026 = {"phrase": "by the end of 2026", "latest": dt.date(2026, 12, 31)}
IN_2025 = {"phrase": "in 2025", "earliest": dt.date(2025, 1, 1), "latest": dt.date(2025, 12, 31)}
IN_2027 = {"phrase": "in 2027", "earliest": dt.date(2027, 1, 1), "latest": dt.date(2027, 12, 31)}
OPENS = "Our robotaxi service will open in Lisbon"


def foretold(id: int, text: str, **values: object) -> Foretold:  # noqa: A002
    said_on = f"2024-{id:02}-01"
    return Foretold(**{"id": id, "text": f"{text} {values.get('phrase', '')}", "said_on": said_on, **values})  # type: ignore[arg-type]


def robots(comparator: str, value: float) -> Quantity:
    return Quantity(comparator=comparator, value=value, unit="robots")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "links"),
    [
        ((OPENS, DUE_2025), (OPENS, DUE_2025), Links(repeats=1)),
        ((OPENS, DUE_2025), ("We will open our robotaxi service in Lisbon", DUE_2025), Links(repeats=1)),
        ((OPENS, DUE_2025), (OPENS, DUE_2026), Links(slips=1)),
        ((OPENS, DUE_2026), (OPENS, DUE_2025), Links()),
        ((OPENS, {}), (OPENS, {}), Links(repeats=1)),
        ((OPENS, DUE_2025), (OPENS, {}), Links()),
        ((OPENS, DUE_2025), ("Our robotaxi service will open in Porto", DUE_2025), Links()),
        ((OPENS, DUE_2025), ("Our robotaxi service will not open in Lisbon", DUE_2025), Links(contradicts=1)),
        ((OPENS, IN_2025), ("Our robotaxi service will not open in Lisbon", IN_2027), Links()),
        (("Prices of warehouse robots will fall", IN_2025), ("Prices of warehouse robots will rise", IN_2025),
         Links(contradicts=1)),
        (("Prices of warehouse robots will fall", IN_2025), ("Prices of warehouse robots will rise", IN_2027), Links()),
        (("At least 100,000 personal robots will be sold", {**IN_2025, "quantity": robots(">=", 1e5)}),
         ("At most 50,000 personal robots will be sold", {**IN_2025, "quantity": robots("<=", 5e4)}),
         Links(contradicts=1)),
        (("At least 100,000 personal robots will be sold", {**IN_2025, "quantity": robots(">=", 1e5)}),
         ("At least 50,000 personal robots will be sold", {**IN_2025, "quantity": robots(">=", 5e4)}), Links()),
        (("It will happen", DUE_2025), ("It will happen", DUE_2025), Links()),
    ],
)  # fmt: skip
def test_what_the_second_has_to_do_with_the_first(first: tuple, second: tuple, links: Links) -> None:
    both = [foretold(1, first[0], **first[1]), foretold(2, second[0], **second[1])]
    assert relate(both) == relate(reversed(both)) == {1: Links(), 2: links}


def test_a_chain_names_the_first_of_each_date() -> None:
    later = {**DUE_2026, "latest": dt.date(2027, 12, 31), "phrase": "by the end of 2027"}
    dates = [DUE_2025, DUE_2025, DUE_2026, DUE_2026, later]
    links = relate(foretold(number, OPENS, **date) for number, date in enumerate(dates, 1))
    assert links == {1: Links(), 2: Links(repeats=1), 3: Links(slips=1), 4: Links(repeats=3), 5: Links(slips=3)}


@pytest.mark.parametrize(
    ("apart", "links"),
    [
        ((2, 1), {2: Links(), 3: Links(repeats=2), 4: Links(slips=2)}),
        ((3, 1), {2: Links(repeats=1), 3: Links(), 4: Links(slips=3)}),
        ((3, 2), {2: Links(repeats=1), 3: Links(), 4: Links(slips=3)}),  # 2 counts as one with 1
        ((4, 1), {2: Links(repeats=1), 3: Links(repeats=1), 4: Links()}),
        ((4, 99), {2: Links(repeats=1), 3: Links(repeats=1), 4: Links(slips=1)}),
    ],
)
def test_what_a_person_parted_stays_out_of_the_whole_group(apart: tuple[int, int], links: dict[int, Links]) -> None:
    foretellings = [foretold(number, OPENS, **date) for number, date in enumerate([DUE_2025] * 3 + [DUE_2026], 1)]
    assert relate(foretellings, [frozenset(apart)]) == {1: Links(), **links}


# --- in the record -----------------------------------------------------------------------------------------------


def said(record: Record, speaker_id: int, on: str, latest: str, words: str = OPENS) -> int:
    horizon = replace(due(latest), earliest=None)
    return record.said(speaker_id, f"{words} by {latest}", on=on, horizon=replace(horizon, phrase=f"by {latest}"))


def linked(record: Record, *roots: int) -> None:
    with record.store.transaction() as session:
        link_speakers(session, roots)


@pytest.fixture
def slipping(record: Record) -> Record:
    """Statements 1 and 2 for 2025, 3 for 2026, by speaker 1; 4 by speaker 2."""
    ann, bo = record.speaker("Ann Lee"), record.speaker("Bo Day")
    for on, latest in (("2024-01-01", "2025-12-31"), ("2024-09-01", "2025-12-31"), ("2025-11-01", "2026-12-31")):
        said(record, ann, on, latest)
    said(record, bo, "2024-03-01", "2025-12-31")
    linked(record, ann, bo)
    return record


def test_a_prediction_counts_once_however_often_it_is_repeated(slipping: Record) -> None:
    (ann, bo) = scores(slipping.store, Filters(), TODAY)
    assert (ann.speaker, ann.predictions, ann.due) == ("Ann Lee", 2, 1)
    assert (bo.speaker, bo.predictions, bo.due) == ("Bo Day", 1, 1)
    now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    for statement_id in (1, 2):
        resolve(slipping.store, statement_id, "false", evidence=["https://a.test/"], recorded_by="a", now=now)
    (card,) = scores(slipping.store, Filters(by="Ann"), TODAY)
    assert (card.predictions, card.scored, card.counts) == (2, 1, {"false": 1})


def test_the_outcome_of_one_saying_is_that_of_its_repeats(slipping: Record) -> None:
    now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    resolve(slipping.store, 2, "false", evidence=["https://a.test/"], recorded_by="a", now=now)
    rows = ask.predictions(slipping.store, Filters(by="Ann"), TODAY)
    assert {row.id: ask.status_of(row, TODAY) for row in rows} == {1: "resolved", 2: "resolved", 3: "open"}
    resolved = ask.predictions(slipping.store, Filters(by="Ann", status="resolved"), TODAY)
    assert {row.id for row in resolved} == {1, 2}


def test_the_due_list_has_each_prediction_once_and_promises(slipping: Record) -> None:
    promise = slipping.said(2, "I will sing for the town", kind="commitment", horizon=due("2026-06-20"))
    rows = ask.predictions(slipping.store, Filters(due_by=dt.date(2026, 7, 1)), TODAY)
    assert [row.id for row in rows] == [4, 1, promise]
    assert ask.due(slipping.store, TODAY, dt.date(2026, 7, 1)) == (2, 1)


def test_slipped_ones_come_with_every_date(slipping: Record) -> None:
    (row,) = ask.predictions(slipping.store, Filters(slipped=True), TODAY)
    assert (row.id, row.slips, [saying.id for saying in row.thread]) == (3, 1, [1, 2, 3])
    assert [saying.id for saying in ask.show(slipping.store, 1).thread] == [1, 2, 3]
    assert ask.show(slipping.store, 4).thread == ()
    assert ask.predictions(slipping.store, Filters(slipped=True, as_of=dt.date(2025, 1, 1)), TODAY) == []


def test_a_promise_slips_too(slipping: Record) -> None:
    for on, latest in (("2024-05-01", "2025-12-31"), ("2025-05-01", "2026-12-31")):
        words = f"I will open a school in Porto by {latest}"
        horizon = replace(due(latest), earliest=None, phrase=f"by {latest}")
        promise = slipping.said(2, words, kind="commitment", on=on, horizon=horizon)
    linked(slipping, 2)
    rows = ask.predictions(slipping.store, Filters(slipped=True), TODAY)
    assert {row.id for row in rows} == {3, promise}
    assert [row.id for row in ask.predictions(slipping.store, Filters(slipped=True, kind="prediction"), TODAY)] == [3]


def test_a_date_that_was_kept_did_not_slip(slipping: Record) -> None:
    now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    resolve(slipping.store, 2, "true", evidence=["https://a.test/"], recorded_by="a", now=now)
    assert ask.predictions(slipping.store, Filters(slipped=True), TODAY) == []


def test_links_follow_merges_and_what_reviewers_reject(slipping: Record) -> None:
    slipping.merge(2, 1)
    linked(slipping, 1)
    assert ask.show(slipping.store, 4).repeats == 1
    with slipping.store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE statement SET review = 'rejected' WHERE id = 1")
        link_speakers(session, [1])
    assert [ask.show(slipping.store, number).repeats for number in (4, 2)] == [None, 4]
    assert ask.show(slipping.store, 3).slips == 4


def test_a_new_document_is_linked_to_what_its_speakers_said_before(slipping: Record) -> None:
    data = StatementData(kind="prediction", text=f"{OPENS} by 2027-12-31", horizon=due("2027-12-31"))
    with slipping.store.transaction() as session:
        statement_id = statements.insert(session, 1, data, said_on="2026-05-01")
    document_id = slipping.document(f"She said: {data.text}")
    slipping.report(statement_id, data, document_id)
    with slipping.store.transaction() as session:
        link_document(session, document_id)
    assert ask.show(slipping.store, statement_id).slips == 3


def test_groups_are_never_the_same_speaker_again(record: Record) -> None:
    analysts = record.speaker("analysts")
    with record.store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE speaker SET kind = 'group'")
    first, second = (said(record, analysts, on, "2025-12-31") for on in ("2024-01-01", "2024-09-01"))
    for statement_id in (first, second):
        document_id = ask.show(record.store, statement_id).reports[0].document_id
        with record.store.transaction() as session:
            link_document(session, document_id)
    assert ask.show(record.store, second).repeats is None
