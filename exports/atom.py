"""Atom (RFC 4287): new statements, due dates or outcomes, for feed readers and newsroom tools."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO
from xml.etree import ElementTree

from exports.feed_items import EPOCH, Feed, FeedItem, feed_id, feed_items, feed_title
from exports.rows import utc_text
from exports.xml_ import add, write_xml
from kb.types import TimelineEntry

NAMESPACE = "http://www.w3.org/2005/Atom"
GENERATOR = "onrecord"


def write(
    entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str, feed: Feed = "new", link: str | None = None
) -> int:
    """Write one entry per item of the feed; ``link`` is where the feed will be published."""
    items = feed_items(entries, feed)
    root = ElementTree.Element("feed", xmlns=NAMESPACE)
    add(root, "id", feed_id(title, feed))
    add(root, "title", feed_title(title, feed))
    add(root, "updated", utc_text(max((item.updated for item in items), default=EPOCH)))
    add(root, "generator", GENERATOR)
    add(add(root, "author"), "name", GENERATOR)
    if link:
        add(root, "link", rel="self", href=link)
    for item in items:
        _add_entry(root, item)
    write_xml(root, out)
    return len(items)


def _add_entry(root: ElementTree.Element, item: FeedItem) -> None:
    entry = add(root, "entry")
    add(entry, "id", item.id)
    add(entry, "title", item.title)
    add(entry, "updated", utc_text(item.updated))
    if item.published:
        add(entry, "published", utc_text(item.published))
    add(add(entry, "author"), "name", item.author)
    add(entry, "category", term=item.category)
    if item.link:
        add(entry, "link", rel="alternate", href=item.link)
    for related in item.related:
        add(entry, "link", rel="related", href=related)
    add(entry, "content", item.text, type="text")
