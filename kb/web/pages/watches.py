"""Saved searches."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request, Response

from kb import watching
from kb.web.access import Desk
from kb.web.api.asking import Plain
from kb.web.pages.given import Number
from kb.web.pages.routing import new_router
from kb.web.pages.shell import render, see, utc_now
from kb.web.record import Record

router = new_router()


@router.get("/watches")
def watches(request: Request, kb: Record) -> Response:
    """Every one of them."""
    return render(request, "watches.html", rows=watching.rows(kb.store))


@router.post("/watches")
def save(
    kb: Desk,
    query: Annotated[Plain, Form(min_length=1, max_length=2000)],
    name: Annotated[Plain, Form(max_length=200)] = "",
) -> Response:
    """Save a search; what it finds now is no news."""
    watching.add(kb.store, query, name=name.strip() or None, now=utc_now())
    return see("/watches")


@router.post("/watches/{number}/remove")
def remove(kb: Desk, number: Number) -> Response:
    """Forget one."""
    watching.remove(kb.store, str(number))
    return see("/watches")
