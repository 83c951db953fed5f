"""What every question of the API takes: a query, a portion of a list, a day."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated, TypeVar

from fastapi import Depends, Path, Query
from pydantic import AfterValidator

from kb.errors import InputError
from kb.query import parse
from kb.types import Filters
from kb.web.api.shapes import Listing

T = TypeVar("T")

MOST = 500
"""Items on a page."""
USUAL = 50
FARTHEST = 100_000
"""Where the last page of a list that is counted off begins; a narrower query shows what lies behind."""
LARGEST_ID = 2**63 - 1
"""Of the database's integers."""


def _printable(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


Plain = Annotated[str, AfterValidator(_printable)]
"""Text that every database takes."""

Id = Annotated[int, Path(ge=1, le=LARGEST_ID, examples=[1])]
Day = Annotated[dt.date, Query(examples=["2026-01-31"])]
Cursor = Annotated[
    str | None, Query(max_length=500, description="`next` or `previous` of another page of the same question.")
]
Size = Annotated[int, Query(ge=1, le=MOST, description="Items on a page.")]
Q = Annotated[
    Plain,
    Query(
        max_length=2000,
        description='A query: words, "phrases", AND, OR, NOT, prefix*, and filters: by: about: in: kind: verdict: due: '
        "since: until: strength: quote: review: topic: (docs/guide.md).",
        openapi_examples={
            "filters": {"summary": "What one person foretold", "value": "by:Lindqvist kind:prediction due:2027"},
            "words": {"summary": "Words", "value": '"tidal power" OR turbine*'},
            "all": {"summary": "Everything", "value": ""},
        },
    ),
]


def today() -> dt.date:
    """The day that statuses are judged on, UTC."""
    return dt.datetime.now(dt.UTC).date()


def filters(q: Q = "") -> Filters:
    """What the query of a request leaves in. Raises QueryError."""
    return parse(q, today=today())


Asked = Annotated[Filters, Depends(filters)]


@dataclass(frozen=True, slots=True)
class Portion:
    """Which items of a list that is counted off are wanted."""

    start: int
    size: int

    @property
    def limit(self) -> int:
        """How many items have to be read for it: one more than are shown tells whether there are more."""
        return self.start + self.size + 1

    def of(self, items: Iterable[T], *, total: int | None = None) -> Listing[T]:
        """The page of ``items``, all of which, or ``limit`` of which, are given; ``total``: how many there are."""
        if isinstance(items, Sequence) and len(items) < self.limit:
            total = len(items)
        found = list(islice(items, self.start, self.limit))
        after = self.start + self.size
        return Listing(
            items=tuple(found[: self.size]),
            next=_encoded(after) if len(found) > self.size and after <= FARTHEST else None,
            previous=_encoded(max(self.start - self.size, 0)) if self.start else None,
            total=total,
        )


def portion(cursor: Cursor = None, size: Size = USUAL) -> Portion:
    """The portion that a request asks for. Raises InputError for a cursor that no page gave."""
    return Portion(_decoded(cursor) if cursor else 0, size)


Wanted = Annotated[Portion, Depends(portion)]


def limited(asked: Filters, wanted: Portion) -> Filters:
    """The same question, of which no more is read than the portion needs."""
    return replace(asked, limit=wanted.limit)


def _encoded(start: int) -> str:
    return base64.urlsafe_b64encode(f"from {start}".encode()).decode().rstrip("=")


def _decoded(cursor: str) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(" ")
        start = int(number) if word == "from" and number.isdigit() and len(number) < 9 else -1
    except (binascii.Error, ValueError) as error:
        raise InputError(f"{cursor!r} is no cursor of a page; begin again without one") from error
    if not 0 <= start <= FARTHEST:
        raise InputError(f"{cursor!r} is no cursor of a page; begin again without one")
    return start
