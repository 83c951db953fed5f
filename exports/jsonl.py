"""JSON Lines: the whole record, one object per line, for ``kb import``; described by ``schemas/record.json``.

The first line is the version, the last one counts the lines between, so that a cut file shows. What a line refers to
comes before it: sources, speakers, merges, documents with their text, roles, statements with their reports, outcomes
and evidence, corrections. Keys are sorted, times are UTC, spans are [start, end) in Unicode code points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from exports import Rows
from exports.rows import write_json
from kb.types import RECORD_VERSION

ROWS: Rows = "record"


def write(record: Iterable[Mapping[str, Any]], out: BinaryIO, *, title: str) -> int:
    """Write every line in the order given, in constant memory; returns their number. ``title`` has no place here."""
    count = 0
    write_json({"type": "onrecord", "schema_version": RECORD_VERSION}, out, indent=None)
    for line in record:
        write_json(line, out, indent=None)
        count += 1
    write_json({"type": "end", "lines": count}, out, indent=None)
    return count
