"""When two wordings are one statement: a table of pairs, and the conditions around them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ingest.same import Known, Saying, find_same, said_first, same_due, within_days
from kb.ingest.wording import read_wording, stem
from kb.types import Horizon

PAIRS = [json.loads(line) for line in Path("tests/data/ingest/same.jsonl").read_text("utf-8").splitlines()]
LONG = "China will start to lead the AI race, because it already leads in open source"


def saying(text: str, quote_kind: str = "direct", kind: str = "prediction", **fields: Any) -> Saying:
    fields = {"said_on": "2024-12-03", "document_id": 1} | fields
    return Saying(text=text, kind=kind, quote_kind=quote_kind, **fields)  # type: ignore[arg-type]


def horizon(year: int, phrase: str = "in 2025") -> Horizon:
    return Horizon(earliest=dt.date(year, 1, 1), latest=dt.date(year, 12, 31), precision="year", phrase=phrase,
                   rule="year", start=0, end=len(phrase))  # fmt: skip


def read(parts: list[str], document_id: int, fallback: str) -> Saying:
    return saying(parts[0], parts[1], parts[2] if len(parts) > 2 else fallback, document_id=document_id)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["why"])
@pytest.mark.parametrize("swap", [False, True], ids=["", "swapped"])
def test_pairs(pair: dict[str, Any], swap: bool) -> None:
    fallback = "claim" if "past" in pair["why"] else "prediction"
    a, b = read(pair["a"], 1, fallback), read(pair["b"], 2, fallback)
    new, old = (a, b) if swap else (b, a)
    assert (find_same(new, [Known(7, (old,))]) == 7) is pair["same"]


def test_every_item_of_a_list_stays_apart_and_gets_its_own_reports() -> None:
    items = [pair["a"][0] for pair in PAIRS[2:5]] + ["A big company will see its market value halved because of AI"]
    known = [Known(n, (saying(text, "self"),)) for n, text in enumerate(items)]
    for n, text in enumerate(items):
        others = [k for k in known if k.statement_id != n]
        assert find_same(saying(text, "self"), others) is None
    found = [find_same(saying(pair["b"][0], "indirect", document_id=2), known) for pair in PAIRS[2:5]]
    assert found == [0, 1, 2]


def test_the_wording_of_any_report_can_match() -> None:
    known = Known(3, (saying(LONG, "self"), saying("Beijing takes the first place", document_id=2)))
    assert find_same(saying("Beijing takes the first place", document_id=5), [known]) == 3


def test_a_fragment_inside_two_statements_belongs_to_neither() -> None:
    known = [
        Known(n, (saying(f"{text}, and the open models will win", "self"),)) for n, text in enumerate([LONG, "No"])
    ]
    assert find_same(saying("open models will win", document_id=2), known) is None
    assert find_same(saying("open models will win", document_id=2), known[:1]) == 0


def test_equal_words_win_over_containment() -> None:
    known = [Known(1, (saying(LONG, "self"),)), Known(2, (saying("China will start to lead the AI race", "self"),))]
    assert find_same(saying("China will start to lead the AI race", document_id=2), known) == 2


def test_two_quotations_of_one_document_are_two_sayings() -> None:
    old = saying("Robots will be sold in every large city")
    assert find_same(saying("Robots will really be sold in every large city"), [Known(1, (old,))]) is None


def test_a_document_that_quotes_a_part_again_repeats_itself() -> None:
    assert find_same(saying("start to lead the AI race"), [Known(1, (saying(LONG),))]) == 1
    assert find_same(saying("start to lead the AI race", "self"), [Known(1, (saying(LONG, "self"),))]) is None


def test_two_items_of_a_post_never_join_over_a_third_wording() -> None:
    first = saying("At least 40 new electric ferries will be ordered for the northern river", "self")
    report = saying("40 electric ferries would be ordered for the river", "indirect", document_id=2)
    second = saying("Some 40 electric ferries will be ordered for the river", "self")
    assert find_same(second, [Known(1, (report,))]) == 1
    assert find_same(second, [Known(1, (report, first))]) is None


@pytest.mark.parametrize(("said_on", "same"), [("2025-01-02", True), ("2024-11-20", True), ("2025-01-03", False),
                                               (None, True), ("2024-12", True), ("2023", False)])  # fmt: skip
def test_reports_lie_within_the_window(said_on: str | None, same: bool) -> None:
    new = saying(LONG, said_on=said_on, document_id=2)
    assert (find_same(new, [Known(1, (saying(LONG, "self"),))]) == 1) is same


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (horizon(2025), horizon(2025, "next year"), True),
        (horizon(2025), horizon(2026), True),  # the same phrase, read in a republication
        (horizon(2025), horizon(2026, "in 2026"), False),
        (horizon(2025), replace(horizon(2026, "soon"), latest=None), True),
        (horizon(2025, "in 2025"), replace(horizon(2026, "in 2026"), latest=None), False),  # a date taken back
        (horizon(2025, "in 2025"), replace(horizon(2025, "during 2025"), latest=None), True),
        (None, horizon(2025), True),
    ],
)
def test_due_dates(a: Horizon | None, b: Horizon | None, same: bool) -> None:
    assert same_due(a, b) is same_due(b, a) is same


def test_predictions_for_different_years_stay_apart_though_the_words_agree() -> None:
    a = saying("Half of all new city buses will be electric in 2027", horizon=horizon(2027, "in 2027"))
    b = saying(
        "Half of all new city buses will be electric", "indirect", document_id=2, horizon=horizon(2030, "by 2030")
    )
    assert find_same(b, [Known(1, (a,))]) is None
    assert find_same(replace(b, horizon=horizon(2027, "in three years")), [Known(1, (a,))]) == 1
    assert find_same(replace(a, text=a.text.replace("2027", "2030"), horizon=b.horizon), [Known(1, (a,))]) is None


def test_the_time_may_stand_in_one_wording_only() -> None:
    item = saying("The potential of AI will begin to show, with 15 million builders", "self", horizon=horizon(2025, ""))
    report = saying(
        "that the potential of AI will begin to show in 2025", "indirect", document_id=2, horizon=horizon(2025)
    )
    assert find_same(report, [Known(1, (item,))]) == 1


def test_said_first_is_the_earliest_known_date() -> None:
    assert said_first([saying("a", said_on=None), saying("b", said_on="2024-12-04"), saying("c")]) == "2024-12-03"
    assert said_first([saying("a", said_on=None)]) is None
    assert said_first([saying("a", said_on="2024"), saying("b", said_on="2024-12-04")]) == "2024-12-04"
    assert said_first([saying("a", said_on="2023"), saying("b", said_on="2024-12-04")]) == "2023"


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("$1.5 billion and 20 people", {1.5e9, 20}),
        ("100,000 robots, or 100k", {1e5}),
        ("twelve plants and two-thirds", {12.0, 2.0}),
        ("10.000", {10.0}),
        ("GPT4 and COVID-19", {19.0}),
        ("no one", set()),
    ],
)
def test_numbers(words: str, numbers: set[float]) -> None:
    assert read_wording(words).numbers == numbers


@pytest.mark.parametrize("forms", [["lead", "leading", "leads"], ["rise", "rises", "rising"], ["sell", "selling"],
                                   ["company", "companies"], ["stop", "stopped"], ["labour", "labor"]])  # fmt: skip
def test_stems_join_inflections(forms: list[str]) -> None:
    assert len({stem(form) for form in forms}) == 1


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_compare_and_equal_texts_are_the_same(a: str, b: str) -> None:
    assert find_same(saying(a, document_id=2), [Known(1, (saying(b),))]) in (None, 1)
    if read_wording(a).words.strip():
        assert find_same(saying(a, document_id=2), [Known(1, (saying(a),))]) == 1


@given(
    st.sampled_from(["2024", "2024-12", "2024-12-03", "2025-01-02", None]),
    st.sampled_from(["2024-11-30", "2025", None]),
)
def test_the_window_is_symmetric(a: str | None, b: str | None) -> None:
    assert within_days(a, b) is within_days(b, a)
