"""The feeds that a page names: what ``kb add https://site`` offers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from kb.types import FoundFeed, Payload
from sources.decode import decode
from sources.html import parse_html
from sources.urls import canonical_url, host_of, resolve

_Type = Literal["rss", "atom", "json", "feed"]
_TYPES: dict[str, _Type] = {
    "application/rss+xml": "rss",
    "application/rdf+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
}
_VAGUE_TYPES: dict[str, _Type] = {"application/json": "json", "application/xml": "feed", "text/xml": "feed"}
"""Types of many things; the address must say that it is a feed (of an API it says nothing of the kind)."""
_FEED_PATH = re.compile(r"/(?:feeds?|rss|atom|index)(?:\.(?:xml|rdf|json))?/?$|\.(?:rss|atom)$", re.IGNORECASE)
_NO_FEED = re.compile(r"/index(?:\.json)?/?$", re.IGNORECASE)
_COMMENTS = re.compile(r"\bcomments?\b", re.IGNORECASE)


class _Link(NamedTuple):
    href: str
    title: str
    type: _Type
    on_this_site: bool
    """Whether it counts only when it stays on the page's own site: buttons of feed readers look like feeds."""


def find_feeds(payload: Payload) -> list[FoundFeed]:
    """The feeds of a page, each once: what it declares before what it merely links to, feeds of comments last.

    Empty for a page without feeds, and for what is no page.
    """
    root = parse_html(decode(payload))
    if root is None:
        return []
    base = resolve(payload.url, next((b.get("href") for b in root.iter("base") if b.get("href")), None)) or payload.url
    found: dict[str, FoundFeed] = {}
    for link in (*_declared(root), *_linked(root)):
        url = resolve(base, _web_address(link.href.strip()))
        if url and not (link.on_this_site and not _same_site(url, base)):
            found.setdefault(canonical_url(url), FoundFeed(url=url, title=link.title or None, type=link.type))
    return sorted(found.values(), key=_is_of_comments)


def _declared(root: Any) -> Iterator[_Link]:
    for link in root.iter("link"):
        href, relations = link.get("href") or "", (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        sure = _TYPES.get(kind) or ("feed" if "feed" in relations else None)
        type_ = sure or (_VAGUE_TYPES.get(kind) if _is_feed_path(href) else None)
        if type_ and href and {"alternate", "feed"} & set(relations) and "stylesheet" not in relations:
            yield _Link(href, " ".join((link.get("title") or "").split()), type_, on_this_site=False)


def _linked(root: Any) -> Iterator[_Link]:
    for anchor in root.iter("a"):
        href = anchor.get("href") or ""
        if _is_feed_path(href) or href.lower().startswith("feed:"):
            words = " ".join(anchor.text_content().split())
            yield _Link(href, anchor.get("title") or words, _type_of(href), on_this_site=True)


def _is_feed_path(href: str) -> bool:
    try:
        path = urlsplit(href).path
    except ValueError:
        return False
    return _FEED_PATH.search(path) is not None and not _NO_FEED.search(path)


def _type_of(href: str) -> _Type:
    """What an address lets one guess."""
    name = href.lower().rstrip("/")
    return "atom" if "atom" in name else "json" if name.endswith(".json") else "rss" if "rss" in name else "feed"


def _web_address(href: str) -> str:
    """``feed:https://host/x`` and ``feed://host/x``, as links to feed readers are written, as web addresses."""
    if not href.lower().startswith("feed:"):
        return href
    rest = href[len("feed:") :].removeprefix("//")
    return rest if re.match(r"https?:", rest, re.IGNORECASE) else f"https://{rest}"


def _same_site(url: str, base: str | None) -> bool:
    """Whether one host is the other, or a part of it (``feeds.site.example``)."""
    there, here = host_of(url) or "", host_of(base)
    return here is None or there == here or there.endswith(f".{here}") or here.endswith(f".{there}")


def _is_of_comments(feed: FoundFeed) -> bool:
    return bool(_COMMENTS.search(f"{feed.title or ''} {urlsplit(feed.url).path}"))
