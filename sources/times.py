"""Moments as feeds, pages and exports write them: to UTC, with how exact and how certain they are."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from kb.text import fold
from kb.types import TimePrecision

EARLIEST_YEAR = 1995
"""Nothing on the web was published before; an earlier year is a parser's mistake or a placeholder (0000, 1970)."""
FUTURE = dt.timedelta(days=1)
"""How far after being fetched a document may claim to be published: clocks and time zones, not years (Media Cloud
found articles dated two years ahead)."""

NO_ZONE = "date has no time zone, taken as UTC"

# By the first letters, accents dropped: English, German, French, Spanish, Italian, Dutch, Portuguese. Feeds of other
# languages than English have them although RFC 822 does not.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen",
            "feb fev",
            "mar mrz mrt maa",
            "apr avr abr",
            "may mai mag mei",
            "jun juin giu",
            "jul juil lug",
            "aug aou ago",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez dic",
        ),
        1,
    )
    for name in names.split()
}

# Hours east of UTC. feedparser reads all but the American ones as UTC. Ambiguous names have their commonest meaning.
_ZONES = {
    **dict.fromkeys(["UT", "UTC", "GMT", "Z", "WET"], 0.0),
    **dict.fromkeys(["CET", "MEZ", "BST", "WEST", "WAT"], 1.0),
    **dict.fromkeys(["CEST", "MESZ", "EET", "SAST", "CAT"], 2.0),
    **dict.fromkeys(["EEST", "MSK", "TRT", "EAT"], 3.0),
    **{"GST": 4.0, "PKT": 5.0, "IST": 5.5, "ICT": 7.0, "SGT": 8.0, "HKT": 8.0, "AWST": 8.0, "JST": 9.0, "KST": 9.0},
    **{"AEST": 10.0, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0, "BRT": -3.0, "ART": -3.0, "AST": -4.0, "ADT": -3.0},
    **{"EST": -5.0, "EDT": -4.0, "CST": -6.0, "CDT": -5.0, "MST": -7.0, "MDT": -6.0, "PST": -8.0, "PDT": -7.0},
}

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
_ZONE = r"(?P<zone>[+-]\d{2}:?\d{2}|[A-Za-z]{1,5}\b)?"
_DAY_MONTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<month>[^\W\d_]{3,9})\.?,?[\s-]+"
_MONTH_DAY = r"(?P<month>[^\W\d_]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
_YEAR = r"(?P<year>\d{4}|\d{2})(?![\d:])"
_SHAPES = tuple(
    re.compile(rf"^(?:[^\W\d_]{{2,12}}\.?,?\s+)?{shape}\s*$", re.IGNORECASE)
    for shape in (
        rf"{_DAY_MONTH}{_YEAR}(?:,?\s+(?:at\s+)?{_CLOCK}\s*{_ZONE})?",  # RFC 822 and its relatives
        rf"{_MONTH_DAY}{_YEAR}(?:,?\s+(?:at\s+)?{_CLOCK}\s*{_ZONE})?",  # February 3, 2026 at 3:25 PM
        rf"{_MONTH_DAY}{_CLOCK}\s*{_ZONE}\s+{_YEAR}",  # Tue Feb 03 09:15:00 +0000 2026 (asctime, X)
    )
)
_ISO = re.compile(r"^\d{4}-?\d{2}-?\d{2}(?:$|[T\s])")
_EPOCH = re.compile(r"^\d{9,10}(?:\d{3})?$")
_IN_PROSE = re.compile(
    r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)|"
    rf"\b(?:{_DAY_MONTH}(?P<year>\d{{4}}))\b|\b(?:{_MONTH_DAY.replace('?P<', '?P<m')}(?P<myear>\d{{4}}))\b"
)
_NUMERIC_DAY = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as stated: ``at`` in UTC; ``note`` says what had to be assumed."""

    at: dt.datetime
    precision: TimePrecision
    note: str | None = None


def parse_moment(text: str | None, now: dt.datetime) -> Moment | None:
    """Read ISO 8601, RFC 822, asctime, "February 3, 2026 at 3:25 PM" or seconds since 1970.

    None when the text is missing, in no known shape or impossible: before 1995, or more than a day after ``now``.
    """
    text = (text or "").strip()
    try:
        moment = _iso(text) if _ISO.match(text) else _epoch(text) or _written(text)
    except (ValueError, OverflowError):  # 30 February, hour 25, year 0
        return None
    if moment is None or moment.at.year < EARLIEST_YEAR or moment.at > now + FUTURE:
        return None
    return moment


def find_day(text: str, now: dt.datetime) -> Moment | None:
    """The one day that a short text names ("Q4 call, 29 January 2026", "2026-01-29"); None for none or several."""
    found = {match[0] for match in _IN_PROSE.finditer(text)}
    moments = {moment for phrase in found if (moment := parse_moment(phrase, now))}
    return moments.pop() if len(moments) == 1 else None


def day_of_name(name: str, now: dt.datetime) -> Moment | None:
    """The one day that the name of a file holds ("2026-01-29_q4-call", "call 20260129"); None for none or several."""
    return find_day(_NUMERIC_DAY.sub(r"\1-\2-\3", name).replace("_", " "), now)


def _iso(text: str) -> Moment:
    stated = dt.datetime.fromisoformat(re.sub(r"\s+(?:UTC|GMT|Z)$", "Z", re.sub(r"\s+([+-]\d)", r"\1", text)))
    if len(text) <= len("2026-02-03"):
        return Moment(stated.replace(tzinfo=dt.UTC), "day")
    precision: TimePrecision = "second" if re.search(r"[T ]\d{2}:?\d{2}:?\d{2}", text) else "minute"
    return _in_utc(stated, precision)


def _epoch(text: str) -> Moment | None:
    if not _EPOCH.match(text):
        return None
    seconds = int(text) / (1000 if len(text) > 10 else 1)
    return Moment(dt.datetime.fromtimestamp(seconds, dt.UTC), "second")


def _written(text: str) -> Moment | None:
    match = next((match for shape in _SHAPES if (match := shape.match(text))), None)
    month = _month(match["month"]) if match else None
    if match is None or month is None:
        return None
    year = int(match["year"])
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    day = dt.datetime(year, month, int(match["day"]))
    if match["hour"] is None:
        return Moment(day.replace(tzinfo=dt.UTC), "day")
    stated = day.replace(hour=_hour(match), minute=int(match["minute"]), second=int(match["second"] or 0))
    return _in_zone(stated, match["zone"], "second" if match["second"] else "minute")


def _month(name: str) -> int | None:
    """June and July need four letters in French."""
    letters = fold(name)
    return _MONTHS.get(letters[:4]) or _MONTHS.get(letters[:3])


def _hour(match: re.Match[str]) -> int:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    return hour % 12 + (12 if half.startswith("p") else 0) if half else hour


def _in_zone(stated: dt.datetime, zone: str | None, precision: TimePrecision) -> Moment:
    if zone and zone[0] in "+-":
        sign = -1 if zone[0] == "-" else 1
        offset = sign * dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        return _in_utc(stated.replace(tzinfo=dt.timezone(offset)), precision)
    hours = _ZONES.get((zone or "").upper())
    if hours is not None:
        return _in_utc(stated.replace(tzinfo=dt.timezone(dt.timedelta(hours=hours))), precision)
    if zone:
        return Moment(stated.replace(tzinfo=dt.UTC), precision, f"time zone {zone} is unknown, taken as UTC")
    return _in_utc(stated, precision)


def _in_utc(stated: dt.datetime, precision: TimePrecision) -> Moment:
    if stated.tzinfo is None:
        return Moment(stated.replace(tzinfo=dt.UTC), precision, NO_ZONE)
    return Moment(stated.astimezone(dt.UTC), precision)
