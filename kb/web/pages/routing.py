"""Routes of pages: readers may look, editors may judge, and what goes wrong is told on a page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from kb.web.access import Actor, actor, reader
from kb.web.pages.shell import here, render
from kb.web.problems import fault_of


def greet(request: Request, who: Annotated[Actor, Depends(actor)]) -> None:
    """Let the page know who looks at it."""
    request.state.viewer = who


def new_router(*, guarded: bool = True) -> APIRouter:
    """A router for pages; ``guarded``: only for those who may read."""
    dependencies = [Depends(greet), *([Depends(reader)] if guarded else [])]
    return APIRouter(include_in_schema=False, dependencies=dependencies)


def error_page(request: Request, error: Exception) -> Response:
    """The page that tells what went wrong; where somebody must log in first, it leads there and back."""
    status, fault, headers = fault_of(error)
    back = here(request) if request.method == "GET" else "/"
    page = render(request, "failed.html", status, fault=fault, login=status in (401, 403), back=back)
    page.headers.update(headers)
    return page
