"""Queries narrowed and widened by a click: the rest of the query means what it meant."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.query import parse
from kb.types import FacetCount, Facets, Filters
from kb.web.pages.choices import Choice, chips, choices
from kb.web.pages.queries import with_filter, with_value, without_filter, without_values

TODAY = dt.date(2026, 1, 31)
NO_FACETS = Facets(speaker=(), outlet=(), kind=(), year=(), verdict=(), counted=0, complete=True)


@pytest.mark.parametrize(
    ("query", "added"),
    [
        ("", "kind:prediction"),
        ("kind:claim", "kind:claim,prediction"),
        ("kind:claim sea", "sea kind:claim,prediction"),
        ("sea AND kind:claim", "sea kind:claim,prediction"),
        ("KIND:claim OR kind:opinion", "kind:claim,opinion,prediction"),
        ("kind:claim kind:opinion", "kind:claim,prediction kind:opinion"),
        ("NOT kind:claim", "-kind:claim kind:prediction"),
        ("sea -kind:claim", "sea -kind:claim kind:prediction"),
        ("sea OR tide", "(sea OR tide) kind:prediction"),
        ("(sea OR tide) -war", "(sea OR tide) -war kind:prediction"),
        ('“open source” robo* by:"Smith, John"', '“open source” robo* by:"Smith, John" kind:prediction'),
        ("10:30 https://a.test/kind:x", "10:30 https://a.test/kind:x kind:prediction"),
        ('"says kind:claim"', '"says kind:claim" kind:prediction'),
    ],
)
def test_one_more_value(query: str, added: str) -> None:
    assert with_value(query, "kind", "prediction") == added
    assert parse(added, today=TODAY).text == parse(query, today=TODAY).text


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("kind:claim", ""),
        ("sea kind:claim,prediction", "sea kind:prediction"),
        ("sea AND kind:Claim", "sea"),
        ("kind:claim OR kind:opinion", "kind:opinion"),
        ("kind:claim kind:opinion kind:claim", "kind:opinion"),
        ("-kind:claim", "-kind:claim"),
        ("by:claim about:claim", "by:claim about:claim"),
    ],
)
def test_one_value_less(query: str, left: str) -> None:
    assert without_values(query, "kind", ["claim"]) == left


def test_filters_take_the_place_of_others_of_their_names() -> None:
    assert with_filter("sea in:A,B -in:C", 'in:"The Daily"') == 'sea -in:C in:"The Daily"'
    assert with_filter("since:2024-03 by:1", "since:2023 until:2023") == "by:1 since:2023 until:2023"
    assert without_filter("sea since:2024 until:2025", "since:2024 until:2024") == "sea until:2025"


PARTS = st.lists(
    st.sampled_from(
        ["sea", "-tide", '"a b"', "(x OR y)", "kind:claim", "-kind:opinion", "by:1,Bo", 'in:"A, B"', "due:2026"]
    ),
    unique=True,
).map(" ".join)


@given(PARTS, st.sampled_from([("kind", "prediction"), ("by", "Ann Lee"), ("in", 'The "Daily", too')]))
def test_a_value_added_and_taken_out_leaves_what_there_was(query: str, new: tuple[str, str]) -> None:
    name, value = new
    again = without_values(with_value(query, name, value), name, [value.replace('"', "'")])
    assert parse(again, today=TODAY) == parse(query, today=TODAY)


def speaker_choices(query: str, *names: str) -> dict[str, Choice]:
    counts = tuple(FacetCount(name, f"by:{number}", 1) for number, name in enumerate(names, start=1))
    facets = Facets(speaker=counts, outlet=(), kind=(), year=(), verdict=(), counted=1, complete=True)
    return {choice.label: choice for choice in choices(query, facets)[0][1]}


@pytest.mark.parametrize(
    ("query", "on", "changed"),
    [
        ("by:1", True, ""),
        ('by:"ann lée",2', True, "by:2"),
        ("by:ann", True, ""),
        ("by:1,ann,2", True, "by:2"),
        ("by:2", False, "by:2,1"),
        ("by:lee", False, "by:1"),
        ("by:lee,2", False, "by:2,1"),
        ("by:11", False, "by:11,1"),
        ("-by:1", False, "-by:1 by:1"),
    ],
)
def test_a_speaker_is_chosen_by_number_name_or_a_part_that_fits_nobody_else(query: str, on: bool, changed: str) -> None:
    ann = speaker_choices(query, "Ann Lee", "Bo Lee")["Ann Lee"]
    assert (ann.on, ann.changed) == (on, changed)


def test_a_whole_name_does_not_choose_a_longer_one() -> None:
    counts = (FacetCount("The Daily", 'in:"The Daily"', 2), FacetCount("The Daily Mail", 'in:"The Daily Mail"', 1))
    facets = Facets(speaker=(), outlet=counts, kind=(), year=(), verdict=(), counted=1, complete=True)
    daily, mail = choices('in:"The Daily"', facets)[1][1]
    assert (daily.on, daily.changed) == (True, "")
    assert (mail.on, mail.changed) == (False, 'in:"The Daily","The Daily Mail"')


def test_every_value_of_a_query_can_be_left_out_by_itself() -> None:
    found = list(chips("sea kind:claim,opinion -in:A,B about:x,y due:2026", NO_FACETS))
    assert [(chip.label, chip.without) for chip in found] == [
        ("kind:claim", "sea kind:opinion -in:A,B about:x,y due:2026"),
        ("kind:opinion", "sea kind:claim -in:A,B about:x,y due:2026"),
        ("-in:A,B", "sea kind:claim,opinion about:x,y due:2026"),
        ("about:x,y", "sea kind:claim,opinion -in:A,B due:2026"),
        ("due:2026", "sea kind:claim,opinion -in:A,B about:x,y"),
    ]
    assert parse(found[0].without, today=TODAY) != Filters()
