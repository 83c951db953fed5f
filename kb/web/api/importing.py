"""Taking in files over HTTP: another record, and a list of people to watch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from kb.config import Settings
from kb.errors import InputError
from kb.types import ImportResult, ItemResult
from kb.web.access import Desk
from kb.web.api import examples
from kb.web.api.answers import ChosenFormat, one, whole
from kb.web.api.documented import WRITING, gives, lists
from kb.web.api.shapes import Listing
from kb.web.api.turns import in_turn
from kb.web.security import Limit

router = APIRouter()

RECORD_PATH = "/import"


def _body(media: str, description: str, example: str) -> dict[str, Any]:
    content = {media: {"schema": {"type": "string"}, "example": example}}
    return {"requestBody": {"description": description, "required": True, "content": content}}


@router.post(
    RECORD_PATH,
    tags=["record"],
    response_model=ImportResult,
    responses=gives(examples.IMPORTED, ImportResult, *WRITING, says="Imported."),
    openapi_extra=_body(
        "application/x-ndjson", "What `kb export jsonl` or `GET /exports/jsonl` wrote, unpacked.", examples.RECORD
    ),
    summary="Import a record",
)
async def import_record(request: Request, kb: Desk) -> Response:
    """Take in a record that was exported as jsonl. What is there stays, and the same again changes nothing; a line that
    cannot be read means that nothing is imported. It takes a while. The setting max_import_bytes says how much may be
    sent."""
    name = "the record sent"
    async with _received(request, name) as file:
        return one(request, await in_turn(request, lambda: kb.import_record(file, name=name)), ImportResult)


@router.post(
    "/speakers/import",
    tags=["speakers"],
    response_model=Listing[ItemResult],
    responses=lists([examples.LISTED], ItemResult, *WRITING),
    openapi_extra=_body("text/csv", "The first line names the columns, as the example does.", examples.WATCHLIST),
    summary="Import people to watch",
)
async def import_speakers(request: Request, kb: Desk, how: ChosenFormat) -> Response:
    """Watch everybody on a list, a CSV file in UTF-8; one result per line. Several aliases or handles have `|` between
    them. People whom the record knows keep what it knows of them; a list with an error changes nothing."""
    name = "the list sent"
    async with _received(request, name) as file:
        found = await in_turn(request, lambda: kb.import_speakers(file, name=name))
    return whole(request, found, ItemResult, how)


def limit(settings: Settings) -> Limit:
    """How large a record may be."""
    advice = "; raise max_import_bytes in its settings file, or run kb import on the server's machine"
    return Limit(settings.max_import_bytes, advice)


@asynccontextmanager
async def _received(request: Request, name: str) -> AsyncIterator[Path]:
    """A file with the body, written piece by piece. Raises InputError where that ends too early."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "sent"
        async with await anyio.open_file(file, "wb") as out:
            try:
                async for piece in request.stream():
                    await out.write(piece)
            except ClientDisconnect as error:
                raise InputError(f"{name} ends too early; nothing was imported") from error
        yield file
