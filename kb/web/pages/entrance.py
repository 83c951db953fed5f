"""Coming in and going out; and the page that explains how to ask."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Form, Query, Request, Response

from kb.web import access, session
from kb.web.access import AccessError, check_csrf
from kb.web.pages.routing import new_router
from kb.web.pages.shell import local, render, see

router = new_router(guarded=False)

Next = Annotated[str, Query(max_length=2000)]


@router.get("/login")
def login(request: Request, next: Next = "/", code: Annotated[str, Query(max_length=200)] = "") -> Response:  # noqa: A002
    """The form; whoever has the code of the link that the server printed is in at once."""
    answer = see(next)
    if code and access.log_in_by_link(request, answer, code):
        return answer
    wrong = "This link was used already, or is of an earlier start of the server." if code else ""
    return render(request, "login.html", next=local(next), wrong=wrong)


@router.post("/login")
def let_in(
    request: Request,
    token: Annotated[str, Form(max_length=500)],
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
) -> Response:
    """Take a token."""
    answer = see(next)
    try:
        access.log_in(request, answer, token)
    except AccessError as error:
        return render(request, "login.html", error.status, next=local(next), wrong=str(error))
    return answer


@router.post("/logout", dependencies=[Depends(check_csrf)])
def log_out() -> Response:
    """Forget who it was."""
    answer = see("/")
    session.log_out(answer)
    return answer


@router.get("/help")
def explain(request: Request) -> Response:
    """The query language, and the keys."""
    return render(request, "help.html")
