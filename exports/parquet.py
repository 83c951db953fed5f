"""Parquet, for pandas, DuckDB and Polars: one row per entry, the columns of the CSV with types, reports as structs.

Needs ``pip install 'onrecord[parquet]'``. The file tells which version of Arrow wrote it, so that bytes are equal only
under one version.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from exports.csv_ import timeline_row
from exports.rows import reports_in_order, streamed
from kb.errors import ExportError
from kb.types import Report, TimelineEntry

if TYPE_CHECKING:
    import pyarrow

SCHEMA_VERSION = 1
GROUP_ROWS = 10_000
"""Rows written at once: a row has all its reports, so this is some ten megabytes."""


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
    """Write every entry. Raises ExportError when pyarrow is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise ExportError("Parquet needs the package pyarrow: pip install 'onrecord[parquet]'") from error
    count = 0
    schema = _schema(pyarrow).with_metadata({"schema_version": str(SCHEMA_VERSION), "title": _text(title)})
    remaining = iter(streamed(entries))
    with pyarrow.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        while rows := [_row(entry) for entry in islice(remaining, GROUP_ROWS)]:
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _schema(pa: Any) -> pyarrow.Schema:
    word = pa.dictionary(pa.int32(), pa.string())
    report = pa.struct(
        [(name, pa.string()) for name in ("title", "publisher", "url", "quote_kind", "speaker_text", "words")]
        + [
            ("published_at", pa.timestamp("us", "UTC")),
            ("confidence", pa.float64()),
            ("content", pa.list_(pa.list_(pa.int64()))),
        ]
    )
    texts = ("date", "statement", "text", "said_on", "due_phrase", "lacks", "repeats", "slips", "contradicts")
    words = ("entry", "speaker", "kind", "strength", "p_scale", "due_precision", "verdict")
    days = ("due_earliest", "due_latest", "known_on")
    return pa.schema(
        [(name, pa.string()) for name in texts]
        + [(name, word) for name in words]
        + [(name, pa.date32()) for name in days]
        + [(name, pa.float64()) for name in ("p_low", "p_high", "testability")]
        + [("reports", pa.list_(report)), ("evidence_urls", pa.list_(pa.string()))]
    )


def _row(entry: TimelineEntry) -> dict[str, Any]:
    cells = {key: _text(value) if isinstance(value, str) else value for key, value in timeline_row(entry).items()}
    outcome = entry.outcome or entry.statement.outcome
    cells["reports"] = [_report(report) for report in reports_in_order(entry.statement)]
    cells["evidence_urls"] = [_text(item.url) for item in outcome.evidence if item.url] if outcome else []
    return cells


def _report(report: Report) -> dict[str, Any]:
    names = ("title", "publisher", "url", "quote_kind", "speaker_text", "words")
    texts = {name: _text(value) if (value := getattr(report, name)) is not None else None for name in names}
    spans = [list(span) for span in report.content]
    return {**texts, "published_at": report.published_at, "confidence": report.confidence, "content": spans}


def _text(value: str) -> str:
    """``value`` without lone surrogates, which Arrow cannot hold."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")
