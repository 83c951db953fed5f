"""Queries, pages and facets on a small record, on both databases."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import NOW, Record, due

from kb import ask, watching
from kb.errors import InputError, JudgementError, NotFoundError, QueryError
from kb.outcomes import resolve
from kb.query import parse
from kb.store import Store, statements, tables
from kb.types import AllOf, AnyOf, FacetName, Filters, NotThis, Phrase, Sort, StatementData, TextQuery

TODAY = dt.date(2026, 1, 31)


def found(store: Store, query: str) -> set[str]:
    return {row.text for row in ask.said(store, parse(query, today=TODAY), TODAY)}


TEXTS = ["Robots will sell", "A robot’s day", "Le Café", "open source wins", "a prediction about robotland"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("robot", {0, 1}),
        ("robot*", {0, 1, 4}),
        ("predicti*", {4}),
        ("robot sell", {0}),
        ("cafe OR sell", {0, 2}),
        ("CAFÉ", {2}),
        ("caf*", {2}),
        ("robot -sell", {1}),
        ("NOT robot", {2, 3, 4}),
        ("NOT robot NOT cafe", {3, 4}),
        ("cafe OR NOT robot", {2, 3, 4}),
        ("(robot OR wins) NOT (day OR cafe)", {0, 3}),
        ('"open source"', {3}),
        ('"open sour"*', {3}),
        ('"source open"', set()),
        ("open-source", {3}),
        ("?!", set()),
        ("robot ?!", {0, 1}),
        ("", {0, 1, 2, 3, 4}),
    ],
)
def test_words(record: Record, query: str, expected: set[int]) -> None:
    for text in TEXTS:
        record.said(None, text)
    assert found(record.store, query) == {TEXTS[i] for i in expected}


def trees(words: list[str]) -> st.SearchStrategy[TextQuery]:
    leaves = st.builds(Phrase, st.sampled_from(words), st.booleans())
    return st.recursive(
        leaves,
        lambda parts: st.one_of(
            st.builds(NotThis, parts),
            st.builds(AllOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        ),
        max_leaves=5,
    )


def says(text: str, query: TextQuery) -> bool:
    match query:
        case Phrase(words=words, prefix=prefix):
            return f" {words}" in f" {text}" if prefix else f" {words} " in f" {text} "
        case NotThis(of=inner):
            return not says(text, inner)
        case AllOf(of=parts):
            return all(says(text, part) for part in parts)
        case AnyOf(of=parts):
            return any(says(text, part) for part in parts)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=trees(["bok", "dax", "zug bok", "zu", "dax zug"]))
def test_every_tree_of_words_finds_what_it_says(record: Record, query: TextQuery) -> None:
    texts = ["bok", "bok dax", "dax zug", "zug bok", "zugo dax", "qux"]
    if not ask.said(record.store, Filters()):
        for text in texts:
            record.said(None, text)
    rows = ask.said(record.store, Filters(text=query), TODAY)
    assert {row.text for row in rows} == {text for text in texts if says(text, query)}


def filled(record: Record) -> dict[str, int]:
    """Statements of several kinds by what they are called here."""
    ann, bob = record.speaker("Ann Lee"), record.speaker("Bob Ray")
    made = {
        "late": record.said(
            ann, "boats will sink", on="2024-05", horizon=due("2025-12-31"), mentions=(("Meta", "ORG"),)
        ),
        "soon": record.said(ann, "boats will float", on="2025-05-01", horizon=due("2026-02-20")),
        "done": record.said(bob, "boats will burn", on="2025-01-01", horizon=due("2025-06-30")),
        "claim": record.said(bob, "boats are wet", kind="claim", on=None),
    }
    resolve(
        record.store, made["done"], "true", evidence=["https://a.test/"], recorded_by="ana", now=NOW.replace(year=2026)
    )
    data = StatementData(kind="opinion", text="boats are nice")
    with record.store.transaction() as session:
        made["opinion"] = statements.insert(session, None, data, said_on="2025")
    where = {"publisher": "The Daily", "url": "https://www.daily.test/1"}
    record.report(made["opinion"], data, record.document("“boats are nice”", **where))
    with record.store.transaction() as session:
        session.get_one(tables.Statement, made["claim"]).review = "accepted"
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("boats", {"late", "soon", "done", "claim", "opinion"}),
        ("by:ann", {"late", "soon"}),
        ("-by:ann", {"done", "claim", "opinion"}),
        ('in:"the daily"', {"opinion"}),
        ("-in:daily.test kind:claim", {"claim"}),
        ("kind:opinion", {"opinion"}),
        ("-kind:opinion -kind:claim", {"late", "soon", "done"}),
        ("verdict:true,mostly", {"done"}),
        ("verdict:false", set()),
        ("due:overdue", {"late"}),
        ("due:resolved", {"done"}),
        ("due:30d", {"late", "soon"}),
        ("due:2026", {"soon"}),
        ("due:..2025", {"late", "done"}),
        ("due:2025-07..", {"late", "soon"}),
        ("quote:indirect review:accepted", {"claim"}),
        ("review:machine -quote:direct", {"late", "soon", "done", "opinion"}),
        ("topic:meta", {"late"}),
        ("topic:met", set()),
        ("about:meta", {"late"}),
        ("-topic:Meta since:2025", {"soon", "done", "opinion"}),
        ("strength:likely", set()),
    ],
)
def test_filters(record: Record, query: str, expected: set[str]) -> None:
    made = filled(record)
    rows = ask.said(record.store, parse(query, today=TODAY), TODAY)
    assert {name for name, id_ in made.items() if id_ in {row.id for row in rows}} == expected
    assert len(rows) == len(expected)
    listed = {entry.statement.id for entry in ask.timeline(record.store, parse(query, today=TODAY), TODAY)}
    assert listed == {row.id for row in rows}


def walk(store: Store, filters: Filters, sort: Sort, size: int) -> list[int]:
    """Every page from the first to the last, checked on the way back."""
    page = ask.page(store, filters, size=size, sort=sort, today=TODAY)
    pages = [page]
    assert page.previous is None
    while page.next:
        page = ask.page(store, filters, page.next, size=size, sort=sort, today=TODAY)
        pages.append(page)
    for after, before in zip(pages[:0:-1], pages[-2::-1], strict=True):
        assert after.previous
        again = ask.page(store, filters, after.previous, size=size, sort=sort, today=TODAY)
        assert [row.id for row in again.rows] == [row.id for row in before.rows]
        assert again.next
        assert (again.previous is None) == (before is pages[0])
    return [row.id for page in pages for row in page.rows]


@pytest.mark.parametrize("sort", ["date", "relevance"])
def test_pages_hold_everything_once_in_order(record: Record, sort: Sort) -> None:
    dates = ["2024", "2024-06", "2024-06-15", None, "2025-01-01", None, "2024-06-15"]
    for number, date in enumerate(dates):
        record.said(None, f"boats {'sail ' * (number % 3)} {number}", on=date)
    record.said(None, "nothing else", on="2024")
    for filters in (Filters(words="boats"), Filters(), Filters(text=NotThis(Phrase("else")))):
        whole = [row.id for row in ask.said(record.store, filters, TODAY, sort=sort)]
        for size in (1, 2, 3, 20):
            assert walk(record.store, filters, sort, size) == whole
    page = ask.page(record.store, Filters(words="boats"), size=3, today=TODAY)
    assert (page.total, page.more, len(page.rows)) == (7, False, 3)


def test_the_best_match_comes_first(record: Record) -> None:
    long = record.said(None, "somewhere in this long statement about many things there is a boat and much else besides")
    short = record.said(None, "boat boat", on="2020")
    rows = ask.said(record.store, Filters(words="boat"), sort="relevance")
    assert [row.id for row in rows] == [short, long]
    assert [row.id for row in ask.said(record.store, Filters(words="boat", limit=1), sort="relevance")] == [short]


@pytest.mark.parametrize("sort", ["date", "relevance"])
def test_statements_added_between_two_pages_move_nothing(record: Record, sort: Sort) -> None:
    for number in range(6):
        record.said(None, f"boats {'sail ' * number}", on=f"2024-0{number + 1}")
    before = [row.id for row in ask.said(record.store, Filters(words="boats"), sort=sort)]
    seen = ask.page(record.store, Filters(words="boats"), size=3, sort=sort)
    for _ in range(3):
        record.said(None, "boats", on="2025")
        record.said(None, "unlike anything before", on="2025")
    rest = ask.page(record.store, Filters(words="boats"), seen.next, size=20, sort=sort)
    assert [row.id for row in seen.rows] + [row.id for row in rest.rows if row.id <= max(before)] == before


def test_pages_of_what_can_be_tested(record: Record) -> None:
    ann = record.speaker("Ann Lee")
    testable = [
        record.said(ann, f"{n} boats will sink", on=f"2024-0{n}", horizon=due("2025-12-31")) for n in range(1, 6)
    ]
    record.said(ann, "boats may perhaps float")
    assert walk(record.store, Filters(testable=True), "date", 2) == testable[::-1]


@pytest.mark.parametrize("cursor", ["", "x", "e30", "W10", "é", "WyJkYXRlIiwgMSwgMiwgMy4wLCAxXQ"])
def test_a_cursor_that_no_page_gave(record: Record, cursor: str) -> None:
    record.said(None, "boats")
    if cursor:
        with pytest.raises(InputError, match="cursor"):
            ask.page(record.store, Filters(), cursor)
    else:
        assert len(ask.page(record.store, Filters(), cursor).rows) == 1


def test_a_cursor_of_another_order(record: Record) -> None:
    record.said(None, "boats"), record.said(None, "boats")
    cursor = ask.page(record.store, Filters(words="boats"), size=1).next
    with pytest.raises(InputError, match="another list"):
        ask.page(record.store, Filters(words="boats"), cursor, sort="relevance")


def test_a_facet_is_counted_without_its_own_filter(record: Record) -> None:
    filled(record)
    record.said(record.speaker("Cy Fox"), "boats, boats", kind="other")

    def values(query: str, facet: FacetName) -> dict[str, int]:
        counts = getattr(ask.facets(record.store, parse(query, today=TODAY), TODAY), facet)
        return {one.value: one.count for one in counts}

    assert values("boats kind:claim", "kind") == {"prediction": 3, "claim": 1, "opinion": 1}
    assert values("boats kind:claim", "speaker") == {"Bob Ray": 1}
    assert values("boats kind:claim,other", "kind") == {"prediction": 3, "claim": 1, "opinion": 1, "other": 1}
    assert values("by:ann kind:prediction", "speaker") == {"Ann Lee": 2, "Bob Ray": 1}
    assert values("by:ann", "kind") == {"prediction": 2}
    assert values("in:daily.test", "outlet") == {"The Daily": 1}
    assert values("since:2025", "year") == {"2025": 3, "2024": 1}
    assert values("verdict:false", "verdict") == {"true": 1, "false": 0}
    assert values('kind:claim by:bob,"Ann Lee"', "speaker") == {"Bob Ray": 1, "Ann Lee": 0}
    assert values("in:daily,elsewhere", "outlet") == {"The Daily": 1, "elsewhere": 0}
    assert values("-kind:claim", "kind") == {"prediction": 3, "opinion": 1}


def test_what_a_query_asks_for_is_shown_however_rare(record: Record) -> None:
    speakers = [record.speaker(f"Speaker {number:02}") for number in range(20)]
    for place, speaker in enumerate(speakers):
        for number in range(20 - place):
            record.said(speaker, f"words of {place} and {number}", kind="claim")
    facets = ask.facets(record.store, Filters(by=("Speaker 19", "Speaker 02")))
    assert [one.value for one in facets.speaker] == [*(f"Speaker {number:02}" for number in range(12)), "Speaker 19"]
    assert facets.speaker[-1].count == 1


def test_facets_count_and_name_the_filter(record: Record) -> None:
    filled(record)
    facets = ask.facets(record.store, Filters(words="boats"), TODAY)
    assert [(c.value, c.query, c.count) for c in facets.speaker] == [("Ann Lee", "by:1", 2), ("Bob Ray", "by:2", 2)]
    assert [(c.value, c.query, c.count) for c in facets.outlet] == [("The Daily", 'in:"The Daily"', 1)]
    assert [(c.value, c.count) for c in facets.kind] == [("prediction", 3), ("claim", 1), ("opinion", 1)]
    assert [(c.value, c.query, c.count) for c in facets.year] == [
        ("2025", "since:2025 until:2025", 3),
        ("2024", "since:2024 until:2024", 1),
    ]
    assert [(c.value, c.count) for c in facets.verdict] == [("true", 1)]
    assert (facets.counted, facets.complete) == (5, True)
    for count in (*facets.speaker, *facets.outlet, *facets.kind, *facets.year, *facets.verdict):
        assert len(found(record.store, f"boats {count.query}")) == count.count


def test_of_several_values_any_one_will_do(record: Record) -> None:
    filled(record)
    either = found(record.store, "boats by:ann,bob")
    assert sorted(either) == sorted([*found(record.store, "boats by:ann"), *found(record.store, "boats by:bob")])
    kinds = found(record.store, "boats kind:claim OR kind:opinion")
    assert len(kinds) == 2
    assert set(found(record.store, "boats -kind:claim,opinion")) == set(found(record.store, "boats")) - set(kinds)
    assert found(record.store, 'boats in:nowhere,"The Daily"') == found(record.store, 'boats in:"The Daily"')
    with pytest.raises(NotFoundError, match="Zebedee"):
        found(record.store, "boats by:ann,Zebedee")


def test_outlets_without_a_publisher_are_called_by_their_host(record: Record) -> None:
    for number, url in enumerate(("https://www.daily.test/a?b", "http://daily.test", "not an address")):
        data = StatementData(kind="claim", text=f"boat {number}")
        with record.store.transaction() as session:
            statement_id = statements.insert(session, None, data, said_on=None)
        record.report(statement_id, data, record.document(f"“boat {number}”", url=url))
    facets = ask.facets(record.store, Filters())
    assert [(count.value, count.count) for count in facets.outlet if count.value == "daily.test"] == [("daily.test", 2)]


def test_a_saved_search_tells_each_statement_once(record: Record) -> None:
    ann = record.speaker("Ann Lee")
    first = record.said(ann, "boats will sink", horizon=due("2026-01-15"))
    row = watching.add(record.store, "boats by:ann", name="boats", now=NOW)
    assert (row.name, row.query, row.hits) == ("boats", "boats by:ann", 1)
    assert watching.new_hits(record.store, TODAY) == []
    second = record.said(ann, "boats will float")
    record.said(None, "boats will burn")
    (hits,) = watching.new_hits(record.store, TODAY)
    assert (hits.watch.name, hits.watch.hits, [row.id for row in hits.rows]) == ("boats", 2, [second])
    assert watching.new_hits(record.store, TODAY) == []
    watching.add(record.store, "due:overdue", now=NOW)
    (hits,) = watching.new_hits(record.store, TODAY)
    assert (hits.watch.name, [row.id for row in hits.rows]) == ("due:overdue", [first])
    assert watching.remove(record.store, "boats").id == row.id
    assert [row.name for row in watching.rows(record.store)] == ["due:overdue"]


def test_saved_searches_that_cannot_be(record: Record) -> None:
    record.speaker("Ann Lee")
    watching.add(record.store, "by:ann", now=NOW)
    for query, error in (("kind:x", QueryError), ("by:nobody", NotFoundError), ("by:ann", JudgementError)):
        with pytest.raises(error):
            watching.add(record.store, query, now=NOW)
    with pytest.raises(NotFoundError, match=r"known: by:ann"):
        watching.remove(record.store, "boats")
    with record.store.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM alias")
    (hits,) = watching.new_hits(record.store)
    assert (hits.rows, "nobody" in hits.problem or "no speaker" in hits.problem) == ((), True)
