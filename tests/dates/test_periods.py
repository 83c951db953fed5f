"""Calendar periods: their parts, feast days, and arithmetic over month ends."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.dates import periods
from kb.dates.periods import Edge, Period

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
UNITS = st.sampled_from(["week", "month", "quarter", "half", "year", "decade", "century"])


@pytest.mark.parametrize(
    ("period", "edge", "start", "end", "by"),
    [
        (periods.year(2026), "early", "2026-01-01", "2026-04-30", "2026-04-30"),
        (periods.year(2026), "mid", "2026-05-01", "2026-08-31", "2026-06-30"),
        (periods.year(2026), "late", "2026-09-01", "2026-12-31", "2026-12-31"),
        (periods.year(2026), "start", "2026-01-01", "2026-04-30", "2026-01-01"),
        (periods.year(2026), "second-half", "2026-07-01", "2026-12-31", "2026-12-31"),
        (periods.year(2026), "rest", "2026-03-15", "2026-12-31", "2026-12-31"),
        (periods.month(2026, 3), "early", "2026-03-01", "2026-03-10", "2026-03-10"),
        (periods.month(2026, 3), "mid", "2026-03-11", "2026-03-20", "2026-03-15"),
        (periods.quarter(2026, 2), "late", "2026-06-01", "2026-06-30", "2026-06-30"),
        (periods.week(dt.date(2026, 3, 4)), "early", "2026-03-02", "2026-03-03", "2026-03-03"),
        (periods.one_day(dt.date(2026, 3, 4)), "late", "2026-03-04", "2026-03-04", "2026-03-04"),
    ],
)
def test_parts(period: Period, edge: Edge, start: str, end: str, by: str) -> None:
    part = periods.part(period, edge, dt.date(2026, 3, 15))
    assert [part.start.isoformat(), part.end.isoformat(), part.by.isoformat()] == [start, end, by]


def test_before_a_part() -> None:
    year = periods.year(2026)
    before = {edge: periods.part(year, edge, None).before.isoformat() for edge in ("start", "early", "mid", "end")}
    assert before == {"start": "2025-12-31", "early": "2025-12-31", "mid": "2026-06-30", "end": "2026-12-31"}


@pytest.mark.parametrize("iso", ["1961-04-02", "2000-04-23", "2024-03-31", "2025-04-20", "2038-04-25", "2285-03-22"])
def test_easter(iso: str) -> None:
    assert periods.easter(int(iso[:4])).isoformat() == iso


def test_weekdays_of_a_month() -> None:
    assert periods.nth_weekday(2026, 11, 3, 4) == dt.date(2026, 11, 26)
    assert periods.nth_weekday(2026, 5, 0, -1) == dt.date(2026, 5, 25)


@given(DAYS, UNITS)
def test_calendar_units_hold_their_day_and_follow_without_gap(day: dt.date, unit: str) -> None:
    this, following = periods.calendar_unit(unit, day), periods.calendar_unit(unit, day, 1)
    assert this.start <= day <= this.end
    assert following.start - this.end == dt.timedelta(days=1)


@given(DAYS, UNITS, st.sampled_from(["start", "early", "mid", "late", "end", "rest", "first-half", "second-half"]))
def test_parts_lie_within(day: dt.date, unit: str, edge: Edge) -> None:
    whole = periods.calendar_unit(unit, day)
    part = periods.part(whole, edge, day)
    assert whole.start <= part.start <= part.by <= part.end <= whole.end


@given(DAYS, st.integers(-600, 600))
def test_adding_months_never_leaves_the_month(day: dt.date, months: int) -> None:
    later = periods.add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or later == periods.last_of_month(later)
