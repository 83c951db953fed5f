"""TimelineJS3 (Knight Lab): one slide per entry, grouped by speaker; described by ``schemas/timelinejs.json``.

Dates carry only the parts that are known; a due date reads as its phrase does ("by the end of 2030"). TimelineJS is
made for some twenty slides (TimelineJS3 issue 878) and slow beyond a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any, BinaryIO

from exports import Tell, say_nothing
from exports.rows import entry_id, in_order, reports_in_order, write_json
from exports.wording import (
    UNKNOWN_SPEAKER,
    VERDICTS,
    due_date,
    outlet,
    quoted,
    shorten,
    spoken_date,
    spoken_due,
    spoken_testability,
    spoken_when,
    web_link,
)
from kb.text import clean_text
from kb.types import PartialDate, Report, StatementRow, TimelineEntry

HEADLINE_WIDTH = 90
"""Characters that fit the two lines of a slide's headline."""


SLIDES = 50
"""As many as people look through."""
SLOW = 100


def write(
    entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str, slides: int = SLIDES, tell: Tell = say_nothing
) -> int:
    """Write one slide per entry, at most ``slides``: those of what was said last, and the title says so.

    Statements without a date are left out, because TimelineJS drops their slides.
    """
    dated = [entry for entry in in_order(entries) if entry.date]
    shown = _said_last(dated, slides)
    cut = f"{len(shown)} of {len(dated)} slides, those of what was said last" if len(shown) < len(dated) else ""
    heading = {"headline": _html(title), "text": f"<p>{cut}.</p>" if cut else ""}
    events = [_slide(entry) for entry in shown]
    write_json({"title": {"unique_id": "title", "text": heading}, "events": events, "scale": "human"}, out)
    if cut:
        tell(f"{cut}: choose a speaker, a topic or a time (--by, --about, --since), or more slides (--slides)")
    if len(shown) > SLOW:
        tell(f"TimelineJS is slow with more than {SLOW} slides; these are {len(shown)}")
    return len(shown)


def _said_last(dated: list[TimelineEntry], most: int) -> list[TimelineEntry]:
    """At most so many entries, statement by statement, in their old order."""
    by_statement = sorted(dated, key=lambda e: (e.statement.said_on or "", e.statement.fingerprint), reverse=True)
    return in_order(by_statement[:most])


def _slide(entry: TimelineEntry) -> dict[str, Any]:
    statement = entry.statement
    speaker = clean_text(statement.speaker or UNKNOWN_SPEAKER)
    return {
        "unique_id": entry_id(entry),
        "group": _html(speaker),
        "start_date": _date(entry),
        "display_date": spoken_when(entry),
        "autolink": False,
        "text": {"headline": _html(shorten(_headline(entry, speaker), HEADLINE_WIDTH)), "text": _text(statement)},
    }


def _date(entry: TimelineEntry) -> dict[str, int]:
    horizon = entry.statement.horizon
    date = due_date(horizon) if entry.kind == "due" and horizon else entry.date
    return date_parts(date or "")


def date_parts(date: PartialDate) -> dict[str, int]:
    """``2024-12`` as ``{"year": 2024, "month": 12}``."""
    return dict(zip(("year", "month", "day"), map(int, date.split("-")), strict=False))


def _headline(entry: TimelineEntry, speaker: str) -> str:
    if entry.kind == "due":
        return f"Due: {entry.statement.text}"
    if entry.outcome:
        return f"{VERDICTS[entry.outcome.verdict][0]}: {entry.statement.text}"
    return f"{speaker}: {entry.statement.text}"


def _text(statement: StatementRow) -> str:
    parts = [f"<blockquote>{_html(quoted(statement))}</blockquote>"]
    if statement.said_on:
        parts.append(f"<p>Said {spoken_date(statement.said_on)}.</p>")
    if statement.horizon and (due := spoken_due(statement.horizon)):
        parts.append(f"<p>Due {due} (“{_html(statement.horizon.phrase)}”).</p>")
    if testability := spoken_testability(statement):
        parts.append(f"<p>Testability {testability}.</p>")
    if statement.outcome:
        label, meaning = VERDICTS[statement.outcome.verdict]
        parts.append(f"<p>{label}: {meaning}, known {spoken_date(statement.outcome.known_on)}.</p>")
    parts += [f"<p>{_reported(report)}</p>" for report in reports_in_order(statement)]
    return "".join(parts)


def _reported(report: Report) -> str:
    name = _html(outlet(report))
    link = web_link(report.url)
    where = f'<a href="{escape(link)}">{name}</a>' if link else name
    return where + (f", {spoken_date(report.published_at.date())}" if report.published_at else "")


def _html(text: str) -> str:
    return escape(clean_text(text))
