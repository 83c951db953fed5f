"""Taking in another record over HTTP, as ``kb import`` does."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from kb.config import Settings
from kb.errors import InputError
from kb.types import ImportResult
from kb.web.access import Desk
from kb.web.api import examples
from kb.web.api.answers import one
from kb.web.api.documented import WRITING, gives
from kb.web.api.turns import in_turn
from kb.web.security import Limit

TAGS: list[str | Enum] = ["record"]
router = APIRouter(tags=TAGS)

PATH = "/import"
NAME = "the record sent"
"""What messages call what was sent."""

RECORD: dict[str, Any] = {
    "requestBody": {
        "description": "What `kb export jsonl` or `GET /exports/jsonl` wrote, unpacked.",
        "required": True,
        "content": {"application/x-ndjson": {"schema": {"type": "string"}, "example": examples.RECORD}},
    }
}


@router.post(
    PATH,
    response_model=ImportResult,
    responses=gives(examples.IMPORTED, ImportResult, *WRITING, says="Imported."),
    openapi_extra=RECORD,
    summary="Import a record",
)
async def import_record(request: Request, kb: Desk) -> Response:
    """Take in a record that was exported as jsonl. What is there stays, and the same again changes nothing; a line that
    cannot be read means that nothing is imported. It takes a while. The setting max_import_bytes says how much may be
    sent."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "record.jsonl"
        await _receive(request, file)
        result = await in_turn(request, lambda: kb.import_record(file, name=NAME))
    return one(request, result, ImportResult)


def limit(settings: Settings) -> Limit:
    """How large a record may be."""
    advice = "; raise max_import_bytes in its settings file, or run kb import on the server's machine"
    return Limit(settings.max_import_bytes, advice)


async def _receive(request: Request, file: Path) -> None:
    """Write what is sent to a file, piece by piece. Raises InputError where it ends too early."""
    async with await anyio.open_file(file, "wb") as out:
        try:
            async for piece in request.stream():
                await out.write(piece)
        except ClientDisconnect as error:
            raise InputError(f"{NAME} ends too early; nothing was imported") from error
