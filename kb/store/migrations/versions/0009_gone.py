"""The number of a statement whose reports went elsewhere is found by an index.

Revision 0009.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBERS = {
    "sqlite": "CAST(CASE WHEN json_valid(old) THEN json_extract(old, '$.id') END AS TEXT)",
    "postgresql": "substring(old from '\"id\": ([0-9]{1,9})[,}]')",
}
"""What ``kb.store.corrections`` asks for, by dialect: within texts the quotation marks are escaped."""


def upgrade() -> None:
    """Add it, for corrections that moved a report."""
    number = NUMBERS[op.get_bind().dialect.name]
    op.execute(f"CREATE INDEX ix_correction_gone ON correction (({number})) WHERE field = 'statement'")


def downgrade() -> None:
    """Only the index goes."""
    op.drop_index("ix_correction_gone", "correction")
