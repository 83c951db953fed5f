"""When what a transcript holds was said, where its recording is, and what readers of a document should know.

Revision 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add them; ``kb reparse`` fills in the times of transcripts that are there."""
    op.add_column("document", sa.Column("times", JSON))
    op.add_column("document", sa.Column("recording_url", sa.Text))
    op.add_column("document", sa.Column("notes", JSON))
    op.add_column("revision", sa.Column("times", JSON))


def downgrade() -> None:
    """Refuse: where recordings are, and the notes, would be lost."""
    raise NotImplementedError("version 0009 cannot hold this database; restore a backup instead")
