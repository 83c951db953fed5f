"""What a query chooses and could choose: its filters one by one, and the values of facets. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.query_values import TAKES_ONE
from kb.text import fold, fold_words
from kb.types import FacetCount, Facets
from kb.web.pages.queries import (
    Filter,
    filters_of,
    values_of,
    with_filter,
    with_value,
    without_filter,
    without_values,
)
from kb.web.pages.wording import KINDS

TITLES = {"speaker": "Speaker", "outlet": "Outlet", "kind": "Kind", "year": "Year", "verdict": "Outcome"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, and the query that it leads to."""

    label: str
    count: int
    changed: str
    on: bool
    """Whether the query chooses it; then ``changed`` is the query without it, and with what else it chooses."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter of the query, or one of its values."""

    label: str
    without: str


def choices(query: str, facets: Facets) -> list[tuple[str, list[Choice]]]:
    """The values of every facet, by its title."""
    return [(title, list(_choices(query, getattr(facets, name)))) for name, title in TITLES.items()]


def chips(query: str, facets: Facets) -> Iterator[Chip]:
    """What can be left out of the query."""
    names = {one.query: f"by {one.value}" for one in facets.speaker}
    for one in filters_of(query):
        if one.negated or one.name in TAKES_ONE:
            yield Chip(str(one), without_filter(query, str(one)))
            continue
        for value in one.values:
            alone = str(Filter(one.name, (value,)))
            yield Chip(names.get(alone, alone), without_values(query, one.name, [value]))


def _choices(query: str, counts: Sequence[FacetCount]) -> Iterator[Choice]:
    for one in counts:
        asks_for = filters_of(one.query)
        if len(asks_for) > 1:  # a year: from its first day to its last
            on = all(part in filters_of(query) for part in asks_for)
            changed = without_filter(query, one.query) if on else with_filter(query, one.query)
        else:
            on, changed = _turned(query, asks_for[0], one.value, [other.value for other in counts])
        label = KINDS.get(one.value, one.value)  # type: ignore[call-overload]  # other facets have other values
        yield Choice(label, one.count, changed, on)


def _turned(query: str, asks_for: Filter, name: str, shown: Sequence[str]) -> tuple[bool, str]:
    """Whether a query chooses a value, and the query that chooses it or does so no more.

    A part of a name chooses the one value that it fits. Where it fits several, the value chosen takes its place.
    """
    value = asks_for.values[0]
    names = set(map(fold, shown))
    written = values_of(query, asks_for.name)
    whole = [one for one in written if fold(one) in (fold(value), fold(name))]
    parts = {
        one: sum(_fits(one, other) for other in shown) for one in written if fold(one) not in names and _fits(one, name)
    }
    choosing = [*whole, *(one for one, fitting in parts.items() if fitting == 1)]
    if choosing:
        return True, without_values(query, asks_for.name, choosing)
    return False, with_value(without_values(query, asks_for.name, parts), asks_for.name, value)


def _fits(part: str, name: str) -> bool:
    """Whether all words of a part stand in a name; a number is a whole."""
    return not part.isdigit() and set(fold_words(part)) <= set(fold_words(name))
