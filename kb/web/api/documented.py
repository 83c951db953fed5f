"""How operations tell in OpenAPI what they answer: an example of each, every format, every error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kb.web.api.answers import adapter
from kb.web.api.cells import csv_of
from kb.web.api.shapes import Listing
from kb.web.problems import Problem

Responses = dict[int | str, dict[str, Any]]

ERRORS: dict[int, tuple[str, str, str]] = {
    400: ("The query or a value cannot be used; `at` tells where.", "bad_query", "column 1: there is no filter foo"),
    401: ("A token is needed, or this one is none.", "token_needed", "writing needs an editor's token"),
    403: ("The token may only read, or the form lacks its CSRF token.", "readers_only", "this token may read only"),
    404: ("The record has nothing of that id or name.", "not_found", "no statement 12 in the record"),
    409: ("Somebody judged it meanwhile; `changes` says what.", "conflict", "statement 12 was judged meanwhile"),
    412: ("It is not what If-Match names any more.", "changed", "statement 12 is not as it was"),
    413: ("The body is too large.", "too_large", "content too large"),
    422: ("A parameter, the body, or a judgement does not fit.", "invalid", "query.size: input should be at most 500"),
    428: ("Neither `version` nor If-Match says what was seen.", "version_needed", "give version, or If-Match"),
    429: ("Too many wrong tokens.", "too_many", "too many tokens that are none: try again in 60 seconds"),
    503: ("The database cannot be used just now.", "database", "kb.db is locked by another process"),
}
ALWAYS = (400, 401, 422, 429, 503)
"""What any operation may answer; 400 for another host too."""
WRITING = (403, 413)


def errors(*statuses: int) -> Responses:
    """The errors that an operation answers with."""
    found: Responses = {}
    for status in statuses:
        meaning, code, message = ERRORS[status]
        example = {"error": {"code": code, "message": message}}
        found[status] = {
            "model": Problem,
            "description": meaning,
            "content": {"application/json": {"example": example}},
        }
    return found


def gives(example: Any, shape: Any, *statuses: int, status: int = 200, says: str = "Found.") -> Responses:
    """One thing as JSON, with the errors beside it."""
    return {
        status: {
            "description": says,
            "headers": _ETAG,
            "content": {"application/json": {"example": adapter(shape).dump_python(example, mode="json")}},
        },
        **errors(*statuses),
        **(_NOT_MODIFIED if status == 200 else {}),
    }


def lists(example: Iterable[Any], shape: Any, *statuses: int) -> Responses:
    """A list in every format, with the errors beside it."""
    page = Listing(items=tuple(example), total=1)
    line = adapter(shape).dump_json(page.items[0]).decode() + "\n"
    content = {
        "application/json": {"example": adapter(Listing[shape]).dump_python(page, mode="json")},
        "text/csv": {"schema": {"type": "string"}, "example": csv_of(page.items, shape).decode()},
        "application/x-ndjson": {"schema": {"type": "string"}, "example": line},
    }
    return {
        200: {"description": "A page of the list.", "headers": {**_ETAG, **_LINKS}, "content": content},
        **errors(*statuses),
        **_NOT_MODIFIED,
    }


def _header(meaning: str) -> dict[str, Any]:
    return {"description": meaning, "schema": {"type": "string"}}


_ETAG = {"ETag": _header("Changes whenever the answer does; for If-None-Match and If-Match.")}
_LINKS = {
    "Link": _header("The next and the previous page."),
    "X-Total-Count": _header("How many there are in all, where that was counted."),
}
_NOT_MODIFIED: Responses = {304: {"description": "As the ETag in If-None-Match has it.", "headers": _ETAG}}
