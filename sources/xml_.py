"""XML from strangers: parsed with lxml, without entities, without a network, with as much as can be saved."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from kb.types import Payload
from sources.decode import decode

# Entity declarations can blow a kilobyte up to gigabytes, and no feed needs any.
_ENTITIES = re.compile(r"<!ENTITY[^>]{0,2000}>")
_REFERENCES = re.compile(r"&#(?:[xX]0*(?P<hex>[0-9a-fA-F]+)|0*(?P<decimal>[0-9]+));?")


def xml_bytes(payload: Payload) -> bytes:
    """The document in UTF-8 without entity declarations; a declared encoding in it no longer counts.

    References to characters that no Unicode has are U+FFFD: feedparser fails on them.
    """
    text = _ENTITIES.sub("", decode(payload))
    return _REFERENCES.sub(_character, text).encode("utf-8", "replace")


def _character(reference: re.Match[str]) -> str:
    digits, base = (reference["hex"], 16) if reference["hex"] else (reference["decimal"], 10)
    number = int(digits, base) if len(digits) <= len(str(sys.maxunicode)) else sys.maxunicode + 1
    exists = number <= sys.maxunicode and not 0xD800 <= number <= 0xDFFF
    return reference[0] if exists else "\ufffd"


def parse_xml(document: bytes) -> Any:
    """The root element (lxml) of a document in UTF-8, as far as it can be read; None when there is none."""
    import lxml.etree

    parser = lxml.etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        return lxml.etree.fromstring(document.lstrip(), parser)
    except lxml.etree.XMLSyntaxError:
        return None


def tag(element: Any) -> str:
    """The element's name in small letters, without its namespace; empty for a processing instruction."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def children(element: Any, name: str) -> Iterator[Any]:
    """The child elements of that name, whatever their namespace."""
    return (child for child in element if tag(child) == name)


def child_text(element: Any, name: str) -> str | None:
    """The words of the first child of that name on one line; None when it is missing or empty."""
    child = next(children(element, name), None)
    return (" ".join("".join(child.itertext()).split()) or None) if child is not None else None
