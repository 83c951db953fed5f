"""How often kb.dates and Microsoft's Recognizers-Text agree on a sentence, by the specifications of the latter.

    python benchmarks/dates.py FOLDER [--differences]

FOLDER holds its Specs/DateTime/English files: DateParser.json, DatePeriodParser.json, HolidayParser.json and
DateTimeModel.json. Compared are the cases where conventions allow it: at most one date or range of dates in the
sentence, on or after its reference day, without a time of day, a recurrence or a modifier ("before", "since"). Bare
durations, which count from the day of speaking here and from no day there, are left out. There "October 2 to 22" may
end before the 22nd, and "in three weeks" is a day, not the time until then; so what is counted first is the last day,
there or one day later, which decides when a statement is due; then the first day too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.dates import find_horizon

FILES = ("DateParser.json", "DatePeriodParser.json", "HolidayParser.json", "DateTimeModel.json")

Days = tuple[str, str]
"""First and last day; two empty texts for no date."""
NO_DATE: Days = ("", "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--differences", action="store_true", help="print every case that differs")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    for name in FILES:
        counts = compared(json.loads((options.folder / name).read_text(encoding="utf-8-sig")), show=options.differences)
        print_counts(name, counts)
        total += counts
    print_counts("all", total)


def print_counts(name: str, counts: Counter[str]) -> None:
    dated = f"{counts['last']} of {counts['dated']} with a date agree on the last day, {counts['both']} on both days"
    undated = f"{counts['none']} of {counts['undated']} without a date agree"
    print(f"{name}: {dated}; {undated}; {counts['left out']} left out")


def compared(cases: list[dict[str, Any]], *, show: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for case in cases:
        said_on = dt.date.fromisoformat(case["Context"]["ReferenceDateTime"][:10]) if "Context" in case else None
        theirs = their_days(case, said_on) if said_on else None
        if theirs is None:
            counts["left out"] += 1
            continue
        ours = our_days(case["Input"], said_on)
        counts["undated" if theirs == NO_DATE else "dated"] += 1
        counts["none"] += ours == theirs == NO_DATE
        counts["last"] += theirs != NO_DATE and same_last(ours, theirs)
        counts["both"] += theirs != NO_DATE and same_last(ours, theirs) and ours[0] in ("", theirs[0])
        if show and ours != theirs and not same_last(ours, theirs):
            print(f"  {said_on} {case['Input']!r}: ours {' to '.join(ours)}, theirs {' to '.join(theirs)}")
    return counts


def our_days(text: str, said_on: dt.date | None) -> Days:
    """A deadline has no first day."""
    horizon = find_horizon(text.replace("|", ""), said_on)
    if horizon is None or horizon.latest is None:
        return NO_DATE
    return (horizon.earliest.isoformat() if horizon.earliest else "", horizon.latest.isoformat())


def same_last(ours: Days, theirs: Days) -> bool:
    if NO_DATE in (ours, theirs):
        return False
    return dt.date.fromisoformat(ours[1]) - dt.date.fromisoformat(theirs[1]) in (dt.timedelta(0), dt.timedelta(days=1))


def their_days(case: dict[str, Any], said_on: dt.date) -> Days | None:
    """What the case expects; None where conventions differ."""
    results = case["Results"]
    if not results:
        return NO_DATE
    if len(results) > 1:
        return None
    found = list(resolutions(results[0]))
    if not found or found[-1][1] < said_on.isoformat():
        return None
    return found[-1]


def resolutions(result: dict[str, Any]) -> Iterator[Days]:
    """The readings of a result, that in the future last; none for other types and with modifiers."""
    kind = result.get("Type") or result.get("TypeName", "").removeprefix("datetimeV2.")
    value = result.get("Value") or {}
    if kind not in ("date", "daterange") or value.get("Mod"):
        return
    readings = result.get("Resolution", {}).get("values") or [value.get("FutureResolution", {})]
    for reading in readings:
        if reading.get("Mod") or reading.get("mod"):
            return
        day = reading.get("date") or reading.get("value")
        start, end = reading.get("startDate") or reading.get("start"), reading.get("endDate") or reading.get("end")
        if is_day(day):
            yield day, day
        elif is_day(start) and is_day(end):
            yield start, (dt.date.fromisoformat(end) - dt.timedelta(days=1)).isoformat()


def is_day(text: str | None) -> bool:
    try:
        return text is not None and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


if __name__ == "__main__":
    main()
