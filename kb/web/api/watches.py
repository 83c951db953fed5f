"""Saved searches."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from kb import watching
from kb.types import WatchHits, WatchRow
from kb.web.access import Desk
from kb.web.api import examples
from kb.web.api.answers import ChosenFormat, one, whole
from kb.web.api.asking import Id, Plain, today
from kb.web.api.documented import WRITING, errors, gives, lists
from kb.web.api.shapes import Listing, Model
from kb.web.record import Record

TAGS: list[str | Enum] = ["watches"]
router = APIRouter(tags=TAGS)


class NewWatch(Model):
    """A search to save."""

    query: Annotated[Plain, Field(min_length=1, max_length=2000)] = Field(examples=["by:Lindqvist kind:prediction"])
    name: Annotated[Plain, Field(min_length=1, max_length=500)] | None = Field(default=None, examples=["tides"])
    """Left out: it is called like its query."""


@router.get(
    "/watches",
    response_model=Listing[WatchRow],
    responses=lists([examples.WATCH], WatchRow),
    summary="List saved searches",
)
def watches(request: Request, kb: Record, how: ChosenFormat) -> Response:
    """Every saved search, the first saved first."""
    return whole(request, watching.rows(kb.store), WatchRow, how)


@router.post(
    "/watches",
    status_code=201,
    response_model=WatchRow,
    responses=gives(examples.WATCH, WatchRow, 404, *WRITING, status=201, says="Saved."),
    summary="Save a search",
)
def add(request: Request, kb: Desk, body: NewWatch) -> Response:
    """What it finds from now on is news; what it finds now is not."""
    saved = watching.add(kb.store, body.query, name=body.name, now=dt.datetime.now(dt.UTC))
    return one(request, saved, WatchRow, status=201)


@router.delete(
    "/watches/{id}",
    status_code=204,
    responses={204: {"description": "Removed."}, **errors(404, *WRITING)},
    summary="Remove a saved search",
)
def remove(kb: Desk, id: Id) -> None:  # noqa: A002
    """Forget it."""
    watching.remove(kb.store, str(id))


@router.post(
    "/watches/news",
    response_model=Listing[WatchHits],
    responses=lists([WatchHits(watch=examples.WATCH, rows=())], WatchHits, *WRITING),
    summary="Take what saved searches found",
)
def news(request: Request, kb: Desk, how: ChosenFormat) -> Response:
    """What each saved search finds that it had not found before. It is told once, here or by `kb update`."""
    return whole(request, watching.new_hits(kb.store, today()), WatchHits, how)
