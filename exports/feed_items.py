"""What the three feed formats (Atom, RSS, JSON Feed) say: one item per prediction, due date or outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from exports import wording
from exports.rows import in_order, reports_in_order
from kb.text import clean_text, fingerprint
from kb.types import StatementRow, TimelineEntry

Feed = Literal["new", "due", "outcomes"]
"""New statements; due dates; outcomes, each revision of which is an item of its own."""

_ENTRY_KINDS = {"new": "statement", "due": "due", "outcomes": "outcome"}

TITLE_WIDTH = 120
"""Characters; feed readers show about as many."""

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When an empty feed changed last: the formats want a time, and there is no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item of a feed; all text is clean."""

    id: str
    title: str
    text: str
    author: str
    category: str
    link: str | None
    published: dt.datetime | None
    """None where the day is not known: a month or a year is no time."""
    updated: dt.datetime
    related: tuple[str, ...]
    """Where the evidence is."""


def feed_items(entries: Iterable[TimelineEntry], feed: Feed) -> list[FeedItem]:
    """The items of one feed, newest first."""
    kept = {entry.statement.fingerprint: entry for entry in in_order(entries) if entry.kind == _ENTRY_KINDS[feed]}
    items = [item for entry in kept.values() for item in _items(entry)]
    return sorted(items, key=lambda item: (item.updated, item.published or EPOCH, item.id), reverse=True)


def feed_id(title: str, feed: Feed) -> str:
    """An identity that the same selection keeps."""
    return f"urn:onrecord:feed:{fingerprint([title, feed])}"


def feed_title(title: str, feed: Feed) -> str:
    """``title`` and what the feed tells of it."""
    suffix = {"new": "new statements", "due": "due dates", "outcomes": "outcomes"}[feed]
    return " ".join(clean_text(f"{title}: {suffix}").split())


def last_change(statement: StatementRow, fallback: dt.date | None = None) -> dt.datetime:
    """When the record last learned something about the statement; ``fallback``, else 1970, where it holds no time."""
    moments = [outcome.recorded_at for outcome in statement.outcomes]
    moments += [report.published_at for report in statement.reports if report.published_at]
    if moments:
        return max(moments).astimezone(dt.UTC).replace(microsecond=0)
    return whole_day(statement.said_on) or (midnight(fallback) if fallback else EPOCH)


def whole_day(date: str | None) -> dt.datetime | None:
    """Midnight of a day; None for a month, a year or nothing."""
    return midnight(dt.date.fromisoformat(date)) if date and len(date) == len("2024-12-03") else None


def midnight(day: dt.date) -> dt.datetime:
    """When ``day`` began, UTC."""
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _items(entry: TimelineEntry) -> Iterator[FeedItem]:
    statement = entry.statement
    identity = f"urn:onrecord:statement:{statement.fingerprint}"
    speaker = clean_text(statement.speaker or wording.UNKNOWN_SPEAKER)
    links = [link for report in reports_in_order(statement) if (link := wording.web_link(report.url))]
    headings = {"statement": speaker, "due": f"Due: {speaker}", "outcome": speaker}
    published = {"due": whole_day(entry.date)}.get(entry.kind, whole_day(statement.said_on))
    item = FeedItem(
        id=identity if entry.kind == "statement" else f"{identity}:{entry.kind}",
        title=_line(f"{headings[entry.kind]} – {statement.text}"),
        text=clean_text("\n".join(_lines(statement))),
        author=speaker,
        category=statement.kind,
        link=links[0] if links else None,
        published=published,
        updated=last_change(statement),
        related=(),
    )
    if entry.kind == "outcome":
        yield from _outcome_items(item, statement)
    else:
        yield item


def _outcome_items(item: FeedItem, statement: StatementRow) -> Iterator[FeedItem]:
    for number, outcome in enumerate(statement.outcomes, start=1):
        label, meaning = wording.VERDICTS[outcome.verdict]
        recorded = outcome.recorded_at.astimezone(dt.UTC).replace(microsecond=0)
        lines = [f"{label}: {meaning}; known {wording.spoken_date(outcome.known_on)}.", outcome.reason, "", item.text]
        yield FeedItem(
            id=f"{item.id}:{number}",
            title=_line(f"{label}: {item.title}"),
            text=clean_text("\n".join(lines)),
            author=item.author,
            category=outcome.verdict,
            link=item.link,
            published=recorded,
            updated=recorded,
            related=tuple(link for evidence in outcome.evidence if (link := wording.web_link(evidence.url))),
        )


def _lines(statement: StatementRow) -> Iterator[str]:
    yield wording.quoted(statement)
    if statement.said_on:
        yield f"Said: {wording.spoken_date(statement.said_on)}"
    if strength := wording.spoken_strength(statement):
        yield f"Strength: {strength}"
    if statement.horizon:
        yield f"Due: {wording.spoken_due(statement.horizon) or 'no date given'} (“{statement.horizon.phrase}”)"
    if testability := wording.spoken_testability(statement):
        yield f"Testability: {testability}"
    for report in reports_in_order(statement):
        yield f"Reported: {wording.reported(report)}"


def _line(text: str) -> str:
    return clean_text(wording.shorten(text, TITLE_WIDTH))
