"""The HTML of Mastodon posts as their authors typed it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sources.html import element_text, parse_html
from sources.links import written_out

_CHOICES = frozenset(["radio", "checkbox", "input"])
"""What the options of a poll begin with in feeds."""
_SIGN = re.compile(r"\s*([#@])\s*")


@dataclass(frozen=True, slots=True)
class Words:
    """What a post says, and what stands around it."""

    text: str
    warning: str = ""
    """Content warning that a feed writes before the post."""
    quotes: tuple[str, ...] = field(default=())
    """Addresses of quoted posts, from the line that Mastodon adds for readers that cannot show them."""


def read_words(markup: str, *, of_feed: bool = False) -> Words:
    """Links written out, names and tags as typed, without the parts that the server adds. ``of_feed``: a content
    warning may stand before the post and the options of a poll after it, as in Mastodon's RSS.
    """
    root = parse_html(f"<div>{markup}</div>") if markup.strip() else None
    if root is None:
        return Words("")
    body = root.find(".//div")
    if body is None:
        return Words("")
    quotes = tuple(_cut_quotes(body))
    warning = _cut_warning(body) if of_feed else ""
    if of_feed:
        _cut_poll(body)
    for link in list(body.iter("a")):
        _write_out(link)
    return Words(element_text(body), warning, quotes)


def _write_out(link: Any) -> None:
    """The address for the shortened text of a link; names and tags stay as they are."""
    classes, address = set((link.get("class") or "").split()), link.get("href") or ""
    text = "".join(link.itertext())
    is_tag = bool(classes & {"mention", "hashtag", "u-url"}) or text.lstrip()[:1] in ("@", "#")
    for child in list(link):
        link.remove(child)
    link.text = _SIGN.sub(r"\1", text) if is_tag else written_out(text, address)


def _cut_quotes(body: Any) -> list[str]:
    lines = [line for line in body.iter() if "quote-inline" in (line.get("class") or "").split()]
    quotes = [link.get("href") for line in lines for link in line.iter("a") if link.get("href")]
    for line in lines:
        line.drop_tree()
    return quotes


def _cut_warning(body: Any) -> str:
    """Mastodon's ``rss_status_content_format``: a paragraph that begins in bold, then a rule."""
    rule = next((child for child in body if child.tag == "hr"), None)
    first = body[0] if len(body) else None
    if rule is None or first is None or first.tag != "p" or first.getnext() is not rule:
        return ""
    if len(first) == 0 or first[0].tag != "strong" or (first.text or "").strip():
        return ""
    warning = " ".join((first[0].tail or "").split())
    first.drop_tree()
    rule.drop_tree()
    return warning


def _cut_poll(body: Any) -> None:
    for choice in [element for element in body.iter() if element.tag in _CHOICES]:
        paragraph = next((above for above in choice.iterancestors("p")), None)
        if paragraph is not None and paragraph.getparent() is not None:
            paragraph.drop_tree()
