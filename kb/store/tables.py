"""The tables of the record, one class each.

These classes describe today's schema to the code; the databases themselves are made by ``kb.store.migrations``, which
never import this module. A test holds the two together.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, get_args

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from kb.types import (
    Direction,
    DocumentKind,
    PartialDate,
    Precision,
    QuoteKind,
    Review,
    RevisionReason,
    Spans,
    SpeakerKind,
    StatementKind,
    Strength,
    TimePrecision,
    Times,
    TokenRole,
    Verdict,
)

AliasOrigin = Literal["text", "handle", "user", "import"]

JSON_TYPE = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSONB on PostgreSQL, because its JSON has no equality and unique constraints need one."""


class UTCDateTime(TypeDecorator[dt.datetime]):
    """A moment, stored in UTC and read back timezone-aware. Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Move ``value`` to UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(dt.UTC) if value else None

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Give back the time zone, which SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class SpansType(TypeDecorator[Spans]):
    """Spans as a JSON list of [start, end) pairs; times, which are pairs too, likewise."""

    impl = JSON_TYPE
    cache_ok = True

    def process_bind_param(self, value: Spans | None, dialect: Dialect) -> list[list[int]] | None:
        """Tuples to lists."""
        return None if value is None else [list(span) for span in value]

    def process_result_value(self, value: list[list[int]] | None, dialect: Dialect) -> Spans | None:
        """Lists back to tuples."""
        return None if value is None else tuple((start, end) for start, end in value)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A CHECK that ``column`` holds one of ``values`` (or NULL where the column allows it)."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"ck_{column}")


FORWARD = "kind IN ('prediction', 'commitment') AND review <> 'rejected' AND repeats IS NULL"
"""What scorecards count, each prediction once. Spelled as SQL: a query uses a partial index that has the same words."""


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows for which ``where`` holds."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Source(SQLModel, table=True):
    """Where documents come from."""

    __table_args__ = (UniqueConstraint("kind", "url", name="uq_source_kind_url"),)

    id: int = Field(default=None, primary_key=True)
    kind: str
    name: str
    url: str = Field(index=True)
    """Address or path that the source was registered with: its identity, whatever happens to the address."""
    address: str | None = Field(default=None, index=True)
    """Where it is read from since it moved for good; None: at ``url``."""
    moving_to: str | None = None
    """Where it says that it has moved to, and since when; believed once it is said long enough."""
    moving_since: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    config: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_TYPE)
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    """Of the bytes last read, for servers that send no validators."""
    last_polled_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    read_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When it last was read whole, not only found unchanged."""
    news_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When it last brought something."""
    next_poll_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    """None: at once."""
    poll_seconds: int | None = None
    """The interval between polls that its news call for; None until it was polled."""
    last_error: str | None = None
    error_count: int = 0
    """Failed polls since the last good one."""
    active: bool = True
    inactive_because: str | None = None


class PendingPage(SQLModel, table=True):
    """A page that is still to be fetched: of a teaser, which becomes a document with it, or when it is given up; or a
    further page of a feed, whose ``external_id`` is its address."""

    __tablename__ = "pending_page"
    __table_args__ = (UniqueConstraint("source_id", "external_id", name="uq_pending_page_source_id_external_id"),)

    id: int = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    external_id: str
    url: str
    canonical_url: str | None = Field(default=None, index=True)
    teaser: dict[str, Any] = Field(sa_type=JSON_TYPE)
    number: int | None = None
    """Of a further page of a feed, counted from 1; None for the page of a teaser."""
    tries: int = 0
    next_try_at: dt.datetime | None = Field(sa_type=UTCDateTime, index=True)
    """None: not again; the row stays so that the feed's next reading does not begin anew."""
    last_error: str | None = None


class Entry(SQLModel, table=True):
    """An entry of a feed whose page was read, so that the page is read again only when the entry has changed."""

    source_id: int = Field(foreign_key="source.id", primary_key=True)
    external_id: str = Field(primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    url: str
    """The page that was read; the validators are its own."""
    teaser_sha256: str
    updated_at: dt.datetime | None = Field(sa_type=UTCDateTime)
    """When the entry says that it was updated."""
    etag: str | None = None
    last_modified: str | None = None
    vain: int = 0
    """Readings in a row that gave nothing new."""


class Host(SQLModel, table=True):
    """A host that asked to be left alone until some moment (Retry-After)."""

    name: str = Field(primary_key=True)
    held_until: dt.datetime = Field(sa_type=UTCDateTime)
    reason: str


class Document(SQLModel, table=True):
    """One article, post or transcript; a trigger refuses changes of its text."""

    __table_args__ = (
        UniqueConstraint("source_id", "external_id", name="uq_document_source_id_external_id"),
        UniqueConstraint("canonical_url", name="uq_document_canonical_url"),
        one_of("kind", get_args(DocumentKind)),
        one_of("published_precision", get_args(TimePrecision)),
        CheckConstraint("near_duplicate_of <> id", name="ck_near_duplicate_of"),
    )

    id: int = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    external_id: str
    url: str | None = Field(default=None, index=True)
    canonical_url: str | None = None
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    language: str | None = None
    published_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    published_precision: TimePrecision = Field(default="unknown", sa_type=Text)
    fetched_at: dt.datetime = Field(sa_type=UTCDateTime)
    kind: DocumentKind = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    text_sha256: str = Field(index=True)
    near_duplicate_of: int | None = Field(default=None, foreign_key="document.id", index=True)
    differs: list[str] | None = Field(default=None, sa_type=JSON_TYPE)
    """Facts in which it differs from that one; None for a mere copy."""
    speaker_id: int | None = Field(default=None, foreign_key="speaker.id", index=True)
    """Who speaks in the first person; None for articles."""
    arrival_id: int | None = Field(default=None, foreign_key="arrival.id", index=True)
    """The bytes that the text was read from; None where they were not kept."""
    times: Times | None = Field(default=None, sa_type=SpansType)
    """When what stands in the text was said; None where no transcript tells."""
    recording_url: str | None = None
    notes: list[str] | None = Field(default=None, sa_type=JSON_TYPE)
    """What a reader should know; None for nothing."""


class Revision(SQLModel, table=True):
    """A later text of a document; ``number`` counts from 1, the document itself being 0. Its text never changes."""

    __table_args__ = (
        UniqueConstraint("document_id", "number", name="uq_revision_document_id_number"),
        one_of("reason", get_args(RevisionReason)),
    )

    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    number: int
    text: str = Field(sa_type=Text)
    text_sha256: str
    seen_at: dt.datetime = Field(sa_type=UTCDateTime)
    reason: RevisionReason = Field(default="changed", sa_type=Text)
    title: str | None = None
    """What the document was called with this text."""
    arrival_id: int | None = Field(default=None, foreign_key="arrival.id", index=True)
    times: Times | None = Field(default=None, sa_type=SpansType)


class Body(SQLModel, table=True):
    """Bytes as they arrived, once however often they came."""

    sha256: str = Field(primary_key=True)
    size: int
    """Bytes, unpacked."""
    packed: bytes = Field(sa_type=LargeBinary)
    """Packed by gzip."""


class Arrival(SQLModel, table=True):
    """How bytes came that gave a text of the record, so that they can be read again."""

    __table_args__ = (UniqueConstraint("sha256", "name", name="uq_arrival_sha256_name"),)

    id: int = Field(default=None, primary_key=True)
    sha256: str = Field(foreign_key="body.sha256")
    name: str
    """Path or address that was asked for."""
    url: str | None = None
    """The address that answered, after redirects; None for a file."""
    status: int | None = None
    content_type: str | None = None
    headers: dict[str, str] = Field(default_factory=dict, sa_type=JSON_TYPE)
    hints: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_TYPE)
    """What the user said of them: format, speaker."""
    siblings: dict[str, str] = Field(default_factory=dict, sa_type=JSON_TYPE)
    """Hashes, by name, of the files beside it that were read too."""
    container: str | None = None
    """Path of the archive or mailbox that they were in."""
    notes: list[str] = Field(default_factory=list, sa_type=JSON_TYPE)
    """What is known of the bytes."""
    fetched_at: dt.datetime = Field(sa_type=UTCDateTime)


class Shingle(SQLModel, table=True):
    """A word sequence of a document, chosen by ``kb.shingles.sketch``: what near duplicates are found by."""

    __table_args__ = {"sqlite_with_rowid": False}  # SQLAlchemy reads it once

    hash: int = Field(primary_key=True, sa_type=BigInteger)
    day: int = Field(primary_key=True)
    """Of publication, or where that is unknown of fetching, as ``datetime.date.toordinal``."""
    document_id: int = Field(primary_key=True, foreign_key="document.id")


class Speaker(SQLModel, table=True):
    """A person, organisation or unnamed group."""

    __table_args__ = (
        one_of("kind", get_args(SpeakerKind)),
        CheckConstraint("merged_into <> id", name="ck_merged_into"),
    )

    id: int = Field(default=None, primary_key=True)
    name: str
    kind: SpeakerKind = Field(sa_type=Text)
    description: str | None = None
    wikidata_id: str | None = Field(default=None, index=True)
    watched: bool = Field(default=False, index=True)
    """Whether the speaker is on the list of people to watch."""
    merged_into: int | None = Field(default=None, foreign_key="speaker.id", index=True)
    """Root of the speaker's cluster, derived from the surviving merges; None for a root itself."""


class Alias(SQLModel, table=True):
    """A name that a speaker goes by."""

    __table_args__ = (
        UniqueConstraint("folded", "speaker_id", name="uq_alias_folded_speaker_id"),
        Index("ix_alias_folded_origin", "folded", "origin"),
        one_of("origin", get_args(AliasOrigin)),
    )

    id: int = Field(default=None, primary_key=True)
    speaker_id: int = Field(foreign_key="speaker.id", index=True)
    text: str
    folded: str
    """``kb.text.fold(text)``."""
    origin: AliasOrigin = Field(sa_type=Text)


class NameKey(SQLModel, table=True):
    """A key (``kb.text.person_keys``, ``organisation_keys``) under which one of a speaker's names can be found.

    Groups have none: "analysts" in two documents are not the same analysts.
    """

    __tablename__ = "name_key"

    key: str = Field(primary_key=True)
    speaker_id: int = Field(foreign_key="speaker.id", primary_key=True, index=True)


class Role(SQLModel, table=True):
    """A title, and the organisation it is held at, that documents (between two dates) or a person give a speaker."""

    __table_args__ = (CheckConstraint("title IS NOT NULL OR organisation IS NOT NULL", name="ck_title_organisation"),)

    id: int = Field(default=None, primary_key=True)
    speaker_id: int = Field(foreign_key="speaker.id", index=True)
    title: str | None = None
    organisation: str | None = None
    organisation_key: str | None = Field(default=None, index=True)
    """``kb.text.organisation_key(organisation)``."""
    first_seen: PartialDate | None = None
    last_seen: PartialDate | None = None
    document_id: int | None = Field(default=None, foreign_key="document.id")
    """The earliest document that shows the role; None while only a person gave it."""


class Merge(SQLModel, table=True):
    """A judgement that two speakers are one; it counts until ``undone_at``."""

    __table_args__ = (CheckConstraint("from_id <> into_id", name="ck_from_id_into_id"),)

    id: int = Field(default=None, primary_key=True)
    from_id: int = Field(foreign_key="speaker.id", index=True)
    into_id: int = Field(foreign_key="speaker.id", index=True)
    made_at: dt.datetime = Field(sa_type=UTCDateTime)
    made_by: str
    reason: str
    undone_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class Statement(SQLModel, table=True):
    """What one speaker said once."""

    __table_args__ = (
        one_of("kind", get_args(StatementKind)),
        one_of("strength", get_args(Strength)),
        one_of("precision", get_args(Precision)),
        one_of("review", get_args(Review)),
        CheckConstraint("0 <= p_low AND p_low <= p_high AND p_high <= 1", name="ck_probability"),
        CheckConstraint("(p_low IS NULL) = (p_high IS NULL)", name="ck_probability_pair"),
        CheckConstraint("earliest <= latest", name="ck_horizon"),
        CheckConstraint("length(said_on) IN (4, 7, 10)", name="ck_said_on"),
        Index("ix_statement_kind_latest", "kind", "latest"),
        partial_index("ix_statement_forward", "speaker_id", "latest", "said_on", where=FORWARD),
        partial_index("ix_statement_due", "latest", where=FORWARD),
        *(partial_index(f"ix_statement_{c}", c, where=f"{c} IS NOT NULL") for c in ("repeats", "slips", "contradicts")),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(default=None, primary_key=True)
    """Given out once: links to a statement that went into another lead there, never to a third."""
    speaker_id: int | None = Field(default=None, foreign_key="speaker.id", index=True)
    """Whom the statement was first given to, before any merge; None when unknown."""
    kind: StatementKind = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    said_on: PartialDate | None = Field(default=None, index=True)
    strength: Strength | None = Field(default=None, sa_type=Text)
    p_low: float | None = None
    p_high: float | None = None
    p_scale: str | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    precision: Precision | None = Field(default=None, sa_type=Text)
    horizon_phrase: str | None = None
    """With ``horizon_rule`` None when the statement names no time at all."""
    horizon_rule: str | None = None
    strict_latest: dt.date | None = None
    """The last day by a stricter reading of the phrase, where it has one."""
    quantity: dict[str, Any] | None = Field(default=None, sa_type=JSON_TYPE)
    repeats: int | None = Field(default=None, foreign_key="statement.id")
    """The first statement that said the same for the same date; the two count as one prediction."""
    slips: int | None = Field(default=None, foreign_key="statement.id")
    """The last statement before that foretold the same for an earlier date."""
    contradicts: int | None = Field(default=None, foreign_key="statement.id")
    """The last statement before that foretold the opposite."""
    review: Review = Field(default="machine", sa_type=Text)
    version: int = 0
    """The newest correction of it; 0 without one."""
    fingerprint: str = Field(unique=True)


class Attribution(SQLModel, table=True):
    """One occurrence of a statement in a text of a document; spans are [start, end) code points into that text."""

    __table_args__ = (
        UniqueConstraint("document_id", "revision", "content_spans", "speaker_text", name="uq_attribution_occurrence"),
        one_of("quote_kind", get_args(QuoteKind)),
        CheckConstraint("0 <= confidence AND confidence <= 1", name="ck_confidence"),
    )

    id: int = Field(default=None, primary_key=True)
    statement_id: int = Field(foreign_key="statement.id", index=True)
    document_id: int = Field(foreign_key="document.id")
    revision: int = 0
    """Number of the text that it stands in; 0 is the document's own."""
    quote_kind: QuoteKind = Field(sa_type=Text)
    source_spans: Spans = Field(sa_type=SpansType)
    cue_spans: Spans = Field(sa_type=SpansType)
    content_spans: Spans = Field(sa_type=SpansType)
    speaker_text: str
    """The words at ``source_spans``; empty where the document prints none."""
    unknown_because: str | None = None
    """Why the document does not tell who that is."""
    words: str = Field(sa_type=Text)
    """The words at ``content_spans``, exactly ``kb.text.words_at`` of that text and ``content_spans``."""
    confidence: float = Field(index=True)
    extractor: str
    extracted_at: dt.datetime = Field(sa_type=UTCDateTime)


class Outcome(SQLModel, table=True):
    """How a statement turned out. Append-only: triggers refuse UPDATE and DELETE."""

    __table_args__ = (
        UniqueConstraint("supersedes", name="uq_outcome_supersedes"),
        one_of("verdict", get_args(Verdict)),
    )

    id: int = Field(default=None, primary_key=True)
    statement_id: int = Field(foreign_key="statement.id", index=True)
    verdict: Verdict = Field(sa_type=Text)
    known_on: dt.date
    recorded_at: dt.datetime = Field(sa_type=UTCDateTime)
    recorded_by: str
    method: str
    reason: str
    supersedes: int | None = Field(default=None, foreign_key="outcome.id")


class Evidence(SQLModel, table=True):
    """An item that supports or refutes a statement. Append-only, like outcomes."""

    __table_args__ = (
        one_of("direction", get_args(Direction)),
        CheckConstraint("url IS NOT NULL OR document_id IS NOT NULL", name="ck_url_document_id"),
    )

    id: int = Field(default=None, primary_key=True)
    statement_id: int = Field(foreign_key="statement.id", index=True)
    outcome_id: int | None = Field(default=None, foreign_key="outcome.id", index=True)
    url: str | None = None
    document_id: int | None = Field(default=None, foreign_key="document.id")
    quote: str = Field(sa_type=Text)
    direction: Direction = Field(sa_type=Text)
    date: PartialDate | None = None
    archived_sha256: str | None = None


class Mention(SQLModel, table=True):
    """What a statement is about."""

    __table_args__ = (Index("ix_mention_entity", "entity"),)

    statement_id: int = Field(foreign_key="statement.id", primary_key=True)
    entity: str = Field(primary_key=True)
    label: str = Field(primary_key=True)


class Correction(SQLModel, table=True):
    """A person's correction of what was extracted, tied to the text itself so that it survives re-extraction.

    It is about the attribution that had this place (hash, content spans, source words) when it was made. Append-only,
    like outcomes.
    """

    id: int = Field(default=None, primary_key=True)
    document_sha256: str = Field(index=True)
    spans: Spans = Field(sa_type=SpansType)
    speaker_text: str = ""
    field: str
    old: str | None = None
    new: str | None = None
    statement: str = Field(default="", index=True)
    """Fingerprint of the statement that was judged."""
    judgement: str = Field(default="", index=True)
    """Shared by the corrections of one act."""
    undoes: str | None = None
    """The judgement that this one takes back."""
    made_by: str
    made_at: dt.datetime = Field(sa_type=UTCDateTime)


class Disagreement(SQLModel, table=True):
    """What a newer extraction found at a place where a person had judged; what the person said stands."""

    __table_args__ = (
        UniqueConstraint(
            "document_sha256", "spans", "speaker_text", "field", "machine", name="uq_disagreement_document_sha256"
        ),
    )

    id: int = Field(default=None, primary_key=True)
    document_sha256: str
    spans: Spans = Field(sa_type=SpansType)
    speaker_text: str
    field: str
    person: str
    machine: str
    extractor: str
    found_at: dt.datetime = Field(sa_type=UTCDateTime)


class Watch(SQLModel, table=True):
    """A saved search."""

    __table_args__ = (UniqueConstraint("name", name="uq_watch_name"),)

    id: int = Field(default=None, primary_key=True)
    name: str
    query: str
    made_at: dt.datetime = Field(sa_type=UTCDateTime)


class WatchHit(SQLModel, table=True):
    """A statement that a saved search has found, so that it is reported once."""

    __tablename__ = "watch_hit"

    watch_id: int = Field(foreign_key="watch.id", primary_key=True)
    statement_id: int = Field(foreign_key="statement.id", primary_key=True, index=True)


class Token(SQLModel, table=True):
    """A key to the HTTP API; only a hash of it is kept."""

    __table_args__ = (UniqueConstraint("sha256", name="uq_token_sha256"), one_of("role", get_args(TokenRole)))

    id: int = Field(default=None, primary_key=True)
    name: str
    role: TokenRole = Field(sa_type=Text)
    sha256: str
    made_at: dt.datetime = Field(sa_type=UTCDateTime)
    revoked_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
