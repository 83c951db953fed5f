"""When each source is asked next and how it is doing; pages that are still to be fetched; hosts that asked to wait.

Revision 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them; every source that is there is due at once."""
    for name in ("address", "moving_to", "body_sha256", "inactive_because"):
        op.add_column("source", sa.Column(name, sa.Text))
    for name in ("moving_since", "read_at", "news_at", "next_poll_at"):
        op.add_column("source", sa.Column(name, MOMENT))
    op.add_column("source", sa.Column("poll_seconds", sa.Integer))
    op.create_index("ix_source_url", "source", ["url"])
    op.create_index("ix_source_address", "source", ["address"])
    op.create_table(
        "pending_page",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("canonical_url", sa.Text),
        sa.Column("teaser", JSON, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", MOMENT),
        sa.Column("last_error", sa.Text),
        sa.UniqueConstraint("source_id", "external_id", name="uq_pending_page_source_id_external_id"),
    )
    op.create_index("ix_pending_page_canonical_url", "pending_page", ["canonical_url"])
    op.create_index("ix_pending_page_next_try_at", "pending_page", ["next_try_at"])
    op.create_table(
        "host",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("held_until", MOMENT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Refuse: pages that are still to be fetched would be forgotten."""
    raise NotImplementedError("version 0003 cannot hold this database; restore a backup instead")
