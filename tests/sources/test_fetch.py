"""The fetcher against a real server on this machine."""

from __future__ import annotations

import gzip
import ipaddress
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

import sources
from kb.errors import FetchError
from kb.types import RawDocument
from sources.fetch import Fetcher
from sources.guard import Address, is_public, public_addresses

MAX_BYTES = 200_000
FEED = (
    b"<rss version='2.0'><channel><title>t</title><item><title>Caf\xc3\xa9</title><link>/x</link>"
    b"<description>One.</description></item></channel></rss>"
)
RAW_DEFLATE = zlib.compressobj(wbits=-15)
PACKED = {
    "/gzip": ("gzip", gzip.compress(FEED)),
    "/members": ("x-gzip", gzip.compress(FEED[:40]) + gzip.compress(FEED[40:])),
    "/deflate": ("deflate", zlib.compress(FEED)),
    "/bare": ("deflate", RAW_DEFLATE.compress(FEED) + RAW_DEFLATE.flush()),
    "/identity": ("identity", FEED),
    "/bomb": ("gzip", gzip.compress(b"\0" * 20_000_000)),
    "/damaged": ("gzip", b"\x1f\x8b\x08 not gzip at all"),
    "/cut": ("gzip", gzip.compress(FEED)[:-12]),
    "/brotli": ("br", FEED),
}
REDIRECTS = {
    "/moved": (301, "/gzip"),
    "/moved-twice": (308, "/moved"),
    "/moved-then-found": (301, "/found"),
    "/found": (302, "/gzip#part"),
    "/loop": (302, "/loop2"),
    "/loop2": (302, "/loop"),
    "/to-file": (302, "file:///etc/hostname"),
    "/to-user": (302, "http://user:secret@127.0.0.1/"),
    "/to-private": (302, "http://inside.test/secret"),
    "/to-nowhere": (302, "http://[bad"),
}


class Handler(BaseHTTPRequestHandler):
    seen: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, dict(self.headers)))
        path = self.path.removeprefix("http://far.test")  # asked as a proxy
        if path in PACKED:
            encoding, body = PACKED[path]
            self.answer(200, body, {"Content-Encoding": encoding, "Content-Type": "application/rss+xml"})
        elif self.path in REDIRECTS:
            status, target = REDIRECTS[self.path]
            self.answer(status, b"", {"Location": target})
        elif self.path.startswith("/chain"):
            self.answer(302, b"", {"Location": f"/chain{int(self.path[6:]) + 1}"})
        elif self.path.startswith("/status"):
            self.answer(int(self.path[7:]), b"no", {})
        else:
            getattr(self, "get_" + self.path[1:].replace("-", "_"))()

    def get_conditional(self) -> None:
        validators = {"ETag": 'W/"v1"', "Last-Modified": "Tue, 03 Feb 2026 07:30:00 GMT"}
        same = self.headers.get("If-None-Match") == 'W/"v1"'
        self.answer(304 if same else 200, b"" if same else FEED, validators)

    def get_latin(self) -> None:
        body = "<html><body><article><p>Caf\xe9 prices rise.</p></article></body></html>".encode("latin-1")
        self.answer(200, body, {"Content-Type": "text/html; charset=utf-8"})

    def get_feed_as_html(self) -> None:
        self.answer(200, FEED, {"Content-Type": "text/html"})

    def get_announced(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(MAX_BYTES + 1))
        self.end_headers()

    def get_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x" * 10_000)

    def get_truncated(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"only this")

    def get_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.drip(b"x")

    def get_drip_headers(self) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\n")
        self.drip(b"X-A: b\r\n")

    def get_garbage(self) -> None:
        self.wfile.write(b"this is not HTTP\r\n\r\n")

    def drip(self, piece: bytes) -> None:
        for _ in range(100):
            self.wfile.write(piece)
            self.wfile.flush()
            time.sleep(0.05)

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gives up early is what some tests are about."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with Server(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(max_bytes=MAX_BYTES, seconds=10, allow_private=True, retries=0) as ready:
        yield ready


@pytest.mark.parametrize("path", ["/gzip", "/members", "/deflate", "/bare", "/identity"])
def test_a_body_arrives_unpacked(server: str, fetcher: Fetcher, path: str) -> None:
    fetched = fetcher.fetch(server + path)
    assert fetched.payload is not None
    assert fetched.payload.data == FEED
    assert fetched.payload.name == fetched.payload.url == fetched.url == server + path
    assert (fetched.status, fetched.moved_permanently_to) == (200, None)


def test_what_is_sent(server: str, fetcher: Fetcher) -> None:
    Handler.seen.clear()
    fetcher.fetch(server + "/gzip")
    ((_, headers),) = Handler.seen
    assert headers["User-Agent"].startswith("onrecord/")
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert headers["Host"] == server.removeprefix("http://")
    assert "If-None-Match" not in headers


def test_a_conditional_fetch_sends_validators_as_they_came(server: str, fetcher: Fetcher) -> None:
    first = fetcher.fetch(server + "/conditional")
    assert first.payload is not None
    assert (first.etag, first.last_modified) == ('W/"v1"', "Tue, 03 Feb 2026 07:30:00 GMT")
    second = fetcher.fetch(server + "/conditional", etag=first.etag, last_modified=first.last_modified)
    assert (second.payload, second.status, second.etag) == (None, 304, 'W/"v1"')
    assert Handler.seen[-1][1]["If-Modified-Since"] == "Tue, 03 Feb 2026 07:30:00 GMT"


@pytest.mark.parametrize(
    ("path", "permanent"),
    [("/moved", "/gzip"), ("/moved-twice", "/gzip"), ("/moved-then-found", "/found"), ("/found", None)],
)
def test_redirects(server: str, fetcher: Fetcher, path: str, permanent: str | None) -> None:
    fetched = fetcher.fetch(server + path)
    assert fetched.payload is not None
    assert fetched.url == fetched.payload.url == server + "/gzip"
    assert fetched.payload.name == server + path
    assert fetched.moved_permanently_to == (server + permanent if permanent else None)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/loop", "redirects go in a circle"),
        ("/chain0", "redirects more than 5 times"),
        ("/to-file", "not an http or https address"),
        ("/to-user", "user name or password"),
        ("/to-nowhere", "cannot fetch"),
        ("/bomb", "larger than 200,000 bytes"),
        ("/announced", "larger than 200,000 bytes"),
        ("/endless", "larger than 200,000 bytes"),
        ("/damaged", "cannot fetch"),
        ("/cut", "ends too early"),
        ("/brotli", "packed as 'br'"),
        ("/truncated", "closed the connection before the end"),
        ("/garbage", "cannot fetch"),
    ],
)
def test_what_goes_wrong_is_said(server: str, fetcher: Fetcher, path: str, message: str) -> None:
    with pytest.raises(FetchError, match=message) as error:
        fetcher.fetch(server + path)
    assert error.value.url == server + path
    assert server + path in str(error.value)


@pytest.mark.parametrize(
    ("status", "advice"),
    [(404, "no such page"), (410, "gone for good"), (403, "save the page"), (503, "try again"), (304, "")],
)
def test_a_refusal_keeps_its_status(server: str, fetcher: Fetcher, status: int, advice: str) -> None:
    with pytest.raises(FetchError, match=f"answered {status}: .*{advice}") as error:
        fetcher.fetch(f"{server}/status{status}")
    assert error.value.status == status


@pytest.mark.parametrize("path", ["/drip", "/drip-headers"])
def test_a_slow_drip_ends_at_the_deadline(server: str, path: str) -> None:
    hasty = Fetcher(max_bytes=MAX_BYTES, seconds=0.3, allow_private=True)
    with pytest.raises(FetchError, match=r"longer than 0\.3 seconds"):
        hasty.fetch(server + path)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/x",
        "file:///etc/hostname",
        "http://",
        "no address",
        "http://[bad",
        "http://u:p@a.example/",
        "http://a..b/",
    ],
)
def test_only_plain_web_addresses(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(FetchError) as error:
        fetcher.fetch(url)
    assert error.value.url == url


def test_nobody_listens(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match=r"cannot fetch http://127\.0\.0\.1:1/"):
        fetcher.fetch("http://127.0.0.1:1/")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1.", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "localhost", "localhost."],
)
def test_private_addresses_are_refused(host: str) -> None:
    with Fetcher(max_bytes=MAX_BYTES, seconds=5) as careful:
        with pytest.raises(FetchError, match="not a public address; allow_private permits it"):
            careful.fetch(f"http://{host}/")
        with pytest.raises(FetchError, match="port 22 is not a web port"):
            careful.fetch(f"http://{host}:22/")


@pytest.mark.parametrize(
    "host",
    [
        *("2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "127.0.0.01", "0", "1.2.3.4.5", "news.0x1"),
        *("%31%32%37.0.0.1", "１２７.０.０.１", "news.test..", "...", "a..b", "news test", "-.\u200b", "xn--\u00ad"),
        *("[fe80::1%25lo]", "x" * 64, ".".join(["abc"] * 70), "news.test:65536", "news.test:-1", "news.test:http"),
    ],
)
def test_a_host_that_programs_read_differently_is_refused_before_it_is_looked_up(fetcher: Fetcher, host: str) -> None:
    with pytest.raises(FetchError, match=r"not an address|not the name of a host|no port"):
        fetcher.fetch(f"http://{host}/")


@pytest.mark.parametrize(
    ("host", "sent"),
    [
        ("NEWS.test", "news.test"),
        ("news.test.", "news.test"),
        ("news。test", "news.test"),
        ("bücher.test", "xn--bcher-kva.test"),
        ("faß.test", "xn--fa-hia.test"),
        ("xn--i-7iq.test", "xn--i-7iq.test"),
        ("news_1.test", "news_1.test"),
    ],
)
def test_one_spelling_of_a_host_is_looked_up_and_sent(server: str, host: str, sent: str) -> None:
    port = server.rpartition(":")[2]
    Handler.seen.clear()
    with Fetcher(max_bytes=MAX_BYTES, seconds=5, resolve=only(sent)) as careful:
        assert careful.fetch(f"http://{host}:{port}/gzip").url == f"http://{sent}:{port}/gzip"
    assert Handler.seen[0][1]["Host"] == f"{sent}:{port}"


def only(name: str) -> Callable[[str, int], list[Address]]:
    """A name service that knows one public name, which is this machine; all others are checked as usual."""

    def resolve(host: str, port: int) -> list[Address]:
        if host == name:
            return [ipaddress.ip_address("127.0.0.1")]
        return public_addresses("10.0.0.1" if host == "inside.test" else host, port)

    return resolve


def test_every_hop_is_checked_and_the_name_is_kept(server: str) -> None:
    port = server.rpartition(":")[2]
    Handler.seen.clear()
    with Fetcher(max_bytes=MAX_BYTES, seconds=5, resolve=only("outside.test")) as careful:
        assert careful.fetch(f"http://outside.test:{port}/gzip").status == 200
        with pytest.raises(FetchError, match=r"10\.0\.0\.1, which is not a public address"):
            careful.fetch(f"http://outside.test:{port}/to-private")
    assert {headers["Host"] for _, headers in Handler.seen} == {f"outside.test:{port}"}


def test_proxies_of_the_environment_are_ignored(server: str, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert fetcher.fetch(server + "/gzip").status == 200


def test_proxies_are_used_when_asked_for(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.replace("http://", "http://user:word@"))
    Handler.seen.clear()
    with Fetcher(max_bytes=MAX_BYTES, seconds=5, use_proxy=True) as proxied:
        fetched = proxied.fetch("http://far.test/gzip")
        with pytest.raises(FetchError, match="not a public address"):
            proxied.fetch("http://10.0.0.1/gzip")
    assert fetched.url == "http://far.test/gzip"
    ((path, headers),) = Handler.seen
    assert path == "http://far.test/gzip"
    assert headers["Host"] == "far.test"
    assert headers["Proxy-Authorization"] == "Basic dXNlcjp3b3Jk"


def test_what_the_environment_excepts_goes_past_the_proxy(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "near.test")
    port = server.rpartition(":")[2]
    with Fetcher(max_bytes=MAX_BYTES, seconds=5, use_proxy=True, retries=0, resolve=only("near.test")) as proxied:
        assert proxied.fetch(f"http://near.test:{port}/gzip").status == 200
        with pytest.raises(FetchError, match="Connection refused"):
            proxied.fetch("http://far.test/gzip")


def test_a_proxy_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1080")
    with (
        Fetcher(max_bytes=MAX_BYTES, seconds=5, use_proxy=True) as proxied,
        pytest.raises(FetchError, match=r"socks5:.* is not an http or https proxy"),
    ):
        proxied.fetch("http://far.test/")


def test_a_server_that_does_not_speak_tls_is_asked_once(server: str) -> None:
    Handler.seen.clear()
    with (
        Fetcher(max_bytes=MAX_BYTES, seconds=20, allow_private=True) as patient,
        pytest.raises(FetchError, match=r"cannot fetch https://.*SSL"),
    ):
        patient.fetch(server.replace("http:", "https:") + "/gzip")


def test_a_refusal_is_asked_for_on_each_hop(server: str, fetcher: Fetcher) -> None:
    asked = []

    def refusal(url: str) -> str | None:
        asked.append(url)
        return "its owner says no" if url.endswith("/gzip") else None

    with pytest.raises(FetchError, match=f"cannot fetch {server}/moved: its owner says no"):
        fetcher.fetch(server + "/moved", refusal=refusal)
    assert asked == [server + "/moved", server + "/gzip"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::5db8:d822", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::7f00:1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("ff0e::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def test_a_feed_served_as_a_page_is_a_feed(server: str, fetcher: Fetcher) -> None:
    payload = fetcher.fetch(server + "/feed-as-html").payload
    assert payload is not None
    assert sources.detect(payload) == "feed"
    (document,) = sources.read_documents(payload)
    assert isinstance(document, RawDocument)
    assert (document.title, document.url) == ("Café", server + "/x")


def test_a_page_in_another_encoding_than_the_server_says(server: str, fetcher: Fetcher) -> None:
    payload = fetcher.fetch(server + "/latin").payload
    assert payload is not None
    (document,) = sources.read_documents(payload)
    assert isinstance(document, RawDocument)
    assert document.text == "Café prices rise."
