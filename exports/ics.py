"""iCalendar (RFC 5545): one all-day event, or task, on the last day of every dated prediction or commitment.

A calendar program that subscribes sees changes: the UID of a statement never changes, SEQUENCE grows with every report,
outcome and correction, and a void statement is cancelled. Statements without a due date are left out, and counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import BinaryIO

from icalendar import Calendar, Component, Event, Todo, vText

from exports import Tell, say_nothing
from exports.feed_items import last_change
from exports.rows import in_order, reports_in_order, statements_in_order
from exports.wording import (
    UNKNOWN_SPEAKER,
    VERDICTS,
    quoted,
    reported,
    shorten,
    spoken_date,
    spoken_due,
    spoken_testability,
    web_link,
)
from kb.testable import TESTED
from kb.text import clean_text
from kb.types import Horizon, Report, StatementRow, TimelineEntry

SUMMARY_WIDTH = 120
"""Characters; calendars show less, and one of them (OX) cuts at 255."""


def write(
    entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str, todo: bool = False, tell: Tell = say_nothing
) -> int:
    """Write one event, or task, per statement with a due entry; other entries are left out."""
    calendar = Calendar()
    calendar.add("prodid", "-//onrecord//timeline//EN")
    calendar.add("version", "2.0")
    name = vText(f"{' '.join(clean_text(title).split())}: due dates")  # icalendar leaves a plain str here unescaped
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    ordered = in_order(entries)
    due = {entry.statement.fingerprint: entry.statement for entry in ordered if entry.kind == "due"}
    for statement in due.values():
        if statement.horizon and statement.horizon.latest:
            fill = _fill_task if todo else _fill_event
            component = Todo() if todo else Event()
            fill(component, statement, statement.horizon.latest)
            _describe(component, statement, statement.horizon)
            calendar.add_component(component)
    out.write(calendar.to_ical())
    undated = {row.fingerprint for row in statements_in_order(ordered) if row.kind in TESTED} - due.keys()
    if undated:
        tell(f"predictions and promises without a due date, left out: {len(undated)}")
    return len(calendar.subcomponents)


def _fill_event(event: Component, statement: StatementRow, latest: dt.date) -> None:
    event.add("dtstart", latest)
    if latest < dt.date.max:
        event.add("dtend", latest + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if _is_void(statement) else "CONFIRMED")


def _fill_task(task: Component, statement: StatementRow, latest: dt.date) -> None:
    task.add("due", latest)
    if _is_void(statement):
        task.add("status", "CANCELLED")
    elif statement.outcome:
        task.add("status", "COMPLETED")
        task.add("completed", statement.outcome.recorded_at.astimezone(dt.UTC).replace(microsecond=0))
        task.add("percent-complete", 100)
    else:
        task.add("status", "NEEDS-ACTION")


def _describe(component: Component, statement: StatementRow, horizon: Horizon) -> None:
    component.add("uid", f"{statement.fingerprint}@onrecord")
    component.add("dtstamp", last_change(statement, horizon.latest))
    component.add("summary", _summary(statement))
    component.add("description", _description(statement, horizon))
    component.add("categories", [statement.kind])
    component.add("sequence", len(statement.reports) + len(statement.outcomes) + statement.version)
    link = next(filter(None, (web_link(report.url) for report in reports_in_order(statement))), None)
    if link:
        component.add("url", link)


def _is_void(statement: StatementRow) -> bool:
    return statement.outcome is not None and statement.outcome.verdict == "void"


def _summary(statement: StatementRow) -> str:
    return clean_text(shorten(f"Due: {statement.speaker or UNKNOWN_SPEAKER} – {statement.text}", SUMMARY_WIDTH))


def _description(statement: StatementRow, horizon: Horizon) -> str:
    lines = [quoted(statement), ""]
    if statement.said_on:
        lines.append(f"Said: {spoken_date(statement.said_on)}")
    lines.append(f"Due: {spoken_due(horizon)} (“{horizon.phrase}”)")
    if testability := spoken_testability(statement):
        lines.append(f"Testability: {testability}")
    if statement.outcome:
        label, meaning = VERDICTS[statement.outcome.verdict]
        lines.append(f"Outcome: {label}, {meaning}; known {spoken_date(statement.outcome.known_on)}")
    lines += [_reported(report) for report in reports_in_order(statement)]
    return clean_text("\n".join(lines))


def _reported(report: Report) -> str:
    return f"Reported: {reported(report)}: {report.words} {report.url or ''}".rstrip()
