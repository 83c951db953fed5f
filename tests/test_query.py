"""The query language: what is read, and what is said of a query that cannot be."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import QueryError
from kb.query import parse, spelled
from kb.query_tokens import quoted
from kb.types import AllOf, AnyOf, Filters, NotThis, Phrase

TODAY = dt.date(2026, 1, 31)
A, B, C = Phrase("a"), Phrase("b"), Phrase("c")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", None),
        ("a", A),
        ("a b", AllOf((A, B))),
        ("a AND b", AllOf((A, B))),
        ("a OR b c", AnyOf((A, AllOf((B, C))))),
        ("(a OR b) c", AllOf((AnyOf((A, B)), C))),
        ("a NOT b", AllOf((A, NotThis(B)))),
        ("a -b", AllOf((A, NotThis(B)))),
        ("NOT (a OR b)", NotThis(AnyOf((A, B)))),
        ('"a b"', Phrase("a b")),
        ("“a b” «c»", AllOf((Phrase("a b"), C))),
        ("a* b**", AllOf((Phrase("a", prefix=True), Phrase("b", prefix=True)))),
        ('"a b"*', Phrase("a b", prefix=True)),
        ("open-source", Phrase("open-source")),
        ("don't", Phrase("don't")),
        ("a - b -- c ?!", AllOf((A, B, C))),
        ("?!", Phrase("")),
        ("a or b", AllOf((A, Phrase("or"), B))),
        ("10:30 note: https://a.test/b", AllOf((Phrase("10:30"), Phrase("note:"), Phrase("https://a.test/b")))),
        ("a((b)c)", AllOf((A, B, C))),
    ],
)
def test_words(query: str, text: object) -> None:
    assert parse(query, today=TODAY) == Filters(text=text)


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("by:Delangue", Filters(by="Delangue")),
        ('BY:"Clément Delangue"', Filters(by="Clément Delangue")),
        ('by:"Smith, John"', Filters(by=("Smith, John",))),
        ('by:Smith,"Ann Lee" by:Smith', Filters(by=("Smith", "Ann Lee"))),
        ("in:CCN,daily.test", Filters(outlet=("CCN", "daily.test"))),
        ("kind:claim,opinion", Filters(kind=("claim", "opinion"))),
        ("kind:claim kind:opinion", Filters(kind=("claim", "opinion"))),
        ("a kind:claim OR KIND:opinion OR kind:question", Filters(text=A, kind=("claim", "opinion", "question"))),
        ("-kind:claim,opinion", Filters(without=(Filters(kind=("claim", "opinion")),))),
        ('about:"open source" in:www.daily.test/b', Filters(about="open source", outlet="www.daily.test/b")),
        ("kind:Prediction", Filters(kind="prediction")),
        ("verdict:true,late verdict:late", Filters(verdict=("true", "late"))),
        ("strength:likely quote:direct", Filters(strength=("likely",), quote=("direct",))),
        ("review:rejected,machine", Filters(review=("rejected", "machine"))),
        ('topic:"Hugging Face",Meta', Filters(topic=("Hugging Face", "Meta"))),
        ("since:2024-12 until:2025", Filters(since="2024-12", until="2025")),
        ("due:overdue", Filters(status="overdue")),
        ("due:30d", Filters(due_by=dt.date(2026, 3, 2))),
        ("due:2027", Filters(due_since=dt.date(2027, 1, 1), due_before=dt.date(2028, 1, 1))),
        ("due:..2026-06", Filters(due_before=dt.date(2026, 7, 1))),
        ("due:2026-06..", Filters(due_since=dt.date(2026, 6, 1))),
        ("due:2026..2027-06-03", Filters(due_since=dt.date(2026, 1, 1), due_before=dt.date(2027, 6, 4))),
        ("-by:Delangue NOT kind:claim", Filters(without=(Filters(by="Delangue"), Filters(kind="claim")))),
        ("a by:b", Filters(text=A, by="b")),
        ("a OR b by:b", Filters(text=AnyOf((A, B)), by="b")),
        ("by:b a OR b AND kind:claim", Filters(text=AnyOf((A, B)), by="b", kind="claim")),
        ("by:b AND a AND NOT kind:claim", Filters(text=A, by="b", without=(Filters(kind="claim"),))),
    ],
)  # fmt: skip
def test_filters(query: str, filters: Filters) -> None:
    assert parse(query, today=TODAY) == filters


@pytest.mark.parametrize(
    ("query", "column", "message"),
    [
        ("knd:prediction", 1, "did you mean kind"),
        ("a OR knd:x", 6, "did you mean kind"),
        ("kind:predction", 6, "takes claim, prediction, .*; did you mean prediction"),
        ("a kind:zzz", 8, "not 'zzz'"),
        ("kind:claim,opinon", 12, "did you mean opinion"),
        ("kind:claim OR kind:opinon", 20, "did you mean opinion"),
        ("kind:claim OR by:B", 1, "beside OR; put it at the end, several values as kind:a,b"),
        ("NOT by:A OR by:B", 5, "beside OR"),
        ("since:2024 OR since:2025", 21, "takes one value"),
        ("about:A about:B", 15, "given twice"),
        ("due:open due:2027", 14, "stands twice"),
        ("by: a", 4, "has no value"),
        ('by:""', 4, "has no value"),
        ("topic:a,", 9, "has no value"),
        ("since:2024-13", 7, "write 2024, 2024-12 or 2024-12-03"),
        ("due:overdu", 5, "did you mean overdue"),
        ("due:2027..2026", 5, "turn them round"),
        ("due:9999y", 5, "so far ahead"),
        ("a AND", 6, 'AND needs something after it; for the word itself write "and"'),
        ("OR a", 1, "OR needs something before it"),
        ("NOT", 4, "NOT needs something after it"),
        ("(a", 1, "never closed"),
        ("a)", 2, "closes nothing"),
        ("a ()", 4, "leave them out"),
        ('a "b', 3, "quotation mark is never closed"),
        ("a OR by:b", 6, "cannot stand in brackets or beside OR"),
        ("by:b OR a", 1, "beside OR; put it at the end"),
        ("NOT (a by:b)", 8, "cannot stand in brackets"),
        ("by:b AND", 6, "AND needs something before it"),
        ("NOT by:b NOT", 13, "NOT needs something after it"),
        ("(" * 30 + "a" + ")" * 30, 21, "brackets within brackets"),
        ("a " * 65, 129, "more than 64 words"),
    ],
)
def test_wrong_queries_name_the_place_and_the_fix(query: str, column: int, message: str) -> None:
    with pytest.raises(QueryError, match=f"^column {column}: .*{message}") as caught:
        parse(query, today=TODAY)
    assert caught.value.marked == f"{query}\n{' ' * (column - 1)}^"


def test_a_query_narrows_what_options_say_and_cannot_say_it_again() -> None:
    base = Filters(by="ann", text=B)
    assert parse("a kind:claim", today=TODAY, base=base) == Filters(by="ann", kind="claim", text=AllOf((B, A)))
    for again in ("by:bob", "a by:bob,cy"):
        with pytest.raises(QueryError, match="given twice, by an option and in the query; leave one out"):
            parse(again, today=TODAY, base=base)


def test_a_single_value_is_short_for_a_tuple_of_it() -> None:
    assert Filters(by="Bo", kind="claim", outlet=None) == Filters(by=("Bo",), kind=("claim",))  # type: ignore[arg-type]


@given(st.text(st.sampled_from('ab "“”()-*: ,ANDORT.kindy2'), max_size=30))
def test_every_query_is_read_or_refused_with_a_place(query: str) -> None:
    column = 0
    try:
        assert isinstance(parse(query, today=TODAY), Filters)
    except QueryError as error:
        column = error.column
    assert 0 <= column <= len(query)


WORDS = st.builds(Phrase, st.sampled_from(["a", "open source", "by:x", "AND"]), st.booleans())
TREES = st.recursive(
    WORDS,
    lambda parts: st.one_of(
        st.builds(NotThis, parts),
        st.builds(AllOf, st.lists(parts, min_size=2, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


def found(tree: object, has: set[str]) -> bool:
    match tree:
        case Phrase(words=words, prefix=prefix):
            return f"{words}{prefix}" in has
        case NotThis(of=inner):
            return not found(inner, has)
        case AllOf(of=parts):
            return all(found(part, has) for part in parts)
        case AnyOf(of=parts):
            return any(found(part, has) for part in parts)
    raise AssertionError(tree)


@given(TREES, st.sets(st.sampled_from([f"{w}{p}" for w in ("a", "open source", "by:x", "AND") for p in (True, False)])))
def test_what_is_spelled_reads_the_same(tree: object, has: set[str]) -> None:
    again = parse(spelled(tree), today=TODAY).text
    assert found(again, has) == found(tree, has)


@given(st.text(min_size=1).filter(str.strip))
def test_quoted_values_are_read_as_one(value: str) -> None:
    plain = "".join("'" if c in '"“”„«»' else c for c in value).strip()
    assert parse(f"by:{quoted(value)}", today=TODAY).by == (plain,)
