"""Answers: JSON, CSV or JSON lines, with an ETag, so that what is known need not be sent again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, get_args

from fastapi import Depends, Query, Request, Response
from pydantic import TypeAdapter

from kb.web.api.cells import csv_of
from kb.web.api.shapes import Listing

T = TypeVar("T")
Format = Literal["json", "csv", "jsonl"]

MEDIA: dict[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
}
ASKED = {"text/csv": "csv", "application/x-ndjson": "jsonl", "application/jsonl": "jsonl", "application/json": "json"}
"""Media types that Accept may name."""
SHARED = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization, Cookie"}
"""A copy may be kept, by whom it was sent to; it is asked for each time, and mostly answered with 304."""


def chosen_format(
    request: Request,
    format: Annotated[  # noqa: A002
        Format | None, Query(description="json, csv or jsonl; goes before the header Accept.")
    ] = None,
) -> Format:
    """What the request asks for; JSON where it asks for what there is not."""
    if format is not None:
        return format
    offers = (part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(","))
    found = next((ASKED[offer] for offer in offers if offer in ASKED), "json")
    return next(known for known in get_args(Format) if known == found)


ChosenFormat = Annotated[Format, Depends(chosen_format)]


def one(request: Request, value: Any, shape: Any, *, status: int = 200) -> Response:
    """One thing as JSON."""
    return _tagged(request, adapter(shape).dump_json(value), MEDIA["json"], {}, status=status)


def listing(request: Request, page: Listing[T], shape: Any, how: Format) -> Response:
    """A page of a list: the whole of it as JSON, its items alone as CSV or JSON lines.

    The header ``Link`` leads on and back in every format, ``X-Total-Count`` says how many there are.
    """
    headers = {"Link": link} if (link := _links(request, page)) else {}
    headers |= {"X-Total-Count": str(page.total)} if page.total is not None and not page.more else {}
    if how == "json":
        body = adapter(Listing[shape]).dump_json(page)
    elif how == "csv":
        body = csv_of(page.items, shape)
    else:
        body = b"".join(adapter(shape).dump_json(item) + b"\n" for item in page.items)
    return _tagged(request, body, MEDIA[how], headers)


def whole(request: Request, items: Sequence[T], shape: Any, how: Format) -> Response:
    """A list that is never long."""
    return listing(request, Listing(items=tuple(items), total=len(items)), shape, how)


def etag_of(value: Any, shape: Any) -> str:
    """The tag of one thing as JSON."""
    return _etag(adapter(shape).dump_json(value))


def matches(header: str, etag: str) -> bool:
    """Whether If-Match or If-None-Match names a tag; a weak one counts as well."""
    given = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in given or etag in given


@lru_cache(maxsize=128)
def adapter(shape: Any) -> TypeAdapter[Any]:
    """What writes a type as JSON."""
    return TypeAdapter(shape)


def _tagged(request: Request, body: bytes, media: str, headers: dict[str, str], *, status: int = 200) -> Response:
    etag = _etag(body)
    headers = {**SHARED, **headers, "ETag": etag}
    known = request.headers.get("if-none-match")
    if request.method == "GET" and known and matches(known, etag):
        return Response(status_code=304, headers=headers)
    return Response(body, status_code=status, media_type=media, headers=headers)


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _links(request: Request, page: Listing[Any]) -> str:
    found = (("next", page.next), ("prev", page.previous))
    address = request.url.include_query_params
    return ", ".join(f'<{address(cursor=cursor)}>; rel="{name}"' for name, cursor in found if cursor)
