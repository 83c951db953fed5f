"""A web server on 127.0.0.1 whose pages a test writes, and feeds in every format to put on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from news_server import running

ATOM = "http://www.w3.org/2005/Atom"
TYPES = {"{": "application/json", "<!": "text/html", "<": "application/xml"}


class Site(ThreadingHTTPServer):
    """Serves ``pages`` with an ETag each, and remembers what was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, str] = {}
        self.statuses: dict[str, int] = {}
        """Path -> the error that it answers."""
        self.requests: list[tuple[str, str | None]] = []
        """Path and the ETag that was sent, robots.txt left out."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def etag(self, path: str) -> str:
        return f'"{hashlib.sha256(self.pages[path].encode()).hexdigest()[:8]}"'

    def asked(self) -> list[str]:
        """The paths that were asked for since the last call."""
        asked, self.requests = [path for path, _ in self.requests], []
        return asked


@contextmanager
def site() -> Iterator[Site]:
    """A server that runs as long as the block."""
    with Site() as server, running(server):
        yield server


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        sent = self.headers["If-None-Match"]
        if self.path != "/robots.txt":
            self.server.requests.append((self.path, sent))
        body = self.server.pages.get(self.path)
        if body is None or self.path in self.server.statuses:
            self.send_error(self.server.statuses.get(self.path, 404))
            return
        data, etag = body.encode(), self.server.etag(self.path)
        self.send_response(304 if sent == etag else 200)
        self.send_header("ETag", etag)
        self.send_header(
            "Content-Type", next((t for start, t in TYPES.items() if body.startswith(start)), "text/plain")
        )
        self.end_headers()
        if sent != etag:
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def json_feed(items: Sequence[str], further: str | None = None) -> str:
    """Items by their words, which are their ids as well."""
    entries = [{"id": words, "content_text": words} for words in items]
    more = {"next_url": further} if further else {}
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": entries} | more)


def atom_feed(items: Sequence[str], further: str | None = None, rel: str = "next") -> str:
    """The same in Atom; what ``further`` is to the page is said by ``rel``."""
    link = f'<link rel="{rel}" href="{further}"/>' if further else ""
    entries = "".join(f"<entry><id>urn:{words}</id><content>{words}</content></entry>" for words in items)
    return f'<feed xmlns="{ATOM}"><title>News</title>{link}{entries}</feed>'


def archived_feed(items: Sequence[str], further: str | None = None) -> str:
    """The same as an archived feed."""
    return atom_feed(items, further, rel="prev-archive")


def rss_feed(items: Sequence[str], further: str | None = None) -> str:
    """The same in RSS."""
    link = f'<atom:link rel="next" href="{further}"/>' if further else ""
    entries = "".join(
        f"<item><guid isPermaLink='false'>{words}</guid><description>{words}</description></item>" for words in items
    )
    return f'<rss version="2.0" xmlns:atom="{ATOM}"><channel><title>News</title>{link}{entries}</channel></rss>'


def teaser_feed(entries: Mapping[str, str], further: str | None = None, *, updated: str) -> str:
    """Atom with a summary for each address."""
    link = f'<link rel="next" href="{further}"/>' if further else ""
    written = "".join(
        f'<entry><id>{url}</id><link href="{url}"/><title>News</title><summary>{summary}</summary>'
        f"<published>2025-01-01T00:00:00Z</published><updated>{updated}</updated></entry>"
        for url, summary in entries.items()
    )
    return f'<feed xmlns="{ATOM}"><title>News</title>{link}{written}</feed>'


def article(words: str, *, canonical: str = "") -> str:
    """A page with these words in an article."""
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    filler = "The harbour of the town has counted all that passes it, by day and by night, for many years. " * 6
    return (
        f"<!DOCTYPE html><html><head><title>News</title>{link}</head><body><article><h1>News</h1><p>{filler}</p>"
        f"<p>{words}</p></article></body></html>"
    )
