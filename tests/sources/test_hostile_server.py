"""Whatever a server does, each fetch ends with one recorded result, within its time and its memory."""

from __future__ import annotations

import ipaddress
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import stamina
from hostile_server import BEHAVIOURS, Hostile, hostile_server

import sources
from kb.errors import FetchError, InputError
from kb.types import RawDocument
from sources.fetch import Fetched, Fetcher
from sources.guard import Address, Resolver, public_addresses

MAX_BYTES = 1_000_000
HASTE = 0.4
"""Seconds for behaviours that only a deadline ends."""
PATIENCE = 30.0
MEMORY = 150_000
"""Kilobytes that a process may grow by while all of this is done to it."""

PRIVATE = ", which is not a public address; allow_private permits it"
READ = "200 feed Café: The café reopens."

# Behaviour -> what is recorded: why there is nothing ("no: "), the status with its advice, or what is read.
CASES = {
    "/loop": "no: its redirects go in a circle",
    "/loop-back": "no: its redirects go in a circle",
    "/loop-to-itself": "no: its redirects go in a circle",
    "/chain": "no: it redirects more than 5 times",
    "/moved-feed": READ + ", moved to /feed",
    "/moved-feed-308": READ + ", moved to /feed",
    "/found-elsewhere": READ,
    "/moved-then-found": READ + ", moved to /found-elsewhere",
    "/found-then-moved": READ,
    "/redirect-without-location": "302: nothing can be read from it",
    "/redirect-to-file": "no: 'file:///etc/hostname' is not an http or https address",
    "/redirect-to-script": "no: 'javascript:alert(1)' is not an http or https address",
    "/redirect-to-private": "no: 192.168.0.1 is at 192.168.0.1" + PRIVATE,
    "/redirect-to-metadata": "no: 169.254.169.254 is at 169.254.169.254" + PRIVATE,
    "/redirect-to-mapped-loopback": "no: ::ffff:127.0.0.1 is at ::ffff:7f00:1" + PRIVATE,
    "/redirect-to-decimal": "no: 2130706433 is not an address written as four decimal numbers",
    "/redirect-to-port": "no: port 25 is not a web port; allow_private permits it",
    "/redirect-to-rebound-name": "no: rebind.test is at 127.0.0.1" + PRIVATE,
    "/redirect-with-password": "no: addresses with a user name or password are refused",
    "/redirect-to-nonsense": "no: '%5bbad' is not the name of a host",
    "/redirect-with-line-break": "404: there is no such page",
    "/not-modified": READ,
    "/bare-etag": READ,
    "/not-modified-unasked": "304: nothing can be read from it",
    "/too-many-requests": "429: too many requests; try again later (it asks to wait 120 seconds)",
    "/too-many-until-date": "429: too many requests; try again later (it asks to wait 300 seconds)",
    "/too-many-for-ever": "429: too many requests; try again later (it asks to wait 86400 seconds)",
    "/too-many-nonsense": "429: too many requests; try again later",
    "/overloaded": "503: try again later (it asks to wait 30 seconds)",
    "/gone": "410: it is gone for good; remove this source",
    "/not-found": "404: there is no such page",
    "/login": "401: it asks for a login",
    "/forbidden": "403: the site refuses programs; save the page and add the file",
    "/fails-once": "500: try again later",
    "/fails-always": "502: try again later",
    "/hangs-up-once": "no: it closed the connection without an answer",
    "/unknown-status": "999: try again later",
    "/switching": "no: what it sent is not HTTP",
    "/only-new-items": "226 feed Café: The café reopens.",
    "/continues-first": READ,
    "/continues-for-ever": "no: it took longer than 0.4 seconds",
    "/feed": READ,
    "/gzip-bomb": "no: larger than 1,000,000 bytes",
    "/deflate-bomb": "no: larger than 1,000,000 bytes",
    "/gzip-in-gzip": "no: it is packed as 'gzip, gzip', which was not asked for",
    "/gzip-in-gzip-unsaid": "no: larger than 1,000,000 bytes",
    "/many-empty-members": READ,
    "/gzip-cut": "no: the packed data ends too early",
    "/gzip-damaged": "no: the packed data is damaged",
    "/gzip-unsaid": "200 feed Café: The café reopens.",
    "/gzip-said-but-plain": "no: the packed data is damaged",
    "/deflate-with-header": READ,
    "/deflate-bare": READ,
    "/brotli": "no: it is packed as 'br', which was not asked for",
    "/unknown-encoding": "no: it is packed as 'secret', which was not asked for",
    "/endless-body": "no: larger than 1,000,000 bytes",
    "/endless-chunks": "no: larger than 1,000,000 bytes",
    "/announced-size": "no: larger than 1,000,000 bytes",
    "/absurd-size": "no: what it sent is not HTTP",
    "/two-sizes": "no: what it sent is not HTTP",
    "/same-size-twice": READ,
    "/negative-size": "no: what it sent is not HTTP",
    "/truncated": "no: it closed the connection before the end",
    "/longer-than-said": READ,
    "/chunked": READ,
    "/chunks-broken": "no: what it sent is not HTTP",
    "/chunks-cut": "no: it closed the connection before the end",
    "/chunk-note-endless": "no: it sent more than 256 headers, or more than 102,400 bytes of them",
    "/empty": "unreadable: it is empty",
    "/no-content": "unreadable: it is empty",
    "/binary": "unreadable: found a PNG image",
    "/silence": "no: it took longer than 0.4 seconds",
    "/silence-after-head": "no: it took longer than 0.4 seconds",
    "/drip-body": "no: it took longer than 0.4 seconds",
    "/drip-gzip": "no: it took longer than 0.4 seconds",
    "/drip-headers": "no: it took longer than 0.4 seconds",
    "/drip-status-line": "no: it took longer than 0.4 seconds",
    "/drip-redirects": "no: it took longer than 0.4 seconds",
    "/many-headers": "no: it sent more than 256 headers, or more than 102,400 bytes of them",
    "/hundred-headers": READ,
    "/huge-header": "no: it sent more than 256 headers, or more than 102,400 bytes of them",
    "/large-header": READ,
    "/huge-etag": READ,
    "/endless-headers": "no: it sent more than 256 headers, or more than 102,400 bytes of them",
    "/endless-header": "no: it sent more than 256 headers, or more than 102,400 bytes of them",
    "/http-1-0": READ,
    "/http-0-9": "no: it closed the connection without an answer",
    "/garbage-status": "no: what it sent is not HTTP",
    "/garbage-header": "no: what it sent is not HTTP",
    "/no-answer": "no: it closed the connection without an answer",
    "/tls-only": "no: what it sent is not HTTP",
    "/cookie-wall": READ,
    "/after-cookie": READ,
    "/wrong-charset": READ,
    "/unknown-charset": READ,
    "/utf-16": READ,
    "/feed-that-is-html": "200 page Harbour: The harbour reopens on Monday, the mayor said.",
    "/html-that-is-feed": READ,
    "/no-type": READ,
    "/xml-bomb": "200 feed &l9;: The café reopens.",
    "/deep-html": "200 page no article text found; is the page built by scripts, or behind a login?",
}
SLOW = {path for path, result in CASES.items() if result == f"no: it took longer than {HASTE} seconds"}
"""Only a deadline ends these."""
WORDS = (
    (r"^cannot fetch URL:|^URL is(?= larger)", "no:"),
    (r"^cannot read URL:(.*); supported are .*", r"unreadable:\1"),
    (r"^URL is empty", "unreadable: it is empty"),
    (r"^URL answered ", ""),
    (r"(is not HTTP|data is damaged) \(.*", r"\1"),  # the rest are the words of a library
)


@pytest.fixture(scope="module")
def server() -> Iterator[Hostile]:
    with hostile_server() as running:
        yield running


def names(server: Hostile) -> Resolver:
    """A name service in which only the server's port is let through; everything else is checked as always."""

    def lookup(host: str, port: int) -> list[Address]:
        return [ipaddress.ip_address({"rebind.test": "127.0.0.1", "news.test": "192.0.2.1"}.get(host, host))]

    def resolve(host: str, port: int) -> list[Address]:
        if f":{port}" in server.url:
            return [ipaddress.ip_address("127.0.0.1")]
        return public_addresses(host, port, lookup=lookup)

    return resolve


def fetcher(server: Hostile, *, seconds: float = PATIENCE, retries: int = 0, max_bytes: int = MAX_BYTES) -> Fetcher:
    return Fetcher(max_bytes=max_bytes, seconds=seconds, retries=retries, resolve=names(server))


def recorded(fetcher: Fetcher, server: Hostile, path: str) -> str:
    """The result of fetching and reading, in one line."""
    try:
        line = described(fetcher.fetch(server.url + path))
    except InputError as error:
        line = str(error).replace(server.url + path, "URL").replace(server.url, "")
    for pattern, instead in WORDS:
        line = re.sub(pattern, instead, line)
    return line.replace(server.url, "")


def described(fetched: Fetched) -> str:
    assert fetched.payload is not None
    kind = sources.detect(fetched.payload)
    reads = sources.read_documents(fetched.payload)
    words = [f"{read.title}: {read.text}" if isinstance(read, RawDocument) else read.reason for read in reads]
    moved = f", moved to {fetched.moved_permanently_to}" if fetched.moved_permanently_to else ""
    return f"{fetched.status} {kind} {' | '.join(words)}{moved}"


Fetchers = dict[bool, Fetcher]
"""For behaviours that only a deadline ends (True), and for all others."""


def both_fetchers(server: Hostile, max_bytes: int = MAX_BYTES) -> Fetchers:
    return {slow: fetcher(server, seconds=HASTE if slow else PATIENCE, max_bytes=max_bytes) for slow in (True, False)}


@pytest.fixture(scope="module")
def fetchers(server: Hostile) -> Fetchers:
    return both_fetchers(server)


def test_there_are_enough_behaviours_and_each_has_its_result() -> None:
    assert CASES.keys() == BEHAVIOURS.keys()
    assert len(CASES) >= 40


@pytest.mark.parametrize(("path", "result"), CASES.items(), ids=CASES)
def test_each_behaviour_gives_its_recorded_result(server: Hostile, fetchers: Fetchers, path: str, result: str) -> None:
    assert recorded(fetchers[path in SLOW], server, path) == result


@pytest.mark.parametrize(
    ("path", "status", "wait"),
    [
        ("/too-many-requests", 429, 120),
        ("/too-many-until-date", 429, 300),
        ("/too-many-for-ever", 429, 86_400),
        ("/too-many-nonsense", 429, None),
        ("/overloaded", 503, 30),
        ("/gone", 410, None),
        ("/fails-always", 502, None),
        ("/silence", None, None),
        ("/redirect-to-private", None, None),
    ],
)
def test_errors_carry_what_politeness_needs(
    server: Hostile, fetchers: Fetchers, path: str, status: int | None, wait: int | None
) -> None:
    with pytest.raises(FetchError) as caught:
        fetchers[path in SLOW].fetch(server.url + path)
    error = caught.value
    assert error.url == server.url + path
    assert (error.status, error.retry_after.total_seconds() if error.retry_after else None) == (status, wait)
    assert error.final_url == (server.url + path if status else None)


@pytest.mark.parametrize("path", ["/not-modified", "/bare-etag"])
def test_validators_go_back_byte_for_byte_however_odd(server: Hostile, fetchers: Fetchers, path: str) -> None:
    first = fetchers[False].fetch(server.url + path)
    assert first.etag
    second = fetchers[False].fetch(server.url + path, etag=first.etag, last_modified="no date at all")
    assert (second.status, second.payload, second.etag) == (304, None, first.etag)
    assert server.asked(path)[-1].headers["if-modified-since"] == "no date at all"


def test_a_validator_that_is_too_long_to_send_back_is_none(server: Hostile, fetchers: Fetchers) -> None:
    assert fetchers[False].fetch(server.url + "/huge-etag").etag is None


def test_headers_come_as_they_were_sent(server: Hostile, fetchers: Fetchers) -> None:
    headers = fetchers[False].fetch(server.url + "/hundred-headers").headers
    assert headers[1] == ("Content-Type", "application/rss+xml")
    assert headers[-1] == ("X-119", "119")


def test_cookies_and_the_way_here_are_told_to_nobody(server: Hostile, fetchers: Fetchers) -> None:
    fetchers[False].fetch(server.url + "/cookie-wall")
    sent = server.asked("/after-cookie")[-1].headers
    assert sent.keys() == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_a_line_break_in_a_redirect_is_no_header(server: Hostile, fetchers: Fetchers) -> None:
    recorded(fetchers[False], server, "/redirect-with-line-break")
    last = server.requests[-1]
    assert last.path == "/feed%0d%0aX-Injected:%201"
    assert "x-injected" not in last.headers


@pytest.mark.parametrize("path", ["/fails-once", "/hangs-up-once"])
def test_what_fails_in_passing_is_tried_again(path: str) -> None:
    with hostile_server() as fresh, stamina.set_testing(True, attempts=3, cap=True):
        assert recorded(fetcher(fresh, retries=2), fresh, path) == READ
        assert len(fresh.asked(path)) == 2


@pytest.mark.parametrize(
    ("path", "seconds", "times"),
    [("/fails-always", PATIENCE, 3), ("/fails-always", 3.0, 1), ("/overloaded", PATIENCE, 1), ("/gone", PATIENCE, 1)],
)
def test_only_that_only_so_often_and_only_while_there_is_time(path: str, seconds: float, times: int) -> None:
    with hostile_server() as fresh, stamina.set_testing(True, attempts=3, cap=True):
        assert recorded(fetcher(fresh, retries=2, seconds=seconds), fresh, path) == CASES[path]
        assert len(fresh.asked(path)) == times


def test_threads_share_a_fetcher(server: Hostile, fetchers: Fetchers) -> None:
    shared = fetchers[False]
    paths = [path for path in CASES if path not in SLOW and "once" not in path]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda path: recorded(shared, server, path), paths))
    assert results == [CASES[path] for path in paths]


MEASURE = r"""
import json, re, sys
from pathlib import Path
sys.path[:0] = json.loads(sys.argv[1])
from hostile_server import Hostile
from test_hostile_server import CASES, SLOW, both_fetchers, recorded
server = Hostile(sys.argv[2])
fetchers = both_fetchers(server, max_bytes=10_000_000)
peak = lambda: int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
for path in ("/feed", "/feed-that-is-html"):
    recorded(fetchers[False], server, path)
start = peak()
for path in CASES:
    recorded(fetchers[path in SLOW], server, path)
print(peak() - start)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
def test_memory_stays_bounded_whatever_is_sent(server: Hostile) -> None:
    command = [sys.executable, "-c", MEASURE, json.dumps(sys.path), server.url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < MEMORY
