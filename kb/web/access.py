"""Who asks, and what they may do: reading is open on this machine alone, writing always needs an editor.

A request proves itself by ``Authorization: Bearer TOKEN``, or by the cookie of a browser that logged in; then what it
writes must carry the token of a form, which no foreign site can read.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from kb.app import KB
from kb.store import tokens
from kb.types import TokenRole, TokenRow
from kb.web import session
from kb.web.failures import Failures
from kb.web.record import the_record
from kb.web.security import SAFE, is_loopback

# For the description of the API only: they take no decision.
BEARER = HTTPBearer(auto_error=False, description="A token made with `kb token add NAME --role reader|editor`.")
COOKIE = APIKeyCookie(
    name=session.COOKIE,
    auto_error=False,
    description=f"A browser that logged in. What it writes carries the header `{session.CSRF_HEADER}`.",
)


class AccessError(Exception):
    """The request may not do what it asks for. ``status`` is 401, 403 or 429."""

    def __init__(self, message: str, *, status: int, code: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks. ``role`` None: somebody who proved nothing; ``name`` is empty then."""

    name: str = ""
    role: TokenRole | None = None
    by_cookie: bool = False
    """Whether a browser's cookie is all the proof there is."""

    @property
    def edits(self) -> bool:
        """Whether they may write."""
        return self.role == "editor"


NOBODY = Actor()


def actor(request: Request) -> Actor:
    """Who sent a request; ``NOBODY`` unless they prove it. Raises AccessError, once, for a token that is none."""
    if not hasattr(request.state, "actor"):
        request.state.actor = NOBODY
        request.state.actor = _identified(request)
    found: Actor = request.state.actor
    return found


def _identified(request: Request) -> Actor:
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer":
            raise _no_token("send Authorization: Bearer TOKEN")
        known = check_token(request, secret)
        return Actor(name=known.name, role=known.role)
    browser = session.browser_session(request)
    if browser is None or not _still_good(the_record(request), browser):
        return NOBODY
    return Actor(name=browser.name, role=browser.role, by_cookie=True)


def proven(
    request: Request, _bearer: Annotated[object, Security(BEARER)], _cookie: Annotated[object, Security(COOKIE)]
) -> Actor:
    """``actor``, for routes: the ways to prove it stand in the description of the API."""
    return actor(request)


def check_token(request: Request, secret: str) -> TokenRow:
    """The token that has this secret. Raises AccessError: none has it, or its client failed too often."""
    failures: Failures = request.app.state.failures
    client = request.client.host if request.client else ""
    if wait := failures.wait(client):
        raise AccessError(
            f"too many tokens that are none: try again in {wait} seconds", status=429, code="too_many", retry_after=wait
        )
    with the_record(request).store.reading() as reading:
        known = tokens.check(reading, secret.strip())
    if known is None:
        failures.add(client)
        raise _no_token("this token is unknown or revoked; kb token add NAME makes one")
    return known


def log_in(request: Request, response: Response, secret: str) -> None:
    """Let a browser that gives a token come back without it. Raises AccessError as ``check_token`` does."""
    known = check_token(request, secret)
    session.log_in(request, response, name=known.name, role=known.role, token_id=known.id)


def log_in_by_link(request: Request, response: Response, code: str) -> bool:
    """Make the browser that has the code of the link an editor's, once; return whether it was that code."""
    state = request.app.state
    wanted = state.login_code
    if not wanted or not hmac.compare_digest(wanted.encode(), code.encode()):
        return False
    state.login_code = None
    name = the_record(request).settings.user
    session.log_in(request, response, name=name, role="editor", token_id=None)
    return True


async def check_csrf(request: Request, who: Annotated[Actor, Depends(proven)]) -> None:
    """Raise AccessError where a browser's cookie alone, without the token of a form, asks to write."""
    if who.by_cookie and request.method not in SAFE and not await session.has_csrf_token(request):
        raise AccessError("the form is too old: load its page again", status=403, code="csrf")


def has_tokens(kb: KB) -> bool:
    """Whether anybody could prove anything."""
    with kb.store.reading() as reading:
        return any(row.revoked_at is None for row in tokens.rows(reading))


def reader(request: Request, who: Annotated[Actor, Depends(proven)]) -> Actor:
    """Somebody who may read: anybody on this machine, elsewhere whoever has a token. Raises AccessError."""
    if who.role is None and not (request.app.state.local and is_loopback(request.headers)):
        raise _no_token("reading from another machine needs a token: log in, or send Authorization: Bearer TOKEN")
    return who


def editor(who: Annotated[Actor, Depends(proven)], _: Annotated[None, Depends(check_csrf)]) -> Actor:
    """Somebody who may write. Raises AccessError."""
    if who.role is None:
        raise _no_token("writing needs an editor's token: log in, or send Authorization: Bearer TOKEN")
    if not who.edits:
        raise AccessError("this token may read only; writing needs an editor's", status=403, code="readers_only")
    return who


def desk(request: Request, who: Annotated[Actor, Depends(editor)]) -> KB:
    """The record, with whoever asks as the one who judges. Raises AccessError."""
    return the_record(request).acting_as(who.name)


Reader = Annotated[Actor, Depends(reader)]
Editor = Annotated[Actor, Depends(editor)]
Desk = Annotated[KB, Depends(desk)]


def _still_good(kb: KB, browser: session.BrowserSession) -> bool:
    """Whether the token that the session began with was not revoked since."""
    if browser.token_id is None:
        return True
    with kb.store.reading() as reading:
        return tokens.valid(reading, browser.token_id) is not None


def _no_token(message: str) -> AccessError:
    return AccessError(message, status=401, code="token_needed")
