"""Long posts of an X archive: ``note-tweet.js`` holds the whole text of what ``tweets.js`` cuts."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.types import Payload
from sources import x
from sources.shapes import dict_at, dicts_at, text_at
from sources.times import parse_moment
from sources.x_parts import file_beside, parts_beside

_SAME_MOMENT = 1
"""Seconds. A long post and its note have different numbers but are made within a second of one another."""


@dataclass(frozen=True, slots=True)
class Note:
    """The whole text of a long post."""

    number: str
    """Its own, which is not that of the post."""
    at: dt.datetime
    text: str
    links: dict[str, str]

    def full_text(self, mentions: str = "") -> str:
        """The words as typed, without the ``mentions`` that X writes before a reply."""
        return x.written_out(self.text.removeprefix(mentions), self.links)

    def begins(self, start: str) -> bool:
        """Whether the text begins so, with or without the mentions before a reply."""
        whole = html.unescape(self.text)
        return whole.startswith((start, start.removeprefix(x.mentions_before(start))))


class Notes:
    """The notes of an archive, to be claimed by the posts that they belong to."""

    def __init__(self, payload: Payload) -> None:
        self._by_second: dict[int, list[Note]] = {}
        self._unused: dict[str, Note] = {}
        for note in _read(payload):
            self._by_second.setdefault(_second(note.at), []).append(note)
            self._unused[note.number] = note

    def whole(self, written: str, at: dt.datetime) -> Note | None:
        """The note of a post that was cut: made at the same moment, beginning alike. None for other posts."""
        if not x.is_cut(written):
            return None
        start, second = x.beginning(written), _second(at)
        near = range(second - _SAME_MOMENT, second + _SAME_MOMENT + 1)
        found = next((n for s in near for n in self._by_second.get(s, ()) if n.begins(start)), None)
        if found:
            self._unused.pop(found.number, None)
        return found

    @property
    def unused(self) -> tuple[Note, ...]:
        """Those that no post has claimed so far."""
        return tuple(self._unused.values())


def _read(payload: Payload) -> Iterator[Note]:
    for records in (file_beside(payload, "note-tweet.js"), *parts_beside(payload, "note-tweet")):
        for record in records:
            note = _note(dict_at(record, "noteTweet"), payload.fetched_at)
            if note:
                yield note


def _note(entry: dict[str, Any], now: dt.datetime) -> Note | None:
    moment = parse_moment(text_at(entry, "createdAt"), now)
    number, text = text_at(entry, "noteTweetId"), text_at(entry, "core", "text")
    if moment is None or not number or not text.strip():
        return None
    urls = dicts_at(entry, "core", "urls")
    links = {text_at(url, "shortUrl"): text_at(url, "expandedUrl") or text_at(url, "shortUrl") for url in urls}
    links.pop("", None)
    return Note(number, moment.at.replace(microsecond=0), text, links)


def _second(at: dt.datetime) -> int:
    return int(at.timestamp())
