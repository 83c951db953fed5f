"""When predictions and commitments fall due."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from kb.dates import Calendar, find_horizon, read_events
from kb.nlp.drafts import Draft, drafts_of, register_extensions, setting_of, text_of
from kb.nlp.frames import Frames
from kb.nlp.rules import pattern
from kb.nlp.sentences import sentences
from kb.text import organisation_key
from kb.types import Horizon, Span, SpeakerMention

# Characters before the content in which a phrase can still be meant with it (By 2027, she said, ...).
BESIDE = 40

# A phrase after the content must follow at once ("will close" by 2027); this is enough for the longest.
AFTER = 24

# Characters on either side of the content in which its sentence is looked for.
SENTENCE = 400

# Rule of the vague phrases that say no more than a date that was set for them.
SOON = "vague-soon"


class Calendars:
    """Which calendar a statement counts by: that of the speaker's organisation, else of one that its words name."""

    def __init__(self, fiscal_years: Mapping[str, int], events: Mapping[str, object]) -> None:
        self._plain = Calendar(events=read_events(events))
        self._by_name = {name: replace(self._plain, fiscal_start_month=month) for name, month in fiscal_years.items()}
        self._by_key = {organisation_key(name): calendar for name, calendar in self._by_name.items()}

    def of(self, speaker: SpeakerMention | None, words: str) -> Calendar:
        """The calendar for what ``speaker`` says in ``words``; the plain one where nothing is known."""
        for organisation in _organisations(speaker):
            if calendar := self._by_key.get(organisation_key(organisation)):
                return calendar
        named = (name for name in self._by_name if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words))
        return self._by_name.get(next(named, ""), self._plain)


def _organisations(speaker: SpeakerMention | None) -> list[str]:
    if speaker is None:
        return []
    held = [speaker.role.organisation] if speaker.role and speaker.role.organisation else []
    return [*held, speaker.name] if speaker.kind == "organisation" else held


class Horizons:
    """Component that reads horizons; one inherited from a heading stays where the words have none with dates."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars

    def __call__(self, doc: Doc) -> Doc:
        text, setting = text_of(doc), setting_of(doc)
        frames = Frames(text, setting.title, setting.said_on)
        for draft in drafts_of(doc):
            falls_due = draft.kind in {"prediction", "commitment"}
            draft.horizon = self.read(text, draft, setting.said_on, frames) if falls_due else None
        return doc

    def read(self, text: str, draft: Draft, said_on: dt.date | None, frames: Frames) -> Horizon | None:
        """The horizon of the content words, else of the list they are in, else one right beside them, else of a frame.

        A vague phrase of their own wins over the last two, except "soon", which fits any.
        """
        calendar = self._calendars.of(draft.speaker, draft.words(text))
        own = find_horizon(draft.words(text), said_on, calendar=calendar)
        if own and is_dated(own):
            return own
        if draft.horizon or (own and own.rule != SOON):
            return draft.horizon or own
        return next(self._beside(text, draft, said_on), None) or _framed(draft, frames) or own

    def _beside(self, text: str, draft: Draft, said_on: dt.date | None) -> Iterator[Horizon]:
        calendar = self._calendars.of(draft.speaker, draft.words(text))
        for start, end in beside_content(text, draft):
            horizon = find_horizon(text[start:end], said_on, calendar=calendar)
            follows = start >= draft.content[0][1]
            at_once = horizon is not None and horizon.start <= 1
            if horizon and is_dated(horizon) and (at_once or not follows) and _is_deadline(horizon.phrase):
                yield horizon


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
