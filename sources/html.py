"""HTML to readable text: paragraphs separated by a blank line, list items and line breaks on lines of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

PARAGRAPHS = frozenset(
    "address article aside blockquote body dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header"
    " hr main nav ol p pre section table ul".split()
)
LINES = frozenset(["br", "li", "tr"])
UNSEEN = frozenset("button head iframe noscript object script select style svg template title video".split())

_NOT_XML = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d)|[xX]0*(?:[0-8bBcCeEfF]|1[\da-fA-F]|[fF]{3}[eEfF])(?![\da-fA-F]));?"
)
"""What XML 1.0 cannot hold, as letters and as references: lxml reads it from a page, and then refuses to move it."""


def parse_html(markup: str) -> Any:
    """The root element of a page or fragment (lxml); None when there is no element at all. Never fetches anything."""
    import lxml.etree
    import lxml.html

    # Bytes with a stated encoding: a str with an XML encoding declaration is refused by lxml.
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        return lxml.html.document_fromstring(_NOT_XML.sub("", markup).encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError:
        return None


def html_to_text(markup: str) -> str:
    """The words a reader sees, entities decoded once. Plain text passes through with its white space collapsed."""
    root = parse_html(markup) if markup.strip() else None
    return "" if root is None else element_text(root)


def element_text(element: Any) -> str:
    """The words of one lxml element, its tail excluded."""
    pieces = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(_pieces(element)))
    pieces = re.sub(r"^-\s+", "- ", pieces, flags=re.MULTILINE)  # a paragraph inside a list item
    return re.sub(r"\n{3,}", "\n\n", pieces).strip()


def _pieces(element: Any) -> Iterator[str]:
    """Text and breaks in document order; no recursion, so that nesting cannot exhaust the stack."""
    stack: list[tuple[Any, bool]] = [(element, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            yield "\n\n" if node.tag in PARAGRAPHS else ""
            if node is not element:
                yield _collapse(node.tail)
        elif isinstance(node.tag, str) and node.tag not in UNSEEN:
            yield _break(node.tag) + ("- " if node.tag == "li" else "") + _collapse(node.text)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node))
        elif node is not element:
            yield _collapse(node.tail)


def _break(tag: str) -> str:
    if tag in PARAGRAPHS:
        return "\n\n"
    if tag in LINES:
        return "\n"
    return " " if tag in ("td", "th") else ""


def _collapse(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")
