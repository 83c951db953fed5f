"""Moments in the shapes that sources use."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import NOW

from sources.times import NO_ZONE, day_of_name, find_day, parse_moment


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2026-02-03T07:30:00+01:00", "2026-02-03T06:30:00", "second"),
        ("2026-02-03T07:30Z", "2026-02-03T07:30:00", "minute"),
        ("2026-02-03 07:30:00 +0100", "2026-02-03T06:30:00", "second"),
        ("2026-02-03 07:30:00 UTC", "2026-02-03T07:30:00", "second"),
        ("2026-02-03T07:30:00.123456789Z", "2026-02-03T07:30:00.123456", "second"),
        ("20260203T073000Z", "2026-02-03T07:30:00", "second"),
        ("2026-02-03", "2026-02-03T00:00:00", "day"),
        ("Tue, 03 Feb 2026 21:05:00 CET", "2026-02-03T20:05:00", "second"),
        ("Tue, 03 Feb 2026 21:05:00 +0100", "2026-02-03T20:05:00", "second"),
        ("03 Feb 26 21:05 GMT", "2026-02-03T21:05:00", "minute"),
        ("Tue, 03 Feb 2026 9:00 PM EST", "2026-02-04T02:00:00", "minute"),
        ("Tue, 03 Feb 2026 12:00 am IST", "2026-02-02T18:30:00", "minute"),
        ("Tue Feb 03 09:15:00 +0000 2026", "2026-02-03T09:15:00", "second"),
        ("February 3, 2026", "2026-02-03T00:00:00", "day"),
        ("3 September 2025", "2025-09-03T00:00:00", "day"),
        ("1770109200", "2026-02-03T09:00:00", "second"),
        ("1770109200000", "2026-02-03T09:00:00", "second"),
    ],
)
def test_shapes(text: str, at: str, precision: str) -> None:
    moment = parse_moment(text, NOW)
    assert moment is not None
    assert (moment.at, moment.precision, moment.note) == (dt.datetime.fromisoformat(f"{at}+00:00"), precision, None)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("2026-02-03T07:30:00", NO_ZONE),
        ("Tue, 03 Feb 2026 21:05:00", NO_ZONE),
        ("Tue, 03 Feb 2026 21:05:00 XYZ", "time zone XYZ is unknown, taken as UTC"),
        ("February 3, 2026 at 3:25 PM", NO_ZONE),
    ],
)
def test_what_was_assumed_is_said(text: str, note: str) -> None:
    moment = parse_moment(text, NOW)
    assert moment is not None
    assert moment.note == note


@pytest.mark.parametrize(
    "text",
    [None, "", "soon", "0000-00-00", "1970-01-01T00:00:00Z", "2028-02-03T00:00:00Z", "Di, 03 Dezx 2026 10:00:00 +0100",
     "30 Feb 2026", "Tue, 03 Feb 2026 25:00:00 GMT", "2026-13-01", "0", "99999999999999", "12/11/2025"],
)  # fmt: skip
def test_unusable_is_none(text: str | None) -> None:
    assert parse_moment(text, NOW) is None


def test_one_day_in_a_line() -> None:
    found = find_day("Q4 2025 earnings call, 29 January 2026", NOW)
    assert found is not None
    assert found.at.date() == dt.date(2026, 1, 29)
    assert find_day("from 1 May 2025 to June 2, 2025", NOW) is None
    assert find_day("Margin Notes, episode 41", NOW) is None
    assert find_day("Call of 2026-01-29", NOW) == found


@pytest.mark.parametrize(
    "name",
    ["2026-01-29.txt", "2026-01-29_q4-call.vtt", "q4_20260129.srt", "call 2026.01.29 (2).md", "29 January 2026.txt"],
)
def test_the_day_that_a_file_is_called_by(name: str) -> None:
    day = day_of_name(name, NOW)
    assert day is not None
    assert (day.at.date(), day.precision) == (dt.date(2026, 1, 29), "day")


@pytest.mark.parametrize(
    "name",
    ["call.txt", "2026.txt", "2026-01.txt", "20261399.txt", "2099-01-29.txt", "id-1202601293.txt",
     "2026-01-29_to_2026-01-30.txt", "1202-60-12.txt"],
)  # fmt: skip
def test_a_name_without_one_day_dates_nothing(name: str) -> None:
    assert day_of_name(name, NOW) is None


@given(st.text(max_size=40))
def test_any_text_is_read_or_not(text: str) -> None:
    moment = parse_moment(text, NOW)
    assert moment is None or moment.at.tzinfo is dt.UTC
    find_day(text, NOW)
    day_of_name(text, NOW)
