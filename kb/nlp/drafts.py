"""The state that pipeline components share on a spaCy ``Doc``.

Each component reads some fields of the drafts and fills others; the last step freezes them into ``Attribution``.
Offsets are code points of ``doc.text``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc

from kb.text import plain_words, words_at
from kb.types import (
    Attribution,
    Author,
    DocumentKind,
    Horizon,
    PartialDate,
    Quantity,
    QuoteKind,
    Spans,
    SpeakerMention,
    StatedPart,
    StatementData,
    StatementKind,
    Strength,
    Turn,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known of a document besides its words."""

    kind: DocumentKind = "file"
    title: str | None = None
    said_on: dt.date | None = None
    speaker: Author | None = None
    """The author of a post, who speaks in the first person."""
    turns: tuple[Turn, ...] = ()


@dataclass(slots=True, kw_only=True)
class Draft:
    """An attribution while the pipeline builds it."""

    source: Spans
    cue: Spans
    content: Spans
    confidence: float
    evidence: dict[str, float] = field(default_factory=dict)
    """What the confidence comes from; empty where a rule found the attribution."""
    kind_scores: dict[str, float] = field(default_factory=dict)
    """The encoder's probabilities for "prediction", "commitment", "other"; empty where the encoder gave none."""
    quote_kind: QuoteKind = "indirect"
    speaker: SpeakerMention | None = None
    kind: StatementKind = "claim"
    strength: Strength | None = None
    p_low: float | None = None
    p_high: float | None = None
    p_scale: str | None = None
    horizon: Horizon | None = None
    quantity: Quantity | None = None
    mentions: tuple[tuple[str, str], ...] = ()
    unknown_because: str | None = None
    """Why there is no speaker."""
    said_on: PartialDate | None = None
    """When it was said, where that is long before the document."""
    parts: list[Draft] = field(default_factory=list)
    """What the content foretells apart from each other, in order; empty where it is one statement."""

    def words(self, text: str) -> str:
        """The content words, as they stand in the text."""
        return words_at(text, self.content)

    def state(self, text: str) -> StatementData:
        """What was said."""
        return StatementData(
            kind=self.kind,
            text=plain_words(text, self.content),
            strength=self.strength,
            p_low=self.p_low,
            p_high=self.p_high,
            p_scale=self.p_scale,
            horizon=self.horizon,
            quantity=self.quantity,
            mentions=self.mentions,
        )

    def freeze(self, text: str) -> Attribution:
        """The finished attribution."""
        return Attribution(
            source=self.source,
            cue=self.cue,
            content=self.content,
            quote_kind=self.quote_kind,
            speaker=self.speaker,
            statement=self.state(text),
            parts=tuple(StatedPart(part.content, part.state(text)) for part in self.parts),
            confidence=round(self.confidence, 4),
            said_on=self.said_on,
            unknown_because=self.unknown_because if self.speaker is None else None,
        )


def drafts_of(doc: Doc) -> list[Draft]:
    """The drafts of ``doc``, in text order; empty before the first component that finds attributions."""
    drafts: list[Draft] = doc._.drafts
    return drafts


def statements_of(doc: Doc) -> Iterator[Draft]:
    """The drafts of ``doc``, each followed by its parts."""
    for draft in drafts_of(doc):
        yield draft
        yield from draft.parts


def text_of(doc: Doc) -> str:
    """``doc.text``, kept: spaCy puts it together anew at every access."""
    text: str | None = doc._.text
    if text is None:
        text = doc._.text = doc.text
    return text


def setting_of(doc: Doc) -> Setting:
    """What is known of the document."""
    setting: Setting = doc._.setting
    return setting


def register_extensions() -> None:
    """Declare the ``Doc`` extensions; safe to call again."""
    if not Doc.has_extension("drafts"):
        Doc.set_extension("drafts", default=[])
        Doc.set_extension("setting", default=Setting())
        Doc.set_extension("text", default=None)
