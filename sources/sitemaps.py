"""News sitemaps, whose addresses are articles to be fetched, and indexes of sitemaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kb.errors import InputError
from kb.types import FoundFeed, Payload, RawDocument, Skipped
from sources.decode import head
from sources.sniff import local_name, root_element
from sources.times import parse_moment
from sources.urls import canonical_url, resolve
from sources.xml_ import child_text, children, parse_xml, tag, xml_bytes

NAME = "sitemap"
MAX_URLS = 1000
"""What the protocol of news sitemaps allows; more would fetch a whole site, page by page."""


def matches(payload: Payload) -> bool:
    """The root element is ``urlset`` or ``sitemapindex``."""
    return local_name(root_element(head(payload))) in ("urlset", "sitemapindex")


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One incomplete article per entry of a news sitemap: its page has the text.

    The sitemaps of an index are ``Skipped`` with advice; ``sitemaps`` gives them as sources to add. Raises InputError
    for a sitemap without news, which lists a whole site.
    """
    root = _root(payload)
    if tag(root) == "sitemapindex":
        yield from (Skipped(found.url, "a sitemap of its own: add it by its address") for found in sitemaps(payload))
        return
    entries = list(children(root, "url"))
    if not any(_news(entry) is not None for entry in entries):
        raise InputError(f"{payload.name} is a sitemap without news: add the pages themselves, or the site's feed")
    yield from (_item(entry, payload) for entry in entries[:MAX_URLS])
    if len(entries) > MAX_URLS:
        yield Skipped(payload.name, f"{len(entries) - MAX_URLS} addresses beyond the first {MAX_URLS}")


def sitemaps(payload: Payload) -> list[FoundFeed]:
    """The sitemaps that an index names, last changed first; those without a date after them. Empty for no index."""
    root = _root(payload)
    found: dict[str, tuple[float, FoundFeed]] = {}
    for entry in children(root, "sitemap") if tag(root) == "sitemapindex" else ():
        url = resolve(payload.url, child_text(entry, "loc"))
        moment = parse_moment(child_text(entry, "lastmod"), payload.fetched_at)
        if url:
            found.setdefault(url, (moment.at.timestamp() if moment else 0.0, FoundFeed(url=url, type="sitemap")))
    return [feed for _, feed in sorted(found.values(), key=lambda dated: -dated[0])]


def _root(payload: Payload) -> Any:
    root = parse_xml(xml_bytes(payload))
    if root is None or tag(root) not in ("urlset", "sitemapindex"):
        raise InputError(f"{payload.name} is not a sitemap; it starts with {head(payload, 60).strip()!r}")
    return root


def _news(entry: Any) -> Any:
    return next(children(entry, "news"), None)


def _item(entry: Any, payload: Payload) -> RawDocument | Skipped:
    location, news = child_text(entry, "loc"), _news(entry)
    url = resolve(payload.url, location)
    if url is None:
        return Skipped(location or payload.name, "entry of a sitemap without a usable address", failed=True)
    if news is None:
        return Skipped(url, "entry of a sitemap that is no news")
    publication = next(children(news, "publication"), None)
    published = parse_moment(child_text(news, "publication_date"), payload.fetched_at)
    updated = parse_moment(child_text(entry, "lastmod"), payload.fetched_at)
    return RawDocument(
        external_id=canonical_url(url),
        kind="article",
        text="",
        url=url,
        canonical_url=canonical_url(url),
        title=child_text(news, "title"),
        publisher=child_text(publication, "name") if publication is not None else None,
        language=child_text(publication, "language") if publication is not None else None,
        published_at=published.at if published else None,
        published_precision=published.precision if published else "unknown",
        updated_at=updated.at if updated else None,
        complete=False,
        notes=(published.note,) if published and published.note else (),
    )
