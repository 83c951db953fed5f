"""The same topic across outlets and over time."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from kb import reading
from kb.errors import NotFoundError, QueryError
from kb.query import parse
from kb.query_tokens import quoted
from kb.reading import Comparison
from kb.web.pages.given import Asked
from kb.web.pages.queries import place_of, with_filter
from kb.web.pages.routing import new_router
from kb.web.pages.shell import render, utc_now
from kb.web.problems import fault_of
from kb.web.record import Record

router = new_router()

SHADES = 5
"""How many shades tell numbers apart at a glance; the numbers are printed too."""


@router.get("/topics")
def topics(request: Request, kb: Record, q: Asked = "") -> Response:
    """Who reported how much of it, and when it was said."""
    values: dict[str, Any] = {"query": q, "error": None, "nobody": "", "found": None, "shades": {}}
    today = utc_now().date()
    try:
        found = reading.compare(kb.store, parse(q, today=today), today)
    except QueryError as error:
        return render(request, "topics.html", 400, **values | {"error": place_of(error)})
    except NotFoundError as error:
        return render(request, "topics.html", fault_of(error)[0], **values | {"nobody": str(error)})
    narrowed = {outlet: with_filter(q, f"in:{quoted(outlet)}") for outlet in found.outlets}
    return render(request, "topics.html", **values | {"found": found, "shades": shades(found), "narrowed": narrowed})


def shades(found: Comparison) -> dict[tuple[str, str], int]:
    """A shade for every number, 1 to ``SHADES``: the number itself, or its share of the greatest where that is more."""
    most = max([SHADES, *found.counts.values()])
    return {cell: max(1, -(-SHADES * number // most)) for cell, number in found.counts.items()}
