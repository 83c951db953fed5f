"""Facets: what can be chosen to narrow a query, or to widen a filter of it, with counts.

A filter takes several values, any of which will do. So a facet is counted as if the query had no filter of its own: a
query for claims still tells how many predictions one more click would add.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from kb.query_tokens import quoted
from kb.store import Session, Store, speaker_rows
from kb.store import facets as counts
from kb.store.statement_rows import LISTED
from kb.text import fold_words
from kb.types import FacetCount, FacetName, Facets, Filters

COUNTED = counts.MOST
"""Statements at which facets stop counting."""

SHOWN = 12
"""Values of a facet, the most frequent: more crowd a page out. Beside them, as many that the query asks for."""

_Values = dict[str, int]
"""Values of a facet, with their numbers of statements."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds, the newest first; one statement more than ``COUNTED`` where there are so many."""

    hits: Sequence[int]
    beside: Mapping[FacetName, Sequence[int]]
    """For a facet that the query has a filter of: what it finds without that."""


def facets(store: Store, filters: Filters, today: dt.date | None = None) -> Facets:
    """What the statements that ``kb.ask.said`` lists have in common, ``SHOWN`` values of each facet, and those that the
    query asks for. Raises NotFoundError as ``said`` does.
    """
    day = today or dt.datetime.now(dt.UTC).date()
    with store.reading() as session:
        return facets_of(session, filters, found_by(session, filters, day))


def found_by(session: Session, filters: Filters, today: dt.date) -> Found:
    """What ``filters`` find, sought where possible in what they find without one of them: that is needed anyway.

    Not with ``by``: speakers have few statements each, and the first name that nobody has is what an error tells.
    """
    hits = counts.newest(session, filters, today) if filters.by else None
    beside = {facet: counts.newest(session, others, today) for facet, others in _without_own(filters)}
    if hits is None:
        all_of = [ids for ids in beside.values() if len(ids) <= COUNTED]
        hits = counts.newest(session, filters, today, among=min(all_of, key=len, default=None))
    return Found(hits, beside)


def facets_of(session: Session, filters: Filters, found: Found) -> Facets:
    """``facets``, of what was found already."""
    chosen = _counted(session, found.hits, filters.as_of, get_args(FacetName))
    offered, most = dict(chosen), len(found.hits)
    for facet, ids in found.beside.items():
        offered.update(_counted(session, ids, filters.as_of, (facet,)))
        most = max(most, len(ids))
    shown = {
        facet: _shown(facet, values, _asked_for(session, facet, chosen[facet], filters))
        for facet, values in offered.items()
    }
    names = speaker_rows.names(session, {int(root) for root, _ in shown["speaker"]})
    return Facets(
        speaker=tuple(FacetCount(names[int(root)], f"by:{root}", n) for root, n in shown["speaker"]),
        outlet=tuple(FacetCount(name, f"in:{quoted(name)}", n) for name, n in shown["outlet"]),
        kind=tuple(FacetCount(kind, f"kind:{kind}", n) for kind, n in shown["kind"]),
        year=tuple(FacetCount(year, f"since:{year} until:{year}", n) for year, n in shown["year"]),
        verdict=tuple(FacetCount(verdict, f"verdict:{verdict}", n) for verdict, n in shown["verdict"]),
        counted=min(most, COUNTED),
        complete=most <= COUNTED,
    )


def _counted(
    session: Session, ids: Sequence[int], as_of: dt.date | None, wanted: Sequence[FacetName]
) -> dict[FacetName, _Values]:
    found: dict[FacetName, _Values] = {facet: {} for facet in wanted}
    for facet, value, number in counts.counts(session, ids[:COUNTED], as_of, wanted):
        found[facet][value] = number
    return found


def _without_own(filters: Filters) -> Iterator[tuple[FacetName, Filters]]:
    """Every facet that ``filters`` choose values of, and what they say but for that."""
    if filters.by:
        yield "speaker", replace(filters, by=())
    if filters.outlet:
        yield "outlet", replace(filters, outlet=())
    if filters.kind:
        yield "kind", replace(filters, kind=tuple({*LISTED, *filters.kind}))
    if filters.since or filters.until:
        yield "year", replace(filters, since=None, until=None)
    if filters.verdict:
        yield "verdict", replace(filters, verdict=())


def _asked_for(session: Session, facet: FacetName, found: _Values, filters: Filters) -> _Values:
    """The values that the query asks for: those found, and those that it names and that nothing found has."""
    if facet == "speaker":
        roots = (speaker_rows.exactly(session, name) for name in filters.by)
        return {str(root): 0 for root in roots if root} | found
    if facet == "year":
        return found
    if facet == "kind" or facet == "verdict":
        return dict.fromkeys(filters.kind if facet == "kind" else filters.verdict, 0) | found
    asked_for: _Values = {}
    for asked in filters.outlet:
        fitting = {name: number for name, number in found.items() if _fits(asked, name)}
        is_host = "." in asked  # whose publisher is shown, by another name
        asked_for |= fitting if fitting or is_host else {asked: 0}
    return asked_for


def _fits(part: str, outlet: str) -> bool:
    return set(fold_words(part)) <= set(fold_words(outlet))


def _shown(facet: FacetName, offered: _Values, asked_for: _Values) -> list[tuple[str, int]]:
    """The first values in the order of the facet: years the newest first, others the most frequent."""
    first = [*_in_order(facet, offered)[:SHOWN], *_in_order(facet, asked_for)[:SHOWN]]
    return _in_order(facet, {value: offered.get(value, number) for value, number in first})


def _in_order(facet: FacetName, values: _Values) -> list[tuple[str, int]]:
    if facet == "year":
        return sorted(values.items(), reverse=True)
    return sorted(values.items(), key=lambda one: (-one[1], one[0]))
