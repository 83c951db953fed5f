"""JSON Feed 1.1: new statements, due dates or outcomes; described by ``schemas/jsonfeed.json``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from exports.feed_items import Feed, FeedItem, feed_items, feed_title
from exports.rows import utc_text, write_json
from kb.types import TimelineEntry

VERSION = "https://jsonfeed.org/version/1.1"


def write(
    entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str, feed: Feed = "new", link: str | None = None
) -> int:
    """Write one item per item of the feed; ``link`` is where the feed will be published."""
    items = feed_items(entries, feed)
    document = {"version": VERSION, "title": feed_title(title, feed), "items": [_item(item) for item in items]}
    write_json(document | ({"feed_url": link} if link else {}), out)
    return len(items)


def _item(item: FeedItem) -> dict[str, Any]:
    values = {
        "id": item.id,
        "title": item.title,
        "content_text": item.text,
        "url": item.link,
        "date_published": utc_text(item.published) if item.published else None,
        "date_modified": utc_text(item.updated),
        "authors": [{"name": item.author}],
        "tags": [item.category],
        "_onrecord": {"evidence": list(item.related)} if item.related else None,
    }
    return {key: value for key, value in values.items() if value is not None}
