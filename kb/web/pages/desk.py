"""The reviewer's desk: the queue, how right the machine was, and where it and people disagree."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from kb import desk
from kb.desk import Order
from kb.errors import NotFoundError, QueryError
from kb.query import parse
from kb.web.pages.given import Asked
from kb.web.pages.queries import place_of
from kb.web.pages.routing import new_router
from kb.web.pages.shell import here, render, utc_now
from kb.web.problems import fault_of
from kb.web.record import Record

router = new_router()

SIZE = 15
"""Statements in the queue at a time."""

ORDERS: dict[Order, str] = {"doubt": "Most doubtful", "confidence": "Least confident", "newest": "Newest"}


@router.get("/review")
def review(request: Request, kb: Record, q: Asked = "", order: Order = "doubt") -> Response:
    """What to judge next."""
    values: dict[str, Any] = {"query": q, "order": order, "orders": ORDERS, "error": None, "nobody": "", "rows": []}
    values |= {"conflict": None, "wrong": "", "back": here(request)}
    try:
        filters = parse(q, today=utc_now().date())
        rows = desk.queue(kb.store, filters, order=order, limit=SIZE)
    except QueryError as error:
        return render(request, "review.html", 400, **values | {"error": place_of(error)})
    except NotFoundError as error:
        return render(request, "review.html", fault_of(error)[0], **values | {"nobody": str(error)})
    return render(request, "review.html", **values | {"rows": rows})


@router.get("/accuracy")
def accuracy(request: Request, kb: Record) -> Response:
    """How many extractions reviewers found right, and what a newer extraction found otherwise."""
    rows = desk.accuracy(kb.store)
    parts = {part: [row for row in rows if row.part == part] for part in ("all", "outlet", "quote")}
    return render(request, "accuracy.html", found=parts, conflicts=desk.conflicts(kb.store))
