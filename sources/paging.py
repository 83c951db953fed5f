"""Where a feed goes on that is given in pages: ``next_url`` of JSON Feed, and RFC 5005 in Atom and RSS."""

from __future__ import annotations

from urllib.parse import urldefrag, urlsplit

from kb.types import Payload
from sources import feeds, jsonfeed
from sources.urls import resolve
from sources.xml_ import children, parse_xml, xml_bytes

_RELATIONS = ("next", "prev-archive")
"""The next page of a paged feed, and what came before in an archived one (RFC 5005, sections 3 and 4)."""


def next_page(payload: Payload) -> str | None:
    """The address of the next page, on the host that gave this one; None without one.

    A page that names itself, or a page elsewhere, has none. A file has none either: nobody asks its host for more.
    """
    if payload.url is None:
        return None
    link = jsonfeed.next_url(payload) if jsonfeed.matches(payload) else _linked(payload)
    url = urldefrag(link).url if link else None
    if url is None or url in (payload.url, payload.name):
        return None
    return url if _host(url) == _host(payload.url) else None


def _linked(payload: Payload) -> str | None:
    """What a feed in XML links to; entries have links of their own, which are not looked at."""
    root = parse_xml(xml_bytes(payload)) if feeds.matches(payload) else None
    if root is None:
        return None
    found: dict[str, str | None] = {}
    for parent in (root, *children(root, "channel")):
        for link in children(parent, "link"):
            base = resolve(payload.url, link.base) or payload.url
            found.setdefault((link.get("rel") or "").strip().lower(), resolve(base, link.get("href")))
    return next((found[relation] for relation in _RELATIONS if found.get(relation)), None)


def _host(url: str) -> str:
    """With its port, as written: ``www.`` and a port can be another server, a user name can hide one."""
    return urlsplit(url).netloc.lower()
