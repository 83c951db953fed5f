"""When a source is asked next: properties over all inputs, and the cases that people ask about."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ingest.polling import (
    FAILURES,
    FIRST,
    LONGEST,
    LONGEST_HOLD,
    SHORTEST,
    SURE_MOVE,
    TRIES,
    Move,
    back_off,
    ends,
    has_moved,
    hold,
    moving,
    next_interval,
    next_poll,
    next_try,
    read_whole,
)

NOW = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
intervals = st.timedeltas(min_value=SHORTEST, max_value=LONGEST)
counts = st.integers(min_value=0, max_value=10_000)
chances = st.floats(min_value=0, max_value=1)


@given(last=intervals | st.none(), new=counts, known=counts)
def test_intervals_stay_within_bounds(last: dt.timedelta | None, new: int, known: int) -> None:
    assert SHORTEST <= next_interval(last, new=new, known=known) <= LONGEST


@given(last=intervals, new=st.integers(min_value=1, max_value=100), known=counts)
def test_news_makes_polls_more_frequent_and_none_less(last: dt.timedelta, new: int, known: int) -> None:
    assert next_interval(last, new=new, known=known) <= last <= next_interval(last, new=0, known=known)


def test_a_feed_that_turned_over_is_asked_sooner_than_one_with_a_single_new_item() -> None:
    assert next_interval(HOUR * 4, new=1, known=9) == HOUR * 2
    assert next_interval(HOUR * 4, new=9, known=1) == HOUR
    assert next_interval(None, new=9, known=1) == FIRST


@given(interval=intervals, wish=st.none() | st.timedeltas(dt.timedelta(0), DAY * 400), chance=chances)
def test_the_server_may_ask_for_less_but_not_for_silence(
    interval: dt.timedelta, wish: dt.timedelta | None, chance: float
) -> None:
    wait = next_poll(NOW, interval, wish, chance=chance) - NOW
    assert interval * 0.89 <= wait <= LONGEST or wait == LONGEST
    assert wait >= min(wish or wait, LONGEST)


def test_polls_are_spread() -> None:
    assert next_poll(NOW, HOUR, None, chance=0) == NOW + HOUR * 0.9
    assert next_poll(NOW, HOUR, None, chance=1) == NOW + HOUR * 1.1


@given(interval=intervals | st.none(), failures=st.integers(min_value=1, max_value=1000))
def test_every_failure_waits_no_less_than_the_one_before(interval: dt.timedelta | None, failures: int) -> None:
    assert SHORTEST <= back_off(interval, failures) <= back_off(interval, failures + 1) <= LONGEST


def test_a_source_that_fails_is_given_three_weeks() -> None:
    waits = [back_off(SHORTEST, failures) for failures in range(1, FAILURES)]
    assert waits[:4] == [SHORTEST, SHORTEST * 2, SHORTEST * 4, SHORTEST * 8]
    assert sum(waits, dt.timedelta(0)) > dt.timedelta(weeks=3)
    assert ends(404, FAILURES - 1, "404") is None
    assert ends(404, FAILURES, "it answered 404") == "paused after 30 failures in a row: it answered 404"


def test_a_source_that_is_gone_ends_at_once() -> None:
    assert ends(410, 1, "gone") == "gone for good: the server answered 410"


@pytest.mark.parametrize(
    ("status", "retry_after", "held"),
    [
        (429, HOUR, HOUR),
        (503, HOUR, HOUR),
        (429, None, dt.timedelta(minutes=15)),
        (503, None, None),
        (404, HOUR, None),
        (429, DAY * 400, LONGEST_HOLD),
        (429, -HOUR, dt.timedelta(0)),
    ],
)
def test_hosts_are_left_alone_as_they_ask(
    status: int, retry_after: dt.timedelta | None, held: dt.timedelta | None
) -> None:
    assert hold(status, retry_after) == held


def test_a_move_is_believed_when_it_is_said_for_a_day() -> None:
    first = moving(None, "https://new.example", NOW)
    assert first == Move(to="https://new.example", since=NOW)
    assert not has_moved(first, NOW)
    later = moving(first, "https://new.example", NOW + SURE_MOVE)
    assert has_moved(later, NOW + SURE_MOVE)


def test_a_move_that_changes_or_stops_begins_anew() -> None:
    first = Move(to="https://new.example", since=NOW)
    assert moving(first, None, NOW + DAY) is None
    assert moving(first, "https://other.example", NOW + DAY) == Move(to="https://other.example", since=NOW + DAY)
    assert not has_moved(None, NOW)


def test_once_a_week_a_source_is_read_whole() -> None:
    assert read_whole(None, NOW)
    assert not read_whole(NOW - DAY * 6, NOW)
    assert read_whole(NOW - DAY * 7, NOW)


def test_pages_are_tried_for_some_days_unless_the_answer_is_final() -> None:
    waits = [next_try(tries, 503) for tries in range(1, TRIES + 1)]
    assert waits == [HOUR, HOUR * 2, HOUR * 4, HOUR * 8, HOUR * 16, None]
    assert next_try(1, 404) == next_try(1, None) == HOUR
    assert next_try(2, 404) is None
    assert next_try(1, 403) is None
