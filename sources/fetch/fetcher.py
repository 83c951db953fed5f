"""One address fetched: redirects, validators, limits of size and time, errors in words."""

from __future__ import annotations

import datetime as dt
import logging
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpcore
import httpx
import stamina

from kb.errors import FetchError
from kb.types import Payload
from sources.fetch import headers as heads
from sources.fetch.wire import ERRORS, READ_SECONDS, TOO_MANY_HEADERS, Deadline, Wire
from sources.guard import RefusedError, Resolver, any_addresses, plain_host, public_addresses
from sources.inflate import GZIP, DamagedError, Decoder, Inflate, TooLargeError, decoder

MAX_REDIRECTS = 5
RETRIES = 2
"""Media Cloud's fetcher tries three times in all."""
RETRY_SECONDS = 0.5
MAX_RETRY_SECONDS = 2.0
"""First and longest wait between two tries; a longer outage is the next poll's business."""
_PERMANENT = frozenset([301, 308])
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_PASSING = frozenset([408, 500, 502, 504, 522, 524])
"""Failures that are often over a moment later; 429 and 503 ask to be left alone instead."""
_BROKEN = (httpcore.NetworkError, httpcore.RemoteProtocolError)
_CONDITIONS = (b"If-None-Match", b"If-Modified-Since")
_ACCEPT = b"application/atom+xml, application/rss+xml, application/xml;q=0.9, text/html;q=0.9, */*;q=0.5"
_ADVICE = {
    401: "it asks for a login",
    403: "the site refuses programs; save the page and add the file",
    404: "there is no such page",
    410: "it is gone for good; remove this source",
    429: "too many requests; try again later",
}
_LIBRARY_WORDS = {
    "Receive buffer too long": TOO_MANY_HEADERS,
    "Server disconnected without sending a response": "it closed the connection without an answer",
    "peer closed connection without sending complete message body": "it closed the connection before the end",
}
"""How h11 and httpcore begin -> what a reader understands."""


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
    max_age: dt.timedelta | None = None
    """How long the server says that this stays fresh, 30 days at most; zero when stale at once, None when not said."""
    headers: heads.Pairs = ()
    """Every header line of the final answer, as sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One call of ``fetch``."""

    asked: str
    headers: dict[bytes, bytes]
    deadline: Deadline
    refusal: Callable[[str], str | None] | None

    @property
    def conditional(self) -> bool:
        return not self.headers.keys().isdisjoint(_CONDITIONS)


@dataclass(slots=True)
class _Way:
    """The hops of one try."""

    target: httpx.URL
    seen: set[httpx.URL] = field(default_factory=set)
    permanent: bool = True
    moved: str | None = None

    def follow(self, target: httpx.URL, status: int) -> None:
        self.target = target
        self.permanent = self.permanent and status in _PERMANENT
        self.moved = str(target) if self.permanent else self.moved


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the last hop said; its body is still to be read."""

    way: _Way
    response: httpcore.Response
    headers: heads.Pairs


class Fetcher:
    """Fetches one URL per call: http(s) only, within limits of size and time, public addresses only.

    Threads may share a fetcher: a call keeps nothing behind, neither connections nor cookies.

    ``max_bytes`` holds for the body as sent and as unpacked, ``seconds`` for everything up to the last byte, redirects
    and retries included (only a name lookup under way is not interrupted). ``allow_private`` lets it connect anywhere;
    ``use_proxy`` goes through the proxies of the environment, and the check of addresses then sees only the proxy.
    ``retries`` is how often a fetch that failed in passing is repeated. ``resolve`` replaces name lookup (tests).
    """

    def __init__(
        self,
        *,
        max_bytes: int,
        seconds: float,
        allow_private: bool = False,
        use_proxy: bool = False,
        retries: int = RETRIES,
        resolve: Resolver | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._resolve = resolve or (any_addresses if allow_private else public_addresses)
        self._use_proxy = use_proxy
        self._tls = httpx.create_ssl_context()
        self._headers = {
            b"User-Agent": f"onrecord/{version('onrecord')}".encode(),
            b"Accept": _ACCEPT,
            b"Accept-Encoding": b"gzip, deflate",
        }
        self._repeat = stamina.RetryingCaller(
            attempts=1 + retries, timeout=None, wait_initial=RETRY_SECONDS, wait_max=MAX_RETRY_SECONDS, wait_jitter=0.5
        )
        logging.getLogger("stamina").setLevel(logging.ERROR)  # a retry is no news for the terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing is kept open between fetches; the context marks how long the fetcher may be used."""

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        refusal: Callable[[str], str | None] | None = None,
    ) -> Fetched:
        """The content of ``url``. With the validators of an earlier fetch, ``payload`` is None if nothing changed.

        ``refusal`` is asked before each hop whether there is a reason not to fetch it (``Robots.refusal``); the time
        that it takes counts. Raises FetchError, whatever goes wrong.
        """
        validators = zip(_CONDITIONS, (etag, last_modified), strict=True)
        sent = {name: value.encode("latin-1", "replace") for name, value in validators if value}
        deadline = Deadline(self._seconds)
        task = _Task(asked=url, headers=self._headers | sent, deadline=deadline, refusal=refusal)
        try:
            return self._repeat(partial(_worth_another_try, deadline), self._try, task)
        except (*ERRORS, OSError, UnicodeError, RefusedError, DamagedError) as error:
            raise FetchError(f"cannot fetch {url}: {self._reason(error, deadline)}", url=url) from error
        except TooLargeError as error:
            raise FetchError(f"{url} is larger than {self._max_bytes:,} bytes", url=url) from error

    def _try(self, task: _Task) -> Fetched:
        wire = Wire(task.deadline, self._tls, self._resolve, use_proxy=self._use_proxy)
        way = _Way(_checked(httpx.URL(), task.asked, task))
        while way.target not in way.seen and len(way.seen) <= MAX_REDIRECTS:
            way.seen.add(way.target)
            with wire.get(way.target, task.headers) as response:
                headers = heads.pairs(response.headers)
                location = heads.one(headers, "location")
                if response.status not in _REDIRECTS or not location:
                    return self._fetched(task, _Answer(way, response, headers))
                way.follow(_checked(way.target, location, task), response.status)
        if way.target in way.seen:
            raise RefusedError("its redirects go in a circle")
        raise RefusedError(f"it redirects more than {MAX_REDIRECTS} times")

    def _fetched(self, task: _Task, answer: _Answer) -> Fetched:
        status, headers = answer.response.status, answer.headers
        unchanged = status == 304 and task.conditional
        if not unchanged and not 200 <= status < 300:
            raise _refused(task.asked, answer)
        return Fetched(
            payload=None if unchanged else self._payload(task.asked, answer),
            status=status,
            url=str(answer.way.target),
            etag=heads.validator(headers, "etag"),
            last_modified=heads.validator(headers, "last-modified"),
            moved_permanently_to=answer.way.moved,
            max_age=heads.fresh_for(headers, _now()),
            headers=headers,
        )

    def _payload(self, asked: str, answer: _Answer) -> Payload:
        encodings = ", ".join(heads.each(answer.headers, "content-encoding"))
        body = decoder(encodings, self._max_bytes)
        if body is None:
            raise RefusedError(f"it is packed as {encodings!r}, which was not asked for")
        return Payload(
            data=self._body(answer, body),
            name=asked,
            url=str(answer.way.target),
            content_type=heads.one(answer.headers, "content-type"),
            fetched_at=_now(),
            status=answer.response.status,
            headers={name.lower(): value for name, value in answer.headers},
        )

    def _body(self, answer: _Answer, body: Decoder) -> bytes:
        if int(heads.one(answer.headers, "content-length") or 0) > self._max_bytes:
            raise TooLargeError
        raw = 0
        for chunk in answer.response.iter_stream():
            raw += len(chunk)
            if raw > self._max_bytes:
                raise TooLargeError
            body.feed(chunk)
        return self._unpacked(body.finish())

    def _unpacked(self, data: bytes) -> bytes:
        """A packed file (``sitemap.xml.gz``), which is its own encoding, as what is in it."""
        if not data.startswith(GZIP):
            return data
        file = Inflate(self._max_bytes)
        file.feed(data)
        return file.finish()

    def _reason(self, error: Exception, deadline: Deadline) -> str:
        if deadline.left <= 0:
            return f"it took longer than {self._seconds:g} seconds"
        if isinstance(error, httpcore.TimeoutException):
            return f"no answer within {READ_SECONDS:g} seconds"
        words = str(error) or type(error).__name__
        if isinstance(error, httpcore.ProtocolError):
            known = (ours for theirs, ours in _LIBRARY_WORDS.items() if words.startswith(theirs))
            return next(known, f"what it sent is not HTTP ({words})")
        return words


def _checked(base: httpx.URL, link: str, task: _Task) -> httpx.URL:
    """The address of one hop, if it is one that may be fetched. Raises RefusedError."""
    try:
        url = base.join(link)
    except httpx.InvalidURL as error:
        raise RefusedError(f"{link!r} is not an address") from error
    if url.scheme not in ("http", "https") or not url.raw_host:
        raise RefusedError(f"{link!r} is not an http or https address")
    if not 0 < (url.port or 80) < 65_536:
        raise RefusedError(f"there is no port {url.port}")
    if url.userinfo:
        raise RefusedError("addresses with a user name or password are refused")
    checked = url.copy_with(host=plain_host(url.raw_host.decode("ascii")), fragment=None)
    if task.refusal and (reason := task.refusal(str(checked))):
        raise RefusedError(reason)
    return checked


def _refused(asked: str, answer: _Answer) -> FetchError:
    """The error for an answer that is no success."""
    status, wait = answer.response.status, heads.retry_after(answer.headers, _now())
    advice = _ADVICE.get(status, "try again later" if status >= 500 else "nothing can be read from it")
    asks = f" (it asks to wait {wait.total_seconds():.0f} seconds)" if wait else ""
    final = str(answer.way.target)
    return FetchError(
        f"{asked} answered {status}: {advice}{asks}", url=asked, status=status, final_url=final, retry_after=wait
    )


def _worth_another_try(deadline: Deadline, error: Exception) -> bool:
    """Connections that broke and failures in passing, while there is time for the wait and the try."""
    broke = isinstance(error, _BROKEN) and not isinstance(error.__cause__, ssl.SSLError)
    passing = isinstance(error, FetchError) and error.status in _PASSING and error.retry_after is None
    return (broke or passing) and deadline.left > 2 * MAX_RETRY_SECONDS


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
