"""RSS feeds of accounts: items without titles, each of which is one post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.errors import InputError
from kb.types import Payload
from sources.xml_ import children, parse_xml, tag, xml_bytes


@dataclass(frozen=True, slots=True)
class Item:
    """An element of a feed with the words of its children, by name; the first where there are several."""

    fields: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: what it says about itself, and its items."""

    about: Item
    items: tuple[Item, ...]


def read_channel(payload: Payload) -> Channel:
    """An RSS feed as far as it can be read; names of elements in small letters, without namespaces.

    Raises InputError for what is no RSS feed.
    """
    root = parse_xml(xml_bytes(payload))
    channel = next(children(root, "channel"), None) if root is not None else None
    if channel is None:
        raise InputError(f"{payload.name} is no RSS feed that can be read: it has no channel")
    items = [*children(channel, "item"), *children(root, "item")]
    return Channel(_item(channel), tuple(map(_item, items)))


def _item(element: Any) -> Item:
    fields: dict[str, str] = {}
    for name, text in _texts(element):
        fields.setdefault(name, text)
    return Item(fields)


def _texts(element: Any) -> Iterator[tuple[str, str]]:
    """Not of elements of other vocabularies (``media:description``, ``atom:link``), which share names with RSS."""
    for child in element:
        if isinstance(child.tag, str) and not child.tag.startswith("{"):
            yield tag(child), "".join(child.itertext()).strip()
