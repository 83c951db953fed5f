"""A statement's number is given out once: the number of one that went into another never becomes a third's.

Revision 0007.
"""

from __future__ import annotations

import re

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = re.compile(r"\bid INTEGER NOT NULL(.*?)PRIMARY KEY \(id\),\s*", re.DOTALL)
"""The key as 0001 made it, and what stands between its two parts."""
KEY_THAT_COUNTS_ON = r"id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL\1"


def upgrade() -> None:
    """Only SQLite gives numbers out again. It cannot change a key: the table is made anew, then what hangs on it."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    made = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'statement' AND sql IS NOT NULL ORDER BY type <> 'table'"
    ).scalars()
    table, *indexes_and_triggers = made.all()
    table = table.replace("CREATE TABLE statement", "CREATE TABLE statement_anew", 1)
    for sql in (
        KEY.sub(KEY_THAT_COUNTS_ON, table),
        "INSERT INTO statement_anew SELECT * FROM statement",
        "DROP TABLE statement",
        "ALTER TABLE statement_anew RENAME TO statement",
        *indexes_and_triggers,
        # Statements that are no more had numbers as well; corrections that ended them tell.
        "DELETE FROM sqlite_sequence WHERE name = 'statement'",
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'statement', max(number) FROM ("
        "SELECT 0 AS number UNION ALL SELECT max(id) FROM statement UNION ALL "
        "SELECT max(json_extract(old, '$.id')) FROM correction WHERE field = 'statement' AND json_valid(old))",
    ):
        connection.exec_driver_sql(sql)


def downgrade() -> None:
    """Refuse: numbers would be given out again."""
    raise NotImplementedError("version 0006 cannot hold this database; restore a backup instead")
