"""JSON: one object ``{"schema_version", "title", "entries"}``, described by ``schemas/timeline.json``.

Every entry carries its whole statement, so that it can be read alone. Keys are sorted, partial dates are ISO 8601
prefixes ("2024-12"), times are UTC, spans are [start, end) in Unicode code points of the document's stored text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, BinaryIO

from exports.rows import entry_record, in_order, write_json
from kb.types import TimelineEntry

SCHEMA_VERSION = 1


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
    """Write every entry."""
    records = [entry_record(entry) for entry in in_order(entries)]
    document = {"schema_version": SCHEMA_VERSION, "title": title, "entries": records}
    write_json(document, out)
    return len(records)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what ``write`` writes."""
    document: dict[str, Any] = json.loads((files("exports") / "schemas" / "timeline.json").read_text("utf-8"))
    return document
