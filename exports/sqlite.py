"""SQLite: the selection as tables, views and a full-text index, ready for Datasette or any SQL client.

Not the database of the record (``kb backup`` copies that): texts of documents stay out, and every table and column is
described in the table ``about``.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from exports.rows import in_order
from exports.tables import COLUMNS, Row, table_rows
from kb.errors import ExportError
from kb.types import TimelineEntry

KEYS = {
    "statement": "PRIMARY KEY (statement)",
    "report": "PRIMARY KEY (statement, number)",
    "outcome": "PRIMARY KEY (statement, number)",
    "evidence": "PRIMARY KEY (statement, outcome, number)",
    "link": "PRIMARY KEY (statement, relation, earlier)",
    "entry": "PRIMARY KEY (number)",
}
REFERENCE = "FOREIGN KEY (statement) REFERENCES statement (statement)"
NUMBERS = {
    "number": "INTEGER",
    "outcome": "INTEGER",
    **dict.fromkeys(("p_low", "p_high", "testability", "value", "value_high", "confidence"), "REAL"),
}

VIEWS = {
    "timeline": (
        "Every entry with the words of its statement, in order",
        "SELECT e.number, e.date, e.entry, s.speaker, s.kind, s.text, e.verdict, s.statement "
        "FROM entry e JOIN statement s USING (statement) ORDER BY e.number",
    ),
    "prediction": (
        "Predictions and commitments in the order they fall due, undated last",
        "SELECT statement, speaker, text, said_on, due_phrase, due_latest, p_low, p_high, testability, lacks, verdict, "
        "known_on FROM statement WHERE kind IN ('prediction', 'commitment') "
        "ORDER BY due_latest IS NULL, due_latest, statement",
    ),
    "speaker": (
        "How many statements each speaker made, and how the predictions among them turned out",
        "SELECT speaker, count(*) AS statements, sum(kind IN ('prediction', 'commitment')) AS predictions, "
        "sum(verdict IN ('true', 'mostly')) AS hits, sum(verdict IN ('true', 'mostly', 'late', 'false')) AS scored "
        "FROM statement WHERE speaker IS NOT NULL GROUP BY speaker ORDER BY statements DESC, speaker",
    ),
    "slip": (
        "Predictions that were moved to a later date",
        "SELECT b.speaker, a.due_latest AS was_due, b.due_latest AS now_due, a.said_on AS said_first, "
        "b.said_on AS said_then, a.text AS first, b.text AS then_, a.statement AS earlier, b.statement "
        "FROM link JOIN statement b USING (statement) JOIN statement a ON a.statement = link.earlier "
        "WHERE relation = 'slips' ORDER BY b.speaker, b.said_on, b.statement",
    ),
}
"""Name -> what it shows, and its query."""

INDEXES = {"statement": ("speaker", "kind", "said_on", "due_latest", "verdict"), "entry": ("date", "statement")}
PAGE_BYTES = 4096
"""Set, so that the bytes do not depend on how SQLite was built."""


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
    """Write a database of every entry. Raises ExportError when the disk is full."""
    ordered = in_order(entries)
    try:
        _write(ordered, out, title)
    except sqlite3.Error as error:
        raise ExportError(f"cannot write the database: {error}; is there space for temporary files?") from error
    return len(ordered)


def _write(ordered: list[TimelineEntry], out: BinaryIO, title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            database.execute("BEGIN")
            for statement in _schema():
                database.execute(statement)
            _fill(database, ordered, title)
            database.execute("COMMIT")
            database.execute("VACUUM")
        with path.open("rb") as written:
            shutil.copyfileobj(written, out)


def _schema() -> Iterator[str]:
    for table, columns in COLUMNS.items():
        typed = [f"{name} {NUMBERS.get(name, 'TEXT')}" for name in columns]
        rules = [KEYS[table], *([REFERENCE] if table != "statement" else [])]
        yield f"CREATE TABLE {table} ({', '.join([*typed, *rules])}) STRICT, WITHOUT ROWID"
    for table, indexed in INDEXES.items():
        for column in indexed:
            yield f"CREATE INDEX {table}_{column} ON {table} ({column})"
    for view, (_, query) in VIEWS.items():
        yield f"CREATE VIEW {view} AS {query}"
    yield "CREATE TABLE about (name TEXT, column TEXT, description TEXT, PRIMARY KEY (name, column)) STRICT"
    yield "CREATE VIRTUAL TABLE statement_fts USING fts5(statement UNINDEXED, speaker, text)"


def _fill(database: sqlite3.Connection, ordered: list[TimelineEntry], title: str) -> None:
    for table, rows in groupby(table_rows(ordered), key=lambda row: row[0]):
        marks = ", ".join("?" * len(COLUMNS[table]))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", map(_storable, rows))
    database.execute("INSERT INTO statement_fts SELECT statement, speaker, text FROM statement ORDER BY statement")
    database.executemany("INSERT INTO about VALUES (?, ?, ?)", _descriptions(title))


def _descriptions(title: str) -> Iterator[tuple[str, str, str]]:
    yield "", "", title.encode("utf-8", "replace").decode("utf-8")
    for view, (description, _) in VIEWS.items():
        yield view, "", description
    for table, columns in COLUMNS.items():
        for column, description in columns.items():
            yield table, column, description


def _storable(row: Row) -> list[object]:
    """The values without lone surrogates, which SQLite's text cannot hold."""
    return [v.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(v, str) else v for v in row[1]]
