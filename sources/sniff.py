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
    b"\x1f\x8b": "gzip-packed data (a web archive?)",
    b"WARC/": "a web archive (WARC)",
    b"PK\x03\x04": "a zip archive; unpack it and add the folder",
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "audio or an image (RIFF)",
    b"ID3": "audio (MP3)",
    b"OggS": "audio (Ogg)",
    b"SQLite format 3": "an SQLite database",
    b"\x7fELF": "a program",
}
_XML = {
    "urlset": "a sitemap",
    "sitemapindex": "an index of sitemaps",
    "opml": "an OPML list of feeds",
    "tt": "TTML captions",
}
_HEADS = (
    (re.compile(r"\A\s*Date,Link,Message\b"), "LinkedIn comments (Comments.csv)"),
    (re.compile(r"<generator>Mastodon\b", re.IGNORECASE), "the feed of a Mastodon account"),
    (re.compile(r"<guid[^>]*>at://did:"), "the feed of a Bluesky account"),
    (re.compile(r"(?:<cite>[^<]*</cite>\s*<time>[^<]*</time>.*?){2}", re.DOTALL), "a podcast transcript in HTML"),
    (
        re.compile(r"""<a href=["']https?://www\.linkedin\.com/pulse/.{0,600}class=["']created""", re.DOTALL),
        "a LinkedIn article",
    ),
    (
        re.compile(r"""(?:canonical|og:url)["'][^>]*https?://(?:\w+\.)?linkedin\.com/(?:posts|feed)/"""),
        "a LinkedIn post page",
    ),
)
_JSON: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("a JSON Feed", lambda d: "jsonfeed.org/version/" in str(d.get("version", ""))),
    ("a podcast transcript in JSON", lambda d: "segments" in d),
    ("YouTube captions (json3)", lambda d: d.get("wireMagic") == "pb3" or "events" in d),
    ("an ActivityStreams collection (Mastodon archive)", lambda d: "orderedItems" in d),
    ("an ActivityStreams actor (Mastodon archive)", lambda d: "preferredUsername" in d),
    ("a Bluesky author feed", lambda d: "feed" in d),
    ("posts of the X API", lambda d: "data" in d),
    ("posts of the Mastodon API", lambda d: {"uri", "content", "account"} <= d.keys()),
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
    for pattern, what in _HEADS:
        if pattern.search(text):
            return what
    if text.lstrip()[:1] in ("{", "["):
        return _json_kind(payload)
    return _xml_kind(text)


def _mostly_binary(start: bytes) -> bool:
    """More control characters than any text has (5 %, the rule of thumb of ``file`` and ``grep``'s relatives)."""
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in start)
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
