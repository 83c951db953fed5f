"""From the named parts of a time phrase to the period it means, seen from the day it was said. Pure.

A reader raises ValueError or OverflowError for a day that does not exist ("February 30"), and NeedsDate when the
phrase counts from a day of speaking that nobody knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kb.dates import periods
from kb.dates.calendars import NEED_YEAR, Calendar
from kb.dates.feasts import feast
from kb.dates.periods import Period
from kb.text import fold
from kb.types import Precision


class NeedsDate(Exception):  # noqa: N818 - no error: it tells the caller what a phrase depends on
    """The phrase is relative to the day it was said, which is unknown."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where phrases count from."""

    said_on: dt.date | None
    calendar: Calendar

    @property
    def today(self) -> dt.date:
        """The day of speaking."""
        if self.said_on is None:
            raise NeedsDate
        return self.said_on


Groups = Mapping[str, str | None]
"""Named parts of a phrase in lower case; a part that is absent is None or not there."""
Reader = Callable[[Groups, Anchor], Period]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "final": 4}
_ORDINALS |= {"last": 4, "latter": 2, "back": 2}
_DAY_WORDS = (
    """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth""".split()
    + [""] * 9
    + ["thirtieth"]
)
_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NUMBERS: Mapping[str, float] = {
    **{word: float(value) for value, word in enumerate([*_ONES.split(), "eighteen", "nineteen"], start=1)},
    **{word: 10.0 * value for value, word in enumerate(_TENS.split(), start=2)},
    **{"a": 1.0, "an": 1.0, "half": 0.5, "couple": 2.0, "dozen": 12.0, "hundred": 100.0},
}
_PRECISIONS: Mapping[str, Precision] = {
    "hour": "day", "day": "day", "week": "week", "fortnight": "week", "month": "month", "quarter": "quarter",
    "year": "year", "decade": "decade",
}  # fmt: skip


# --- days and weeks ----------------------------------------------------------------------------------------------


def day(groups: Groups, anchor: Anchor) -> Period:
    """A day of a month; ``last`` where several are named ("March 15-17")."""
    number, first = _month_number(groups), _day_number(groups)
    last = int(groups.get("last") or first)
    if last < first:
        raise ValueError(f"no days {first} to {last}")
    return _in_year(
        groups, anchor, lambda year: Period(dt.date(year, number, first), dt.date(year, number, last), "day")
    )


def slashed_day(groups: Groups, anchor: Anchor) -> Period:
    """Month/day or day/month: where both are possible, from the earlier to the later day."""
    year, a, b = (int(groups[name] or 0) for name in ("year", "first", "second"))
    days = [dt.date(year, month, number) for month, number in ((a, b), (b, a)) if month <= 12]
    return Period(min(days), max(days), "day" if len(set(days)) == 1 else "range")


def day_of_month(groups: Groups, anchor: Anchor) -> Period:
    """A numbered day: of the next or this month, else the first to come."""
    number = int(groups["day"] or 0)
    ahead = {"this": [0], "next": [1]}.get(groups.get("which") or "", range(4))
    for months in ahead:
        start = periods.calendar_unit("month", anchor.today, months).start
        if number <= periods.last_of_month(start).day and (found := start.replace(day=number)) >= anchor.today:
            return periods.one_day(found)
    raise ValueError("no such day")


def week_of(groups: Groups, anchor: Anchor) -> Period:
    """The week that holds a day."""
    return periods.week(day(groups, anchor).start)


def week_of_month(groups: Groups, anchor: Anchor) -> Period:
    """Seven days of a month: 1-7, 8-14 and so on; the last week is its last seven days."""
    container = month(groups, anchor) if groups.get("month") else relative({**groups, "unit": "month"}, anchor)
    if groups["ord"] in ("last", "final"):
        return Period(container.end - dt.timedelta(days=6), container.end, "week")
    start = container.start + dt.timedelta(days=7 * (_ORDINALS[groups["ord"] or ""] - 1))
    return Period(start, start + dt.timedelta(days=6), "week")


def weekday_of_month(groups: Groups, anchor: Anchor) -> Period:
    """A weekday counted within a month: "the first Friday of July"."""
    weekday = _WEEKDAYS.index((groups["weekday"] or "")[:3])
    nth = -1 if groups["ord"] in ("last", "final") else _ORDINALS[groups["ord"] or ""]
    if groups.get("month"):
        number = _month_number(groups)
        return _in_year(groups, anchor, lambda year: periods.one_day(periods.nth_weekday(year, number, weekday, nth)))
    start = relative({**groups, "unit": "month"}, anchor).start
    return periods.one_day(periods.nth_weekday(start.year, start.month, weekday, nth))


def weekday(groups: Groups, anchor: Anchor) -> Period:
    """The first such day to come, today included; "next Friday" is that of the next week, "this Friday" of this one."""
    number = _WEEKDAYS.index((groups["weekday"] or "")[:3])
    if groups.get("which") in ("this", "next"):
        monday = periods.calendar_unit("week", anchor.today, int(groups["which"] == "next")).start
        return periods.one_day(monday + dt.timedelta(days=number))
    return periods.one_day(anchor.today + dt.timedelta(days=(number - anchor.today.weekday()) % 7))


def after_weekday(groups: Groups, anchor: Anchor) -> Period:
    """So long after the first such weekday to come: "a week from Friday", "Monday week"."""
    first = weekday(groups, anchor).start
    unit = groups.get("unit") or "week"
    return periods.one_day(periods.add_units(first, _counts(groups)[1], unit))


def after_day(groups: Groups, anchor: Anchor) -> Period:
    """So long after a day: "two weeks after March 15", "three days from tomorrow"."""
    if groups.get("month"):
        first = day(groups, anchor).start
    else:
        first = anchor.today + dt.timedelta(days=not groups.get("today"))
    return periods.one_day(periods.add_units(first, _counts(groups)[1], groups["unit"] or ""))


def today(groups: Groups, anchor: Anchor) -> Period:
    """The day of speaking."""
    return periods.one_day(anchor.today)


def tomorrow(groups: Groups, anchor: Anchor) -> Period:
    """One day after the day of speaking, or two (``skip``: "the day after tomorrow")."""
    return periods.one_day(anchor.today + dt.timedelta(days=2 if groups.get("skip") else 1))


def holiday(groups: Groups, anchor: Anchor) -> Period:
    """A feast day by its name, or the season around it."""
    return _in_year(groups, anchor, feast(groups["holiday"] or ""))


# --- months to centuries -----------------------------------------------------------------------------------------


def month(groups: Groups, anchor: Anchor) -> Period:
    """A calendar month."""
    number = _month_number(groups)
    return _in_year(groups, anchor, lambda year: periods.month(year, number))


def season(groups: Groups, anchor: Anchor) -> Period:
    """A season."""
    name = groups["season"] or ""
    return _in_year(groups, anchor, lambda year: periods.season(year, name))


def quarter(groups: Groups, anchor: Anchor) -> Period:
    """A quarter of a calendar or fiscal year."""
    number = int(groups.get("q") or groups.get("qq") or _ORDINALS[groups["ord"] or ""])
    return _in_year(groups, anchor, lambda year: periods.quarter(year, number, _first_month(groups, anchor)))


def quarters(groups: Groups, anchor: Anchor) -> Period:
    """Two quarters of a year, and what lies between: "Q3 or Q4 2026"."""
    first, last = (int(groups.get(name) or 0) or _ORDINALS[groups[word] or ""] for name, word in _TWO_QUARTERS)
    if not first < last:
        raise ValueError(f"no quarters {first} to {last}")
    start = _first_month(groups, anchor)

    def between(year: int) -> Period:
        return Period(periods.quarter(year, first, start).start, periods.quarter(year, last, start).end, "range")

    return _in_year(groups, anchor, between)


_TWO_QUARTERS = (("q", "ord"), ("last", "lastord"))


def units_of(groups: Groups, anchor: Anchor) -> Period:
    """So many units at the beginning or end of a month or year: "the first nine months of 2026"."""
    whole = month(groups, anchor) if groups.get("month") else year(groups, anchor)
    count, unit = _counts(groups)[1], groups["unit"] or ""
    if groups["ord"] in ("first", "opening", "1st"):
        return Period(whole.start, periods.add_units(whole.start, count, unit) - dt.timedelta(days=1), "range")
    return Period(periods.add_units(whole.end + dt.timedelta(days=1), -count, unit), whole.end, "range")


def half(groups: Groups, anchor: Anchor) -> Period:
    """A half of a calendar or fiscal year."""
    number = int(groups.get("h") or groups.get("hh") or _ORDINALS[groups["ord"] or ""])
    return _in_year(groups, anchor, lambda year: periods.half(year, number, _first_month(groups, anchor)))


def year(groups: Groups, anchor: Anchor) -> Period:
    """A calendar year."""
    return _in_year(groups, anchor, periods.year)


def year_of_event(groups: Groups, anchor: Anchor) -> Period:
    """The year of an event on an unknown day."""
    return replace(year(groups, anchor), day_unknown=True)


def month_of_event(groups: Groups, anchor: Anchor) -> Period:
    """The month of an event on an unknown day."""
    return replace(month(groups, anchor), day_unknown=True)


def event(groups: Groups, anchor: Anchor) -> Period:
    """An event of the calendar: that of the year named, or the first to come where the name says enough."""
    name = fold(groups["event"] or "")
    occurrences = anchor.calendar.occurrences(name) or anchor.calendar.occurrences(name.removesuffix("s"))
    named = _year_of(groups, anchor)
    if named is not None:
        found = (period for period in occurrences if period.start.year == named)
        return next(found, None) or year_of_event(groups, anchor)
    if name in NEED_YEAR:
        raise NeedsDate
    first = anchor.today + dt.timedelta(days=groups.get("which") == "next")
    coming = (period for period in occurrences if (period.start if groups.get("which") else period.end) >= first)
    if (found_next := next(coming, None)) is None:
        raise NeedsDate
    return found_next


def years(groups: Groups, anchor: Anchor) -> Period:
    """Several calendar years: "2027-2030", "2027/28", "2027 or 2028"."""
    first, to = groups["year"] or "", groups.get("to") or groups.get("to4") or ""
    last = first[: 4 - len(to)] + to
    if not int(first) < int(last):
        raise ValueError(f"no years {first} to {last}")
    return Period(periods.year(int(first)).start, periods.year(int(last)).end, "range")


def fiscal_year(groups: Groups, anchor: Anchor) -> Period:
    """A fiscal year, named after the calendar year in which it ends; the calendar year if nothing is known."""
    return _in_year(groups, anchor, lambda year: periods.year(year, anchor.calendar.fiscal_start_month))


def fiscal_end(groups: Groups, anchor: Anchor) -> Period:
    """The end of a fiscal year."""
    return periods.part(fiscal_year(groups, anchor), "end", anchor.said_on)


def relative_fiscal(groups: Groups, anchor: Anchor) -> Period:
    """This or the next fiscal year or quarter."""
    shift = anchor.calendar.fiscal_start_month - 1
    unit = periods.calendar_unit(groups["unit"] or "", periods.add_months(anchor.today, -shift), _ahead(groups))
    start = periods.add_months(unit.start, shift)
    return Period(start, periods.last_of_month(periods.add_months(unit.end, shift)), unit.precision)


def decade(groups: Groups, anchor: Anchor) -> Period:
    """The ten years from the one named."""
    return periods.months(int(groups["year"] or 0), 1, 120, "decade")


def mid_century(groups: Groups, anchor: Anchor) -> Period:
    """The decade around the middle, by the end of its year 50."""
    start = dt.date(anchor.today.year // 100 * 100 + 45, 1, 1)
    return Period(start, dt.date(start.year + 9, 12, 31), "decade", due=dt.date(start.year + 5, 12, 31))


def relative(groups: Groups, anchor: Anchor) -> Period:
    """A unit of the calendar: this one, the next, or the one after the next."""
    return periods.calendar_unit(groups["unit"] or "", anchor.today, _ahead(groups))


def unit_end(groups: Groups, anchor: Anchor) -> Period:
    """The end of a unit of the calendar: "year-end", "month's end", "EOY 2026"."""
    unit = {"y": "year", "q": "quarter", "m": "month"}.get(groups.get("initial") or "", groups.get("unit") or "week")
    whole = year(groups, anchor) if _year_of(groups, anchor) else periods.calendar_unit(unit, anchor.today)
    return periods.part(whole, "end", anchor.said_on)


def turn(groups: Groups, anchor: Anchor) -> Period:
    """Where a unit of the calendar gives way to the next: "the turn of the year"."""
    return periods.part(periods.calendar_unit(groups["unit"] or "", anchor.today, 1), "start", anchor.said_on)


def mid_year(groups: Groups, anchor: Anchor) -> Period:
    """The middle of a year."""
    return _in_year(groups, anchor, lambda year: periods.part(periods.year(year), "mid", None))


# --- spans from the day of speaking ------------------------------------------------------------------------------


def span(groups: Groups, anchor: Anchor) -> Period:
    """From the day of speaking to the longest length named: "the next 12 to 18 months"."""
    unit = groups["unit"] or ""
    _, longest = _counts(groups)
    return Period(anchor.today, periods.add_units(anchor.today, longest, unit), _precision_of(unit))


def from_now(groups: Groups, anchor: Anchor) -> Period:
    """A day at that distance, or between the two distances named."""
    unit = groups["unit"] or ""
    shortest, longest = (periods.add_units(anchor.today, count, unit) for count in _counts(groups))
    return Period(shortest, longest, _precision_of(unit))


def _counts(groups: Groups) -> tuple[float, float]:
    """The smaller and the larger number of units; one where no number is named."""
    low = _number(groups.get("low") or "a")
    high = _number(groups.get("high") or groups.get("low") or "a")
    more = groups.get("more") or ""
    if "half" in more:
        return low + 0.5, high + 0.5
    if more:
        return low, max(high, _number(more.split()[-1]) if "so" not in more else high)
    return low, high


def _number(words: str) -> float:
    """The value of "18", "2.5", "twenty-five", "a dozen", "half a"."""
    if words[0].isdigit():
        return float(words)
    if (whole := words.removesuffix(" and a half")) != words:
        return _number(whole) + 0.5
    values = [_NUMBERS[word] for word in words.replace("-", " ").split() if word != "of"]
    if values[-1] == _NUMBERS["a"] and len(values) > 1 and values[0] < 1:  # "half a year"
        return values[0]
    if len(values) > 1 and values[0] == 1:  # "a dozen", "one hundred"
        return values[1]
    return sum(values)


def _precision_of(unit: str) -> Precision:
    return _PRECISIONS.get(unit, "range")


# --- years and months --------------------------------------------------------------------------------------------


def _in_year(groups: Groups, anchor: Anchor, make: Callable[[int], Period]) -> Period:
    """The period in the year named, or else the first to come; "next March" is that of the next calendar year."""
    if (named := _year_of(groups, anchor)) is not None:
        return make(named)
    if groups.get("which") == "next":
        return make(anchor.today.year + 1)
    return periods.upcoming(make, anchor.today)


def _year_of(groups: Groups, anchor: Anchor) -> int | None:
    if number := groups.get("year"):
        return int(number)
    if short := groups.get("yy") or groups.get("glued"):
        return 2000 + int(short)
    if words := groups.get("rel"):
        return anchor.today.year + {"this year": 0, "the year": 0, "next year": 1}.get(words, 2)
    return None


def _ahead(groups: Groups) -> int:
    """How many units ahead: "this" 0, "next" and "coming" 1, "after next" 2."""
    if groups.get("beyond"):
        return 2
    return int((groups.get("which") or "this") in ("next", "coming", "upcoming", "this coming"))


def _first_month(groups: Groups, anchor: Anchor) -> int:
    return anchor.calendar.fiscal_start_month if groups.get("fiscal") else 1


def _day_number(groups: Groups) -> int:
    """Of "15", "twenty-first"."""
    words = groups.get("dayword")
    if words is None:
        return int(groups["day"] or 0)
    *tens, ordinal = words.replace("-", " ").split()
    return int(sum(_NUMBERS[word] for word in tens)) + _DAY_WORDS.index(ordinal) + 1


def _month_number(groups: Groups) -> int:
    if number := groups.get("number"):
        return int(number)
    return _MONTHS.index((groups["month"] or "")[:3]) + 1
