"""OPML 2.0: the sources on the web, for feed readers and for ``kb add`` elsewhere.

Feeds are outlines of the type ``rss``, which is what readers expect for feeds of every kind; pages and sitemaps, which
readers cannot follow, are of the type ``link``. Files are left out: their paths say nothing on another machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any, BinaryIO
from xml.etree import ElementTree

from exports import Rows
from exports.xml_ import add, write_xml

ROWS: Rows = "record"

LINKS = frozenset(["page", "sitemap", "text", "transcript"])
"""Kinds of sources that are no feeds."""


def write(record: Iterable[Mapping[str, Any]], out: BinaryIO, *, title: str) -> int:
    """Write one outline per source; ``record`` is read only as far as its sources, which come first.

    A list of sources is not about what ``title`` says of statements, so it has a title of its own.
    """
    root = ElementTree.Element("opml", version="2.0")
    add(add(root, "head"), "title", "Sources")
    body = add(root, "body")
    for line in takewhile(lambda line: line["type"] == "source", record):
        if str(line["url"]).startswith(("http://", "https://")):
            _add_source(body, line)
    write_xml(root, out)
    return len(body)


def _add_source(body: ElementTree.Element, line: Mapping[str, Any]) -> None:
    url, name = str(line["url"]), str(line["name"])
    if line["kind"] in LINKS:
        add(body, "outline", type="link", text=name, url=url)
    else:
        add(body, "outline", type="rss", text=name, title=name, xmlUrl=url)
