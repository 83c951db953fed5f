"""Predictions: what a statement repeats, moves to a later date or contradicts, the stricter reading of its due date;
why a speaker is unknown; indexes for questions about them.

Revision 0003. Columns that nothing ever filled go; what a prediction lacks is read from the statement itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FORWARD = "kind IN ('prediction', 'commitment') AND review <> 'rejected' AND repeats IS NULL"


def upgrade() -> None:
    """Add and drop them."""
    for column in ("repeats", "slips", "contradicts"):
        # Spelled out, because SQLite takes a foreign key only within the clause that adds the column.
        op.execute(f"ALTER TABLE statement ADD COLUMN {column} INTEGER REFERENCES statement (id)")
        op.execute(f"CREATE INDEX ix_statement_{column} ON statement ({column}) WHERE {column} IS NOT NULL")
    op.add_column("statement", sa.Column("strict_latest", sa.Date))
    op.add_column("attribution", sa.Column("unknown_because", sa.Text))
    op.drop_column("statement", "criteria")
    op.drop_column("statement", "vagueness")
    op.create_index("ix_document_url", "document", ["url"])
    op.drop_index("ix_statement_latest", "statement")
    op.create_index("ix_statement_kind_latest", "statement", ["kind", "latest"])
    op.execute(f"CREATE INDEX ix_statement_due ON statement (latest) WHERE {FORWARD}")
    op.execute(f"CREATE INDEX ix_statement_forward ON statement (speaker_id, latest, said_on) WHERE {FORWARD}")


def downgrade() -> None:
    """Refuse: which statements are one prediction would be forgotten."""
    raise NotImplementedError("version 0002 cannot hold this database; restore a backup instead")
