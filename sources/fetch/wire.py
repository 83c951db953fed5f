"""Connections that lead only to addresses that were checked, and on which every wait ends at one moment.

By httpcore, which takes a network backend of ours; httpx, built on it, does not, and has opinions about redirects.
"""

from __future__ import annotations

import ipaddress
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from sources.guard import RefusedError, Resolver, any_addresses

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
"""Longest silence of a server that has accepted the connection."""
MAX_HEADERS = 256
"""Lines; lexpress.fr sent more than 100 in good faith."""
MAX_HEADER_BYTES = 102_400
"""Of all lines together; httpcore stops there when an answer's head arrives in pieces, a head in one piece it takes."""
TOO_MANY_HEADERS = f"it sent more than {MAX_HEADERS} headers, or more than {MAX_HEADER_BYTES:,} bytes of them"
ERRORS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)
"""Everything that a connection raises besides OSError (name lookup) and RefusedError."""

_TIMEOUTS = {"timeout": {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS}}


class Deadline:
    """One moment that every wait is cut to: a server that drips bytes never exceeds a timeout per read."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds; not above zero when the time is over."""
        return self._at - time.monotonic()

    def cut(self, timeout: float | None) -> float:
        """The seconds that may be waited now. Raises ``httpcore.ReadTimeout`` when none are left."""
        left = self.left
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if timeout is None else min(left, timeout)


class Wire:
    """The connections of one fetch, none of which outlives its answer.

    ``use_proxy`` goes through the proxies of the environment, where there is one for the address: then the names of
    hosts are looked up there, and ``resolve`` sees only hosts that are addresses.
    """

    def __init__(self, deadline: Deadline, tls: ssl.SSLContext, resolve: Resolver, *, use_proxy: bool) -> None:
        self._deadline = deadline
        self._tls = tls
        self._resolve = resolve
        self._use_proxy = use_proxy

    @contextmanager
    def get(self, url: httpx.URL, headers: Mapping[bytes, bytes]) -> Iterator[httpcore.Response]:
        """The answer, its body not yet read. Raises one of ``ERRORS``, OSError or RefusedError."""
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = [(b"Host", url.netloc), *headers.items(), (b"Connection", b"close")]
        with self._pool(url) as pool, pool.stream("GET", target, headers=sent, extensions=_TIMEOUTS) as answer:
            _check_head(answer)
            yield answer

    def _pool(self, url: httpx.URL) -> httpcore.ConnectionPool:
        proxy = _proxy_for(url) if self._use_proxy else None
        if proxy is None:
            backend = _Backend(self._resolve, self._deadline)
            return httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend, max_keepalive_connections=0)
        host = _host(url)
        if _is_address(host):
            self._resolve(host, url.port or (443 if url.scheme == "https" else 80))
        return httpcore.HTTPProxy(
            proxy_url=str(proxy.url),
            proxy_auth=proxy.raw_auth,
            ssl_context=self._tls,
            network_backend=_Backend(any_addresses, self._deadline),
            max_keepalive_connections=0,
        )


class _Backend(httpcore.NetworkBackend):
    """Opens connections, and is the only thing that does: it resolves, checks and connects to what it checked.

    A second lookup between check and connection could give another answer (DNS rebinding); here there is none, on
    any hop, while Host header and certificate check keep the name.
    """

    def __init__(self, resolve: Resolver, deadline: Deadline) -> None:
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

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
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


def _check_head(answer: httpcore.Response) -> None:
    """Raises RefusedError for more headers than an honest answer has."""
    size = sum(len(name) + len(value) for name, value in answer.headers)
    if len(answer.headers) > MAX_HEADERS or size > MAX_HEADER_BYTES:
        raise RefusedError(TOO_MANY_HEADERS)


def _proxy_for(url: httpx.URL) -> httpx.Proxy | None:
    """The proxy that the environment names for an address; None for one that is reached directly.

    Raises RefusedError for a proxy of a kind that is not supported.
    """
    proxies = getproxies()
    address = proxies.get(url.scheme) or proxies.get("all")
    if not address or proxy_bypass(_host(url)):
        return None
    if "://" not in address:
        address = f"http://{address}"
    if not address.lower().startswith(("http://", "https://")):
        raise RefusedError(f"its proxy {address.partition(':')[0]}://... is not an http or https proxy")
    return httpx.Proxy(address)


def _host(url: httpx.URL) -> str:
    """As it is looked up; ``url.host`` decodes international names and fails on odd ones."""
    return url.raw_host.decode("ascii")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
