"""What questions return: statements with their reports, outcomes and evidence; documents; timelines and changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from kb.types.statements import Horizon, Quantity
from kb.types.words import (
    ChangeKind,
    Direction,
    DocumentKind,
    PartialDate,
    QuoteKind,
    Relation,
    Review,
    RevisionReason,
    Spans,
    SpeakerKind,
    StatementKind,
    Strength,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One document's report of a statement."""

    document_id: int
    id: int = 0
    """Of the attribution: what reviewers split and edit by."""
    title: str | None
    publisher: str | None
    url: str | None
    published_at: dt.datetime | None
    quote_kind: QuoteKind
    speaker_text: str
    """The source words as this document prints them ("he", "De Lang")."""
    words: str
    """The content words as this document prints them."""
    content: Spans
    confidence: float
    context: str = ""
    """The paragraphs of the document that hold the words; filled by ``show`` only."""
    context_start: int = 0
    """Offset of ``context`` in the document's text."""
    source: Spans = ()
    cue: Spans = ()
    text_sha256: str | None = None
    """Hash of the text that the spans point into."""
    fetched_at: dt.datetime | None = None
    extractor: str | None = None
    extracted_at: dt.datetime | None = None
    unknown_because: str | None = None
    """Why this document does not tell who speaks; None where it does."""
    revision: int = 0
    """Which text of the document has the words first: 0 the one it was stored with, then its revisions."""
    last_revision: int = 0
    """Number of the document's last text; filled by ``show`` only."""
    gone_in: int | None = None
    """The first revision in which the words no longer stand; filled by ``show`` only."""
    copy_of: int | None = None
    """The document that this one is a near duplicate of: a wire story printed elsewhere, an excerpt."""
    differs: tuple[str, ...] = ()
    """Facts in which it differs from that one ("40,000 there, 50,000 here"); with them it is no mere copy."""
    notes: tuple[str, ...] = ()
    """What a reader of the document should know: that its date has no time zone, or that a machine heard its words."""
    at_seconds: int | None = None
    """Second of the recording at which the passage with the words begins; None where no transcript tells."""
    moment_url: str | None = None
    """Address of that second in the recording; None where the address of the recording is not known."""

    @property
    def story(self) -> int:
        """The document that reported this first; its own number unless it is a mere copy."""
        return self.copy_of if self.copy_of and not self.differs else self.document_id


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One item that supports or refutes a statement."""

    id: int
    url: str | None
    """Where it can be read: the address given, or that of the document."""
    document_id: int | None
    quote: str
    direction: Direction
    date: PartialDate | None
    title: str | None = None
    publisher: str | None = None
    """Title and publisher of the document; None for evidence that is only an address."""
    archived_sha256: str | None = None
    """Hash of the text that the record keeps of it; None where the record has no copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """One entry of the append-only ledger of a statement."""

    id: int
    verdict: Verdict
    known_on: dt.date
    recorded_at: dt.datetime
    recorded_by: str
    method: str
    reason: str
    evidence: tuple[EvidenceRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SayingRow:
    """One of several statements by one speaker that foretell the same, or the opposite."""

    id: int
    text: str
    said_on: PartialDate | None
    latest: dt.date | None
    repeats: int | None = None
    slips: int | None = None
    contradicts: int | None = None
    """Numbers of statements, as in ``StatementRow``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """A statement with everything that questions, tables and exports show of it."""

    id: int
    fingerprint: str
    """Stable across databases: what exports use as an identifier."""
    speaker_id: int | None
    speaker: str | None
    speaker_kind: SpeakerKind | None = None
    kind: StatementKind
    text: str
    said_on: PartialDate | None
    strength: Strength | None
    p_low: float | None
    p_high: float | None
    p_scale: str | None = None
    """The scale that gives a phrase this range ("ICD 203"); ``stated`` for a number of the speaker's own."""
    horizon: Horizon | None
    quantity: Quantity | None
    review: Review
    version: int = 0
    """Number of the newest correction of it, 0 while nobody judged it: what ``kb.reviewing`` must be given."""
    reports: tuple[Report, ...] = ()
    outcomes: tuple[OutcomeRow, ...] = ()
    """In the order recorded, those of its repeats among them; the last one counts."""
    repeats: int | None = None
    """Number of the first statement that said the same for the same date."""
    slips: int | None = None
    """Number of the last statement before that foretold the same for an earlier date."""
    contradicts: int | None = None
    """Number of the last statement before that foretold the opposite."""
    thread: tuple[SayingRow, ...] = ()
    """All statements that these numbers join, this one among them, in the order said; not in every listing."""

    @property
    def independent(self) -> int:
        """Reports that are no copies of one another: ten prints of one wire story are one."""
        return len({report.story for report in self.reports})

    @property
    def outcome(self) -> OutcomeRow | None:
        """The outcome that counts now: the last one recorded."""
        return self.outcomes[-1] if self.outcomes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """One text of a document; the first has number 0."""

    number: int
    title: str | None
    seen_at: dt.datetime
    reason: RevisionReason | None
    """None for the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A document with one of its texts and everything that is reported in it."""

    id: int
    kind: DocumentKind
    title: str | None
    """As it is called with this text."""
    author: str | None
    publisher: str | None
    url: str | None
    published_at: dt.datetime | None
    fetched_at: dt.datetime
    copy_of: int | None
    """The document that it is a near duplicate of."""
    differs: tuple[str, ...]
    """Facts in which it differs from that one; with them it is no mere copy."""
    copies: tuple[int, ...]
    """Documents that are near duplicates of this one."""
    revision: int
    """Number of the text."""
    text: str
    text_sha256: str
    revisions: tuple[RevisionRow, ...]
    """All of them, the first among them."""
    notes: tuple[str, ...] = ()
    """What a reader should know."""
    statements: tuple[StatementRow, ...] = ()
    """Those that any text of the document reports, rejected ones left out; in the order of their places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """A line of a timeline: a statement made, a due date, or an outcome known."""

    kind: Literal["statement", "due", "outcome"]
    date: PartialDate | None
    """None only for a statement of which nobody knows when it was made."""
    statement: StatementRow
    outcome: OutcomeRow | None = None
    links: tuple[tuple[Relation, str], ...] = ()
    """Earlier statements that this one repeats, moves to a later date or contradicts, by fingerprint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One difference between a text of a document and the text before it."""

    document_id: int
    title: str | None
    publisher: str | None
    url: str | None
    revision: int
    """Number of the text that has the change."""
    seen_at: dt.datetime
    reason: RevisionReason
    kind: ChangeKind
    removed: str | None
    """The sentence as it was; None for one that is new."""
    added: str | None
    """The sentence as it is; None for one that is gone."""
