"""Headlines, leads and lines that set a horizon for what stands under them: "Six predictions for 2025:"."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from kb.dates import find_horizon, find_horizons
from kb.nlp.calendars import Calendars
from kb.nlp.rules import pattern
from kb.nlp.sentences import sentences
from kb.types import Horizon

# Sentences at the beginning of a text in which it may say what it is about.
LEAD = 3

# Between what is announced and its time: "six predictions about artificial intelligence [for 2025]".
WORDS_BETWEEN = 8


class Frame(NamedTuple):
    """What holds from an offset of the text on; None ends what held before."""

    start: int
    horizon: Horizon | None


def _start(frame: Frame) -> int:
    return frame.start


class Frames:
    """The horizons that a document's headline, lead and headings set; offsets of phrases are those in their line."""

    def __init__(self, text: str, title: str | None, said_on: dt.date | None, calendars: Calendars) -> None:
        self._text = text
        self._title = title or ""
        self._said_on = said_on
        self._calendars = calendars

    def at(self, offset: int) -> Horizon | None:
        """The horizon that holds at ``offset``, set before it."""
        return self._frames[bisect_right(self._frames, offset, key=_start) - 1].horizon

    @cached_property
    def _frames(self) -> list[Frame]:
        return [Frame(-1, self._announced(self._title, "title")), *self._within()]

    def _within(self) -> Iterator[Frame]:
        for number, (start, end) in enumerate(_candidates(self._text)):
            line = self._text[start:end]
            if horizon := self._announced(line, "line"):
                yield Frame(end, horizon)
            elif number >= LEAD and pattern("horizons", "announced", "line").search(line):
                yield Frame(end, None)

    def _announced(self, line: str, where: str) -> Horizon | None:
        """The time of what ``line`` announces; None where it announces nothing, or looks back at what came of it."""
        announcements = list(pattern("horizons", "announced", where).finditer(line))
        if not announcements or pattern("horizons", "announced", "review").search(line):
            return None
        calendar = self._calendars.of(None, line)
        found = [horizon for horizon in find_horizons(line, self._said_on, calendar=calendar) if horizon.latest]
        for announced in announcements:
            for horizon in found:
                if _belongs(line[announced.end() : horizon.start] if announced.end() <= horizon.start else None):
                    return horizon
            if year := pattern("horizons", "announced", "year").search(line, 0, announced.start()):
                return _in_year(line, year.start("year"), year.end("year"), self._said_on)
        return None


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of the lead, then all that end with a colon."""
    for number, (start, end) in enumerate(sentences(text, 0, len(text))):
        if number < LEAD or text[end - 1] == ":":
            yield start, end


def _belongs(between: str | None) -> bool:
    """Whether nothing but a few words without a verb stand between what is announced and its time."""
    if between is None or len(between.split()) > WORDS_BETWEEN:
        return False
    return pattern("horizons", "announced", "apart").search(between) is None


def _in_year(line: str, start: int, end: int, said_on: dt.date | None) -> Horizon | None:
    """The horizon of "2025 predictions", where the year stands alone."""
    horizon = find_horizon(f"in {line[start:end]}", said_on)
    return horizon and replace(horizon, phrase=line[start:end], start=start, end=end)
