"""Feast days and holidays by name, and the days on which they fall. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from kb.dates import periods
from kb.dates.periods import Period


def feast(name: str) -> Callable[[int], Period]:
    """From a year to the days of the feast called ``name`` in lower case, with or without "day" and apostrophes."""
    return _HOLIDAYS[name.replace("'", "").replace(".", "").removesuffix(" day").replace("labour", "labor")]


def _fixed(month: int, day: int) -> Callable[[int], Period]:
    return lambda year: periods.one_day(dt.date(year, month, day))


def _weekday(month: int, weekday: int, nth: int, later: int = 0) -> Callable[[int], Period]:
    """``later`` days after the nth weekday (0 is Monday) of a month."""
    return lambda year: periods.one_day(periods.nth_weekday(year, month, weekday, nth) + dt.timedelta(days=later))


def _easter(days: int) -> Callable[[int], Period]:
    return lambda year: periods.one_day(periods.easter(year) + dt.timedelta(days=days))


_HOLIDAYS: Mapping[str, Callable[[int], Period]] = {
    "new years": _fixed(1, 1),
    # "in the new year" is its first months, "by the new year" its first day.
    "new year": lambda year: periods.part(periods.year(year), "start", None),
    "valentines": _fixed(2, 14),
    "st patricks": _fixed(3, 17),
    "april fools": _fixed(4, 1),
    "ash wednesday": _easter(-46),
    "palm sunday": _easter(-7),
    "good friday": _easter(-2),
    "easter": _easter(0),
    "easter sunday": _easter(0),
    "easter monday": _easter(1),
    "earth": _fixed(4, 22),
    "may": _fixed(5, 1),
    "bastille": _fixed(7, 14),
    "halloween": _fixed(10, 31),
    "christmas eve": _fixed(12, 24),
    "christmas": _fixed(12, 25),
    "boxing": _fixed(12, 26),
    "new years eve": _fixed(12, 31),
    "new year eve": _fixed(12, 31),
    # From here on as the United States keep them.
    "martin luther king": _weekday(1, 0, 3),
    "presidents": _weekday(2, 0, 3),
    "mothers": _weekday(5, 6, 2),
    "memorial": _weekday(5, 0, -1),
    "fathers": _weekday(6, 6, 3),
    "juneteenth": _fixed(6, 19),
    "fourth of july": _fixed(7, 4),
    "labor": _weekday(9, 0, 1),
    "columbus": _weekday(10, 0, 2),
    "veterans": _fixed(11, 11),
    "thanksgiving": _weekday(11, 3, 4),
    "black friday": _weekday(11, 3, 4, later=1),
    "cyber monday": _weekday(11, 3, 4, later=4),
    "holiday season": lambda year: periods.months(year, 11, 2, "range"),
    "holidays": lambda year: periods.months(year, 12, 1, "range"),
}
