"""Partial dates: ISO 8601 prefixes whose length is their precision. Pure."""

from __future__ import annotations

import datetime as dt
import re

from kb.dates.periods import last_of_month
from kb.errors import InputError
from kb.types import PartialDate


def parse_partial(text: str) -> PartialDate:
    """``text`` as a partial date; raises InputError unless it is a year, month or day of the calendar."""
    stripped = text.strip()
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", stripped):
        try:
            dt.date.fromisoformat((stripped + "-01-01")[:10])
        except ValueError:
            pass
        else:
            return stripped
    raise InputError(
        f"{text!r} is not a date: write a year, month or day of the calendar, as 2025, 2025-12, 2025-12-03"
    )


def first_day(partial: PartialDate) -> dt.date:
    """The first day that ``partial`` covers."""
    return dt.date.fromisoformat((parse_partial(partial) + "-01-01")[:10])


def sooner(a: PartialDate, b: PartialDate) -> PartialDate:
    """The earlier of two dates; of one that lies within the other, the exact one."""
    return max(a, b, key=len) if a.startswith(b) or b.startswith(a) else min(a, b)


def last_day(partial: PartialDate) -> dt.date:
    """The last day that ``partial`` covers."""
    first = first_day(partial)
    match partial.strip().count("-"):
        case 0:
            return first.replace(month=12, day=31)
        case 1:
            return last_of_month(first)
        case _:
            return first
