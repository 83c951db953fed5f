"""Tokens, the keys to the HTTP API. A secret is shown once, when it is made; the record keeps its hash."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlmodel import Session, col, select

from kb.errors import JudgementError, NotFoundError
from kb.store.tables import Token
from kb.text import sha256
from kb.types import TokenRole, TokenRow

PREFIX = "kb_"
"""By which people, and programs that look for leaked secrets, know what it is."""
BYTES = 32
"""Of randomness; so much needs no salt and no slow hash."""


def add(session: Session, name: str, role: TokenRole, *, now: dt.datetime) -> tuple[TokenRow, str]:
    """Make a token; return it with its secret. Raises JudgementError for no name, or one that a valid token has."""
    if not name.strip():
        raise JudgementError("a token needs a name: that of the person or program that uses it")
    if any(row.name == name.strip() for row in rows(session) if row.revoked_at is None):
        raise JudgementError(f"there is a token {name.strip()!r} already; revoke it first, or give another name")
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    token = Token(name=name.strip(), role=role, sha256=sha256(secret), made_at=now)
    session.add(token)
    session.flush()
    return _row(token), secret


def check(session: Session, secret: str) -> TokenRow | None:
    """The valid token with that secret; None without one. How long it takes says nothing about the secret: what is
    looked up is its hash."""
    token = session.exec(select(Token).where(Token.sha256 == sha256(secret), col(Token.revoked_at).is_(None))).first()
    return _row(token) if token else None


def valid(session: Session, token_id: int) -> TokenRow | None:
    """The token with that number, None if it was revoked."""
    token = session.get(Token, token_id)
    return _row(token) if token and token.revoked_at is None else None


def rows(session: Session) -> list[TokenRow]:
    """Every token, the first made first, revoked ones among them."""
    return [_row(token) for token in session.exec(select(Token).order_by(col(Token.id)))]


def revoke(session: Session, name: str, *, now: dt.datetime) -> TokenRow:
    """Let the valid token of that name, or number, be none from now on. Raises NotFoundError."""
    found = session.exec(select(Token).where(col(Token.revoked_at).is_(None)).order_by(col(Token.id)))
    token = next((token for token in found if name in (token.name, str(token.id))), None)
    if token is None:
        raise NotFoundError(f"there is no valid token {name!r}; kb token list shows them")
    token.revoked_at = now
    session.add(token)
    session.flush()
    return _row(token)


def _row(token: Token) -> TokenRow:
    return TokenRow(id=token.id, name=token.name, role=token.role, made_at=token.made_at, revoked_at=token.revoked_at)
