"""What can be asked, and what a search returns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from kb.types.rows import StatementRow
from kb.types.words import PartialDate, PredictionStatus, QuoteKind, Review, StatementKind, Strength, Verdict


@dataclass(frozen=True, slots=True)
class Phrase:
    """One word, or several that stand one after the other; forms of them count too ("robots" finds "robot")."""

    words: str
    prefix: bool = False
    """Whether the last word may go on."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Texts in which all of these are found."""

    of: tuple[TextQuery, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Texts in which one of these is found at least."""

    of: tuple[TextQuery, ...]


@dataclass(frozen=True, slots=True)
class NotThis:
    """Texts in which this is not found."""

    of: TextQuery


TextQuery = Phrase | AllOf | AnyOf | NotThis
"""What ``kb.query`` reads from the words of a query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to leave in; None, and an empty tuple, leaves everything in. One object for every question and export.

    ``kb.query.parse`` makes it from a query; of a tuple any one value will do.
    """

    words: str | None = None
    """Plain words and "phrases", all of which stand in the statement; any input is safe."""
    text: TextQuery | None = None
    """What a query says of the statement's words."""
    by: tuple[str, ...] = ()
    """Speakers: id, name or part of a name."""
    about: str | None = None
    """Words or an entity the statement is about."""
    outlet: tuple[str, ...] = ()
    """Publishers or hosts (``--in``)."""
    kind: tuple[StatementKind, ...] = ()
    since: PartialDate | None = None
    until: PartialDate | None = None
    """Inclusive, at the precision given: ``until="2025"`` means to the end of 2025."""
    strength: tuple[Strength, ...] = ()
    quote: tuple[QuoteKind, ...] = ()
    """At least one report quotes it like this."""
    review: tuple[Review, ...] = ()
    """Rejected statements are listed only where this asks for them."""
    verdict: tuple[Verdict, ...] = ()
    """Of the outcome that counts now."""
    topic: tuple[str, ...] = ()
    """Entities that it is about, by their whole names; accents count, case does not."""
    without: tuple[Filters, ...] = ()
    """Statements that pass one of these are left out."""
    due_since: dt.date | None = None
    due_before: dt.date | None = None
    """Statements whose last day is that one or later; before that one."""
    due_by: dt.date | None = None
    """Predictions without an outcome whose last day is this one or before, repeats left out."""
    status: PredictionStatus | None = None
    testable: bool = False
    """Only predictions of which it can be told whether they came true (``kb.testable``)."""
    slipped: bool = False
    """Only predictions whose date was moved before they came true."""
    as_of: dt.date | None = None
    """Only what was said and known by then; it is also the day on which statuses are judged."""
    documents: tuple[int, ...] = ()
    """Ids; statements that one of these documents reports. Empty leaves everything in."""
    limit: int | None = None

    def __post_init__(self) -> None:
        """``by="Delangue"`` is short for a tuple of that one, which else would be read as one of its letters."""
        for name in ("by", "outlet", "kind", "strength", "quote", "review", "verdict", "topic"):
            value = getattr(self, name)
            if value is None or isinstance(value, str):
                object.__setattr__(self, name, (value,) if value else ())


Sort = Literal["relevance", "date"]
"""Best match first (without words to match: newest first); newest first, undated last."""

FacetName = Literal["speaker", "outlet", "kind", "year", "verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of what a query finds."""

    rows: tuple[StatementRow, ...]
    next: str | None
    """The cursor of the page after this one; None on the last."""
    previous: str | None
    """The cursor of the page before this one; None on the first."""
    total: int
    """How many statements the query finds; counting stops at ``kb.ask.COUNTED``."""
    more: bool
    """Whether there are more than ``total``."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many statements have one value of a facet."""

    value: str
    """What is shown: a name, an outlet, a kind, a year, a verdict."""
    query: str
    """The filter that leaves only these: ``by:12``, ``in:"The Daily"``, ``kind:claim``."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What the statements that a query finds have in common, the most frequent first; years the newest first.

    Each facet is counted as if the query had no filter of its own, so that it tells what one more value would add. What
    the query asks for is there, though nothing has it.
    """

    speaker: tuple[FacetCount, ...]
    outlet: tuple[FacetCount, ...]
    kind: tuple[FacetCount, ...]
    year: tuple[FacetCount, ...]
    verdict: tuple[FacetCount, ...]
    """Of resolved predictions only."""
    counted: int
    """Statements that were counted, at most, for one facet: all, or the newest on the record."""
    complete: bool
    """False where more were found than are counted (``kb.store.facets.MOST``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRow:
    """A saved search."""

    id: int
    name: str
    query: str
    made_at: dt.datetime
    hits: int
    """Statements that it found so far, those that were there when it was saved included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchHits:
    """What a saved search found that it had not found before."""

    watch: WatchRow
    rows: tuple[StatementRow, ...]
    problem: str = ""
    """Why it can no longer be asked: a speaker of that name is gone."""
