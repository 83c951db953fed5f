"""Where documents come from: one module per format, each of which reads payloads into documents.

To add a format, write a module after ``sources.formats.Format`` and put it into ``FORMATS``, or name it in the
entry-point group ``onrecord.sources`` of a package of your own (docs/sources.md has an example).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from kb.errors import InputError
from kb.types import Author, Payload, RawDocument, Skipped
from sources import (
    bluesky,
    feeds,
    jsonfeed,
    linkedin,
    mail,
    mastodon,
    opml,
    pages,
    pdf,
    plain,
    sitemaps,
    transcripts,
    x_api,
    x_archive,
)
from sources.formats import Format, plugins
from sources.labels import ANSWER
from sources.sniff import unknown, unreadable
from sources.times import day_of_name
from sources.workers import Workers

FORMATS: tuple[Format, ...] = (
    pdf,
    x_archive,
    x_api,
    linkedin,
    mastodon,
    bluesky,
    opml,
    sitemaps,
    jsonfeed,
    feeds,
    mail,
    transcripts,
    pages,
    plain,
)
"""In the order of detection: what is unmistakable first, plain text last."""
_ISOLATED: tuple[Format, ...] = (pages, feeds, mail, pdf)
"""What is parsed by large libraries that nobody wrote for hostile input."""
_GROWING: tuple[Format, ...] = (feeds, jsonfeed, sitemaps)
"""What brings other documents at every poll: no one day is that of all of them."""

DATED_BY_NAME = "dated by the name of its file"


def detect(payload: Payload) -> str:
    """The name of the payload's format. Raises InputError for an empty payload and for what no format reads."""
    return _detected(payload).NAME


def read_documents(
    payload: Payload,
    *,
    kind: str | None = None,
    speaker: Author | None = None,
    date: dt.date | None = None,
    workers: Workers | None = None,
) -> Iterator[RawDocument | Skipped]:
    """Everything in a payload, in order.

    ``kind`` names the format instead of detecting it. ``speaker`` is who speaks in posts and transcripts where nobody
    is named, and who answers where only "Q" and "A" are; a text file without a kind of its own becomes a post by it.
    ``date`` is the day of what does not tell its own, but for feeds and sitemaps, which go on. ``workers`` read pages
    and feeds in a process of their own, with a limit of time; None reads them in this one. Raises InputError for a
    payload that cannot be read, and for posts of an unnamed author.
    """
    format_ = _named(kind) if kind else _detected(payload)
    date = None if format_ in _GROWING else date
    read = partial(workers.run, format_.read) if workers and format_ in _ISOLATED else format_.read
    for item in read(payload):
        if isinstance(item, RawDocument):
            item = _dated(_attributed(_titled(item, payload), payload, speaker), payload, date)
        yield _noted(item, payload)


def _detected(payload: Payload) -> Format:
    """A plugin that takes the payload for its own goes first: it is more special than what reads any page or text."""
    if not payload.data.strip(b"\0 \t\r\n"):
        raise InputError(f"{payload.name} is empty")
    binary: tuple[Format, ...] = (*_plugins(), pdf)
    if found := next((format_ for format_ in binary if format_.matches(payload)), None):
        return found
    what = unreadable(payload)
    if what is None:
        found = next(format_ for format_ in FORMATS if format_.matches(payload))
        what = unknown(payload) if found is plain else None
    if found is None or what:
        raise InputError(f"cannot read {payload.name}: found {what}; supported are {_names()}")
    return found


def _plugins() -> tuple[Format, ...]:
    return plugins(frozenset(format_.NAME for format_ in FORMATS))


def _named(name: str) -> Format:
    every: tuple[Format, ...] = (*FORMATS, *_plugins())
    for format_ in every:
        if name == format_.NAME:
            return format_
    raise InputError(f"there is no format {name!r}; known: {_names()}")


def _noted(item: RawDocument | Skipped, payload: Payload) -> RawDocument | Skipped:
    """With what is known of the payload as a whole."""
    if isinstance(item, RawDocument):
        return replace(item, notes=(*item.notes, *payload.notes)) if payload.notes else item
    return replace(item, reason="; ".join((item.reason, *payload.notes)))


def _titled(document: RawDocument, payload: Payload) -> RawDocument:
    """A file without a title goes by its name."""
    if document.title or document.url or document.kind not in ("file", "transcript"):
        return document
    return replace(document, title=PurePath(payload.name).stem or None)


def _attributed(document: RawDocument, payload: Payload, speaker: Author | None) -> RawDocument:
    if speaker and document.kind == "transcript":
        unnamed = (turn.speaker is None or turn.speaker.name == ANSWER for turn in document.turns)
        turns = zip(document.turns, unnamed, strict=True)
        return replace(
            document, turns=tuple(replace(turn, speaker=speaker) if lacks else turn for turn, lacks in turns)
        )
    if document.speaker or document.kind not in ("post", "file"):
        return document
    if speaker:
        return replace(document, kind="post", speaker=speaker, author=document.author or speaker.name)
    if document.kind == "post":
        raise InputError(
            f"{payload.name} does not say who wrote these posts: name the speaker (--speaker), or put the export's "
            "account.js or Profile.csv beside it"
        )
    return document


def _dated(document: RawDocument, payload: Payload, date: dt.date | None) -> RawDocument:
    """What does not tell its day is of the day that is given, or else of the one in the name of its file."""
    if document.published_at:
        return document
    if date:
        at = dt.datetime.combine(date, dt.time(), dt.UTC)
        return replace(document, published_at=at, published_precision="day")
    day = None if payload.url else day_of_name(PurePath(payload.name).name, payload.fetched_at)
    if day is None:
        return document
    notes = (*document.notes, DATED_BY_NAME)
    return replace(document, published_at=day.at, published_precision="day", notes=notes)


def _names() -> str:
    return ", ".join(format_.NAME for format_ in (*FORMATS, *_plugins()))
