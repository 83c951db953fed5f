"""When predictions and commitments fall due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from kb.dates import find_horizon, first_day, last_day
from kb.nlp.calendars import Calendars
from kb.nlp.drafts import Draft, drafts_of, register_extensions, setting_of, text_of
from kb.nlp.frames import Frames
from kb.nlp.rules import pattern
from kb.nlp.sentences import sentences
from kb.types import Horizon, PartialDate, Span

# Characters before the content in which a phrase can still be meant with it (By 2027, she said, ...).
BESIDE = 40

# A phrase after the content must follow at once ("will close" by 2027); this is enough for the longest.
AFTER = 24

# Characters on either side of the content in which its sentence is looked for.
SENTENCE = 400

# Rule of the vague phrases that say no more than a date that was set for them.
SOON = "vague-soon"


class Saying(NamedTuple):
    """When something was said, as far as it is known."""

    earlier: PartialDate | None
    """Long before the document; None: on its day."""
    published: dt.date | None

    @property
    def days(self) -> list[dt.date | None]:
        """The day on which it was said, or the first and the last on which it can have been."""
        return [first_day(self.earlier), last_day(self.earlier)] if self.earlier else [self.published]


class Horizons:
    """Component that reads horizons; one inherited from a heading stays where the words have none with dates."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars

    def __call__(self, doc: Doc) -> Doc:
        text, setting = text_of(doc), setting_of(doc)
        frames = Frames(text, setting.title, setting.said_on, self._calendars)
        for draft in drafts_of(doc):
            said = Saying(draft.said_on, setting.said_on)
            falls_due = draft.kind in {"prediction", "commitment"}
            draft.horizon = self.read(text, draft, said, frames) if falls_due else None
            for part in draft.parts:
                part.horizon = self.read(text, part, said, frames)
            _share(text, draft)
        return doc

    def read(self, text: str, draft: Draft, said: Saying, frames: Frames) -> Horizon | None:
        """The horizon of the content words, else of the list they are in, else one right beside them, else of a frame.

        A vague phrase of their own wins over the last two, except "soon", which fits any. What was said long before the
        document is not meant by its frames.
        """
        own = self._find(draft.words(text), text, draft, said)
        if own and is_dated(own):
            return own
        if draft.horizon or (own and own.rule != SOON):
            return draft.horizon or own
        framed = None if said.earlier else _framed(draft, frames)
        return next(self._beside(text, draft, said), None) or framed or own

    def _find(self, words: str, text: str, draft: Draft, said: Saying) -> Horizon | None:
        calendar = self._calendars.of(draft.speaker, draft.words(text))
        found = [find_horizon(words, day, calendar=calendar) for day in said.days]
        return found[0] if len(set(found)) == 1 else _later(*found)

    def _beside(self, text: str, draft: Draft, said: Saying) -> Iterator[Horizon]:
        for start, end in beside_content(text, draft):
            horizon = self._find(text[start:end], text, draft, said)
            follows = start >= draft.content[0][1]
            at_once = horizon is not None and horizon.start <= 1
            if horizon and is_dated(horizon) and (at_once or not follows) and _is_deadline(horizon.phrase):
                yield horizon


def _later(first: Horizon | None, last: Horizon | None) -> Horizon | None:
    """Of what words mean when said on the first or the last day of a year or month: nothing is overdue by the first."""
    if first is None or last is None or first.latest is None or last.latest is None:
        return first or last
    return replace(last, earliest=first.earliest, strict_latest=first.strict_latest or first.latest)


def _share(text: str, draft: Draft) -> None:
    """Let a time that opens the first part or closes the last one hold for parts that name none."""
    timeless = [part for part in draft.parts if not (part.horizon and is_dated(part.horizon))]
    for part in draft.parts[:1] + draft.parts[-1:]:
        horizon, words = part.horizon, part.words(text)
        if horizon and is_dated(horizon) and words[horizon.start : horizon.end] == horizon.phrase:
            opens = part is draft.parts[0] and not any(map(str.isalnum, words[: horizon.start]))
            closes = part is draft.parts[-1] and not any(map(str.isalnum, words[horizon.end :]))
            for other in timeless if opens or closes else ():
                other.horizon = horizon


def _framed(draft: Draft, frames: Frames) -> Horizon | None:
    """The horizon of the headline or lead above; what authors say themselves has that of their list or none."""
    return frames.at(draft.content[0][0]) if draft.content and draft.quote_kind != "self" else None


def _is_deadline(phrase: str) -> bool:
    return pattern("horizons", "deadline").match(phrase) is not None


def is_dated(horizon: Horizon) -> bool:
    """Whether the horizon has dates; a vague one ("soon") has none."""
    return horizon.earliest is not None or horizon.latest is not None


def beside_content(text: str, draft: Draft) -> Iterator[Span]:
    """The words of the sentence right before and right after a content of one piece, source and cue included."""
    if len(draft.content) != 1:
        return
    start, end = draft.content[0]
    before = sentences(text, max(0, start - SENTENCE), start)
    if before and not _is_ended(text[before[-1][0] : start]):
        yield max(before[-1][0], start - BESIDE), start
    after = sentences(text, end, min(len(text), end + SENTENCE))
    if after and after[0][0] <= end + 1 and not _is_ended(text[start:end]):
        yield end, min(after[0][1], end + AFTER)


def _is_ended(words: str) -> bool:
    """Whether a sentence or line ends with ``words``."""
    return words.rstrip(" \t\"”»'’)")[-1:] in {".", "!", "?", "\n", ""}


@Language.factory(
    "horizons",
    requires=["doc._.drafts"],
    assigns=["doc._.drafts"],
    default_config={"fiscal_years": {}, "events": {}},
)
def make_horizons(nlp: Language, name: str, fiscal_years: Mapping[str, int], events: Mapping[str, object]) -> Horizons:
    """Build the component; the tables are those of ``kb.config.Settings``. Raises ConfigError."""
    register_extensions()
    return Horizons(Calendars(fiscal_years, events))
