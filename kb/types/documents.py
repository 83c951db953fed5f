"""From the outside to the store: bytes, what a parser reads from them, and the clean document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kb.types.words import DocumentKind, SpeakerKind, TimePrecision, Times


def _no_sibling(name: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Bytes as they arrived, before any parsing."""

    data: bytes
    name: str
    """Path or URL as the user gave it; shown in messages."""
    url: str | None = None
    """Final URL after redirects, the base of relative links; None for a local file."""
    content_type: str | None = None
    fetched_at: dt.datetime
    sibling: Callable[[str], bytes | None] = _no_sibling
    """Bytes of the named file beside this one (``account.js`` beside ``tweets.js``), or None."""
    status: int | None = None
    """The HTTP status that came with them; None for a local file."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those of the response, names in lower case."""
    container: str | None = None
    """Path of the archive or mailbox that holds it, which then is the source; None for bytes of their own."""
    notes: tuple[str, ...] = ()
    """What is known of the bytes ("cut off when it was archived"), for the notes of every document in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The bytes that documents were read from and how they were read, so that they can be read again."""

    payload: Payload
    sha256: str
    """Of the bytes."""
    hints: Mapping[str, Any]
    """What the user said of them (``kb.ingest.intake.Hints.as_config``)."""
    siblings: Mapping[str, bytes]
    """Files beside them that were read too, by name; filled while they are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A title and the organisation it is held at; at least one of the two."""

    title: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who speaks in a post or in a transcript turn."""

    name: str
    """As printed; the handle itself where no name is known."""
    handle: str | None = None
    """With its channel: ``x:danawhitlock_ex``, ``linkedin:...``."""
    kind: SpeakerKind = "person"
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of a transcript's text spoken by one voice; ``speaker`` None when the transcript does not say."""

    start: int
    end: int
    speaker: Author | None
    at_seconds: float | None = None
    """When in the recording it begins, None where the transcript does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDocument:
    """One article, post, transcript or file as a source module read it."""

    external_id: str
    """Identity within its source, stable over repeated reads."""
    kind: DocumentKind
    text: str
    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    author: str | None = None
    """Byline, several names joined with ``", "``."""
    publisher: str | None = None
    language: str | None = None
    published_at: dt.datetime | None = None
    published_precision: TimePrecision = "unknown"
    updated_at: dt.datetime | None = None
    speaker: Author | None = None
    """Who speaks in the first person: set for posts, None for articles."""
    turns: tuple[Turn, ...] = ()
    """Transcripts only: in order, not overlapping."""
    times: Times = ()
    """Transcripts only: as finely as they tell when something is said."""
    recording_url: str | None = None
    """Where the sound or film is that a transcript is of, where that is not the page at ``url``."""
    complete: bool = True
    """False for a teaser whose full text is behind ``text_url``, else ``url`` (a feed that carries summaries)."""
    text_url: str | None = None
    """Where the full text is, when not on the page at ``url``: the transcript of an episode."""
    people: tuple[str, ...] = ()
    """Full names of those who take part, where a podcast's feed gives them: they complete first names of turns."""
    notes: tuple[str, ...] = ()
    """What a reader should know: "date has no time zone, taken as UTC", "quoted post is missing"."""
    origin: Origin | None = field(default=None, compare=False, repr=False)
    """The bytes it was read from; None where they are not to be kept. Never part of what is written down of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed or sitemap that a page, a list of feeds or an index of sitemaps names."""

    url: str
    title: str | None = None
    type: Literal["rss", "atom", "json", "sitemap", "feed"] = "feed"
    """``feed`` where it is not said which."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item of a payload that gives no document, and why."""

    item: str
    reason: str
    failed: bool = False
    """True when the item is broken; False when leaving it out is right (a repost, an empty share)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentData:
    """A document ready for extraction and storage: clean text, its hash, matching keys."""

    raw: RawDocument
    text: str
    """Clean text; every stored offset points into it, so it never changes once stored."""
    text_sha256: str
    turns: tuple[Turn, ...] = ()
    """Turns of ``raw``, moved to the offsets of the clean text."""
    times: Times = ()
    """Times of ``raw``, moved likewise."""

    @property
    def said_on(self) -> dt.date | None:
        """The day that horizons count from: the day of publication, None when unknown."""
        return self.raw.published_at.date() if self.raw.published_at else None
