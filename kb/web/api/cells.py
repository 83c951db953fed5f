"""Rows as CSV: what is within them in columns of its own."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, get_args, get_origin, get_type_hints

SEVERAL = " | "
"""Between the values in one cell."""


def csv_of(rows: Sequence[Any], shape: type) -> bytes:
    """Rows of that type with a header, in UTF-8, lines ended as RFC 4180 has it.

    A column ``horizon_latest`` is the ``latest`` of ``horizon``; of a list of objects there is only how many they are.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(name for name, _ in _cells(shape, None))
    for row in rows:
        writer.writerow(_text(value) for _, value in _cells(shape, row))
    return out.getvalue().encode("utf-8")


def _cells(shape: Any, row: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Columns with their values, None where there is no row."""
    for name, hint in _hints(shape).items():
        value = getattr(row, name, None)
        inner = next((kind for kind in get_args(hint) or (hint,) if is_dataclass(kind)), None)
        if inner is None:
            yield f"{prefix}{name}", value
        elif get_origin(hint) is tuple:
            yield f"{prefix}{name}", None if value is None else len(value)
        else:
            yield from _cells(inner, value, f"{prefix}{name}_")


@lru_cache(maxsize=128)
def _hints(shape: Any) -> dict[str, Any]:
    """The fields of a dataclass with their types."""
    return {field.name: get_type_hints(shape)[field.name] for field in fields(shape)}


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, dict):
        return SEVERAL.join(f"{key}: {_text(part)}" for key, part in value.items())
    if isinstance(value, tuple):
        return SEVERAL.join(map(_text, value))
    return str(value)
