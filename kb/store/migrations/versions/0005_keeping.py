"""Bytes as they arrived, statements of revisions, near duplicates.

Revision 0005. Shingles of the documents that are there are made by the functions at the end, which are those of the
day; which of these documents are copies of one another is not worked out: the index is for documents to come.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zlib
from bisect import bisect
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

ATTRIBUTION_CHECKS = (
    sa.CheckConstraint("quote_kind IN ('direct', 'indirect', 'mixed', 'self')", name="ck_quote_kind"),
    sa.CheckConstraint("0 <= confidence AND confidence <= 1", name="ck_confidence"),
)


def upgrade() -> None:
    """Add them."""
    _bytes()
    # Spelled out, because SQLite takes a constraint only within the clause that adds the column.
    op.execute("ALTER TABLE document ADD COLUMN arrival_id INTEGER REFERENCES arrival (id)")
    op.execute("ALTER TABLE revision ADD COLUMN arrival_id INTEGER REFERENCES arrival (id)")
    op.execute(
        "ALTER TABLE revision ADD COLUMN reason TEXT NOT NULL DEFAULT 'changed' "
        "CONSTRAINT ck_reason CHECK (reason IN ('changed', 'parser'))"
    )
    op.add_column("revision", sa.Column("title", sa.Text))
    op.create_index("ix_document_arrival_id", "document", ["arrival_id"])
    op.create_index("ix_revision_arrival_id", "revision", ["arrival_id"])
    _guard_revisions()
    op.add_column("attribution", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    with op.batch_alter_table("attribution", table_args=ATTRIBUTION_CHECKS) as attribution:
        attribution.drop_constraint("uq_attribution_occurrence", type_="unique")
        attribution.create_unique_constraint(
            "uq_attribution_occurrence", ["document_id", "revision", "content_spans", "speaker_text"]
        )
    op.add_column("document", sa.Column("differs", JSON))
    _shingles()


def downgrade() -> None:
    """Refuse: the bytes, and what only revisions say, would be lost."""
    raise NotImplementedError("version 0004 cannot hold this database; restore a backup instead")


def _bytes() -> None:
    op.create_table(
        "body",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.Text, sa.ForeignKey("body.sha256"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("status", sa.Integer),
        sa.Column("content_type", sa.Text),
        sa.Column("headers", JSON, nullable=False),
        sa.Column("hints", JSON, nullable=False),
        sa.Column("siblings", JSON, nullable=False),
        sa.Column("container", sa.Text),
        sa.Column("notes", JSON, nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("sha256", "name", name="uq_arrival_sha256_name"),
    )


def _guard_revisions() -> None:
    message = "the text of a revision never changes"
    trigger = "CREATE TRIGGER revision_text_stays BEFORE UPDATE OF text, text_sha256 ON revision"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"{trigger} BEGIN SELECT RAISE(ABORT, '{message}'); END")
    else:
        op.execute(f"{trigger} FOR EACH STATEMENT EXECUTE FUNCTION refuse('{message}')")


def _shingles() -> None:
    op.create_table(
        "shingle",
        sa.Column("hash", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id"), primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    document = sa.table(
        "document",
        sa.column("id", sa.Integer),
        sa.column("kind", sa.Text),
        sa.column("text", sa.Text),
        sa.column("published_at", sa.DateTime(timezone=True)),
        sa.column("fetched_at", sa.DateTime(timezone=True)),
    )
    insert = sa.text("INSERT INTO shingle (hash, day, document_id) VALUES (:hash, :day, :document_id)")
    for row in connection.execute(sa.select(document).where(document.c.kind != "post")).yield_per(100):
        rows = [{"hash": h, "day": _day(row), "document_id": row.id} for h in _sketch(row.text)]
        if rows:
            connection.execute(insert, rows)


def _day(row: sa.Row[tuple[object, ...]]) -> int:
    moment: dt.datetime = row.published_at or row.fetched_at
    return (moment.astimezone(dt.UTC) if moment.tzinfo else moment).date().toordinal()


def _sketch(text: str) -> list[int]:
    ordered = sorted(set(_hashes(text)))
    return ordered[: max(16, bisect(ordered, 2**32 // 16))]


def _hashes(text: str) -> Iterator[int]:
    around = (
        r"(?m)^[^\n]{0,60}?\([A-Z]\w{1,20}\) ?[-–—]|^\W*"
        r"(?i:(?:(?:additional )?reporting |editing |writing )?by [^.\n]{3,80}|(?:©|copyright\b|read more\b)[^\n]*)$"
    )
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", re.sub(around, " ", text)).casefold())
    words = re.findall(r"\w+", "".join(c for c in folded if not unicodedata.combining(c)))
    if len(words) >= 48:
        encoded = [word.encode("utf-8", "surrogatepass") for word in words]
        yield from (zlib.crc32(b" ".join(encoded[i : i + 5])) for i in range(len(words) - 4))
