"""OPML: the lists of feeds that feed readers export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kb.errors import InputError
from kb.types import FoundFeed, Payload, RawDocument, Skipped
from sources.decode import head
from sources.sniff import local_name, root_element
from sources.urls import canonical_url, resolve
from sources.xml_ import parse_xml, tag, xml_bytes

NAME = "opml"


def matches(payload: Payload) -> bool:
    """The root element is ``opml``."""
    return local_name(root_element(head(payload))) == "opml"


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """No documents: each feed of the list is ``Skipped`` with advice. ``feeds`` gives them as sources to add."""
    for feed in feeds(payload):
        yield Skipped(feed.url, f"a feed of the list {payload.name}: add it by its address")


def feeds(payload: Payload) -> list[FoundFeed]:
    """Every feed of the list, each once, folders opened. Raises InputError when it is no OPML or names no feed."""
    root = parse_xml(xml_bytes(payload))
    if root is None or tag(root) != "opml":
        raise InputError(f"{payload.name} is not an OPML list of feeds")
    found: dict[str, FoundFeed] = {}
    for outline in root.iter():
        feed = _feed(outline, payload) if tag(outline) == "outline" else None
        if feed:
            found.setdefault(canonical_url(feed.url), feed)
    if not found:
        raise InputError(f"{payload.name} is an OPML list without a feed in it (no outline has an xmlUrl)")
    return list(found.values())


def _feed(outline: Any, payload: Payload) -> FoundFeed | None:
    """Attribute names are read in any letter case: ``xmlurl`` is as common as ``xmlUrl``."""
    given = {name.lower(): value.strip() for name, value in outline.attrib.items()}
    url = resolve(payload.url, given.get("xmlurl"))
    if url is None:
        return None
    # ``type="rss"`` is what readers write for every kind of feed.
    return FoundFeed(url=url, title=given.get("title") or given.get("text") or None)
