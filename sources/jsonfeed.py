"""JSON Feed, versions 1 and 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped
from sources.decode import decode, head
from sources.embeds import cut_embeds
from sources.furniture import cut_furniture
from sources.html import element_text, parse_html
from sources.times import parse_moment
from sources.urls import canonical_url, host_of, resolve

NAME = "jsonfeed"
_VERSION = "jsonfeed.org/version/"

Node = dict[str, Any]


def matches(payload: Payload) -> bool:
    """A JSON object whose ``version`` is an address at jsonfeed.org."""
    return head(payload).lstrip().startswith("{") and _is_feed(_load(decode(payload)))


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One article per item, and the posts embedded in it. Of a file, a further page is ``Skipped`` with advice."""
    feed = _load(decode(payload))
    if not _is_feed(feed):
        raise InputError(f"{payload.name} is not a JSON Feed: its version is no address at jsonfeed.org")
    items = feed.get("items")
    for number, item in enumerate(items if isinstance(items, list) else [], 1):
        if isinstance(item, dict) and _identity(item):
            yield from _item(item, feed, payload)
        else:
            yield Skipped(f"{payload.name}, item {number}", "item without id", failed=True)
    if payload.url is None and (further := next_url(payload)):
        yield Skipped(further, "further page of the feed, with older items: add it by its address")


def next_url(payload: Payload) -> str | None:
    """Where the feed says that its older items are; None where it does not."""
    feed = _load(decode(payload))
    return resolve(payload.url, _text(feed.get("next_url"))) if _is_feed(feed) else None


def _load(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _is_feed(feed: Any) -> bool:
    return isinstance(feed, dict) and _VERSION in str(feed.get("version")).lower()


def _item(item: Node, feed: Node, payload: Payload) -> Iterator[RawDocument | Skipped]:
    url = resolve(payload.url or _text(feed.get("home_page_url")), _text(item.get("url")))
    text, posts = _words(item, payload, url)
    published = parse_moment(_text(item.get("date_published")), payload.fetched_at)
    updated = parse_moment(_text(item.get("date_modified")), payload.fetched_at)
    has_content = bool(_text(item.get("content_html")) or _text(item.get("content_text")))
    yield RawDocument(
        external_id=_identity(item),
        kind="article",
        text=text,
        url=url,
        canonical_url=canonical_url(url) if url else None,
        title=_text(item.get("title")),
        author=", ".join(_names(item) or _names(feed)) or None,
        publisher=_text(feed.get("title")) or host_of(url),
        language=_text(item.get("language")) or _text(feed.get("language")),
        published_at=published.at if published else None,
        published_precision=published.precision if published else "unknown",
        updated_at=updated.at if updated else None,
        complete=has_content or not url,
        notes=tuple(_notes(item, published.note if published else None)),
    )
    yield from posts


def _identity(item: Node) -> str:
    """The id as text, because some feeds give a number; empty where the specification says to discard the item."""
    given = item.get("id")
    return str(given).strip() if isinstance(given, str | int | float) and not isinstance(given, bool) else ""


def _words(item: Node, payload: Payload, url: str | None) -> tuple[str, list[RawDocument | Skipped]]:
    """The item's text, its summary where it has none, and the posts embedded in it."""
    markup = _text(item.get("content_html"))
    root = parse_html(markup) if markup else None
    if root is None:
        return _text(item.get("content_text")) or _text(item.get("summary")) or "", []
    posts = cut_embeds(root, now=payload.fetched_at, where=url or payload.name)
    cut_furniture(root)
    return element_text(root), posts


def _names(node: Node) -> list[str]:
    """Authors by version 1.1, else the one author of version 1."""
    authors = node.get("authors") or [node.get("author")]
    found = (author.get("name") for author in authors if isinstance(author, dict)) if isinstance(authors, list) else ()
    return list(dict.fromkeys(filter(None, map(_text, found))))


def _notes(item: Node, assumed: str | None) -> Iterator[str]:
    """What had to be assumed of the date, what the item is about, and recordings that come with it."""
    if assumed:
        yield assumed
    if about := _text(item.get("external_url")):
        yield f"about {about}"
    attachments = item.get("attachments")
    for attachment in attachments if isinstance(attachments, list) else []:
        if isinstance(attachment, dict) and (url := _text(attachment.get("url"))):
            yield f"with {_text(attachment.get('mime_type')) or 'file'} {url}"


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
