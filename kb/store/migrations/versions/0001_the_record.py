"""The record: all tables, append-only ledgers, unchanging texts, full-text search.

Revision 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)

APPEND_ONLY = ("outcome", "evidence", "correction")
SEARCHED = ("statement", "document")


def upgrade() -> None:
    """Make everything."""
    _sources()
    _speakers()
    _documents()
    _statements()
    _ledger()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_guards()
        _sqlite_search()
    else:
        _postgresql_guards()
        _postgresql_search()


def downgrade() -> None:
    """Refuse: there is nothing before the first version."""
    raise NotImplementedError("0001 is the first version; delete the database instead")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _text(name: str, *, nullable: bool = False, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable, unique=unique)


def _to(table: str, name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _one_of(column: str, *values: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=f"ck_{column}")


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _sources() -> None:
    op.create_table(
        "source",
        _id(),
        _text("kind"),
        _text("name"),
        _text("url"),
        sa.Column("config", JSON, nullable=False),
        _text("etag", nullable=True),
        _text("last_modified", nullable=True),
        sa.Column("last_polled_at", MOMENT),
        _text("last_error", nullable=True),
        sa.Column("error_count", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.UniqueConstraint("kind", "url", name="uq_source_kind_url"),
    )


def _speakers() -> None:
    op.create_table(
        "speaker",
        _id(),
        _text("name"),
        _text("kind"),
        _text("description", nullable=True),
        _text("wikidata_id", nullable=True),
        _to("speaker", "merged_into", nullable=True),
        _one_of("kind", "person", "organisation", "group"),
        sa.CheckConstraint("merged_into <> id", name="ck_merged_into"),
    )
    op.create_table(
        "alias",
        _id(),
        _to("speaker", "speaker_id"),
        _text("text"),
        _text("folded"),
        _text("spelling"),
        _text("origin"),
        sa.UniqueConstraint("folded", "speaker_id", name="uq_alias_folded_speaker_id"),
        _one_of("origin", "text", "handle", "user", "import"),
    )
    op.create_table(
        "merge",
        _id(),
        _to("speaker", "from_id"),
        _to("speaker", "into_id"),
        sa.Column("made_at", MOMENT, nullable=False),
        _text("made_by"),
        _text("reason"),
        sa.Column("undone_at", MOMENT),
        sa.CheckConstraint("from_id <> into_id", name="ck_from_id_into_id"),
    )
    _index("speaker", "merged_into")
    _index("alias", "speaker_id", "spelling")
    _index("merge", "from_id", "into_id")


def _documents() -> None:
    op.create_table(
        "document",
        _id(),
        _to("source", "source_id"),
        _text("external_id"),
        _text("url", nullable=True),
        _text("canonical_url", nullable=True),
        _text("title", nullable=True),
        _text("author", nullable=True),
        _text("publisher", nullable=True),
        _text("language", nullable=True),
        sa.Column("published_at", MOMENT),
        _text("published_precision"),
        sa.Column("fetched_at", MOMENT, nullable=False),
        _text("kind"),
        _text("text"),
        _text("text_sha256"),
        _to("document", "near_duplicate_of", nullable=True),
        _to("speaker", "speaker_id", nullable=True),
        sa.UniqueConstraint("source_id", "external_id", name="uq_document_source_id_external_id"),
        sa.UniqueConstraint("canonical_url", name="uq_document_canonical_url"),
        _one_of("kind", "article", "post", "transcript", "file"),
        _one_of("published_precision", "second", "minute", "day", "unknown"),
        sa.CheckConstraint("near_duplicate_of <> id", name="ck_near_duplicate_of"),
    )
    op.create_table(
        "revision",
        _id(),
        _to("document", "document_id"),
        sa.Column("number", sa.Integer, nullable=False),
        _text("text"),
        _text("text_sha256"),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.UniqueConstraint("document_id", "number", name="uq_revision_document_id_number"),
    )
    op.create_table(
        "role",
        _id(),
        _to("speaker", "speaker_id"),
        _text("title", nullable=True),
        _text("organisation", nullable=True),
        _text("first_seen", nullable=True),
        _text("last_seen", nullable=True),
        _to("document", "document_id"),
        sa.CheckConstraint("title IS NOT NULL OR organisation IS NOT NULL", name="ck_title_organisation"),
    )
    _index("document", "published_at", "text_sha256", "near_duplicate_of", "speaker_id")
    _index("role", "speaker_id")


def _statements() -> None:
    op.create_table(
        "statement",
        _id(),
        _to("speaker", "speaker_id", nullable=True),
        _text("kind"),
        _text("text"),
        _text("said_on", nullable=True),
        _text("strength", nullable=True),
        sa.Column("p_low", sa.Float),
        sa.Column("p_high", sa.Float),
        _text("p_scale", nullable=True),
        sa.Column("earliest", sa.Date),
        sa.Column("latest", sa.Date),
        _text("precision", nullable=True),
        _text("horizon_phrase", nullable=True),
        _text("horizon_rule", nullable=True),
        sa.Column("quantity", JSON),
        _text("criteria", nullable=True),
        sa.Column("vagueness", JSON, nullable=False),
        _text("review"),
        _text("fingerprint", unique=True),
        _one_of("kind", "claim", "prediction", "commitment", "opinion", "question", "other"),
        _one_of("strength", "certain", "likely", "possible", "unlikely"),
        _one_of("precision", "day", "week", "month", "quarter", "season", "half", "year", "decade", "range", "vague"),
        _one_of("review", "machine", "accepted", "edited", "rejected"),
        sa.CheckConstraint("0 <= p_low AND p_low <= p_high AND p_high <= 1", name="ck_probability"),
        sa.CheckConstraint("(p_low IS NULL) = (p_high IS NULL)", name="ck_probability_pair"),
        sa.CheckConstraint("earliest <= latest", name="ck_horizon"),
        sa.CheckConstraint("length(said_on) IN (4, 7, 10)", name="ck_said_on"),
    )
    op.create_table(
        "attribution",
        _id(),
        _to("statement", "statement_id"),
        _to("document", "document_id"),
        _text("quote_kind"),
        sa.Column("source_spans", JSON, nullable=False),
        sa.Column("cue_spans", JSON, nullable=False),
        sa.Column("content_spans", JSON, nullable=False),
        _text("speaker_text"),
        _text("words"),
        sa.Column("confidence", sa.Float, nullable=False),
        _text("extractor"),
        sa.Column("extracted_at", MOMENT, nullable=False),
        sa.UniqueConstraint("document_id", "content_spans", "speaker_text", name="uq_attribution_occurrence"),
        _one_of("quote_kind", "direct", "indirect", "mixed", "self"),
        sa.CheckConstraint("0 <= confidence AND confidence <= 1", name="ck_confidence"),
    )
    op.create_table(
        "mention",
        sa.Column("statement_id", sa.Integer, sa.ForeignKey("statement.id"), primary_key=True),
        sa.Column("entity", sa.Text, primary_key=True),
        sa.Column("label", sa.Text, primary_key=True),
    )
    _index("statement", "speaker_id", "said_on", "latest")
    _index("attribution", "statement_id")
    _index("mention", "entity")


def _ledger() -> None:
    op.create_table(
        "outcome",
        _id(),
        _to("statement", "statement_id"),
        _text("verdict"),
        sa.Column("known_on", sa.Date, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        _text("recorded_by"),
        _text("method"),
        _text("reason"),
        _to("outcome", "supersedes", nullable=True),
        sa.UniqueConstraint("supersedes", name="uq_outcome_supersedes"),
        _one_of("verdict", "true", "mostly", "late", "false", "unclear", "void", "unverifiable"),
    )
    op.create_table(
        "evidence",
        _id(),
        _to("statement", "statement_id"),
        _to("outcome", "outcome_id", nullable=True),
        _text("url", nullable=True),
        _to("document", "document_id", nullable=True),
        _text("quote"),
        _text("direction"),
        _text("date", nullable=True),
        _text("archived_sha256", nullable=True),
        _one_of("direction", "supports", "refutes", "neutral"),
        sa.CheckConstraint("url IS NOT NULL OR document_id IS NOT NULL", name="ck_url_document_id"),
    )
    op.create_table(
        "correction",
        _id(),
        _text("document_sha256"),
        sa.Column("spans", JSON, nullable=False),
        _text("field"),
        _text("old", nullable=True),
        _text("new", nullable=True),
        _text("made_by"),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    _index("outcome", "statement_id")
    _index("evidence", "statement_id", "outcome_id")
    _index("correction", "document_sha256")


def _sqlite_guards() -> None:
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER document_text_stays BEFORE UPDATE OF text, text_sha256 ON document "
        "BEGIN SELECT RAISE(ABORT, 'the text of a document never changes'); END"
    )


def _postgresql_guards() -> None:
    op.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse('{table} is append-only')"
        )
    op.execute(
        "CREATE TRIGGER document_text_stays BEFORE UPDATE OF text, text_sha256 ON document "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse('the text of a document never changes')"
    )


def _sqlite_search() -> None:
    for table in SEARCHED:
        index = f"{table}_fts"
        add = f"INSERT INTO {index}(rowid, text) VALUES (new.id, new.text);"
        remove = f"INSERT INTO {index}({index}, rowid, text) VALUES ('delete', old.id, old.text);"
        op.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5(text, content='{table}', content_rowid='id', "
            "tokenize='porter unicode61 remove_diacritics 2')"
        )
        op.execute(f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {add} END")
        op.execute(f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {remove} END")
        op.execute(f"CREATE TRIGGER {index}_update AFTER UPDATE OF text ON {table} BEGIN {remove} {add} END")


def _postgresql_search() -> None:
    # The English stemmer without its stop words, behind a removal of accents that needs no extension.
    op.execute("CREATE TEXT SEARCH DICTIONARY kb_stem (TEMPLATE = snowball, LANGUAGE = english)")
    op.execute("CREATE TEXT SEARCH CONFIGURATION kb_english (COPY = english)")
    op.execute("ALTER TEXT SEARCH CONFIGURATION kb_english ALTER MAPPING REPLACE english_stem WITH kb_stem")
    plain = "regexp_replace(normalize($1, NFD), U&'[\\0300-\\036F]', '', 'g')"
    for name, result, read in (
        ("kb_words", "tsvector", "to_tsvector"),
        ("kb_query", "tsquery", "websearch_to_tsquery"),
    ):
        op.execute(
            f"CREATE FUNCTION {name}(text) RETURNS {result} LANGUAGE sql IMMUTABLE PARALLEL SAFE "
            f"AS $$ SELECT {read}('kb_english', {plain}) $$"
        )
    for table in SEARCHED:
        op.execute(f"CREATE INDEX ix_{table}_text ON {table} USING gin (kb_words(text))")
