"""A zip file with everything: tables, timelines, calendar, feeds, pages, the record itself, and a README.

Times in the archive are those of 1980, where zip begins, so that the same rows give the same bytes.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, BinaryIO

from exports import Rows, load_export, md
from exports.rows import in_order
from exports.tables import COLUMNS, table_rows
from kb.text import clean_text
from kb.types import TimelineEntry

ROWS: Rows = "all"

FILES: dict[str, tuple[str, dict[str, Any], str]] = {
    "timeline.html": ("html", {}, "the timeline as a page that opens without a network"),
    "timeline.csv": ("csv", {}, "the timeline as a table, exact"),
    "timeline-spreadsheet.csv": ("csv", {"spreadsheet": True}, "the same for Excel and its like"),
    "timeline.json": ("json", {}, "the timeline with everything about each statement"),
    "timelinejs.json": ("timelinejs", {}, "for TimelineJS3"),
    "vis-timeline.json": ("vis-timeline", {}, "for vis-timeline"),
    "due.ics": ("ics", {}, "due dates for a calendar"),
    "due-tasks.ics": ("ics", {"todo": True}, "the same as tasks"),
    "new.atom": ("atom", {}, "statements for feed readers"),
    "outcomes.atom": ("atom", {"feed": "outcomes"}, "outcomes for feed readers"),
    "claimreview.json": ("claimreview", {}, "reviewed claims, schema.org JSON-LD"),
    "annotations.json": ("webannotation", {}, "where the words stand, W3C Web Annotation"),
    "provenance.json": ("prov", {}, "where everything comes from, W3C PROV-JSON"),
    "timeline.db": ("sqlite", {}, "an SQLite database for Datasette or any SQL client"),
}
"""Name in the archive -> format, its options, and what the README says."""

FIRST_TIME = (1980, 1, 1, 0, 0, 0)
PERMISSIONS = 0o644 << 16


def write(
    entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str, record: Iterable[Mapping[str, Any]] = ()
) -> int:
    """Write the archive and return the number of files in it. ``record``: lines for ``record.jsonl``."""
    ordered = in_order(entries)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with _member(archive, "README.md") as file:
            file.write(_readme(title, ordered).encode("utf-8", "backslashreplace"))
        for name, (format_name, options, _) in FILES.items():
            with _member(archive, name) as file:
                load_export(format_name).write(ordered, file, title=title, **options)
        with _member(archive, "record.jsonl") as file:
            load_export("jsonl").write(record, file, title=title)  # type: ignore[arg-type]
        for page in md.pages(ordered):
            with _member(archive, f"speakers/{page.name}") as file:
                file.write(page.text.encode("utf-8"))
        for name, text in _tables(ordered):
            with _member(archive, name) as file:
                file.write(text.encode("utf-8", "backslashreplace"))
        for schema in sorted((files("exports") / "schemas").iterdir(), key=lambda path: path.name):
            with _member(archive, f"schemas/{schema.name}") as file:
                file.write(schema.read_bytes())
        return len(archive.namelist())


@contextmanager
def _member(archive: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    info = zipfile.ZipInfo(name, FIRST_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = PERMISSIONS
    info.create_system = 3  # Unix, whatever it is made on
    with archive.open(info, "w", force_zip64=True) as file:
        yield file  # type: ignore[misc]  # IO[bytes] has everything that formats use of BinaryIO


def _tables(ordered: list[TimelineEntry]) -> Iterator[tuple[str, str]]:
    texts = {table: io.StringIO(newline="") for table in COLUMNS}
    writers = {table: csv.writer(text) for table, text in texts.items()}
    for table, columns in COLUMNS.items():
        writers[table].writerow(columns)
    for table, values in table_rows(ordered):
        writers[table].writerow(["" if value is None else value for value in values])
    for table, text in texts.items():
        yield f"tables/{table}.csv", text.getvalue()


def _readme(title: str, ordered: list[TimelineEntry]) -> str:
    statements = len({entry.statement.fingerprint for entry in ordered})
    lines = [f"# {' '.join(clean_text(title).split())}", "", f"{statements} statements, {len(ordered)} entries.", ""]
    lines += ["| file | what it is |", "| --- | --- |"]
    lines += [f"| {name} | {description} |" for name, (_, _, description) in FILES.items()]
    lines.append("| record.jsonl | the record, with the texts of the documents, for `kb import` |")
    lines += ["| speakers/ | one Markdown page per speaker |", "| schemas/ | JSON Schemas of the JSON files |", ""]
    lines += [
        "## Tables",
        "",
        "In `tables/`, and in `timeline.db`. CSV, UTF-8, exact: no cell is changed for Excel.",
        "",
    ]
    for table, columns in COLUMNS.items():
        lines += [f"### {table}", "", "| column | what it holds |", "| --- | --- |"]
        lines += [
            f"| {column} | {description.replace('|', chr(92) + '|')} |" for column, description in columns.items()
        ]
        lines.append("")
    lines.append("Dates are as precise as they are known: 2024, 2024-12 or 2024-12-03. Times are UTC.")
    return "\n".join(lines) + "\n"
