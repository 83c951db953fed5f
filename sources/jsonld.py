"""What an article page says about itself in JSON-LD (schema.org), in every shape that sites use."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sources.bylines import names_in
from sources.html import html_to_text
from sources.urls import canonical_url

ARTICLES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle"
    " AskPublicNewsArticle ReviewNewsArticle BlogPosting LiveBlogPosting Report PressRelease TechArticle".split()
)
_ORGANISATION = re.compile(r"Organi[sz]ation|Corporation")
_WRAPPING = re.compile(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*;?\s*$")
_MARKUP = re.compile(r"</?(?:p|br|div|a|b|i|em|strong|span|h[1-6]|ul|ol|li|blockquote)\b[^<>]*>", re.IGNORECASE)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MAX_DEPTH = 20
"""How deep nodes are followed; references may go in a circle."""

Node = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article node; texts unescaped, dates as written. Without values where the page says nothing."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    url: str | None = None
    body: str = ""
    free: bool = True
    updates: tuple[Article, ...] = ()
    """Entries of a live blog, each an article of its own."""


def read_article(root: Any, url: str | None = None) -> Article:
    """The article that the page at ``root`` (lxml) describes. Broken blocks are passed over.

    Of several, the one that says it stands at ``url``: pages also describe the stories that they link to.
    """
    nodes = [node for block in _blocks(root) for node in _nodes(block)]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [
        node for node in nodes if _types(node) & ARTICLES and (node.get("headline") or node.get("datePublished"))
    ]
    own = next((node for node in articles if url and canonical_url(url) in _addresses(node)), None)
    return _article(own or articles[0], by_id) if articles else Article()


def _addresses(node: Node) -> set[str]:
    entity = node.get("mainEntityOfPage")
    stated = (node.get("url"), node.get("@id"), entity.get("@id") if isinstance(entity, dict) else entity)
    return {canonical_url(address) for address in stated if isinstance(address, str) and address}


def _blocks(root: Any) -> Iterator[Any]:
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower().startswith("application/ld+json"):
            source = _WRAPPING.sub("", script.text or "")
            for attempt in (source, _TRAILING_COMMA.sub(r"\1", source)):
                try:
                    yield json.loads(attempt, strict=False)  # strict would refuse raw newlines in strings
                    break
                except (ValueError, RecursionError):
                    continue


def _nodes(value: Any, depth: int = 0) -> Iterator[Node]:
    """Every node of a block in document order: lists and graphs flattened, ``mainEntity`` looked into."""
    if isinstance(value, list) and depth < _MAX_DEPTH:
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict) and depth < _MAX_DEPTH:
        yield value
        for key in ("@graph", "mainEntity"):
            yield from _nodes(value.get(key), depth + 1)


def _article(node: Node, by_id: dict[str, Node]) -> Article:
    updates = [update for update in _list(node.get("liveBlogUpdate")) if isinstance(update, dict)]
    return Article(
        headline=_words(node.get("headline")),
        authors=tuple(dict.fromkeys(_names(node.get("author"), by_id) or _names(node.get("creator"), by_id))),
        publisher=next(iter(_names(node.get("publisher"), by_id)), None),
        published=_text(_first(node.get("datePublished"))),
        modified=_text(_first(node.get("dateModified"))),
        language=_text(_first(node.get("inLanguage"))),
        url=_text(_first(node.get("url"))) or _text(node.get("@id")),
        body=_words(node.get("articleBody")) or _words(node.get("text")) or "",
        free=str(node.get("isAccessibleForFree", True)).lower() not in ("false", "no", "http://schema.org/false"),
        updates=tuple(_article(update, by_id) for update in updates),
    )


def _names(value: Any, by_id: dict[str, Node]) -> list[str]:
    """Names of persons, or of organisations where no person is named."""
    people: list[str] = []
    organisations: list[str] = []
    for item in _list(value):
        node = by_id.get(item["@id"], item) if isinstance(item, dict) and isinstance(item.get("@id"), str) else item
        names = _list(node.get("name")) if isinstance(node, dict) else [node]
        is_organisation = isinstance(node, dict) and any(_ORGANISATION.search(kind) for kind in _types(node))
        stated = (text for name in names if (text := _text(name)))
        if is_organisation:
            organisations.extend(stated)
        else:
            people.extend(name for byline in stated for name in names_in(byline))
    return people or organisations


def _types(node: Node) -> set[str]:
    return {kind.rpartition("/")[2] for kind in _list(node.get("@type")) if isinstance(kind, str)}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: Any) -> Any:
    first = next(iter(_list(value)), None)
    return first.get("alternateName") or first.get("name") if isinstance(first, dict) else first


def _text(value: Any) -> str | None:
    """A string with its entities decoded (sites escape them for HTML, where JSON needs none)."""
    value = value.get("@value") if isinstance(value, dict) else value
    return html.unescape(value).strip() or None if isinstance(value, str) else None


def _words(value: Any) -> str | None:
    """A text that some sites give as HTML."""
    text = _text(value)
    return html_to_text(text) or None if text and _MARKUP.search(text) else text
