"""A server on this machine that does everything that servers should not do, one behaviour per path.

A behaviour is a function from the request to the pieces it sends, byte for byte; between pieces it may pause. Below the
bytes there is no HTTP library that would put them right.
"""

from __future__ import annotations

import datetime as dt
import gzip
import itertools
import socketserver
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import cache

PAUSE = 0.02
"""Seconds between the pieces of a drip."""
FEED = (
    "<rss version='2.0'><channel><title>Harbour News</title><item><title>Café</title><link>/x</link>"
    "<description>The café reopens.</description></item></channel></rss>"
)
PAGE = (
    "<!doctype html><html><head><title>Harbour</title></head><body><article><h1>Harbour</h1>"
    "<p>The harbour reopens on Monday, the mayor said.</p></article></body></html>"
)
XML = "Content-Type: application/rss+xml"
UTF8_FEED = FEED.encode()


@dataclass(frozen=True)
class Request:
    """What the server was asked."""

    path: str
    headers: dict[str, str]
    number: int
    """How often the path was asked before."""
    stop: threading.Event
    """Set when the server ends: a behaviour that waits waits for it."""


Behaviour = Callable[[Request], Iterable[bytes]]
BEHAVIOURS: dict[str, Behaviour] = {}


@dataclass
class Hostile:
    """The running server."""

    url: str
    requests: list[Request] = field(default_factory=list)

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]


def behaviour(function: Behaviour) -> Behaviour:
    BEHAVIOURS["/" + function.__name__.replace("_", "-")] = function
    return function


def answer(body: bytes, *lines: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A whole answer with its length, or with another one."""
    stated = f"Content-Length: {len(body) if length is None else length}"
    return head(stated, *lines, status=status) + body


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1")


def redirect(target: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {target}", status=status)


def dripped(pieces: Iterable[bytes], request: Request) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        if request.stop.wait(PAUSE):
            return


@cache
def bomb(encoding: Callable[[bytes], bytes]) -> bytes:
    """Fifty kilobytes that unpack to fifty megabytes."""
    return encoding(b"\0" * 50_000_000)


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


# --- redirects ---


@behaviour
def loop(request: Request) -> Iterable[bytes]:
    yield redirect("/loop-back")


@behaviour
def loop_back(request: Request) -> Iterable[bytes]:
    yield redirect("/loop")


@behaviour
def loop_to_itself(request: Request) -> Iterable[bytes]:
    yield redirect("#again")


@behaviour
def chain(request: Request) -> Iterable[bytes]:
    yield redirect(f"{request.path}+")


@behaviour
def moved_feed(request: Request) -> Iterable[bytes]:
    yield redirect("/feed", "301 Moved Permanently")


@behaviour
def moved_feed_308(request: Request) -> Iterable[bytes]:
    yield redirect("/feed", "308 Permanent Redirect")


@behaviour
def found_elsewhere(request: Request) -> Iterable[bytes]:
    yield redirect("/feed", "307 Temporary Redirect")


@behaviour
def moved_then_found(request: Request) -> Iterable[bytes]:
    yield redirect("/found-elsewhere", "301 Moved Permanently")


@behaviour
def found_then_moved(request: Request) -> Iterable[bytes]:
    yield redirect("/moved-feed")


@behaviour
def redirect_without_location(request: Request) -> Iterable[bytes]:
    yield answer(b"", status="302 Found")


@behaviour
def redirect_to_file(request: Request) -> Iterable[bytes]:
    yield redirect("file:///etc/hostname")


@behaviour
def redirect_to_script(request: Request) -> Iterable[bytes]:
    yield redirect("javascript:alert(1)")


@behaviour
def redirect_to_private(request: Request) -> Iterable[bytes]:
    yield redirect("http://192.168.0.1/admin")


@behaviour
def redirect_to_metadata(request: Request) -> Iterable[bytes]:
    yield redirect("http://169.254.169.254/latest/meta-data/")


@behaviour
def redirect_to_mapped_loopback(request: Request) -> Iterable[bytes]:
    yield redirect("http://[::ffff:127.0.0.1]/")


@behaviour
def redirect_to_decimal(request: Request) -> Iterable[bytes]:
    yield redirect("http://2130706433/")


@behaviour
def redirect_to_port(request: Request) -> Iterable[bytes]:
    yield redirect("http://192.0.2.1:25/")


@behaviour
def redirect_to_rebound_name(request: Request) -> Iterable[bytes]:
    yield redirect("http://rebind.test/")


@behaviour
def redirect_with_password(request: Request) -> Iterable[bytes]:
    yield redirect("http://user:secret@news.test/")


@behaviour
def redirect_to_nonsense(request: Request) -> Iterable[bytes]:
    yield redirect("http://[bad")


@behaviour
def redirect_with_line_break(request: Request) -> Iterable[bytes]:
    yield redirect("/feed%0d%0aX-Injected:%201")


# --- statuses ---


@behaviour
def not_modified(request: Request) -> Iterable[bytes]:
    tag = 'W/"né--gzip"'
    same = request.headers.get("if-none-match") == tag
    yield answer(b"" if same else UTF8_FEED, f"ETag: {tag}", XML, status="304 Not Modified" if same else "200 OK")


@behaviour
def bare_etag(request: Request) -> Iterable[bytes]:
    tag = "no quotes, W/ or order"
    same = request.headers.get("if-none-match") == tag
    yield answer(b"" if same else UTF8_FEED, f"ETag: {tag}", XML, status="304 Not Modified" if same else "200 OK")


@behaviour
def not_modified_unasked(request: Request) -> Iterable[bytes]:
    yield answer(b"", status="304 Not Modified")


@behaviour
def too_many_requests(request: Request) -> Iterable[bytes]:
    yield answer(b"slow down", "Retry-After: 120", status="429 Too Many Requests")


@behaviour
def too_many_until_date(request: Request) -> Iterable[bytes]:
    now = dt.datetime(2026, 2, 3, 7, 30, tzinfo=dt.UTC)
    dates = (format_datetime(moment, usegmt=True) for moment in (now, now + dt.timedelta(minutes=5)))
    lines = [f"{name}: {date}" for name, date in zip(("Date", "Retry-After"), dates, strict=True)]
    yield answer(b"", *lines, status="429 Too Many Requests")


@behaviour
def too_many_for_ever(request: Request) -> Iterable[bytes]:
    yield answer(b"", "Retry-After: 99999999999", status="429 Too Many Requests")


@behaviour
def too_many_nonsense(request: Request) -> Iterable[bytes]:
    yield answer(b"", "Retry-After: soon", status="429 Too Many Requests")


@behaviour
def overloaded(request: Request) -> Iterable[bytes]:
    yield answer(b"", "Retry-After: 30", status="503 Service Unavailable")


@behaviour
def gone(request: Request) -> Iterable[bytes]:
    yield answer(b"gone", status="410 Gone")


@behaviour
def not_found(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, XML, status="404 Not Found")


@behaviour
def login(request: Request) -> Iterable[bytes]:
    yield answer(b"", 'WWW-Authenticate: Basic realm="x"', status="401 Unauthorized")


@behaviour
def forbidden(request: Request) -> Iterable[bytes]:
    yield answer(b"", status="403 Forbidden")


@behaviour
def fails_once(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, XML) if request.number else answer(b"", status="500 Internal Server Error")


@behaviour
def fails_always(request: Request) -> Iterable[bytes]:
    yield answer(b"", status="502 Bad Gateway")


@behaviour
def hangs_up_once(request: Request) -> Iterable[bytes]:
    if request.number:
        yield answer(UTF8_FEED, XML)


@behaviour
def unknown_status(request: Request) -> Iterable[bytes]:
    yield answer(b"", status="999 Request denied")


@behaviour
def switching(request: Request) -> Iterable[bytes]:
    yield head("Upgrade: x", "Connection: upgrade", status="101 Switching Protocols")


@behaviour
def only_new_items(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, XML, "IM: feed", status="226 IM Used")


@behaviour
def continues_first(request: Request) -> Iterable[bytes]:
    yield head(status="100 Continue") * 3 + answer(UTF8_FEED, XML)


@behaviour
def continues_for_ever(request: Request) -> Iterable[bytes]:
    return dripped(itertools.repeat(head(status="100 Continue")), request)


# --- bodies ---


@behaviour
def feed(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, XML)


@behaviour
def gzip_bomb(request: Request) -> Iterable[bytes]:
    yield answer(bomb(gzip.compress), "Content-Encoding: gzip")


@behaviour
def deflate_bomb(request: Request) -> Iterable[bytes]:
    yield answer(bomb(bare_deflate), "Content-Encoding: deflate")


@behaviour
def gzip_in_gzip(request: Request) -> Iterable[bytes]:
    yield answer(gzip.compress(bomb(gzip.compress)), "Content-Encoding: gzip, gzip")


@behaviour
def gzip_in_gzip_unsaid(request: Request) -> Iterable[bytes]:
    yield answer(gzip.compress(bomb(gzip.compress)), "Content-Encoding: gzip")


@behaviour
def many_empty_members(request: Request) -> Iterable[bytes]:
    yield answer(gzip.compress(b"") * 4_000 + gzip.compress(UTF8_FEED), "Content-Encoding: gzip", XML)


@behaviour
def gzip_cut(request: Request) -> Iterable[bytes]:
    yield answer(gzip.compress(UTF8_FEED)[:-12], "Content-Encoding: gzip", XML)


@behaviour
def gzip_damaged(request: Request) -> Iterable[bytes]:
    yield answer(b"\x1f\x8b\x08 this is not gzip", "Content-Encoding: gzip", XML)


@behaviour
def gzip_unsaid(request: Request) -> Iterable[bytes]:
    yield answer(gzip.compress(UTF8_FEED), "Content-Type: application/x-gzip")


@behaviour
def gzip_said_but_plain(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, "Content-Encoding: gzip", XML)


@behaviour
def deflate_with_header(request: Request) -> Iterable[bytes]:
    yield answer(zlib.compress(UTF8_FEED), "Content-Encoding: deflate", XML)


@behaviour
def deflate_bare(request: Request) -> Iterable[bytes]:
    yield answer(bare_deflate(UTF8_FEED), "Content-Encoding: DEFLATE", XML)


@behaviour
def brotli(request: Request) -> Iterable[bytes]:
    yield answer(b"\x0b\x02\x80hi\x03", "Content-Encoding: br", XML)


@behaviour
def unknown_encoding(request: Request) -> Iterable[bytes]:
    yield answer(b"?", "Content-Encoding: secret")


@behaviour
def endless_body(request: Request) -> Iterable[bytes]:
    yield head(XML)
    yield from itertools.repeat(b"x" * 65_536)


@behaviour
def endless_chunks(request: Request) -> Iterable[bytes]:
    yield head(XML, "Transfer-Encoding: chunked")
    yield from itertools.repeat(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")


@behaviour
def announced_size(request: Request) -> Iterable[bytes]:
    yield head("Content-Length: 99999999999")


@behaviour
def absurd_size(request: Request) -> Iterable[bytes]:
    yield head(f"Content-Length: {'9' * 5_000}")


@behaviour
def two_sizes(request: Request) -> Iterable[bytes]:
    yield head("Content-Length: 3", "Content-Length: 4") + b"abcd"


@behaviour
def same_size_twice(request: Request) -> Iterable[bytes]:
    size = len(UTF8_FEED)
    yield answer(UTF8_FEED, XML, f"Content-Length: {size}, {size}")


@behaviour
def negative_size(request: Request) -> Iterable[bytes]:
    yield answer(b"abc", length=-3)


@behaviour
def truncated(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED[:50], XML, length=len(UTF8_FEED))


@behaviour
def longer_than_said(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED + b"<!-- more -->", XML, length=len(UTF8_FEED))


@behaviour
def chunked(request: Request) -> Iterable[bytes]:
    pieces = (UTF8_FEED[start : start + 7] for start in range(0, len(UTF8_FEED), 7))
    yield head(XML, "Transfer-Encoding: chunked")
    yield b"".join(b"%x;note=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@behaviour
def chunks_broken(request: Request) -> Iterable[bytes]:
    yield head(XML, "Transfer-Encoding: chunked") + b"zz\r\nno number\r\n"


@behaviour
def chunks_cut(request: Request) -> Iterable[bytes]:
    yield head(XML, "Transfer-Encoding: chunked") + b"ff\r\nonly this"


@behaviour
def chunk_note_endless(request: Request) -> Iterable[bytes]:
    yield head(XML, "Transfer-Encoding: chunked") + b"5;"
    yield from itertools.repeat(b"x" * 65_536)


@behaviour
def empty(request: Request) -> Iterable[bytes]:
    yield answer(b"", XML)


@behaviour
def no_content(request: Request) -> Iterable[bytes]:
    yield head(status="204 No Content")


@behaviour
def binary(request: Request) -> Iterable[bytes]:
    yield answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), XML)


# --- time ---


@behaviour
def silence(request: Request) -> Iterable[bytes]:
    request.stop.wait()
    return ()


@behaviour
def silence_after_head(request: Request) -> Iterable[bytes]:
    yield head(XML, "Content-Length: 1000")
    request.stop.wait()


@behaviour
def drip_body(request: Request) -> Iterable[bytes]:
    return dripped(itertools.chain([head(XML)], itertools.repeat(b"x")), request)


@behaviour
def drip_gzip(request: Request) -> Iterable[bytes]:
    packed = gzip.compress(b"x")
    return dripped(itertools.chain([head(XML, "Content-Encoding: gzip")], itertools.repeat(packed)), request)


@behaviour
def drip_headers(request: Request) -> Iterable[bytes]:
    return dripped(itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X-A: b\r\n")), request)


@behaviour
def drip_status_line(request: Request) -> Iterable[bytes]:
    return dripped(itertools.chain([b"HTTP/1.1 200 "], itertools.repeat(b"O")), request)


@behaviour
def drip_redirects(request: Request) -> Iterable[bytes]:
    request.stop.wait(0.2)
    yield redirect(f"{request.path}+")


# --- heads ---


@behaviour
def many_headers(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, XML, *(f"X-{number}: {number}" for number in range(1_000)))


@behaviour
def hundred_headers(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, XML, *(f"X-{number}: {number}" for number in range(120)))


@behaviour
def huge_header(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, XML, "X-Long: " + "x" * 150_000)


@behaviour
def large_header(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, XML, "X-Long: " + "x" * 60_000)


@behaviour
def huge_etag(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, XML, f'ETag: "{"x" * 20_000}"')


@behaviour
def endless_headers(request: Request) -> Iterable[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    yield from itertools.repeat(b"X-Filler: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n" * 1_000)


@behaviour
def endless_header(request: Request) -> Iterable[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX-Long: "
    yield from itertools.repeat(b"x" * 65_536)


@behaviour
def http_1_0(request: Request) -> Iterable[bytes]:
    yield b"HTTP/1.0 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n" + UTF8_FEED


@behaviour
def http_0_9(request: Request) -> Iterable[bytes]:
    yield UTF8_FEED


@behaviour
def garbage_status(request: Request) -> Iterable[bytes]:
    yield b"HTTP/1.1 two hundred\r\n\r\n"


@behaviour
def garbage_header(request: Request) -> Iterable[bytes]:
    yield head("no colon in this line") + UTF8_FEED


@behaviour
def no_answer(request: Request) -> Iterable[bytes]:
    return ()


@behaviour
def tls_only(request: Request) -> Iterable[bytes]:
    yield b"\x15\x03\x01\x00\x02\x02\x0a"


@behaviour
def cookie_wall(request: Request) -> Iterable[bytes]:
    lines = ["Set-Cookie: seen=1; Path=/", "Location: /after-cookie"]
    yield answer(b"", *lines, status="302 Found")


@behaviour
def after_cookie(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, XML)


# --- what is inside ---


@behaviour
def wrong_charset(request: Request) -> Iterable[bytes]:
    yield answer(FEED.encode("latin-1"), "Content-Type: application/rss+xml; charset=utf-8")


@behaviour
def unknown_charset(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, "Content-Type: application/rss+xml; charset=klingon")


@behaviour
def utf_16(request: Request) -> Iterable[bytes]:
    yield answer(('<?xml version="1.0" encoding="utf-16"?>' + FEED).encode("utf-16"), XML)


@behaviour
def feed_that_is_html(request: Request) -> Iterable[bytes]:
    yield answer(PAGE.encode(), XML)


@behaviour
def html_that_is_feed(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED, "Content-Type: text/html")


@behaviour
def no_type(request: Request) -> Iterable[bytes]:
    yield answer(UTF8_FEED)


@behaviour
def xml_bomb(request: Request) -> Iterable[bytes]:
    lols = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{lols}]>' + FEED.replace("Café", "&l9;")
    yield answer(body.encode(), XML)


@behaviour
def deep_html(request: Request) -> Iterable[bytes]:
    yield answer(b"<!doctype html><html><body>" + b"<div>" * 100_000 + b"deep", "Content-Type: text/html")


# --- the server ---


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        line, *lines = iter(lambda: self.rfile.readline().decode("latin-1").strip(), "")
        path = line.split()[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        request = Request(path, headers, self.server.count(path), self.server.stop)
        self.server.hostile.requests.append(request)
        for piece in BEHAVIOURS.get(path.rstrip("+"), not_found)(request):
            self.wfile.write(piece)
            if self.server.stop.is_set():
                return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 50

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hostile = Hostile(f"http://127.0.0.1:{self.server_address[1]}")
        self.stop = threading.Event()
        self._counts: Counter[str] = Counter()

    def count(self, path: str) -> int:
        self._counts[path] += 1
        return self._counts[path] - 1

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what most of this is about."""


@contextmanager
def hostile_server() -> Iterator[Hostile]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.hostile
        finally:
            server.stop.set()
            server.shutdown()
            thread.join()
