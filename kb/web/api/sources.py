"""Sources: what is read, how that goes, and adding to it. One addition or update runs at a time; others wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import Field

from kb.types import Author, DocumentKind, ItemResult, SourceResult, SourceRow
from kb.web.access import Desk
from kb.web.api import examples
from kb.web.api.answers import ChosenFormat, whole
from kb.web.api.asking import Id, Plain
from kb.web.api.documented import WRITING, Responses, errors, lists
from kb.web.api.shapes import Listing, Model
from kb.web.api.turns import in_turn
from kb.web.record import Record

Operation = TypeVar("Operation", bound=Callable[..., Any])

TAGS: list[str | Enum] = ["sources"]
router = APIRouter(tags=TAGS)

DONE: Responses = {204: {"description": "Done."}, **errors(404, *WRITING)}


def _work(path: str, example: object, shape: Any, *, summary: str) -> Callable[[Operation], Operation]:
    """The address of an operation that takes a while and answers with one result per item."""
    responses = lists([example], shape, 404, *WRITING)
    return router.post(path, response_model=Listing[shape], responses=responses, summary=summary)


class NewSource(Model):
    """An address to read."""

    url: str = Field(pattern=r"^https?://[^\s/]\S*$", max_length=2000, examples=["https://harbour.example/feed.xml"])
    """Of an article, a feed or a page: the format is detected. Private addresses are refused."""
    kind: DocumentKind | None = None
    """What a plain text is."""
    speaker: Annotated[Plain, Field(min_length=1, max_length=500)] | None = None
    """Who speaks where a document does not tell."""
    date: dt.date | None = Field(default=None, examples=["2026-01-29"])
    """The day of what does not tell its own."""


class Polling(Model):
    """What to poll."""

    source: Annotated[Plain, Field(min_length=1, max_length=2000)] | None = Field(default=None, examples=["1"])
    """Number, name or address; left out: every source that is due."""
    all: bool = False
    """Those too that are not due yet."""


class ReadingAgain(Model):
    """Which stored bytes to read again."""

    source: Annotated[Plain, Field(min_length=1, max_length=2000)] | None = Field(default=None, examples=["1"])
    """Number, name or address; left out: those of every source."""
    since: dt.date | None = Field(default=None, examples=["2026-01-31"])
    """Bytes that arrived on that day or later."""


@router.get(
    "/sources",
    response_model=Listing[SourceRow],
    responses=lists([examples.SOURCE], SourceRow),
    summary="List sources",
)
def sources(request: Request, kb: Record, how: ChosenFormat) -> Response:
    """Every source on the network: how its polls go, what it brought, what waits, why it failed."""
    return whole(request, kb.sources(), SourceRow, how)


@_work("/sources", examples.ADDED, ItemResult, summary="Add an address")
async def add(request: Request, kb: Desk, body: NewSource, how: ChosenFormat) -> Response:
    """Fetch an article, or register a feed, and extract what is said in it; one result per item. It takes a while."""

    def work() -> list[ItemResult]:
        speaker = Author(name=body.speaker) if body.speaker else None
        return list(kb.add([body.url], kind=body.kind, speaker=speaker, date=body.date))

    return whole(request, await in_turn(request, work), ItemResult, how)


@_work("/update", examples.POLLED, SourceResult, summary="Poll sources")
async def update(request: Request, kb: Desk, body: Polling, how: ChosenFormat) -> Response:
    """Fetch what is new, and extract what is said in it; one result per source. It takes a while."""

    def work() -> list[SourceResult]:
        return list(kb.update(source=body.source, all=body.all, stop=request.app.state.stopping))

    return whole(request, await in_turn(request, work), SourceResult, how)


@_work("/reparse", examples.REPARSED, ItemResult, summary="Read again")
async def reparse(request: Request, kb: Desk, body: ReadingAgain, how: ChosenFormat) -> Response:
    """Read stored bytes again with the parsers of today, without the network; one result per document. It takes a
    while."""

    def work() -> list[ItemResult]:
        return list(kb.reparse(source=body.source, since=body.since))

    return whole(request, await in_turn(request, work), ItemResult, how)


@router.post("/sources/{id}/pause", status_code=204, responses=DONE, summary="Pause a source")
def pause(kb: Desk, id: Id) -> None:  # noqa: A002
    """Poll it no more until it is resumed."""
    kb.pause_source(str(id))


@router.post("/sources/{id}/resume", status_code=204, responses=DONE, summary="Resume a source")
def resume(kb: Desk, id: Id) -> None:  # noqa: A002
    """Poll it again, whatever it was paused for."""
    kb.resume_source(str(id))


@router.delete("/sources/{id}", status_code=204, responses=DONE, summary="Remove a source")
def remove(kb: Desk, id: Id) -> None:  # noqa: A002
    """Forget it. What it brought stays in the record."""
    kb.remove_source(str(id))
