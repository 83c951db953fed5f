"""When predictions and commitments fall due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from kb.dates import find_horizon
from kb.nlp.drafts import Draft, drafts_of, register_extensions, setting_of
from kb.nlp.rules import pattern
from kb.nlp.sentences import sentences
from kb.types import Horizon, Span

# Characters before the content in which a phrase can still be meant with it (By 2027, she said, ...).
BESIDE = 40

# A phrase after the content must follow at once ("will close" by 2027); this is enough for the longest.
AFTER = 24

# Characters on either side of the content in which its sentence is looked for.
SENTENCE = 400


class Horizons:
    """Component that reads horizons; one inherited from a heading stays where the words have none with dates."""

    def __call__(self, doc: Doc) -> Doc:
        text, said_on = doc.text, setting_of(doc).said_on
        for draft in drafts_of(doc):
            falls_due = draft.kind in {"prediction", "commitment"}
            draft.horizon = self.read(text, draft, said_on) if falls_due else None
        return doc

    def read(self, text: str, draft: Draft, said_on: dt.date | None) -> Horizon | None:
        """The horizon of the content words, else the inherited one, else one that stands right beside the content."""
        own = find_horizon(draft.words(text), said_on)
        if own and is_dated(own):
            return own
        return draft.horizon or own or next(self._beside(text, draft, said_on), None)

    def _beside(self, text: str, draft: Draft, said_on: dt.date | None) -> Iterator[Horizon]:
        for start, end in beside_content(text, draft):
            horizon = find_horizon(text[start:end], said_on)
            follows = start >= draft.content[0][1]
            at_once = horizon is not None and horizon.start <= 1
            if horizon and is_dated(horizon) and (at_once or not follows) and _is_deadline(horizon.phrase):
                yield horizon


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


@Language.factory("horizons", requires=["doc._.drafts"], assigns=["doc._.drafts"])
def make_horizons(nlp: Language, name: str) -> Horizons:
    """Build the component."""
    register_extensions()
    return Horizons()
