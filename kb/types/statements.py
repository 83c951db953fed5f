"""What the pipeline finds in a document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kb.types.documents import Role
from kb.types.words import Comparator, PartialDate, Precision, QuoteKind, Spans, SpeakerKind, StatementKind, Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """When a prediction falls due. Both dates None: vague, and ``rule`` says why; ``earliest`` alone: an open end."""

    earliest: dt.date | None
    latest: dt.date | None
    """Last day on which the statement can still come true."""
    precision: Precision
    phrase: str
    rule: str
    """Id of the grammar rule that read the phrase."""
    start: int
    end: int
    """Offsets of ``phrase`` in the text that was searched."""
    strict_latest: dt.date | None = None
    """Last day by the stricter reading of an ambiguous phrase ("by 2030": the last of 2029); None where there is but
    one. Nothing is overdue by this reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What a statement counts: ``>= 100000 robots``. ``high`` is the upper end when the comparator is ``range``."""

    comparator: Comparator
    value: float
    unit: str
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerMention:
    """Who a document says the speaker is, resolved within that document."""

    name: str
    kind: SpeakerKind
    role: Role | None = None
    handle: str | None = None
    spellings: tuple[str, ...] = ()
    """Other spellings of the same name in this document ("De Lang" beside "Clement Delange")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementData:
    """What was said, read from the content of one attribution."""

    kind: StatementKind
    text: str
    strength: Strength | None = None
    p_low: float | None = None
    p_high: float | None = None
    p_scale: str | None = None
    horizon: Horizon | None = None
    quantity: Quantity | None = None
    mentions: tuple[tuple[str, str], ...] = ()
    """What it is about: (entity, label) pairs."""


@dataclass(frozen=True, slots=True)
class StatedPart:
    """One of several things that a content foretells, each of which can come true without the others."""

    content: Spans
    statement: StatementData


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One occurrence in a document of somebody saying something."""

    source: Spans
    cue: Spans
    content: Spans
    quote_kind: QuoteKind
    speaker: SpeakerMention | None
    """None when the document does not tell who speaks."""
    statement: StatementData
    confidence: float
    """0 to 1."""
    unknown_because: str | None = None
    """Why nobody is known to speak; None with a speaker."""
    said_on: PartialDate | None = None
    """When it was said, where the document tells of it long after; None: when the document was published."""
    parts: tuple[StatedPart, ...] = ()
    """The content in parts where it is several predictions, at least two; the record keeps these instead."""
