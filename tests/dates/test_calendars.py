"""Events, fiscal years, and the tables that people write for them."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from kb.dates import Calendar, find_horizon, read_events
from kb.dates.calendars import EVENTS
from kb.dates.periods import nth_weekday
from kb.errors import ConfigError

SAID_ON = dt.date(2024, 12, 3)
OWN = Calendar(
    events=read_events(
        {
            "Northvale referendum": "2027-05-04",
            "Robot Expo (Osaka)": ["2028-06-01/2028-06-10", "2026-06-02/2026-06-11"],
            "Summit {of} Mills": "2026-09",
            "World Cup": "2027-10-01/2027-11-13",
        }
    )
)


@pytest.mark.parametrize(
    ("phrase", "earliest", "latest", "strict"),
    [
        ("before the Northvale referendum", None, "2027-05-03", None),
        ("at the  northvale\nreferendum", "2027-05-04", "2027-05-04", None),
        ("by the Robot Expo (Osaka)", None, "2026-06-11", "2026-06-01"),
        ("by the 2028 Robot Expo (Osaka)", None, "2028-06-10", "2028-05-31"),
        ("before the Summit {of} Mills", None, "2026-09-30", "2026-08-31"),
        ("at the World Cup", "2027-10-01", "2027-11-13", None),
        ("at the 2028 Olympics", "2028-07-14", "2028-07-30", None),
    ],
)
def test_events_of_the_settings_are_known_too(
    phrase: str, earliest: str | None, latest: str, strict: str | None
) -> None:
    found = find_horizon(f"It will open {phrase}.", SAID_ON, calendar=OWN)
    assert found is not None
    dates = [date and date.isoformat() for date in (found.earliest, found.latest, found.strict_latest)]
    assert dates == [earliest, latest, strict]


def test_an_event_is_the_next_one_seen_from_the_day_of_speaking() -> None:
    dates = [dt.date(2024, 12, 3), dt.date(2026, 2, 6), dt.date(2026, 3, 1)]
    found = [find_horizon("It will open at the Winter Olympics", day) for day in dates]
    assert [horizon and horizon.latest and horizon.latest.year for horizon in found] == [2026, 2026, 2030]


def test_after_the_last_known_one_an_event_is_vague() -> None:
    found = find_horizon("It will open before the Super Bowl", dt.date(2060, 1, 1))
    assert found is not None
    assert (found.latest, found.precision, found.rule) == (None, "vague", "before-event")


@pytest.mark.parametrize("name", ["presidential election", "midterm"])
def test_american_elections_are_on_the_tuesday_after_the_first_monday_of_november(name: str) -> None:
    for written in EVENTS[name]:
        day = dt.date.fromisoformat(written)
        assert day == nth_weekday(day.year, 11, 0, 1) + dt.timedelta(days=1)


def test_the_bundled_table_is_in_order() -> None:
    for event in read_events(EVENTS):
        assert all(a.end < b.start for a, b in itertools.pairwise(event.occurrences)), event.name


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"": "2027"}, "an event in the settings has no name"),
        ({"Expo": 2027}, "event 'Expo' in the settings needs a date or a list of dates"),
        ({"Expo": []}, "event 'Expo' in the settings needs a date"),
        ({"Expo": ["2027", 5]}, "event 'Expo' in the settings needs a date"),
        ({"Expo": "2027-13-45"}, "event 'Expo' in the settings: '2027-13-45' is not a date"),
        ({"Expo": "2027-05/soon"}, "'soon' is not a date"),
        ({"Expo": "2027-05/2026-01"}, "ends before it begins"),
    ],
)
def test_a_table_that_cannot_be_read_says_what_is_wrong(table: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_events(table)
