"""Further pages of feeds, and entries whose pages were read.

Revision 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them: every page that is waited for is the page of a teaser, and no entry is known until a poll meets it."""
    op.add_column("pending_page", sa.Column("number", sa.Integer))
    op.create_table(
        "entry",
        sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), primary_key=True),
        sa.Column("external_id", sa.Text, primary_key=True),
        sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id"), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("teaser_sha256", sa.Text, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("vain", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Refuse: a further page of a feed would be taken for an article."""
    raise NotImplementedError("version 0007 cannot hold this database; restore a backup instead")
