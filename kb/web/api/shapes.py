"""The JSON of the API: the rows of ``kb.types`` as they are, what they imply, and the lists they come in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from kb.ask import status_of
from kb.testable import TESTED, testability
from kb.types import PredictionStatus, StatementRow, TimelineEntry, Verdict

T = TypeVar("T")


class Model(BaseModel):
    """Base of the objects that are no rows."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Testable:
    """Whether it can be told if a prediction comes true."""

    score: float
    """0 to 1."""
    reasons: tuple[str, ...]
    """What it lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(StatementRow):
    """A statement, with what follows from its reports and outcomes."""

    status: PredictionStatus | None
    """Where a prediction or commitment stands today; null for other statements."""
    verdict: Verdict | None
    """Of the outcome that counts now."""
    testability: Testable | None
    """Null for what is neither prediction nor commitment."""
    independent_reports: int
    """Reports that are no copies of one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(TimelineEntry):
    """A line of a timeline."""

    statement: Statement


class Listing(Model, Generic[T]):
    """A page of a list."""

    items: tuple[T, ...]
    next: str | None = None
    """The `cursor` of the page after this one; null on the last."""
    previous: str | None = None
    """The `cursor` of the page before this one; null on the first, and in lists that go one way."""
    total: int | None = None
    """How many there are in all; null where nobody counted."""
    more: bool = False
    """Whether there are more than `total`: counting stopped."""


def statement(row: StatementRow, today: dt.date) -> Statement:
    """A row with what follows from it on that day."""
    tested = testability(row) if row.kind in TESTED else None
    return Statement(
        **_values(row),
        status=status_of(row, today) if tested else None,
        verdict=row.outcome.verdict if row.outcome else None,
        testability=Testable(tested.score, tested.reasons) if tested else None,
        independent_reports=row.independent,
    )


def statements(rows: Sequence[StatementRow], today: dt.date) -> tuple[Statement, ...]:
    """Rows with what follows from each."""
    return tuple(statement(row, today) for row in rows)


def entry(row: TimelineEntry, today: dt.date) -> Entry:
    """A line of a timeline, its statement with what follows from it."""
    return Entry(**{**_values(row), "statement": statement(row.statement, today)})


def _values(row: Any) -> dict[str, Any]:
    """Fields and values, as they are (``dataclasses.asdict`` would take what is inside apart too)."""
    return {field.name: getattr(row, field.name) for field in fields(row)}
