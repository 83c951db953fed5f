"""A web server on 127.0.0.1 with made-up news: feeds, some of them with teasers whose pages have the text."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

SUBJECTS = "ferries cranes tunnels buses bridges kites".split()
GIVEN = "Ann Bo Carl Dora Emil Fay Gus Hana Ivo Jana Karl Lea".split()
SYLLABLES = "ba de fi go hu ka le mi no ru sa te vi wo zu".split()


def speaker(feed: int, item: int) -> str:
    """Somebody whom two feeds quote."""
    number = feed // 2 * 100 + item
    syllables = (SYLLABLES[number // 15**place % 15] for place in range(3))
    return f"{GIVEN[number % 12]} {''.join(syllables).title()}"


def sentence(feed: int, item: int) -> str:
    """What a LineExtractor finds in an item."""
    ordered = f"At least {feed + 2}{item:03} {SUBJECTS[item % 6]} will be ordered in {2027 + feed % 9}"
    return f"{speaker(feed, item)} predicts: {ordered}"


def feed_xml(number: int, items: range, base: str, *, teasers: bool, further: str = "") -> str:
    """A feed with full texts, or with teasers of pages."""
    entries = "".join(_entry(number, item, base if teasers else None) for item in items)
    link = f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="{further}"/>' if further else ""
    title = f"<title>News {number}</title>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{title}{link}{entries}</channel></rss>'


def _entry(feed: int, item: int, base: str | None) -> str:
    date = f"{1 + item % 28} Feb 2025 07:30:00 +0000"
    link = f"<link>{base}/story/{feed}/{item}</link>" if base else ""
    return (
        f"<item><guid isPermaLink='false'>{feed}-{item}</guid><title>Story {feed}-{item}</title>{link}"
        f"<pubDate>{date}</pubDate><description>{'In short ...' if base else sentence(feed, item)}</description></item>"
    )


def page_html(feed: int, item: int) -> str:
    """The page of a teaser."""
    filler = (
        f"The harbour of town {feed} has counted all that passes it, by day and by night, since {1900 + item}. " * 6
    )
    return (
        f"<!DOCTYPE html><html><head><title>Story {feed}-{item}</title></head><body><article>"
        f"<h1>Story {feed}-{item}</h1><p>{filler}</p><p>{sentence(feed, item)}</p></article></body></html>"
    )


class NewsServer(ThreadingHTTPServer):
    """Counts its requests by the first part of their path."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *, items: int, teasers: int, pages: int = 1, address: str = "127.0.0.1") -> None:
        super().__init__((address, 0), _Handler)
        self.items = items
        self.pages = pages
        """How many pages each feed has, with as many items on each."""
        self.teasers = teasers
        """How many feeds, the first ones, have teasers only."""
        self.validators = True
        self.stamp = ""
        """Put into every feed; a new one makes other bytes of the same items."""
        self.requests: Counter[str] = Counter()
        self.lock = threading.Lock()

    def feed(self, number: int, host: str = "127.0.0.1") -> str:
        """The address of a feed."""
        return f"http://{host}:{self.server_port}/feed/{number}"


@contextmanager
def serving(**options: Any) -> Iterator[NewsServer]:
    """A server that runs as long as the block."""
    with NewsServer(**options) as server, running(server):
        yield server


@contextmanager
def running(server: HTTPServer) -> Iterator[None]:
    """Answers are given inside the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: NewsServer

    def do_GET(self) -> None:
        kind, *numbers = self.path.strip("/").split("/")
        with self.server.lock:
            self.server.requests[kind] += 1
        if kind == "feed":
            number, page = int(numbers[0]), int(numbers[1]) if numbers[1:] else 1
            base, items = f"http://{self.headers['Host']}", self.server.items // self.server.pages
            further = f"{base}/feed/{number}/{page + 1}" if page < self.server.pages else ""
            shown = range((page - 1) * items, page * items)
            body = feed_xml(number, shown, base, teasers=number < self.server.teasers, further=further)
            self._answer(body + self.server.stamp, "application/rss+xml")
        elif kind == "story":
            self._answer(page_html(*map(int, numbers)), "text/html")
        else:
            self.send_error(404)

    def _answer(self, body: str, content_type: str) -> None:
        data = body.encode()
        etag = f'"{hashlib.md5(data).hexdigest()}"'
        same = self.server.validators and self.headers["If-None-Match"] == etag
        self.send_response(304 if same else 200)
        if self.server.validators:
            self.send_header("ETag", etag)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", "0" if same else str(len(data)))
        self.end_headers()
        if not same:
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Stay silent."""
