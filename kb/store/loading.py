"""What the modules that load lines share: values of a row from a line, and a tally of what was done."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Column, Date, Float

from kb.store.dump import DERIVED, Line, table
from kb.store.tables import SpansType, UTCDateTime

LATER: dict[str, Any] = {
    **{"revision": 0, "reason": "changed", "title": None, "differs": None},
    **{"times": None, "recording_url": None, "notes": None},
}
"""Columns that lines written before versions 0005 and 0010 of the database lack, with what they stand for."""


@dataclass(slots=True)
class Tally:
    """What loading did so far."""

    name: str
    """What messages call the file that is loaded."""
    now: dt.datetime
    added: Counter[str] = field(default_factory=Counter)
    changed: int = 0
    conflicts: list[str] = field(default_factory=list)


def row_values(name: str, line: Line, *, leave_out: Collection[str] = ()) -> dict[str, Any]:
    """The columns of the table ``name`` from a line, but for those that loading derives and ``leave_out``.

    Raises KeyError for one that is missing, ValueError or TypeError for one with another sort of value.
    """
    columns = [column for column in table(name).columns if column.name not in DERIVED | set(leave_out)]
    given = {**{name: value for name, value in LATER.items() if name not in line}, **line}
    return {column.name: _value(column, given[column.name]) for column in columns}


def _value(column: Column[Any], value: Any) -> Any:
    kind = column.type
    if value is None:
        if not column.nullable:
            raise ValueError(f"{column.name} is empty")
        return None
    if isinstance(kind, SpansType):
        return tuple((int(start), int(end)) for start, end in value)
    if isinstance(kind, UTCDateTime):
        return moment(value)
    if isinstance(kind, Date):
        return dt.date.fromisoformat(value)
    wanted = (float, int) if isinstance(kind, Float) else object if isinstance(kind, JSON) else kind.python_type
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind.python_type is not bool):
        raise TypeError(f"{column.name} cannot be {value!r}")
    return value


def moment(text: str) -> dt.datetime:
    """A time in UTC. Raises ValueError for one without a time zone."""
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return found.astimezone(dt.UTC)
