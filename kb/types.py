"""The data that passes between the layers: frozen, typed, free of behaviour.

    Payload -> RawDocument -> DocumentData -> Attribution -> (store) -> StatementRow -> TimelineEntry

Offsets are Unicode code points into the text they belong to, 0-based, end exclusive. Timestamps are UTC and
timezone-aware. A ``PartialDate`` is an ISO 8601 prefix: "2024", "2024-12" or "2024-12-03"; its length is its
precision, and a missing part is never filled in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Span = tuple[int, int]
Spans = tuple[Span, ...]
PartialDate = str

DocumentKind = Literal["article", "post", "transcript", "file"]
SpeakerKind = Literal["person", "organisation", "group"]
QuoteKind = Literal["direct", "indirect", "mixed", "self"]
StatementKind = Literal["claim", "prediction", "commitment", "opinion", "question", "other"]
Strength = Literal["certain", "likely", "possible", "unlikely"]
Precision = Literal["day", "week", "month", "quarter", "season", "half", "year", "decade", "range", "vague"]
Comparator = Literal["=", ">", ">=", "<", "<=", "~", "range"]
Verdict = Literal["true", "mostly", "late", "false", "unclear", "void", "unverifiable"]
Direction = Literal["supports", "refutes", "neutral"]
Review = Literal["machine", "accepted", "edited", "rejected"]
TimePrecision = Literal["second", "minute", "day", "unknown"]
PredictionStatus = Literal["open", "due", "overdue", "resolved"]
ScorePart = Literal["topic", "year", "horizon"]
Relation = Literal["repeats", "slips", "contradicts"]
RevisionReason = Literal["changed", "parser"]
"""Why a document has another text: it was changed where it was published, or is read better now from the same bytes."""
ChangeKind = Literal["title", "quotation", "number", "sentence"]

ChartKind = Literal["calibration", "hitrate", "timeline", "slips"]

STATED = "stated"
"""Scale of a probability that the speaker gave as a number."""

RECORD_VERSION = 1
"""Of the lines in which a record is exported and imported."""


# --- from the outside to the store -------------------------------------------------------------------------------


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

    @property
    def said_on(self) -> dt.date | None:
        """The day that horizons count from: the day of publication, None when unknown."""
        return self.raw.published_at.date() if self.raw.published_at else None


# --- what the pipeline finds -------------------------------------------------------------------------------------


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
    parts: tuple[StatedPart, ...] = ()
    """The content in parts where it is several predictions, at least two; the record keeps these instead."""


# --- what questions return ---------------------------------------------------------------------------------------


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
    statements: tuple[StatementRow, ...] = ()
    """Those that any text of the document reports, rejected ones left out; in the order of their places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow(Role):
    """A role of a speaker with the first and last date of the documents that give it, and the first of these."""

    first_seen: PartialDate | None = None
    last_seen: PartialDate | None = None
    document_id: int | None = None
    """None for a role that a person gave; the three below tell of this document."""
    document_title: str | None = None
    publisher: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """A judgement that two speakers are one."""

    id: int
    from_id: int
    from_name: str
    into_id: int
    into_name: str
    made_at: dt.datetime
    made_by: str
    reason: str
    undone_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerRow:
    """A speaker as the record knows it, merges applied."""

    id: int
    name: str
    kind: SpeakerKind
    statements: int
    aliases: tuple[str, ...] = ()
    """Every spelling, ``name`` among them, as documents and people gave them."""
    accounts: tuple[str, ...] = ()
    """Handles with their channel: ``x:danawhitlock_ex``."""
    roles: tuple[RoleRow, ...] = ()
    """Each once, the earliest seen first."""
    merges: tuple[MergeRow, ...] = ()
    wikidata_id: str | None = None
    watched: bool = False
    """Whether somebody put the speaker on the list of people to watch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRow:
    """A speaker of the record who may be the same as another one, or as somebody of a name that is new."""

    speaker_id: int | None
    """None for a name that the record does not have."""
    speaker: str
    candidate_id: int
    candidate: str
    score: float
    """0 to 100; orders suggestions, and is no probability."""
    reasons: tuple[str, ...]
    """For it first, then against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedEvidence:
    """A passage of a later document that may settle a prediction; a person decides."""

    document_id: int
    title: str | None
    publisher: str | None
    url: str | None
    published_at: dt.datetime
    passage: str
    start: int
    end: int
    """Offsets of ``passage`` in the document's text."""
    score: float
    """Orders passages, and is no probability."""
    direction: Direction
    """``supports`` or ``refutes`` only where figures were compared."""
    comparison: str
    """"says 120,000 robots; predicted at least 100,000: supports"; empty where there are no figures to compare."""
    reasons: tuple[str, ...]
    """Why it was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A prediction with the verdict that counts: what scores are made of."""

    statement_id: int
    speaker_id: int
    verdict: Verdict
    known_on: dt.date
    said_on: PartialDate | None
    latest: dt.date | None
    p_low: float | None = None
    p_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """A score computed with the lower ends, the middles and the upper ends of the stated probabilities."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """Predictions of about the same probability."""

    low: float
    high: float
    """The probabilities from ``low`` to ``high`` are in it."""
    n: int
    stated: float
    """Mean of the stated probabilities."""
    happened: float
    """Share that came about."""
    interval: tuple[float, float]
    """95 % Wilson interval of ``happened``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastScore:
    """How good stated probabilities are; from predictions that have one and a verdict that counts."""

    n: int
    brier: Ends
    """Mean squared error, 0 to 1; 0.25 is always saying 50 %."""
    log: Ends
    """Mean natural logarithm of the probability given to what happened, at most 0."""
    skill: Ends | None
    """1 is perfect, 0 no better than always saying how often others' predictions come true; None where those leave
    nothing to improve."""
    bins: tuple[CalibrationBin, ...] = ()
    """Empty where there are too few for one."""
    pairs: tuple[tuple[float, bool], ...] = ()
    """Each middle probability, and whether what it was given to came about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """How a speaker's predictions and commitments turned out, each counted once however often it was repeated.

    The hit rate counts ``true`` and ``mostly`` against ``false`` and ``late``. A prediction given less than 50 % says
    that something will not happen, so it is a hit when that does not.
    """

    speaker: str
    part: str | None = None
    """The topic, year or length of horizon that the card is about; None: everything."""
    predictions: int
    due: int
    counts: dict[Verdict, int] = field(default_factory=dict)
    hits: int = 0
    scored: int = 0
    """Resolved with a verdict that counts for or against: true, mostly, late, false."""
    hit_rate: float | None = None
    low: float | None = None
    high: float | None = None
    """95 % Wilson interval of ``hit_rate``; None when nothing is scored."""
    shrunk: float | None = None
    """``hit_rate`` drawn towards everybody's, the more so the fewer are scored."""
    rank: int | None = None
    """By ``low``, from 1; None with too few scored to be ranked."""
    forecasts: ForecastScore | None = None
    """None without probabilities."""
    warnings: tuple[str, ...] = ()
    """What a reader of the scores should know."""

    @property
    def brier(self) -> float | None:
        """Mean squared error of the mid probabilities, None without probabilities."""
        return self.forecasts.brier.mid if self.forecasts else None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """What became of one item of a batch; the batch goes on whatever it is."""

    item: str
    status: Literal["added", "changed", "unchanged", "skipped", "failed", "waiting", "registered"]
    """``waiting``: a teaser that becomes a document when its page has been fetched; ``registered``: a source to poll,
    of which nothing was read yet."""
    reason: str = ""
    statements: int = 0
    predictions: int = 0
    document_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """What polling one source gave; the other sources go on whatever it is."""

    source: str
    """Its name."""
    url: str | None
    status: Literal["ok", "unchanged", "failed", "waiting"]
    """``unchanged``: the server said so (304) or every document was known; ``failed``: the source could not be read;
    ``waiting``: its host asked to be left alone for a while."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    waiting: int = 0
    """Pages that a later update fetches."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source on the network, and how it is doing."""

    id: int
    kind: str
    name: str
    url: str
    """Where it is read from now."""
    documents: int
    waiting: int = 0
    """Pages that are still to be fetched."""
    last_polled_at: dt.datetime | None = None
    news_at: dt.datetime | None = None
    """When it last brought something."""
    next_poll_at: dt.datetime | None = None
    """None: at the next update; or never, if it is not active."""
    every: dt.timedelta | None = None
    """About how often it is polled; None before the first poll."""
    error_count: int = 0
    """Failed polls since the last good one."""
    last_error: str | None = None
    active: bool = True
    inactive_because: str | None = None

    @property
    def health(self) -> Literal["ok", "failing", "paused"]:
        """``failing`` after a failed poll; ``paused`` when it is not polled."""
        return "paused" if not self.active else "failing" if self.error_count else "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What importing an exported record changed."""

    added: dict[str, int]
    """New rows by what they are: source, speaker, document, statement, report, outcome ..."""
    changed: int = 0
    """Rows that were there and took over something."""
    conflicts: tuple[str, ...] = ()
    """Where the two records disagree, one line each: both sides are kept, and the line says which one counts."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One word, or several that stand one after the other; forms of them count too ("robots" finds "robot")."""

    words: str
    prefix: bool = False
    """Whether the last word may go on."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Texts in which all of these are found."""

    of: tuple[TextQuery, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Texts in which one of these is found at least."""

    of: tuple[TextQuery, ...]


@dataclass(frozen=True, slots=True)
class NotThis:
    """Texts in which this is not found."""

    of: TextQuery


TextQuery = Phrase | AllOf | AnyOf | NotThis
"""What ``kb.query`` reads from the words of a query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to leave in; None, and an empty tuple, leaves everything in. One object for every question and export.

    ``kb.query.parse`` makes it from a query; of a tuple any one value will do.
    """

    words: str | None = None
    """Plain words and "phrases", all of which stand in the statement; any input is safe."""
    text: TextQuery | None = None
    """What a query says of the statement's words."""
    by: tuple[str, ...] = ()
    """Speakers: id, name or part of a name."""
    about: str | None = None
    """Words or an entity the statement is about."""
    outlet: tuple[str, ...] = ()
    """Publishers or hosts (``--in``)."""
    kind: tuple[StatementKind, ...] = ()
    since: PartialDate | None = None
    until: PartialDate | None = None
    """Inclusive, at the precision given: ``until="2025"`` means to the end of 2025."""
    strength: tuple[Strength, ...] = ()
    quote: tuple[QuoteKind, ...] = ()
    """At least one report quotes it like this."""
    review: tuple[Review, ...] = ()
    """Rejected statements are listed only where this asks for them."""
    verdict: tuple[Verdict, ...] = ()
    """Of the outcome that counts now."""
    topic: tuple[str, ...] = ()
    """Entities that it is about, by their whole names; accents count, case does not."""
    without: tuple[Filters, ...] = ()
    """Statements that pass one of these are left out."""
    due_since: dt.date | None = None
    due_before: dt.date | None = None
    """Statements whose last day is that one or later; before that one."""
    due_by: dt.date | None = None
    """Predictions without an outcome whose last day is this one or before, repeats left out."""
    status: PredictionStatus | None = None
    testable: bool = False
    """Only predictions of which it can be told whether they came true (``kb.testable``)."""
    slipped: bool = False
    """Only predictions whose date was moved before they came true."""
    as_of: dt.date | None = None
    """Only what was said and known by then; it is also the day on which statuses are judged."""
    documents: tuple[int, ...] = ()
    """Ids; statements that one of these documents reports. Empty leaves everything in."""
    limit: int | None = None

    def __post_init__(self) -> None:
        """``by="Delangue"`` is short for a tuple of that one, which else would be read as one of its letters."""
        for name in ("by", "outlet", "kind", "strength", "quote", "review", "verdict", "topic"):
            value = getattr(self, name)
            if value is None or isinstance(value, str):
                object.__setattr__(self, name, (value,) if value else ())


# --- searching ---------------------------------------------------------------------------------------------------

Sort = Literal["relevance", "date"]
"""Best match first (without words to match: newest first); newest first, undated last."""

FacetName = Literal["speaker", "outlet", "kind", "year", "verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of what a query finds."""

    rows: tuple[StatementRow, ...]
    next: str | None
    """The cursor of the page after this one; None on the last."""
    previous: str | None
    """The cursor of the page before this one; None on the first."""
    total: int
    """How many statements the query finds; counting stops at ``kb.ask.COUNTED``."""
    more: bool
    """Whether there are more than ``total``."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many statements have one value of a facet."""

    value: str
    """What is shown: a name, an outlet, a kind, a year, a verdict."""
    query: str
    """The filter that leaves only these: ``by:12``, ``in:"The Daily"``, ``kind:claim``."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What the statements that a query finds have in common, the most frequent first; years the newest first."""

    speaker: tuple[FacetCount, ...]
    outlet: tuple[FacetCount, ...]
    kind: tuple[FacetCount, ...]
    year: tuple[FacetCount, ...]
    verdict: tuple[FacetCount, ...]
    """Of resolved predictions only."""
    counted: int
    """Statements that were counted: all, or the newest on the record."""
    complete: bool
    """False where more were found than are counted (``kb.store.facets.MOST``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRow:
    """A saved search."""

    id: int
    name: str
    query: str
    made_at: dt.datetime
    hits: int
    """Statements that it found so far, those that were there when it was saved included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchHits:
    """What a saved search found that it had not found before."""

    watch: WatchRow
    rows: tuple[StatementRow, ...]
    problem: str = ""
    """Why it can no longer be asked: a speaker of that name is gone."""


# --- reviewing ---------------------------------------------------------------------------------------------------


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


# --- access ------------------------------------------------------------------------------------------------------

TokenRole = Literal["reader", "editor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A key to the HTTP API; the secret itself is not kept."""

    id: int
    name: str
    role: TokenRole
    made_at: dt.datetime
    revoked_at: dt.datetime | None
