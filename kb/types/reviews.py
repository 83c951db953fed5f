"""What people correct, and how often the machine was right."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from kb.types.words import Spans, StatementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a reviewer changes; None leaves a thing as it is."""

    speaker: str | None = None
    """Id or name of a speaker on the record; empty: nobody knows."""
    new_speaker: str | None = None
    """Name of a person who is not on the record yet."""
    kind: StatementKind | None = None
    horizon: str | None = None
    """"2027", "2026-06", "2026-06-30", "2026-01..2026-06", "vague"; "none": it names no time."""
    report: int | None = None
    """Id of the report whose spans change; None: the first."""
    content: Spans | None = None
    source: Spans | None = None
    cue: Spans | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """One thing that a person said of an extraction; never changed, only followed by another."""

    id: int
    judgement: str
    """Shared by the corrections of one act."""
    undoes: str | None
    """The judgement that this one takes back."""
    field: str
    """review, speaker, kind, horizon, text, content, source, cue, statement (split, merge), apart (from another) or
    reading (all of it)."""
    old: str | None
    new: str | None
    """Values as text; speakers, horizons, spans and statements as JSON."""
    made_by: str
    made_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRow:
    """What a newer extraction found where a person had judged; what the person said stands."""

    statement_id: int
    text: str
    document_id: int
    field: str
    person: str
    machine: str
    extractor: str
    found_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyRow:
    """How many extractions reviewers found right, in one outlet or of one quote kind."""

    part: Literal["all", "outlet", "quote"]
    name: str
    accepted: int
    edited: int
    rejected: int
    precision: float
    """Accepted of all that were reviewed."""
    low: float
    high: float
    """95 % Wilson interval of ``precision``."""
    edits: dict[str, int] = field(default_factory=dict)
    """How many were edited in which field; one may be in several."""

    @property
    def n(self) -> int:
        """How many were reviewed."""
        return self.accepted + self.edited + self.rejected
