"""Reviews, saved searches and tokens.

Revision 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them. Corrections that are there were made by other programs: they have no place beside offsets."""
    op.add_column("statement", sa.Column("version", sa.Integer, nullable=False, server_default="0"))
    for name in ("speaker_text", "statement", "judgement"):
        op.add_column("correction", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("correction", sa.Column("undoes", sa.Text))
    op.create_index("ix_correction_statement", "correction", ["statement"])
    op.create_index("ix_correction_judgement", "correction", ["judgement"])
    op.create_index("ix_attribution_confidence", "attribution", ["confidence"])
    _disagreements()
    _watches()
    _tokens()


def downgrade() -> None:
    """Refuse: what reviewers undid would count again."""
    raise NotImplementedError("version 0005 cannot hold this database; restore a backup instead")


def _disagreements() -> None:
    op.create_table(
        "disagreement",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document_sha256", sa.Text, nullable=False),
        sa.Column("spans", JSON, nullable=False),
        sa.Column("speaker_text", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("machine", sa.Text, nullable=False),
        sa.Column("extractor", sa.Text, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.UniqueConstraint(
            "document_sha256", "spans", "speaker_text", "field", "machine", name="uq_disagreement_document_sha256"
        ),
    )


def _watches() -> None:
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.UniqueConstraint("name", name="uq_watch_name"),
    )
    op.create_table(
        "watch_hit",
        sa.Column("watch_id", sa.Integer, sa.ForeignKey("watch.id"), primary_key=True),
        sa.Column("statement_id", sa.Integer, sa.ForeignKey("statement.id"), primary_key=True),
    )
    op.create_index("ix_watch_hit_statement_id", "watch_hit", ["statement_id"])


def _tokens() -> None:
    op.create_table(
        "token",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.CheckConstraint("role IN ('reader', 'editor')", name="ck_role"),
        sa.UniqueConstraint("sha256", name="uq_token_sha256"),
    )
