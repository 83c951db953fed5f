"""Pages that are no article: the home and section pages of a site, which lead to its feeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from kb.errors import InputError
from kb.types import FoundFeed, Payload, RawDocument, Skipped
from sources import pages, sitemaps
from sources.decode import decode
from sources.discovery import find_feeds
from sources.html import parse_html
from sources.jsonld import Article, read_article

_SECTION = re.compile(r"[A-Za-z/-]{0,18}")
"""A path that is a home or section page, no story (Media Cloud's rule)."""


Read = Callable[[Payload], Iterable[RawDocument | Skipped]]


def offered_feeds(payload: Payload, read: Read) -> list[FoundFeed]:
    """The feeds of a page that is no article, or the sitemaps of an index; empty for everything else.

    ``read`` is how pages are read. Raises InputError for an index that cannot be.
    """
    if sitemaps.matches(payload):
        return sitemaps.sitemaps(payload)
    if not pages.matches(payload):
        return []
    feeds = find_feeds(payload)
    return feeds if feeds and not is_article(payload, read) else []


def is_article(payload: Payload, read: Read) -> bool:
    """Whether a page is an article: it says so, or its address is that of a story and there is text on it.

    A home page never is, whatever it says: sites copy the same tags into every page.
    """
    path = urlsplit(payload.url or "").path
    if not path.strip("/") and payload.url:
        return False
    if _SECTION.fullmatch(path):
        return _says_article(payload)
    try:
        return any(isinstance(item, RawDocument) and item.kind == "article" for item in read(payload))
    except InputError:
        return False


def _says_article(payload: Payload) -> bool:
    root = parse_html(decode(payload))
    if root is None:
        return False
    types = (meta.get("content") for meta in root.iter("meta") if (meta.get("property") or "").lower() == "og:type")
    return "article" in types or read_article(root, payload.url) != Article()
