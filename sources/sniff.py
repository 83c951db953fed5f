"""Looking at the head of a payload: what it is, also where we cannot read it (yet)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from kb.types import Payload
from sources.decode import HEAD_BYTES, head

_PROLOGUE = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>\s*)*", re.DOTALL | re.IGNORECASE
)
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_MAGIC = {
    b"\x1f\x8b": "gzip-packed data; download it and add the file",
    b"WARC/": "a web archive; download it and add the file",
    b"PK\x03\x04": "a zip archive; download it and add the file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "audio or an image (RIFF)",
    b"ID3": "audio (MP3)",
    b"OggS": "audio (Ogg)",
    b"{\\rtf": "an RTF document; save it as PDF or plain text",
    b"SQLite format 3": "an SQLite database",
    b"\x7fELF": "a program",
}
_XML = {
    "tt": "TTML captions",
}
_HEADS = (
    (re.compile(r"\A\s*CONVERSATION ID,", re.IGNORECASE), "LinkedIn messages, which are private"),
    (re.compile(r"\A\s*Date,Type,Link\b"), "LinkedIn reactions, which have no words"),
    (
        re.compile(r"^First Name,Last Name,(?:Maiden Name|URL),", re.MULTILINE),
        "LinkedIn's Profile.csv or Connections.csv, no posts",
    ),
    (re.compile(r"\AFrom,To,Date,Subject,Content\b", re.IGNORECASE), "LinkedIn messages, which are private"),
)
_JSON: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("an ActivityStreams actor (posts are read from outbox.json, with actor.json beside it)", lambda d: "outbox" in d),
    ("an ActivityStreams collection without its items", lambda d: d.get("type") == "OrderedCollection"),
    ("data of the X API without posts", lambda d: "data" in d),
)


def root_element(text: str) -> str | None:
    """Lower-case name of the first element, prefix included, after declarations and comments; None in plain text."""
    prologue = _PROLOGUE.match(text)
    match = _ELEMENT.match(text, prologue.end() if prologue else 0)
    return match[1].lower() if match else None


def local_name(element: str | None) -> str:
    """The name without its namespace prefix."""
    return (element or "").rpartition(":")[2]


def unreadable(payload: Payload) -> str | None:
    """What the payload is, in words, when it is something that no format reads; None when one may."""
    start = payload.data[:HEAD_BYTES]
    for magic, what in _MAGIC.items():
        if start.startswith(magic):
            return what
    text = head(payload)
    if "\0" in text or _mostly_binary(start):
        return "binary data"
    return next((what for pattern, what in _HEADS if pattern.search(text)), None)


def unknown(payload: Payload) -> str | None:
    """What data is, in words, that no format took for its own; None for plain text."""
    text = head(payload)
    return _json_kind(payload) if text.lstrip()[:1] in ("{", "[") else _xml_kind(text)


_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1b")


def _mostly_binary(start: bytes) -> bool:
    """More control characters than any text has (5 %, the rule of thumb of ``file`` and ``grep``'s relatives)."""
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return b"\0" not in start and controls > len(start) // 20


def _json_kind(payload: Payload) -> str | None:
    """A name for JSON of every kind, None when it is not JSON: a text may start with a bracket."""
    try:
        document = json.loads(payload.data)
    except (ValueError, RecursionError):
        return None
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict):
        return "JSON of no known kind"
    known = next((what for what, is_kind in _JSON if is_kind(first)), None)
    return known or f"JSON of no known kind (keys: {', '.join(sorted(first)[:6])})"


def _xml_kind(text: str) -> str | None:
    root = local_name(root_element(text))
    if root in _XML:
        return _XML[root]
    is_xml = text.lstrip().startswith("<?xml") and root not in ("rss", "rdf", "feed", "html")
    return f"XML of no known kind (<{root}>)" if is_xml else None
