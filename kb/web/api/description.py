"""The API described by itself: OpenAPI for programs, and one plain page for people."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from kb import types
from kb.web import problems
from kb.web.access import reader
from kb.web.api import judging, keeping, shapes, sources, speakers, watches
from kb.web.api.fields import describe_fields
from kb.web.session import CSRF_HEADER

router = APIRouter(prefix="/api", include_in_schema=False, dependencies=[Depends(reader)])

ABOUT = f"""The public record: who said what, where it was reported, what they predicted, and whether it came true.

Reading is open on the server's own machine and needs a token elsewhere; writing always needs an editor's token:
`Authorization: Bearer TOKEN`, made with `kb token add NAME --role reader|editor`. A browser that logged in writes with
its cookie and the header `{CSRF_HEADER}`.

Lists come as JSON, as CSV or as JSON lines, by the header Accept or `?format=`; the header Link leads from page to
page. Every answer has an ETag. Every error has the same body: `{{"error": {{"code", "message", "at"?, "changes"?}}}}`;
codes do not change, messages may.
"""
TAGS = {
    "statements": "What was said, and how it turned out.",
    "reviews": "Judging what was extracted, and how often it was right.",
    "speakers": "Who said it, who may be the same, and how good their predictions were.",
    "documents": "Where it was reported, and how that was changed.",
    "sources": "Where documents come from.",
    "exports": "Timelines and the record as files.",
    "watches": "Saved searches.",
    "record": "The record as a whole.",
}
MODULES = (types, problems, shapes, judging, keeping, sources, speakers, watches)
"""Where the classes are that the API shows and takes."""
METHODS = ("get", "post", "put", "patch", "delete")


def operation_id(route: APIRoute) -> str:
    """``statements_search``: a name for the functions of generated clients."""
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name


def describe(app: FastAPI) -> dict[str, Any]:
    """The description in OpenAPI 3.1, made once."""
    if app.openapi_schema is None:
        tags = [{"name": name, "description": meaning} for name, meaning in TAGS.items()]
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=ABOUT,
            routes=app.routes,
            tags=tags,
            summary="The API of kb",
        )
        describe_fields(made["components"]["schemas"], MODULES)
        if app.state.local:
            for operation in (path["get"] for path in made["paths"].values() if "get" in path):
                if "403" not in operation["responses"]:  # what only editors read needs a token everywhere
                    operation["security"] = [{}, *operation["security"]]
        app.openapi_schema = made
    return app.openapi_schema


@router.get("/v1/openapi.json")
def openapi(request: Request) -> Response:
    """The description for programs."""
    return JSONResponse(request.app.openapi())


@router.get("")
@router.get("/v1")
def page(request: Request) -> Response:
    """The description for people."""
    from kb.web.pages.shell import render

    made = request.app.openapi()
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in TAGS}
    for path, item in made["paths"].items():
        for method in METHODS:
            if method in item:
                groups[item[method]["tags"][0]].append({**item[method], "method": method.upper(), "path": path})
    return render(request, "api.html", groups={name: of for name, of in groups.items() if of}, tags=TAGS)
