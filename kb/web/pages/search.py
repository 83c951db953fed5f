"""The front page: one query, facets, a page of statements; and what to do with an empty record."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request, Response

from kb import ask
from kb.errors import NotFoundError, QueryError
from kb.query import parse
from kb.types import Sort
from kb.web.pages.choices import chips, choices
from kb.web.pages.given import Asked
from kb.web.pages.queries import has_words, meant, place_of
from kb.web.pages.routing import new_router
from kb.web.pages.shell import is_empty, render, utc_now
from kb.web.problems import fault_of
from kb.web.record import Record

router = new_router()

SIZE = 25
"""Statements on a page: two screens or so."""


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
        facets=choices(q, facets),
        chips=list(chips(q, facets)),
        complete=facets.complete,
        counted_over=facets.counted,
    )
