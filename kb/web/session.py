"""The session of a browser: who logged in, in a signed cookie, and the tokens that its forms carry.

The key that signs is made when the server starts, so that no session outlives it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import asdict, dataclass

from fastapi import Request, Response

from kb.types import TokenRole

COOKIE = "kb_session"
HOURS = 12
"""A working day, and somewhat more."""

CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSession:
    """Somebody who logged in."""

    name: str
    """Who makes the judgements."""
    role: TokenRole
    token_id: int | None
    """The token that was pasted; None for who came by the link that the server printed."""
    nonce: str
    expires: int
    """Seconds since 1970."""


def new_key() -> bytes:
    """A key to sign with."""
    return secrets.token_bytes(32)


def log_in(request: Request, response: Response, *, name: str, role: TokenRole, token_id: int | None) -> None:
    """Let the browser come back as that person."""
    expires = int(time.time()) + HOURS * 3600
    session = BrowserSession(name=name, role=role, token_id=token_id, nonce=secrets.token_hex(16), expires=expires)
    response.set_cookie(
        COOKIE,
        _signed(json.dumps(asdict(session)).encode(), _key(request)),
        max_age=HOURS * 3600,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def log_out(response: Response) -> None:
    """Let the browser forget who it was."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


def browser_session(request: Request) -> BrowserSession | None:
    """Who logged in; None for nobody, a cookie that is not ours, or one that has expired."""
    payload = _verified(request.cookies.get(COOKIE, ""), _key(request))
    session = BrowserSession(**json.loads(payload)) if payload else None
    return session if session and session.expires > time.time() else None


def csrf_token(request: Request) -> str:
    """What every form of this session carries in the field ``csrf_token``; empty where nobody logged in."""
    session = browser_session(request)
    return _mac(f"csrf {session.nonce}".encode(), _key(request)) if session else ""


async def has_csrf_token(request: Request) -> bool:
    """Whether the header or the form field has it."""
    wanted = csrf_token(request)
    given = request.headers.get(CSRF_HEADER)
    if given is None and "form" in request.headers.get("content-type", ""):
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else None
    return bool(wanted) and hmac.compare_digest(wanted.encode(), (given or "").encode())


def _key(request: Request) -> bytes:
    key: bytes = request.app.state.session_key
    return key


def _mac(payload: bytes, key: bytes) -> str:
    return hmac.new(key, payload, hashlib.sha256).hexdigest()


def _signed(payload: bytes, key: bytes) -> str:
    body = base64.urlsafe_b64encode(payload)
    return f"{body.decode()}.{_mac(body, key)}"


def _verified(cookie: str, key: bytes) -> bytes | None:
    """What was signed; None for a cookie that we did not make."""
    body, _, mac = cookie.partition(".")
    if not hmac.compare_digest(_mac(body.encode(), key).encode(), mac.encode()):
        return None
    return base64.urlsafe_b64decode(body)
