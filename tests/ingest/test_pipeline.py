"""The pipeline on a real store: every kind of item, twice, and what several documents make of one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from line_extractor import LineExtractor, raw

from kb import reviewing
from kb.ingest.entries import Entries
from kb.ingest.pipeline import Item, with_page
from kb.store import Store, speaker_rows, speakers, statement_rows
from kb.store.check import check
from kb.types import Author, Filters, ItemResult, RawDocument, Skipped, StatementRow

Ingest = Callable[..., list[ItemResult]]
TODAY = dt.date(2025, 1, 1)
NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
MIRA = Author(name="Mira Okafor", handle="linkedin:miraokafor", role=None)
ITEMS = [
    "There will be the first big public protest over driverless buses in 2025",
    "At least 40,000 electric ferries will be ordered in 2025",
    "Rotterdam will start to lead the port automation race, as it leads in open standards already, in 2025",
]
POST = raw("post:1", "\n".join(ITEMS), kind="post", speaker=MIRA, canonical_url="https://example.org/p/1",
           published_at=dt.datetime(2024, 12, 2, tzinfo=dt.UTC))  # fmt: skip
QUOTING = raw(
    "a",
    "Mira Okafor (chief executive of Havenlink) predicts: Rotterdam will start to lead the port automation race",
    canonical_url="https://example.org/a",
    publisher="Port Post",
)
RETELLING = raw(
    "b",
    "Mira Okafor predicts that some 40,000 electric ferries would be ordered in 2025\n"
    "Mira Okafor predicts that the first large public protest over driverless buses would take place in 2025\n"
    "Mira Okafor says that she likes boats",
    canonical_url="https://example.org/b",
)


def said(store: Store, **filters: str) -> list[StatementRow]:
    with store.reading() as session:
        return statement_rows.find(session, Filters(**filters), today=TODAY)  # type: ignore[arg-type]


def predictions(store: Store) -> dict[str, int]:
    return {row.text: len(row.reports) for row in said(store, kind="prediction")}


@pytest.mark.parametrize(
    "documents",
    [[POST, QUOTING, RETELLING], [RETELLING, QUOTING, POST], [QUOTING, POST, RETELLING]],
    ids=["post first", "post last", "post between"],
)
def test_each_prediction_once_in_the_speakers_own_words_with_every_report(
    store: Store, ingest: Ingest, documents: list[RawDocument]
) -> None:
    results = ingest(*documents)
    assert [r.status for r in results] == ["added"] * 3
    assert predictions(store) == dict.fromkeys(ITEMS, 2)
    rows = said(store, kind="prediction")
    assert {row.speaker for row in rows} == {"Mira Okafor"}
    assert {row.said_on for row in rows} == {"2024-12-02"}
    assert {row.horizon.latest for row in rows if row.horizon} == {dt.date(2025, 12, 31)}
    assert len(said(store)) == 4
    assert check(store) == []


def test_the_same_input_again_changes_nothing(store: Store, ingest: Ingest, extractor: LineExtractor) -> None:
    first = ingest(POST, QUOTING, RETELLING)
    rows = said(store)
    again = ingest(POST, QUOTING, RETELLING)
    assert [(r.status, r.document_id) for r in again] == [("unchanged", r.document_id) for r in first]
    assert said(store) == rows
    assert extractor.seen == ["post:1", "a", "b"]


def test_results_count_what_a_document_reports(ingest: Ingest) -> None:
    assert [(r.statements, r.predictions) for r in ingest(POST, RETELLING)] == [(3, 3), (3, 2)]


def test_a_bad_item_is_a_result_and_the_rest_goes_on(store: Store, ingest: Ingest) -> None:
    results = ingest(
        Skipped("row 3", "a bare reshare"), raw("c", " \n", title="Empty"), Skipped("row 4", "torn", True), QUOTING
    )
    assert [(r.item, r.status) for r in results] == [
        ("row 3", "skipped"),
        ("Empty", "failed"),
        ("row 4", "failed"),
        ("a", "added"),
    ]
    assert "no text" in results[1].reason
    assert check(store) == []


def test_an_error_that_no_user_caused_is_not_swallowed(store: Store, ingest: Ingest) -> None:
    def broken() -> LineExtractor:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ingest(QUOTING, extractor=broken)
    assert said(store) == []


def test_a_changed_text_is_kept_as_a_revision(store: Store, ingest: Ingest) -> None:
    ingest(QUOTING)
    changed = raw("a", QUOTING.text + "\nCorrection: it is a harbour.")
    assert [r.status for r in ingest(changed)] == ["changed"]
    assert [r.status for r in ingest(changed)] == ["unchanged"]
    assert [r.status for r in ingest(QUOTING)] == ["unchanged"]
    assert check(store) == []


def test_one_page_from_two_sources_is_one_document(store: Store, ingest: Ingest) -> None:
    ingest(QUOTING)
    other = raw("x", "Another reading of the page.", canonical_url=QUOTING.canonical_url)
    assert [r.status for r in ingest(other, source="two")] == ["unchanged"]


def test_a_syndicated_copy_is_another_report_of_the_same_statement(store: Store, ingest: Ingest) -> None:
    ingest(QUOTING, raw("a2", QUOTING.text, canonical_url="https://example.net/copy"))
    assert list(predictions(store).values()) == [2]


def test_the_same_document_twice_in_one_batch(ingest: Ingest) -> None:
    assert [r.status for r in ingest(QUOTING, QUOTING)] == ["added", "unchanged"]


# --- summaries ---------------------------------------------------------------------------------------------------

TEASER = raw("t", "Mira Okafor predicts: more", url="https://example.org/t", title="Teaser", complete=False)


def test_teasers_are_put_off(store: Store, ingest: Ingest) -> None:
    put_off = []

    def keep(item: Item) -> ItemResult:
        put_off.append(item.document)
        return ItemResult(item="t", status="waiting")

    wordless = raw("w", "", url="https://example.org/w", complete=False)
    assert [r.status for r in ingest(TEASER, wordless, QUOTING, put_off=keep)] == ["waiting", "waiting", "added"]
    assert put_off == [TEASER, wordless]


def test_a_teaser_with_its_page_is_one_document(store: Store, ingest: Ingest) -> None:
    page = raw("page", QUOTING.text, title="Page", canonical_url="https://example.org/t", publisher="Port Post")
    assert [r.status for r in ingest(with_page(TEASER, page))] == ["added"]
    (report,) = said(store)[0].reports
    assert (report.title, report.publisher, report.url) == ("Teaser", "Port Post", "https://example.org/t")
    assert [r.status for r in ingest(TEASER)] == ["unchanged"]


# --- speakers ----------------------------------------------------------------------------------------------------


def test_a_misspelling_in_the_same_role_is_the_same_speaker_until_a_person_undoes_it(
    store: Store, ingest: Ingest
) -> None:
    misspelt = raw("m", "Mirra Okafoor (CEO of Havenlink) says: The harbour needs a second crane by the river")
    ingest(QUOTING, misspelt)
    assert {row.speaker for row in said(store)} == {"Mira Okafor"}
    with store.reading() as session:
        (row,) = speaker_rows.load(session, speaker_rows.named(session, "Okafor"))
    (merge,) = row.merges
    assert merge.made_by == "onrecord"
    assert merge.reason == "similar spelling (91 %) and the same role: chief executive of Havenlink"


def test_roles_are_kept_with_their_dates_in_one_spelling(store: Store, ingest: Ingest) -> None:
    later = dt.datetime(2025, 1, 7, tzinfo=dt.UTC)
    ingest(QUOTING, raw("r", QUOTING.text.replace("chief executive", "Chief Executive") + " now", published_at=later))
    with store.reading() as session:
        (row,) = speaker_rows.load(session, speaker_rows.named(session, "Okafor"))
    (role,) = row.roles
    assert (role.title, role.first_seen, role.last_seen) == ("chief executive", "2024-12-03", "2025-01-07")


def test_a_short_name_is_found_by_the_role(store: Store, ingest: Ingest) -> None:
    ingest(QUOTING, raw("n", "M. Okafor (chief executive of Havenlink) says: Cranes are loud"))
    assert {row.speaker for row in said(store)} == {"Mira Okafor"}


def test_a_better_name_takes_the_lead_in_the_middle_of_a_document(store: Store, ingest: Ingest) -> None:
    words = "The new ferry line saves every commuter an hour"
    role = "(CEO of Havenlink)"
    text = f"Mira Okafor says: Cranes are loud\nMíra Ókaffor {role} says: {words}\nMira Okafor says that {words}"
    ingest(raw("o", f"Mira Okafor {role} says: {words}"), raw("p", text))
    rows = {row.text: (row.speaker, len(row.reports)) for row in said(store)}
    assert rows == {words: ("Míra Ókaffor", 3), "Cranes are loud": ("Míra Ókaffor", 1)}


def test_a_bare_surname_names_nobody_in_another_document(store: Store, ingest: Ingest) -> None:
    ingest(
        QUOTING, raw("s", "Okafor says: The harbour needs a second crane"), raw("s2", "Okafor says: Cranes are loud")
    )
    with store.reading() as session:
        assert len(list(speaker_rows.load(session, speaker_rows.named(session, "Okafor")))) == 3


def test_namesakes_with_roles_at_the_same_time_stay_apart(store: Store, ingest: Ingest) -> None:
    ingest(
        QUOTING,
        raw("w", "Mira Okafor (captain of Rowing Club) says: The harbour needs a second crane"),
        raw("w2", "Mira Okafor (skipper of Rowing Club) says: Cranes are loud"),
    )
    assert sorted((row.speaker_id, row.text) for row in said(store, kind="claim")) == [
        (2, "Cranes are loud"),
        (2, "The harbour needs a second crane"),
    ]


def test_groups_are_others_in_every_document(store: Store, ingest: Ingest, extractor: LineExtractor) -> None:
    extractor.kind = "group"
    ingest(raw("g", "Host says: Cranes are loud\nHost says: So are gulls"), raw("g2", "Host says: Boats are quiet"))
    hosts = {row.text: row.speaker_id for row in said(store)}
    assert hosts["Cranes are loud"] == hosts["So are gulls"] != hosts["Boats are quiet"]


def test_what_a_person_has_parted_is_never_merged_again(store: Store, ingest: Ingest) -> None:
    misspelt = "Mirra Okafoor (CEO of Havenlink) says:"
    ingest(QUOTING, raw("m", f"{misspelt} The harbour needs a second crane"))
    with store.transaction() as session:
        speakers.unmerge(session, 1, now=NOW)
    ingest(raw("m2", f"{misspelt} Cranes are loud"), raw("m3", QUOTING.text + "s"))
    assert {(row.speaker, row.text) for row in said(store, kind="claim")} == {
        ("Mirra Okafoor", "The harbour needs a second crane"),
        ("Mirra Okafoor", "Cranes are loud"),
    }
    with store.reading() as session:
        assert speakers.surviving_merges(session) == []


def test_the_same_speakers_come_of_documents_in_any_order(store: Store, ingest: Ingest) -> None:
    plain = raw("m", "Mirra Okafoor says: The harbour needs a second crane")
    in_role = raw("m2", "Mirra Okafoor (CEO of Havenlink) says: Cranes are loud")
    ingest(QUOTING, plain, in_role)
    assert {row.speaker for row in said(store)} == {"Mira Okafor"}


def test_speakers_who_turn_out_to_be_one_in_a_document_say_things_once(store: Store, ingest: Ingest) -> None:
    words = "The new ferry line saves every commuter an hour"
    ingest(QUOTING, raw("m", f"Mirra Okafoor says: {words}"))
    ingest(raw("n", f"Mira Okafor says: Gulls are loud\nMirra Okafoor (CEO of Havenlink) says that {words}"))
    rows = {row.text: (row.speaker, len(row.reports)) for row in said(store, kind="claim")}
    assert rows == {words: ("Mira Okafor", 2), "Gulls are loud": ("Mira Okafor", 1)}


def test_a_role_told_later_in_the_document_counts(store: Store, ingest: Ingest) -> None:
    ingest(QUOTING, raw("l", "Mirra Okafoor says: Gulls are loud\nMirra Okafoor (CEO of Havenlink) says: Cranes too"))
    assert {row.speaker for row in said(store)} == {"Mira Okafor"}


def test_unknown_speakers_have_statements_of_their_own(store: Store, ingest: Ingest, extractor: LineExtractor) -> None:
    extractor.anonymous = True
    ingest(QUOTING, raw("z", QUOTING.text + "!"))
    assert [(row.speaker, len(row.reports)) for row in said(store)] == [(None, 1), (None, 1)]


def test_the_extractor_is_not_loaded_when_nothing_is_new(ingest: Ingest) -> None:
    ingest(QUOTING)

    def unavailable() -> LineExtractor:
        raise AssertionError("nothing to extract")

    assert [r.status for r in ingest(QUOTING, extractor=unavailable)] == ["unchanged"]


def test_an_episode_learns_from_its_feed_where_the_recording_is(store: Store, ingest: Ingest) -> None:
    ingest(raw("e", "Ann predicts: Boats float", kind="transcript", times=((0, 75),)), raw("a", "Bo says: No"))
    teasers = [
        raw(
            name,
            "Notes.",
            complete=False,
            text_url="https://c.example/t",
            recording_url=f"https://c.example/{name}.mp3",
        )
        for name in ("e", "a")
    ]
    results = ingest(*teasers, *teasers, put_off=Entries(store=store, now=lambda: NOW).put_off)
    assert [result.status for result in results] == ["unchanged"] * 4
    addresses = {row.text: row.reports[0].moment_url for row in said(store)}
    assert addresses == {"Boats float": "https://c.example/e.mp3#t=75", "No": None}


def test_what_was_said_in_an_undated_document_is_dated_once_its_day_is_known(store: Store, ingest: Ingest) -> None:
    text = "Mira Okafor predicts that ferries will be late next year\nMira Okafor says that she likes boats"
    ingest(raw("a", text, published_at=None))
    assert {(row.said_on, row.horizon) for row in said(store)} == {(None, None)}
    (result,) = ingest(raw("a", text))
    assert (result.status, result.reason) == ("changed", "the same text, now with its day")
    (foretold,) = said(store, kind="prediction")
    assert foretold.horizon
    assert foretold.horizon.latest == dt.date(2025, 12, 31)
    assert {row.said_on for row in said(store)} == {"2024-12-03"}
    assert [result.status for result in ingest(raw("a", text))] == ["unchanged"]
    assert check(store) == []


def test_a_day_found_later_does_not_undo_what_a_person_accepted(store: Store, ingest: Ingest) -> None:
    text = "Mira Okafor predicts that ferries will be late next year"
    ingest(raw("a", text, published_at=None))
    (row,) = said(store)
    reviewing.accept(store, row.id, version=row.version, by="ana", now=NOW)
    ingest(raw("a", text))
    (row,) = said(store)
    assert (row.said_on, row.horizon, row.review) == ("2024-12-03", None, "accepted")


def test_what_was_said_long_ago_is_of_then_and_one_with_its_first_report(store: Store, ingest: Ingest) -> None:
    words = "ferries will be late in 2021"
    first = raw("a", f"Mira Okafor predicts that {words}", published_at=dt.datetime(2019, 5, 6, tzinfo=dt.UTC))
    for documents in ([first], [raw("b", f"In 2019, Mira Okafor predicts that {words}\nIt is recalled.")],
                      [raw("c", f"In 2019-05, Mira Okafor predicts that {words}\nIt is recalled again.")],
                      [raw("d", f"In 2018, Mira Okafor predicts that {words}\nThat was before.")]):  # fmt: skip
        ingest(*documents)
    assert [(row.said_on, len(row.reports)) for row in said(store)] == [("2019-05-06", 3), ("2018", 1)]
    assert check(store) == []
