"""Exports, charts and backups over HTTP: the same bytes as ``kb export`` and ``kb backup`` write."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from enum import Enum
from pathlib import Path as File
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import Annotated, Any, BinaryIO, Literal, cast

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from exports import formats
from kb.app import KB
from kb.types import ChartKind
from kb.web.access import Desk
from kb.web.api.answers import SHARED, one
from kb.web.api.asking import LARGEST_ID, Asked, Plain
from kb.web.api.documented import Responses, errors, gives
from kb.web.record import Record

TAGS: list[str | Enum] = ["exports"]
router = APIRouter(tags=TAGS)

IN_MEMORY = 1_000_000
"""Bytes of an export that are kept in memory; what is longer waits in a file that has no name."""
PIECE = 64 * 1024

MEDIA = {
    "atom": "application/atom+xml",
    "bundle": "application/zip",
    "claimreview": "application/ld+json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json",
    "jsonfeed": "application/feed+json",
    "jsonl": "application/x-ndjson",
    "md": "text/markdown; charset=utf-8",
    "opml": "text/x-opml",
    "parquet": "application/vnd.apache.parquet",
    "prov": "application/json",
    "rss": "application/rss+xml",
    "sqlite": "application/vnd.sqlite3",
    "timelinejs": "application/json",
    "vis-timeline": "application/json",
    "webannotation": "application/ld+json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
ENDINGS = {"bundle": "zip", "jsonfeed": "json", "claimreview": "jsonld", "webannotation": "jsonld", "prov": "json",
           "timelinejs": "json", "vis-timeline": "json", "sqlite": "db"}  # fmt: skip
"""File name endings of formats that have another one than their name."""
UNKNOWN = "application/octet-stream"

FILE: Responses = {
    200: {
        "description": "The file.",
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA.values()
        },
    },
    **errors(404),
}
FILE[200]["content"]["text/csv"]["example"] = "date,entry,speaker\r\n2026-02-03,statement,Maja Lindqvist\r\n"

BACKUP: Responses = {
    200: {
        "description": "The database.",
        "content": {MEDIA["sqlite"]: {"schema": {"type": "string", "format": "binary"}}},
    },
    **errors(403),
}

Feed = Literal["new", "due", "outcomes"]


@router.get("/exports", response_model=list[str], responses=gives(["csv", "html"], list[str]), summary="List formats")
def known(request: Request) -> Response:
    """The formats that a record can be exported in; docs/exports.md describes them."""
    return one(request, formats(), list[str])


@router.get("/exports/{format}", response_class=StreamingResponse, responses=FILE, summary="Export")
def export(
    kb: Record,
    asked: Asked,
    format: Annotated[Plain, Path(max_length=50, examples=["csv"])],  # noqa: A002
    *,
    spreadsheet: Annotated[bool | None, Query(description="csv: no cell is a formula.")] = None,
    todo: Annotated[bool | None, Query(description="ics: tasks instead of events.")] = None,
    feed: Annotated[Feed | None, Query(description="atom, rss, jsonfeed: what is in it.")] = None,
    link: Annotated[
        Plain | None, Query(max_length=2000, description="atom, rss, jsonfeed, claimreview: its address.")
    ] = None,
    slides: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="timelinejs: at most so many.")] = None,
) -> Response:
    """A timeline, or the whole record, as a file: statements, due dates and outcomes that a query finds."""
    given: dict[str, Any] = {"spreadsheet": spreadsheet, "todo": todo, "feed": feed, "link": link, "slides": slides}
    options = {name: value for name, value in given.items() if value is not None}
    name = f"onrecord.{ENDINGS.get(format, format)}"
    return _streamed(lambda out: kb.export(format, out, asked, options=options), MEDIA.get(format, UNKNOWN), name)


@router.get("/charts/{kind}", response_class=StreamingResponse, responses=FILE, summary="Draw a chart")
def chart(
    request: Request,
    kb: Record,
    asked: Asked,
    kind: Annotated[ChartKind, Path(examples=["timeline"])],
    image: Annotated[Literal["svg", "png"], Query(description="What is drawn.")] = "svg",
) -> Response:
    """A timeline, dates that were moved, calibration or hit rates, as a picture."""
    with request.app.state.drawing:  # matplotlib is not made for threads
        return _streamed(lambda out: kb.chart(kind, out, asked, format=image), MEDIA[image], f"{kind}.{image}")


@router.get("/backup", response_class=StreamingResponse, responses=BACKUP, summary="Back up")
def backup(kb: Desk) -> Response:
    """The whole database as `kb restore` takes it, as it was at one moment while others write. For editors: it holds
    who has a token, too. A record on PostgreSQL is backed up with pg_dump."""
    return _streamed(lambda out: _back_up(kb, out), MEDIA["sqlite"], "onrecord.db")


def _back_up(kb: KB, out: BinaryIO) -> None:
    with TemporaryDirectory() as folder:
        copy = File(folder) / "copy.db"
        kb.backup(copy)
        with copy.open("rb") as written:
            shutil.copyfileobj(written, out)


def _streamed(write: Callable[[BinaryIO], object], media: str, name: str) -> Response:
    """What ``write`` writes, sent once it is complete: an error is told as such, no half file is sent, and the database
    waits for no slow reader."""
    with ExitStack() as on_failure:
        file = cast("BinaryIO", on_failure.enter_context(SpooledTemporaryFile(IN_MEMORY)))
        write(file)
        on_failure.pop_all()
    length = file.tell()
    file.seek(0)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(length), **SHARED}
    return StreamingResponse(_pieces(file), media_type=media, headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
