"""iCalendar (RFC 5545): one all-day event on the last day of every dated prediction or commitment.

A calendar program that subscribes sees changes: the UID of a statement never changes, SEQUENCE counts its outcomes,
and a void statement is cancelled. Statements without a due date are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import BinaryIO

from icalendar import Calendar, Event, vText

from exports.rows import in_order, reports_in_order
from exports.wording import UNKNOWN_SPEAKER, VERDICTS, outlet, quoted, shorten, spoken_date, spoken_due, web_link
from kb.text import clean_text
from kb.types import Horizon, Report, StatementRow, TimelineEntry

SUMMARY_WIDTH = 120
"""Characters; calendars show less, and one of them (OX) cuts at 255."""


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
    """Write one event per statement with a due entry; other entries are left out."""
    calendar = Calendar()
    calendar.add("prodid", "-//onrecord//timeline//EN")
    calendar.add("version", "2.0")
    name = vText(f"{' '.join(clean_text(title).split())}: due dates")  # icalendar leaves a plain str here unescaped
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    due = {entry.statement.fingerprint: entry.statement for entry in in_order(entries) if entry.kind == "due"}
    for statement in due.values():
        if statement.horizon and statement.horizon.latest:
            calendar.add_component(_event(statement, statement.horizon, statement.horizon.latest))
    out.write(calendar.to_ical())
    return len(calendar.subcomponents)


def _event(statement: StatementRow, horizon: Horizon, latest: dt.date) -> Event:
    event = Event()
    event.add("uid", f"{statement.fingerprint}@onrecord")
    event.add("dtstamp", _last_change(statement, latest))
    event.add("dtstart", latest)
    if latest < dt.date.max:
        event.add("dtend", latest + dt.timedelta(days=1))
    event.add("summary", _summary(statement))
    event.add("description", _description(statement, horizon))
    event.add("categories", [statement.kind])
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if statement.outcome and statement.outcome.verdict == "void" else "CONFIRMED")
    event.add("sequence", len(statement.outcomes))
    link = next(filter(None, (web_link(report.url) for report in reports_in_order(statement))), None)
    if link:
        event.add("url", link)
    return event


def _last_change(statement: StatementRow, latest: dt.date) -> dt.datetime:
    """When the record last learned something about the statement; the due day where it holds no time at all."""
    moments = [outcome.recorded_at for outcome in statement.outcomes]
    moments += [report.published_at for report in statement.reports if report.published_at]
    if moments:
        return max(moments).astimezone(dt.UTC).replace(microsecond=0)
    said_on = statement.said_on or ""
    day = dt.date.fromisoformat(said_on) if len(said_on) == len("2024-12-03") else latest
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _summary(statement: StatementRow) -> str:
    return clean_text(shorten(f"Due: {statement.speaker or UNKNOWN_SPEAKER} – {statement.text}", SUMMARY_WIDTH))


def _description(statement: StatementRow, horizon: Horizon) -> str:
    lines = [quoted(statement), ""]
    if statement.said_on:
        lines.append(f"Said: {spoken_date(statement.said_on)}")
    lines.append(f"Due: {spoken_due(horizon)} (“{horizon.phrase}”)")
    if statement.outcome:
        label, meaning = VERDICTS[statement.outcome.verdict]
        lines.append(f"Outcome: {label}, {meaning}; known {spoken_date(statement.outcome.known_on)}")
    lines += [_reported(report) for report in reports_in_order(statement)]
    return clean_text("\n".join(lines))


def _reported(report: Report) -> str:
    date = f", {spoken_date(report.published_at.date())}" if report.published_at else ""
    return f"Reported: {outlet(report)}{date}: {report.words} {report.url or ''}".rstrip()
