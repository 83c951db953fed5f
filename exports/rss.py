"""RSS 2.0: new statements, due dates or outcomes, for readers that know no Atom."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import format_datetime
from html import escape
from typing import BinaryIO
from xml.etree import ElementTree

from exports.feed_items import Feed, FeedItem, feed_id, feed_items, feed_title
from exports.xml_ import add, write_xml
from kb.types import TimelineEntry


def write(
    entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str, feed: Feed = "new", link: str | None = None
) -> int:
    """Write one item per item of the feed; ``link`` is where the feed will be published."""
    items = feed_items(entries, feed)
    root = ElementTree.Element("rss", version="2.0")
    channel = add(root, "channel")
    add(channel, "title", feed_title(title, feed))
    add(channel, "link", link or feed_id(title, feed))
    add(channel, "description", feed_title(title, feed))
    add(channel, "generator", "onrecord")
    for item in items:
        _add_item(channel, item)
    write_xml(root, out)
    return len(items)


def _add_item(channel: ElementTree.Element, item: FeedItem) -> None:
    element = add(channel, "item")
    add(element, "title", item.title)
    if item.link:
        add(element, "link", item.link)
    add(element, "guid", item.id, isPermaLink="false")
    # Readers take descriptions for HTML, whatever they are, so that the text is escaped once more.
    add(element, "description", escape(item.text, quote=False).replace("\n", "<br>"))
    add(element, "category", item.category)
    add(element, "pubDate", format_datetime(item.published or item.updated, usegmt=True))
