"""Where things stand in the pictures of a speaker: a timeline, hit rates, calibration. Pure; templates draw them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kb.testable import TESTED
from kb.types import CalibrationBin, PartialDate, Scorecard, StatementRow, Verdict
from kb.web.pages.wording import VERDICT_ORDER

WIDTH, LEFT, RIGHT = 960, 12, 12
ROW, TOP = 18, 34
STRIP = 46
"""Height of the strip of statements that foretell nothing."""

MOST_LANES = 60
"""Predictions drawn, the latest: more lines cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A prediction from the day it was said to the day it fell due, or became known."""

    row: StatementRow
    y: float
    x0: float
    x1: float
    """As ``x0`` where it names no day."""
    open_end: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A statement that foretells nothing."""

    row: StatementRow
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A timeline."""

    width: int
    height: float
    years: list[tuple[int, float]]
    lanes: list[Lane]
    ticks: list[Tick]
    strip: float
    """Where the strip begins."""
    today: float | None
    left_out: int
    """Predictions that are not drawn."""


def timeline(rows: Sequence[StatementRow], today: dt.date) -> Picture | None:
    """The timeline of dated statements, the newest first; None without any."""
    dated = [row for row in rows if row.said_on]
    if not dated:
        return None
    ahead = [row for row in dated if row.kind in TESTED and not row.repeats]
    drawn = sorted(ahead[:MOST_LANES], key=lambda row: (row.said_on or "", row.id))
    others = [row for row in dated if row.kind not in TESTED]
    days = [_day(row.said_on) for row in [*drawn, *others] if row.said_on] + [_end(row) for row in drawn]
    known = [day for day in days if day] or [today]
    first, last = dt.date(min(known).year, 1, 1), dt.date(max(known).year, 12, 31)

    def x(day: dt.date) -> float:
        share = (day - first).days / max((last - first).days, 1)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    lanes = []
    for place, row in enumerate(drawn):
        start, end = x(_day(row.said_on or "")), _end(row)
        y = TOP + ROW * (place + 0.5)
        lanes.append(Lane(row, y, start, x(end) if end else start, end is None))
    strip = TOP + ROW * len(drawn) + 10
    stacked: Counter[float] = Counter()
    ticks = []
    for row in others:
        at = x(_day(row.said_on or ""))
        level = stacked[round(at / 6)]
        stacked[round(at / 6)] += 1
        ticks.append(Tick(row, at, strip + 12 + level % 5 * 7))
    every = max(1, -(-(last.year - first.year + 1) // 14))
    years = [(year, x(dt.date(year, 1, 1))) for year in range(first.year, last.year + 1, every)]
    now = x(today) if first <= today <= last else None
    height = strip + (STRIP if ticks else 0)
    return Picture(WIDTH, height, years, lanes, ticks, strip, now, len(ahead) - len(drawn))


def _day(date: PartialDate) -> dt.date:
    """The first day that a date may mean."""
    return dt.date.fromisoformat(f"{date}-01-01"[:10] if len(date) < len("2024-12") else f"{date}-01"[:10])


def _end(row: StatementRow) -> dt.date | None:
    return row.horizon.latest if row.horizon else None


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a bar."""

    verdict: Verdict
    number: int
    x: float
    width: float


def shares(card: Scorecard, width: float = 100) -> list[Share]:
    """How predictions turned out, as parts of one bar."""
    total = sum(card.counts.values())
    found, x = [], 0.0
    for verdict in VERDICT_ORDER:
        number = card.counts.get(verdict, 0)
        if number:
            part = width * number / total
            found.append(Share(verdict, number, round(x, 2), round(part, 2)))
            x += part
    return found


@dataclass(frozen=True, slots=True)
class Point:
    """A bin of probabilities in the square of 100 by 100 whose origin is below on the left."""

    bin: CalibrationBin
    x: float
    y: float
    top: float
    bottom: float


def calibration(card: Scorecard) -> list[Point]:
    """How often stated probabilities came about."""
    bins = card.forecasts.bins if card.forecasts else ()
    return [
        Point(one, 100 * one.stated, 100 - 100 * one.happened, 100 - 100 * one.interval[1], 100 - 100 * one.interval[0])
        for one in bins
    ]
