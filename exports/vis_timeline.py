"""vis-timeline: ``{"groups", "items"}``, one group per speaker; described by ``schemas/vis-timeline.json``.

What is only known to the month or year is a range over all of it, never a made-up day. A due date is the range in which
the statement can come true. Items of one statement share a ``subgroup``; ``className`` says what and how it stands.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, BinaryIO

from exports.rows import entry_id, in_order, write_json
from exports.wording import UNKNOWN_SPEAKER, VERDICTS, quoted, shorten, spoken_testability, spoken_when
from kb.text import clean_text
from kb.types import PartialDate, TimelineEntry

CONTENT_WIDTH = 60
"""Characters of an item; its tooltip has all words."""


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
    """Write one item per entry; statements without a date have no place on a line and are left out."""
    dated = [entry for entry in in_order(entries) if entry.date]
    speakers = sorted({_speaker(entry) for entry in dated})
    groups = [{"id": name, "content": name} for name in speakers]
    write_json({"title": title, "groups": groups, "items": [_item(entry) for entry in dated]}, out)
    return len(dated)


def days_of(date: PartialDate) -> tuple[dt.date, dt.date]:
    """The first and last day of a year, a month or a day."""
    year, month, day = (*map(int, date.split("-")), 0, 0)[:3]
    last = day or monthrange(year, month or 12)[1]
    return dt.date(year, month or 1, day or 1), dt.date(year, month or 12, last)


def _item(entry: TimelineEntry) -> dict[str, Any]:
    statement = entry.statement
    status = statement.outcome.verdict if statement.outcome else "open"
    return {
        "id": entry_id(entry),
        "group": _speaker(entry),
        "subgroup": statement.fingerprint,
        "className": f"{entry.kind} {statement.kind} {status}",
        "content": _html(shorten(f"{_prefix(entry)}{statement.text}", CONTENT_WIDTH)),
        "title": _html(" – ".join(filter(None, _tooltip(entry)))),
        **_when(entry),
    }


def _when(entry: TimelineEntry) -> dict[str, str]:
    first, last = days_of(entry.date or "")
    if entry.kind == "due" and entry.statement.horizon:
        first = entry.statement.horizon.earliest or last
    if first == last:
        return {"type": "point" if entry.kind == "outcome" else "box", "start": first.isoformat()}
    end = last if last == dt.date.max else last + dt.timedelta(days=1)  # vis-timeline's ranges end before their end
    return {"type": "range", "start": first.isoformat(), "end": end.isoformat()}


def _prefix(entry: TimelineEntry) -> str:
    if entry.kind == "due":
        return "Due: "
    return f"{VERDICTS[entry.outcome.verdict][0]}: " if entry.outcome else ""


def _tooltip(entry: TimelineEntry) -> Iterator[str | None]:
    yield spoken_when(entry)
    yield quoted(entry.statement)
    if testability := spoken_testability(entry.statement):
        yield f"testability {testability}"


def _speaker(entry: TimelineEntry) -> str:
    return _html(entry.statement.speaker or UNKNOWN_SPEAKER)


def _html(text: str) -> str:
    return escape(clean_text(text))
