"""Calendar periods and their parts: what "the third quarter", "early 2026" or "five years" mean in days. Pure.

Seasons are the meteorological ones of the northern hemisphere. A day that does not exist raises ValueError, a day
beyond the calendar (year 9999) OverflowError or ValueError.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from kb.types import Precision

Edge = Literal["start", "end", "early", "mid", "late", "rest", "first-half", "second-half"]

_DAY = dt.timedelta(days=1)

DAYS_IN = {"day": 1.0, "week": 7.0, "fortnight": 14.0, "hour": 1 / 24}
MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}
_CENTURY_STARTS_IN_YEAR = 1  # 2001 to 2100, so that "by the end of the century" takes in the year 2100

SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both included."""

    start: dt.date
    end: dt.date
    precision: Precision
    due: dt.date | None = None
    """Last day of "by <the period>" where that is not ``end``: 30 June for "mid-2027"."""
    day_unknown: bool = False
    """Whether what is meant happens on one day of the period, nobody knows which: "the 2027 election"."""

    @property
    def by(self) -> dt.date:
        """Last day that "by" it allows: the later reading, so "by 2030" runs to the end of 2030."""
        return self.due or self.end

    @property
    def strictly_by(self) -> dt.date | None:
        """Last day that "by" it allows by the stricter reading, so "by 2030" ends with 2029; None where there is one
        reading."""
        return self.start - _DAY if self.due is None and self.start < self.end else None

    @property
    def before(self) -> dt.date:
        """Last day that "before" it allows."""
        if self.day_unknown:
            return self.end
        return self.due if self.due and self.due > self.start else self.start - _DAY

    @property
    def strictly_before(self) -> dt.date | None:
        """Last day that "before" it allows whichever day is meant; None where that is known."""
        return self.start - _DAY if self.day_unknown else None


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last day where it is shorter (29 February + 12: 28 February)."""
    first = _month_start(day.year * 12 + day.month - 1 + months)
    return min(first + dt.timedelta(days=day.day - 1), last_of_month(first))


def add_units(day: dt.date, count: float, unit: str) -> dt.date:
    """``count`` units later; parts of a month or day count as a whole one."""
    if unit in MONTHS_IN:
        return add_months(day, math.ceil(count * MONTHS_IN[unit]))
    return day + dt.timedelta(days=math.ceil(count * DAYS_IN[unit]))


def last_of_month(day: dt.date) -> dt.date:
    """The last day of the month that holds ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def one_day(day: dt.date) -> Period:
    """A single day."""
    return Period(day, day, "day")


def months(year: int, month: int, count: int, precision: Precision) -> Period:
    """``count`` whole months from ``month`` (1 or more; 13 is January of the next year)."""
    start = _month_start(year * 12 + month - 1)
    return Period(start, last_of_month(add_months(start, count - 1)), precision)


def month(year: int, number: int) -> Period:
    """A calendar month."""
    return months(year, number, 1, "month")


def year(number: int, first_month: int = 1) -> Period:
    """A year; one that begins in another month than January is named after the year in which it ends."""
    return months(number - (first_month > 1), first_month, 12, "year")


def quarter(of_year: int, number: int, first_month: int = 1) -> Period:
    """Quarter ``number`` (1 to 4) of a year that begins in ``first_month``."""
    return months(of_year - (first_month > 1), first_month + 3 * (number - 1), 3, "quarter")


def half(of_year: int, number: int, first_month: int = 1) -> Period:
    """Half ``number`` (1 or 2) of a year that begins in ``first_month``."""
    return months(of_year - (first_month > 1), first_month + 6 * (number - 1), 6, "half")


def season(of_year: int, name: str) -> Period:
    """A season; winter 2026 begins in December 2026."""
    return months(of_year, SEASONS[name], 3, "season")


def week(day: dt.date) -> Period:
    """Monday to Sunday around ``day``."""
    monday = day - day.weekday() * _DAY
    return Period(monday, monday + 6 * _DAY, "week")


def weekend(day: dt.date) -> Period:
    """Saturday and Sunday of the week that holds ``day``."""
    sunday = week(day).end
    return Period(sunday - _DAY, sunday, "range")


def calendar_unit(unit: str, day: dt.date, ahead: int = 0) -> Period:
    """The week, weekend, month, quarter, half, year, decade or century of ``day``, or one ``ahead`` of it."""
    if unit in ("week", "weekend"):
        return (week if unit == "week" else weekend)(day + 7 * ahead * _DAY)
    size = MONTHS_IN[unit]
    origin = 12 * _CENTURY_STARTS_IN_YEAR if unit == "century" else 0
    index = (day.year * 12 + day.month - 1 - origin) // size * size + origin + ahead * size
    precisions: dict[str, Precision] = {
        "month": "month", "quarter": "quarter", "half": "half", "year": "year", "decade": "decade",
    }  # fmt: skip
    return months(index // 12, index % 12 + 1, size, precisions.get(unit, "range"))


def upcoming(make: Callable[[int], Period], today: dt.date) -> Period:
    """The first period that ``make(year)`` gives that is not yet over: what a phrase without a year means."""
    for number in range(today.year - 1, today.year + 9):  # a winter began last year; 29 February can be 8 years away
        try:
            period = make(number)
        except ValueError:
            continue
        if period.by >= today:
            return period
    raise ValueError("no such day")


# Where "early" ends, where "late" begins, and the middle, as (months, days) from the start. Thirds of a year are
# four months: early 2026 runs to April, late 2025 from September.
_CUTS: dict[Precision, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    "decade": ((48, 0), (84, 0), (60, 0)),
    "year": ((4, 0), (8, 0), (6, 0)),
    "half": ((2, 0), (4, 0), (3, 0)),
    "quarter": ((1, 0), (2, 0), (1, 15)),
    "season": ((1, 0), (2, 0), (1, 15)),
    "month": ((0, 10), (0, 20), (0, 15)),
    "week": ((0, 2), (0, 4), (0, 3)),
}


def part(period: Period, edge: Edge, today: dt.date | None) -> Period:
    """The part of ``period`` that ``edge`` names; ``today`` is where "the rest of" it begins, if known."""
    if edge == "rest":
        return replace(period, start=max(period.start, today or period.start))
    if period.precision not in _CUTS:
        return replace(period, due={"end": period.end, "start": period.start}.get(edge))
    early_end, late_start, middle = (_ahead(period.start, cut) for cut in _CUTS[period.precision])
    halves: Precision = "half" if period.precision == "year" else "range"
    parts: dict[Edge, Period] = {
        "start": replace(period, end=_last_before(early_end), due=period.start),
        "early": replace(period, end=_last_before(early_end)),
        "mid": replace(period, start=early_end, end=_last_before(late_start), due=_last_before(middle)),
        "late": replace(period, start=late_start),
        "end": replace(period, start=late_start, due=period.end),
        "first-half": replace(period, end=_last_before(middle), precision=halves),
        "second-half": replace(period, start=middle, precision=halves),
    }
    return parts[edge]


def easter(of_year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm; J. Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = of_year % 19, of_year // 100, of_year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    number, day = divmod(h + weekday - 7 * m + 114, 31)
    return dt.date(of_year, number, day + 1)


def nth_weekday(of_year: int, number: int, weekday: int, nth: int) -> dt.date:
    """The ``nth`` (1 or more; -1 the last) ``weekday`` (0 is Monday) of a month."""
    span = month(of_year, number)
    if nth < 0:
        return span.end - (span.end.weekday() - weekday) % 7 * _DAY
    return span.start + ((weekday - span.start.weekday()) % 7 + 7 * (nth - 1)) * _DAY


def _month_start(index: int) -> dt.date:
    return dt.date(index // 12, index % 12 + 1, 1)


def _ahead(day: dt.date, step: tuple[int, int]) -> dt.date:
    return add_months(day, step[0]) + step[1] * _DAY


def _last_before(day: dt.date) -> dt.date:
    return day - _DAY
