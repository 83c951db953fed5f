"""Documents: texts with what is reported in them, and how they changed."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from kb import reading
from kb.types import ChangeRow, DocumentRow
from kb.web.api import examples
from kb.web.api.answers import ChosenFormat, listing, one
from kb.web.api.asking import LARGEST_ID, Day, Id, Wanted
from kb.web.api.documented import gives, lists
from kb.web.api.shapes import Listing
from kb.web.record import Record

TAGS: list[str | Enum] = ["documents"]
router = APIRouter(tags=TAGS)


@router.get(
    "/documents/{id}",
    response_model=DocumentRow,
    responses=gives(examples.DOCUMENT, DocumentRow, 404),
    summary="Show a document",
)
def document(
    request: Request,
    kb: Record,
    id: Id,  # noqa: A002
    revision: Annotated[int, Query(ge=0, le=LARGEST_ID, description="0: as it was stored first.")] = 0,
) -> Response:
    """A text, with every statement reported in it. Offsets count its code points, so characters, not bytes."""
    return one(request, reading.document(kb.store, id, revision=revision), DocumentRow)


@router.get(
    "/documents/{id}/changes",
    response_model=Listing[ChangeRow],
    responses=lists([examples.CHANGE], ChangeRow, 404),
    summary="List the changes of a document",
)
def changes_of(request: Request, kb: Record, id: Id, wanted: Wanted, how: ChosenFormat) -> Response:  # noqa: A002
    """What was changed in it once it was published, the last seen first."""
    return listing(request, wanted.of(kb.changes(id)), ChangeRow, how)


@router.get(
    "/changes",
    response_model=Listing[ChangeRow],
    responses=lists([examples.CHANGE], ChangeRow),
    summary="List changes of documents",
)
def changes(
    request: Request,
    kb: Record,
    wanted: Wanted,
    how: ChosenFormat,
    since: Annotated[Day | None, Query(description="Seen on that day or later.")] = None,
) -> Response:
    """What was changed in documents once published: quotations, numbers, sentences, titles."""
    return listing(request, wanted.of(kb.changes(since=since)), ChangeRow, how)
