"""Errors over HTTP: which status and code each one has, and the body, which stays as it is between versions.

{"error": {"code": "conflict", "message": "statement 12 was judged meanwhile: ...", "changes": ["ana, ..."]}}
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from kb.errors import (
    ConfigError,
    ConflictError,
    ExportError,
    InputError,
    JudgementError,
    KBError,
    NotFoundError,
    QueryError,
    StoreError,
)
from kb.web.access import AccessError
from kb.web.security import HEADERS

KINDS: tuple[tuple[type[KBError], int, str], ...] = (
    (QueryError, 400, "bad_query"),
    (ConfigError, 400, "bad_value"),
    (NotFoundError, 404, "not_found"),
    (ConflictError, 409, "conflict"),
    (JudgementError, 422, "contradiction"),
    (InputError, 422, "unreadable"),
    (ExportError, 422, "no_export"),
    (StoreError, 503, "database"),
    (KBError, 400, "error"),
)
"""The first that an error is an instance of counts."""
STATUS_CODES = {401: "token_needed", 403: "forbidden", 404: "no_such_address", 405: "wrong_method", 413: "too_large"}
RETRY = {503: "5"}
"""Seconds after which to try again, by status."""


class RequestError(Exception):
    """A request that cannot be answered as it is, for a reason that is HTTP's own (412, 428)."""

    def __init__(self, message: str, *, status: int, code: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Place(BaseModel):
    """Where a request goes wrong."""

    query: str | None = None
    """The query that cannot be read."""
    column: int | None = None
    """Where in the query, from 0."""
    field: str | None = None
    """The parameter, or the path in the body: ``body.version``."""
    statement: int | None = None
    """The number of the statement that the one asked for was merged into."""


class Fault(BaseModel):
    """What went wrong."""

    code: str = Field(examples=["not_found"])
    """Never changes for the same kind of error."""
    message: str = Field(examples=["no statement 12 in the record"])
    """What, where and what to do, for people."""
    at: Place | None = None
    changes: list[str] | None = None
    """What somebody else changed meanwhile, one line each."""


class Problem(BaseModel):
    """The body of every answer that is an error."""

    error: Fault


def problem(status: int, fault: Fault, headers: dict[str, str]) -> Response:
    """The answer that tells of an error."""
    return JSONResponse({"error": fault.model_dump(exclude_none=True)}, status_code=status, headers=headers)


def fault_of(error: Exception) -> tuple[int, Fault, dict[str, str]]:
    """Status, fault and headers of an error that a request may raise."""
    if isinstance(error, AccessError):
        return error.status, Fault(code=error.code, message=str(error)), _access_headers(error)
    if isinstance(error, RequestError):
        return error.status, Fault(code=error.code, message=str(error)), {}
    if isinstance(error, KBError):
        status, code = next((status, code) for kind, status, code in KINDS if isinstance(error, kind))
        at = _place_of(error)
        changes = list(error.changes) if isinstance(error, ConflictError) else None
        headers = {"Retry-After": RETRY[status]} if status in RETRY else {}
        return status, Fault(code=code, message=str(error), at=at, changes=changes), headers
    if isinstance(error, RequestValidationError):
        return 422, _invalid(error), {}
    if isinstance(error, HTTPException):
        code = STATUS_CODES.get(error.status_code, "error")
        fault = Fault(code=code, message=_plain(error))
        return error.status_code, fault, dict(error.headers or {})
    return 500, Fault(code="internal", message="the server failed; its log says why"), {}


def add_handlers(app: FastAPI) -> None:
    """Let every error under /api be told as JSON, and every other one as a page."""
    for kind in (AccessError, RequestError, KBError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _handle)


def _handle(request: Request, error: Exception) -> Response:
    from kb.web.pages import error_page  # which asks this module what to say

    for_programs = request.url.path.startswith("/api/")
    answer = problem(*fault_of(error)) if for_programs else error_page(request, error)
    for name, value in HEADERS.items():  # what no handler expects is told outside of all middleware
        answer.headers.setdefault(name, value)
    return answer


def _place_of(error: KBError) -> Place | None:
    if isinstance(error, QueryError):
        return Place(query=error.query, column=error.column)
    if isinstance(error, NotFoundError) and error.into is not None:
        return Place(statement=error.into)
    return None


def _invalid(error: RequestValidationError) -> Fault:
    """The first thing that is wrong with the parameters or the body."""
    first: dict[str, Any] = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return Fault(code="invalid", message=f"{place}: {first['msg']}", at=Place(field=place))


def _plain(error: HTTPException) -> str:
    phrase = HTTPStatus(error.status_code).phrase.lower()
    return str(error.detail) if error.detail and error.detail.lower() != phrase else phrase


def _access_headers(error: AccessError) -> dict[str, str]:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else {}
    return headers | ({"Retry-After": str(error.retry_after)} if error.retry_after else {})
