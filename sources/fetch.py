"""The one place that talks to the network."""

from __future__ import annotations

import datetime as dt
import ssl
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import Any, Self

import httpcore
import httpx

from kb.errors import FetchError
from kb.types import Payload
from sources.guard import RefusedError, Resolver, any_addresses, public_addresses
from sources.inflate import DamagedError, Decoder, TooLargeError, decoder

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
"""Longest silence of a server that has accepted the connection."""
MAX_REDIRECTS = 5
_PERMANENT = frozenset([301, 308])
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/html;q=0.9, */*;q=0.5"
_ADVICE = {
    401: "it asks for a login",
    403: "the site refuses programs; save the page and add the file",
    404: "there is no such page",
    410: "it is gone for good; remove this source",
    429: "too many requests; try again later",
}
_CORE_ERRORS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back for a URL. Keep ``etag`` and ``last_modified`` verbatim and give them to the next fetch."""

    payload: Payload | None
    """None when the server says that nothing has changed (304)."""
    status: int
    url: str
    """The final URL, after redirects."""
    etag: str | None = None
    last_modified: str | None = None
    moved_permanently_to: str | None = None
    """Where a chain of permanent redirects from the URL asked for leads; None without one."""


class Fetcher:
    """Fetches one URL at a time: http(s) only, within limits of size and time, public addresses only.

    ``max_bytes`` holds for the body as sent and as unpacked, ``seconds`` for everything up to the last byte,
    redirects included (only a name lookup under way is not interrupted). ``allow_private`` lets it connect anywhere;
    ``resolve`` replaces name lookup (tests). Environment proxies are ignored: behind one, the check of addresses
    would see only the proxy.
    """

    def __init__(
        self, *, max_bytes: int, seconds: float, allow_private: bool = False, resolve: Resolver | None = None
    ) -> None:
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._resolve = resolve or (any_addresses if allow_private else public_addresses)
        self._tls = httpx.create_ssl_context()
        self._headers = {
            "User-Agent": f"onrecord/{version('onrecord')}",
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip, deflate",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing is kept open between fetches; the context marks how long the fetcher may be used."""

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """The content of ``url``. With the validators of an earlier fetch, ``payload`` is None if nothing changed.

        Raises FetchError, whatever goes wrong.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = self._headers | {name: value for name, value in conditions.items() if value}
        deadline = _Deadline(self._seconds)
        transport = _Transport(_Backend(self._resolve, deadline), self._tls)
        try:
            with httpx.Client(transport=transport, headers=headers, trust_env=False, timeout=_timeout()) as client:
                return self._follow(client, url)
        except (
            *_CORE_ERRORS,
            httpx.HTTPError,
            httpx.InvalidURL,
            OSError,
            UnicodeError,
            RefusedError,
            DamagedError,
        ) as error:
            raise FetchError(f"cannot fetch {url}: {self._reason(error, deadline)}", url=url) from error
        except TooLargeError as error:
            raise FetchError(f"{url} is larger than {self._max_bytes:,} bytes", url=url) from error

    def _follow(self, client: httpx.Client, asked: str) -> Fetched:
        target, moved, seen = _checked(asked, asked), None, set[httpx.URL]()
        permanent = True
        while target not in seen and len(seen) <= MAX_REDIRECTS:
            seen.add(target)
            with client.stream("GET", target) as response:
                location = response.headers.get("location")
                if response.status_code not in _REDIRECTS or not location:
                    return self._fetched(asked, response, moved)
                target = _checked(str(target.join(location)), asked)
                permanent = permanent and response.status_code in _PERMANENT
                moved = str(target) if permanent else moved
        why = "its redirects go in a circle" if target in seen else f"it redirects more than {MAX_REDIRECTS} times"
        raise FetchError(f"cannot fetch {asked}: {why}", url=asked)

    def _fetched(self, asked: str, response: httpx.Response, moved: str | None) -> Fetched:
        status, headers = response.status_code, response.headers
        unchanged = status == 304 and not response.request.headers.keys().isdisjoint(
            {"if-none-match", "if-modified-since"}
        )
        if not unchanged and not 200 <= status < 300:
            advice = _ADVICE.get(status, "try again later" if status >= 500 else "nothing can be read from it")
            raise FetchError(f"{asked} answered {status}: {advice}", url=asked, status=status)
        return Fetched(
            payload=None if unchanged else self._payload(asked, response),
            status=status,
            url=str(response.url),
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            moved_permanently_to=moved,
        )

    def _payload(self, asked: str, response: httpx.Response) -> Payload:
        encoding = response.headers.get("content-encoding", "")
        body = decoder(encoding, self._max_bytes)
        if body is None:
            raise FetchError(f"{asked} is packed as {encoding!r}, which was not asked for", url=asked)
        return Payload(
            data=self._body(response, body),
            name=asked,
            url=str(response.url),
            content_type=response.headers.get("content-type"),
            fetched_at=dt.datetime.now(dt.UTC),
        )

    def _body(self, response: httpx.Response, body: Decoder) -> bytes:
        stated = response.headers.get("content-length", "")
        if stated.isdigit() and int(stated) > self._max_bytes:
            raise TooLargeError
        raw = 0
        for chunk in response.iter_raw():
            raw += len(chunk)
            if raw > self._max_bytes:
                raise TooLargeError
            body.feed(chunk)
        return body.finish()

    def _reason(self, error: Exception, deadline: _Deadline) -> str:
        if deadline.passed:
            return f"it took longer than {self._seconds:g} seconds"
        if isinstance(error, (httpx.TimeoutException, httpcore.TimeoutException)):
            return f"no answer within {READ_SECONDS:g} seconds"
        if isinstance(error, RefusedError):
            return f"{error}; allow_private permits it"
        return str(error) or type(error).__name__


class _Deadline:
    """One moment that every wait is cut to: a server that drips bytes never exceeds a timeout per read."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        return time.monotonic() >= self._at

    def cut(self, timeout: float | None) -> float:
        """The seconds that may be waited now. Raises ``httpcore.ReadTimeout`` when none are left."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if timeout is None else min(left, timeout)


class _Backend(httpcore.NetworkBackend):
    """Opens connections, and is the only thing that does: it resolves, checks and connects to what it checked.

    A second lookup between check and connection could give another answer (DNS rebinding); here there is none, on
    any hop, while Host header and certificate check keep the name.
    """

    def __init__(self, resolve: Resolver, deadline: _Deadline) -> None:
        self._resolve = resolve
        self._deadline = deadline
        self._dial = httpcore.SyncBackend().connect_tcp

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of ``host`` that answers."""
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._resolve(host, port):
            try:
                stream = self._dial(str(address), port, self._deadline.cut(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.cut(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(
            self._stream.start_tls(ssl_context, server_hostname, self._deadline.cut(timeout)), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Transport(httpx.BaseTransport):
    """httpx on connections of ours; httpx's own transport takes no network backend."""

    def __init__(self, backend: httpcore.NetworkBackend, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=backend, max_keepalive_connections=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _timeout() -> httpx.Timeout:
    return httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)


def _checked(url: str, asked: str) -> httpx.URL:
    """The URL of one hop, if it is one that may be fetched."""
    parsed = httpx.URL(url)
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise FetchError(f"cannot fetch {asked}: {url} is not an http or https address", url=asked)
    if parsed.userinfo:
        raise FetchError(f"cannot fetch {asked}: addresses with a user name or password are refused", url=asked)
    return parsed.copy_with(fragment=None)
