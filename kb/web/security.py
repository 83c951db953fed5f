"""What holds for every answer: the headers of a page that runs nothing but our own files, and the Host header asked
for, so that a foreign site cannot reach a local server under its own name (DNS rebinding)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that write nothing."""

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers that proxies add."""

MOST_BYTES = 2_000_000
"""Of a request's body, but for imports: the longest is an edit of one statement, or an address."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a request may send."""

    bytes: int
    advice: str = ""
    """What to do about it, as the end of the message."""

    def __str__(self) -> str:
        """What to say to whoever sends more."""
        return f"a request to this address may have {self.bytes:,} bytes{self.advice}"


POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def host_of(headers: Headers) -> str:
    """The Host header without its port, lower case; IPv6 addresses stay in their brackets."""
    host = headers.get("host", "").lower()
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() else host


def is_loopback(headers: Headers) -> bool:
    """Whether a request came straight from this machine, as far as it tells: what a proxy passes on did not."""
    return host_of(headers) in LOOPBACK and not any(name in headers for name in PASSED_ON)


class SecurityMiddleware:
    """Refuses requests for other hosts, writing from other sites and what is too large; gives every answer the headers.

    ``limits`` are those of paths that have another one than ``MOST_BYTES``.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], limits: Mapping[str, Callable[[], Limit]]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        limit = self.limits.get(scope["path"], lambda: Limit(MOST_BYTES))()
        refused = self._refusal(scope["method"], Headers(scope=scope), limit)
        return await (refused or self.app)(scope, _limited(receive, limit), send_with_headers)

    def _refusal(self, method: str, headers: Headers, limit: Limit) -> Response | None:
        host = host_of(headers)
        if host not in self.hosts:
            known = ", ".join(sorted(self.hosts))
            return _refused(400, "unknown_host", f"this server is not {host or 'nobody'}; it answers to {known}")
        if method not in SAFE and not _is_own(headers):
            return _refused(403, "other_site", "only pages of this server may write")
        if (length := headers.get("content-length", "0")).isdigit() and int(length) > limit.bytes:
            return _refused(413, "too_large", str(limit))
        return None


def _limited(receive: Receive, limit: Limit) -> Receive:
    """What comes in, as long as it is not too much, whatever the headers say."""
    left = limit.bytes

    async def receive_some() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, str(limit))
        return message

    return receive_some


def _is_own(headers: Headers) -> bool:
    """Whether a request comes from a page of this server, or from no page at all."""
    origin = headers.get("origin")
    own = origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    return own and headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _refused(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)
