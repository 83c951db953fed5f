"""The front page: one query, facets, a page of statements; and what to do with an empty record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query, Request, Response

from kb import ask
from kb.errors import NotFoundError, QueryError
from kb.query import parse
from kb.types import FacetCount, Facets, Sort
from kb.web.pages.given import Asked
from kb.web.pages.queries import has_words, is_filter, meant, parts, place_of, with_filter, without_filter
from kb.web.pages.routing import new_router
from kb.web.pages.shell import is_empty, render, utc_now
from kb.web.pages.wording import KINDS
from kb.web.problems import fault_of
from kb.web.record import Record

router = new_router()

SIZE = 25
"""Statements on a page: two screens or so."""

TITLES = {"speaker": "Speaker", "outlet": "Outlet", "kind": "Kind", "year": "Year", "verdict": "Outcome"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, and the query that it leads to."""

    label: str
    count: int
    changed: str
    on: bool
    """Whether the query has it; then ``changed`` is the query without it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter of the query."""

    label: str
    without: str


@router.get("/")
def search(
    request: Request,
    kb: Record,
    q: Asked = "",
    sort: Sort | None = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """What is on the record."""
    if not q and is_empty(kb):
        return render(request, "first_run.html", database=kb.settings.db)
    values: dict[str, Any] = {"query": q, "sort": sort or ("relevance" if has_words(q) else "date")}
    values |= {"error": None, "nobody": "", "meant": None}
    today = utc_now().date()
    try:
        filters = parse(q, today=today)
        page, facets = ask.search(kb.store, filters, cursor, size=SIZE, sort=values["sort"], today=today)
    except QueryError as error:
        return render(request, "search.html", 400, **values | {"error": place_of(error)})
    except NotFoundError as error:
        told = {"nobody": str(error), "meant": meant(error, q)}
        return render(request, "search.html", fault_of(error)[0], **values | told)
    return render(
        request,
        "search.html",
        **values,
        page=page,
        facets=[(title, list(_choices(q, getattr(facets, name)))) for name, title in TITLES.items()],
        chips=list(_chips(q, facets)),
        complete=facets.complete,
        counted_over=facets.counted,
    )


def _choices(query: str, counts: tuple[FacetCount, ...]) -> Iterator[Choice]:
    given = set(parts(query))
    for one in counts:
        on = set(parts(one.query)) <= given
        changed = without_filter(query, one.query) if on else with_filter(query, one.query)
        label = KINDS.get(one.value, one.value)  # type: ignore[call-overload]  # other facets have other values
        yield Choice(label, one.count, changed, on)


def _chips(query: str, facets: Facets) -> Iterator[Chip]:
    names = {one.query: f"by {one.value}" for one in facets.speaker}
    for part in parts(query):
        if is_filter(part):
            yield Chip(names.get(part, part), without_filter(query, part))
