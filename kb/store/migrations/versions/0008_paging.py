"""Further pages of feeds.

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
    """Add them: every page that is waited for is the page of a teaser."""
    op.add_column("pending_page", sa.Column("number", sa.Integer))


def downgrade() -> None:
    """Refuse: a further page of a feed would be taken for an article."""
    raise NotImplementedError("version 0006 cannot hold this database; restore a backup instead")
