"""What dates depend on besides words: when a company's fiscal year begins, and on which days events fall. Pure."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.dates.partial import first_day, last_day, parse_partial
from kb.dates.periods import Period
from kb.errors import ConfigError, InputError
from kb.text import fold
from kb.types import Precision

EventTable = Mapping[str, str | Sequence[str]]
"""Name -> when it takes place: partial dates, or the first and the last with a slash between ("2028-07-14/2028-07-30").
"""

_PRESIDENTIAL = ("2012-11-06", "2016-11-08", "2020-11-03", "2024-11-05", "2028-11-07", "2032-11-02", "2036-11-04")
_MIDTERM = ("2014-11-04", "2018-11-06", "2022-11-08", "2026-11-03", "2030-11-05", "2034-11-07")
_SUMMER_GAMES = (
    "2012-07-27/2012-08-12", "2016-08-05/2016-08-21", "2021-07-23/2021-08-08", "2024-07-26/2024-08-11",
    "2028-07-14/2028-07-30", "2032-07-23/2032-08-08",
)  # fmt: skip
_WINTER_GAMES = (
    "2014-02-07/2014-02-23", "2018-02-09/2018-02-25", "2022-02-04/2022-02-20", "2026-02-06/2026-02-22",
    "2030-02-01/2030-02-17",
)  # fmt: skip

EVENTS: EventTable = {
    # The United States vote on the Tuesday after the first Monday of November of even years (2 U.S.C. 7, 3 U.S.C. 1).
    **dict.fromkeys(
        ("presidential election", "us presidential election", "american presidential election", "us election"),
        _PRESIDENTIAL,
    ),
    **dict.fromkeys(("midterm", "midterm election", "us midterm", "congressional midterm"), _MIDTERM),
    **dict.fromkeys(("election", "election day", "elections"), tuple(sorted(_PRESIDENTIAL + _MIDTERM))),
    "inauguration day": ("2013-01-21", "2017-01-20", "2021-01-20", "2025-01-20", "2029-01-20", "2033-01-20"),
    # The International Olympic Committee's and FIFA's calendars.
    "summer olympics": _SUMMER_GAMES,
    "winter olympics": _WINTER_GAMES,
    **dict.fromkeys(("olympics", "olympic games"), tuple(sorted(_SUMMER_GAMES + _WINTER_GAMES))),
    "world cup": (
        "2014-06-12/2014-07-13", "2018-06-14/2018-07-15", "2022-11-20/2022-12-18", "2026-06-11/2026-07-19",
        "2030-06/2030-07",
    ),
    "super bowl": ("2024-02-11", "2025-02-09", "2026-02-08", "2027-02-14"),
    # United Nations climate conferences.
    "cop29": "2024-11-11/2024-11-22",
    "cop30": "2025-11-10/2025-11-21",
    "cop31": "2026-11-09/2026-11-20",
    **dict.fromkeys(
        ("lunar new year", "chinese new year"),
        ("2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03"),
    ),
}  # fmt: skip
"""Events whose days are fixed and known everywhere; settings add to them, and replace those of the same name."""

NEED_YEAR = frozenset(["election", "elections", "election day", "presidential election", "us election"])
"""Events that without a year may be another country's, or of another kind: "the next election"."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that takes place on known days, perhaps again and again."""

    name: str
    occurrences: tuple[Period, ...]
    """In order."""


def read_events(table: Mapping[str, object]) -> tuple[Event, ...]:
    """The events of a table as people write it. Raises ConfigError for what is no name or no date."""
    return tuple(
        Event(_name(name), tuple(sorted(_occurrences(name, days), key=_start))) for name, days in table.items()
    )


def _name(name: str) -> str:
    if not fold(name):
        raise ConfigError("an event in the settings has no name: write it before its date, as in 'Expo = \"2030-10\"'")
    return " ".join(name.split())


def _start(period: Period) -> dt.date:
    return period.start


def _occurrences(name: str, days: object) -> list[Period]:
    written = [days] if isinstance(days, str) else days
    if not isinstance(written, Sequence) or not written or not all(isinstance(entry, str) for entry in written):
        raise ConfigError(f"event {name!r} in the settings needs a date or a list of dates in quotation marks")
    try:
        return [_occurrence(entry) for entry in written]
    except InputError as error:
        raise ConfigError(f"event {name!r} in the settings: {error}, or two with a slash between them") from error


def _occurrence(written: str) -> Period:
    """A partial date, on one day of which it takes place, or all days from one to another."""
    first, _, last = written.partition("/")
    start, end = first_day(first), last_day(last or first)
    if end < start:
        raise InputError(f"{written!r} ends before it begins: write the earlier date first")
    precision: Precision = "range" if last else ("year", "month", "day")[parse_partial(first).count("-")]
    return Period(start, end, precision, day_unknown=not last and start < end)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a speaker's dates count by."""

    fiscal_start_month: int = 1
    """1 to 12; a fiscal year that begins later than January is named after the year in which it ends."""
    events: tuple[Event, ...] = ()
    """Besides ``EVENTS``."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all events."""
        return tuple({event.name: None for event in (*self.events, *_bundled())})

    def occurrences(self, name: str) -> tuple[Period, ...]:
        """When the event called ``name`` takes place; empty for an unknown one."""
        named = (event for event in (*self.events, *_bundled()) if fold(event.name) == fold(name))
        return next((event.occurrences for event in named), ())


@functools.cache
def _bundled() -> tuple[Event, ...]:
    return read_events(EVENTS)
