"""Partial dates and horizons: tables of sentences beside the tests, then properties over any text."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.dates import Calendar, find_horizon, find_horizons, first_day, last_day, parse_partial, read_events
from kb.dates.rules import PARTS, RELATIONS, RULES, grammar
from kb.errors import InputError

DATA = Path(__file__).parent.parent / "data" / "dates"
SAID_ON = dt.date(2024, 12, 3)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def day(iso: str | None) -> dt.date | None:
    return dt.date.fromisoformat(iso) if iso else None


def show(case: dict[str, Any]) -> str:
    return str(case["text"])


# --- horizons ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("reference.jsonl"), ids=show)
def test_reference_sentences(case: dict[str, Any]) -> None:
    found = find_horizon(case["text"], day(case["said_on"]))
    assert (found.latest if found else None) == day(case["end"])
    if case["start"]:
        assert found is not None
        assert found.earliest == day(case["start"])


@pytest.mark.parametrize("case", cases("more.jsonl"), ids=show)
def test_more_sentences(case: dict[str, Any]) -> None:
    found = find_horizon(case["text"], day(case["said_on"]))
    if case["precision"] is None:
        assert found is None
        return
    assert found is not None
    assert (found.earliest, found.latest) == (day(case["start"]), day(case["end"]))
    assert found.precision == case["precision"]
    assert "strict" not in case or found.strict_latest == day(case["strict"])
    assert found.rule == case.get("rule", found.rule)


def test_the_sentences_are_many_and_many_of_them_set_no_date() -> None:
    undated = [case for case in cases("more.jsonl") if case["precision"] is None]
    assert len(cases("more.jsonl")) >= 300
    assert len(undated) >= 80


@pytest.mark.parametrize(
    ("phrase", "latest", "strict"),
    [
        ("by 2030", "2030-12-31", "2029-12-31"),
        ("until 2030", "2030-12-31", "2029-12-31"),
        ("by March 2026", "2026-03-31", "2026-02-28"),
        ("by next week", "2024-12-15", "2024-12-08"),
        ("before the 2027 referendum", "2027-12-31", "2026-12-31"),
        ("by the end of 2030", "2030-12-31", None),
        ("by mid-2030", "2030-06-30", None),
        ("by the start of 2030", "2030-01-01", None),
        ("by 5 May 2030", "2030-05-05", None),
        ("no later than 2030", "2030-12-31", None),
        ("by 2030 at the latest", "2030-12-31", None),
        ("through 2030", "2030-12-31", None),
        ("before 2030", "2029-12-31", None),
        ("in 2030", "2030-12-31", None),
        ("by December", "2024-12-31", None),
    ],
)
def test_both_readings_are_kept_where_there_are_two(phrase: str, latest: str, strict: str | None) -> None:
    found = find_horizon(f"It will be done {phrase}", SAID_ON)
    assert found is not None
    assert (found.latest, found.strict_latest) == (day(latest), day(strict))


def test_horizons_come_in_text_order_with_their_words() -> None:
    text = "Soon we hire, “by late 2026” we ship, and in the 2030s it’s everywhere."
    found = find_horizons(text, SAID_ON)
    assert [horizon.phrase for horizon in found] == ["Soon", "by late 2026", "in the 2030s"]
    assert [horizon.rule for horizon in found] == ["vague-soon", "by-late-year", "in-decade"]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("In 2026 we start, by 2030 we are done", "by 2030"),
        ("After 2026 and in 2028", "in 2028"),
        ("Someday, after 2026", "after 2026"),
        ("In 2027, or in 2028", "In 2027"),
    ],
)
def test_the_statement_is_due_by_its_firmest_phrase(text: str, phrase: str) -> None:
    found = find_horizon(text, SAID_ON)
    assert found is not None
    assert found.phrase == phrase


@pytest.mark.parametrize(
    "text", ["It opens next year", "It opens in two years", "It opens on Friday", "It opens in May"]
)
def test_without_a_day_of_speaking_relative_phrases_are_vague(text: str) -> None:
    found = find_horizon(text, None)
    assert found is not None
    assert (found.earliest, found.latest, found.precision, found.rule) == (None, None, "vague", "needs-date")


def test_without_a_day_of_speaking_absolute_phrases_are_dated() -> None:
    found = find_horizon("It opens in 2025", None)
    assert found is not None
    assert (found.earliest, found.latest) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Sales will double in FY26", "2025-10-01", "2026-09-30"),
        ("Sales will double in Q1 FY26", "2025-10-01", "2025-12-31"),
        ("Sales will double in the third quarter of fiscal 2026", "2026-04-01", "2026-06-30"),
        ("Sales will double next fiscal year", "2025-10-01", "2026-09-30"),
        ("Sales will double next fiscal quarter", "2025-01-01", "2025-03-31"),
        ("Sales will double in 2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_fiscal_years_start_where_the_company_says(text: str, start: str, end: str) -> None:
    found = find_horizon(text, SAID_ON, calendar=Calendar(fiscal_start_month=10))
    assert found is not None
    assert (found.earliest, found.latest) == (day(start), day(end))


PIECES = st.sampled_from(
    """by before until the World Cup 2026 election Expo
    after in on the end of mid- early late next last this within from between and to or now 2026
    2030s Q3 3Q26 March May 15 15th 2025-06-30 03/04/2027 Friday tomorrow year decade two years from now soon in 5 to 10
    weeks 999 centuries Christmas “quoted” 😀 é ’s — ، said will rose , . \n \r\n 1,000 9999999 ٢٠٢٦ İ""".split(" ")
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join))


CALENDARS = st.builds(
    Calendar, fiscal_start_month=st.integers(1, 12), events=st.sampled_from([(), read_events({"Expo": "2030-10"})])
)


@given(TEXTS, st.none() | st.dates(), CALENDARS)
def test_every_horizon_is_sound(text: str, said_on: dt.date | None, calendar: Calendar) -> None:
    found = find_horizons(text, said_on, calendar=calendar)
    for horizon in found:
        assert text[horizon.start : horizon.end] == horizon.phrase
        assert horizon.phrase.strip() == horizon.phrase != ""
        assert (horizon.latest is None) == (horizon.precision == "vague")
        if horizon.latest and said_on:
            assert horizon.latest >= said_on
        if horizon.latest and horizon.earliest:
            assert horizon.earliest <= horizon.latest
        if horizon.strict_latest:
            assert horizon.latest
            assert (said_on or dt.date.min) <= horizon.strict_latest < horizon.latest
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert find_horizon(text, said_on, calendar=calendar) in [*found, None]


@given(DAYS, st.integers(1, 900))
def test_months_ahead_keep_the_day_or_end_the_month(said_on: dt.date, months: int) -> None:
    found = find_horizon(f"It will be done within {months} months", said_on)
    assert found is not None
    assert found.latest is not None
    assert (found.latest.year - said_on.year) * 12 + found.latest.month - said_on.month == months
    assert found.latest.day == min(said_on.day, calendar.monthrange(found.latest.year, found.latest.month)[1])


@given(DAYS, st.sampled_from(["Monday", "Thursday", "Sunday"]))
def test_a_weekday_to_come_is_within_the_week(said_on: dt.date, name: str) -> None:
    found = find_horizon(f"They will vote on {name}", said_on)
    assert found is not None
    assert found.latest is not None
    assert f"{found.latest:%A}" == name
    assert 0 <= (found.latest - said_on).days < 7


@given(DAYS, st.integers(1, 4))
def test_a_quarter_without_a_year_is_the_next_to_end(said_on: dt.date, number: int) -> None:
    found = find_horizon(f"Margins will recover in Q{number}", said_on)
    assert found is not None
    assert found.latest is not None
    assert found.latest.month == 3 * number
    assert 0 <= (found.latest - said_on).days <= 366


@pytest.mark.parametrize(
    "unit", ["1234567890", "2030 ", "by the end of ", "in twenty-five ", "in the next ", " ", "12/12/"]
)
def test_long_dull_texts_are_read(unit: str) -> None:
    assert find_horizons(unit * (200_000 // len(unit)), SAID_ON) == []


def test_no_pattern_repeats_without_a_bound() -> None:
    """What makes the search linear: no ``*``, ``+`` or ``{n,}``; the ``+`` of ``{2,9}+`` only gives nothing back."""
    pattern = re.sub(r"\[[^]]*\]|\\.", "x", grammar(("world cup",)).phrase.pattern).replace("}+", "}")
    assert not re.search(r"[*+]|\{\d*,\}", pattern)


def test_rule_ids_are_words() -> None:
    names = [rule.id for rule in RULES] + list(RELATIONS) + list(PARTS)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


# --- partial dates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("partial", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-12-03", "2024-12-03", "2024-12-03"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_partial_dates_cover_days(partial: str, first: str, last: str) -> None:
    assert parse_partial(f" {partial}\n") == partial
    assert (first_day(partial), last_day(partial)) == (day(first), day(last))


@pytest.mark.parametrize(
    "text", ["", "24", "2025-13", "2025-13-45", "2025-02-29", "2025-1-1", "2025-", "20250101", "0000", "soon", "٢٠٢٥"]
)
def test_other_texts_are_no_partial_dates(text: str) -> None:
    with pytest.raises(InputError, match="is not a date: write a year, month or day"):
        parse_partial(text)


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_a_day_lies_in_its_partial_dates(date: dt.date, length: int) -> None:
    partial = date.isoformat()[:length]
    assert first_day(partial) <= date <= last_day(partial)
    assert last_day(partial).isoformat().startswith(partial)
