"""Article pages: the text by trafilatura, what the page says about itself by its JSON-LD and meta tags."""

from __future__ import annotations

import datetime as dt
import logging
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped
from sources.bylines import names_in
from sources.decode import decode, head
from sources.embeds import cut_embeds
from sources.furniture import Block, cut_furniture, without_furniture
from sources.html import parse_html
from sources.jsonld import Article, read_article
from sources.liveblog import read_live_blog
from sources.sniff import root_element
from sources.times import Moment, parse_moment
from sources.urls import canonical_url, host_of, identity, resolve

NAME = "page"
HIDDEN_SHARE = 2.0
"""JSON-LD carries the whole text of a page that shows a teaser: taken when it is so many times as long. Of a page that
is not free to read it is taken when it is longer at all: what such a page shows ends in offers to subscribe."""

_HTML_ROOTS = frozenset(["html", "head", "body", "article", "main", "meta", "title", "div", "h1", "p"])
_URL_DATE = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?:/|$)")
_SECTION = re.compile(r"[A-Za-z/-]{0,18}")
"""A path that is a home or section page, no story (Media Cloud's rule)."""
_PAGE_TWO = re.compile(r"[?&/]page[=/](\d+)")
_AMP = frozenset(["amp", "⚡"])
"""Attributes of ``<html>`` that make a page the AMP copy of another (AMP HTML specification)."""
_DATES = (
    "article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "pubdate",
)
"""Names of meta tags with the moment of publication, in small letters."""
_CHALLENGES = re.compile(
    r"(?:just a moment|attention required|access (?:to this page has been )?denied|pardon our interruption"
    r"|(?:please )?(?:verify|confirm) (?:that )?you are (?:a )?human|are you a (?:robot|human)|security check(?:point)?"
    r"|one more step|human verification|robot check)\W*(?:[|–-].*)?"
    r"|checking your browser before .*|before you continue to .*",
    re.IGNORECASE,
)
"""Titles of what stands before a page for programs: tests for people, refusals, questions for consent."""
LONGEST_CHALLENGE = 1000
"""Characters of its text."""
_PARAGRAPHS = frozenset(["p", "quote", "list"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A parsed page with everything it says about itself."""

    payload: Payload
    root: Any
    meta: dict[str, str]
    article: Article
    url: str | None
    """Where the page is: fetched URL, else what the page itself names."""
    notes: tuple[str, ...]


def matches(payload: Payload) -> bool:
    """An HTML document, or a fragment that starts with an HTML element."""
    text = head(payload)
    return text.lstrip()[:14].lower() == "<!doctype html" or root_element(text) in _HTML_ROOTS


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """The article, then the posts embedded in it; a live blog gives one article per update."""
    root = parse_html(decode(payload))
    if root is None:
        raise InputError(f"{payload.name} is not a page: there is no HTML element in it")
    page = _page(payload, root)
    posts = cut_embeds(root, now=payload.fetched_at, where=page.url or payload.name)
    if page.article.updates:
        language = page.article.language or page.root.get("lang") or None
        yield from read_live_blog(page.article, payload, url=page.url, language=language)
    else:
        yield _document(page)
    yield from posts


def _page(payload: Payload, root: Any) -> _Page:
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        key = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        meta.setdefault(key, (element.get("content") or "").strip())
    url, notes = _address(payload, root, meta)
    return _Page(payload=payload, root=root, meta=meta, article=read_article(root, url), url=url, notes=notes)


def _address(payload: Payload, root: Any, meta: dict[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """The page's own address, and a note when it names another site as the original."""
    links = [link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    for link in (*links, meta.get("og:url")):
        url = resolve(payload.url, link)
        if url is None or not _is_story(url, payload.url):
            continue
        if payload.url and host_of(url) != host_of(payload.url) and not _AMP & set(root.attrib):
            return payload.url, (f"first published at {url}",)
        return url, ()
    return payload.url, ()


def _is_story(url: str, fetched: str | None) -> bool:
    """Whether a canonical link is believable: no home or section page, no other page of the same story."""
    if fetched and canonical_url(url) == canonical_url(fetched):
        return True
    page = _PAGE_TWO.search(fetched or "")
    return not _SECTION.fullmatch(urlsplit(url).path) and not (page and not _PAGE_TWO.search(url))


def _document(page: _Page) -> RawDocument | Skipped:
    blocks, guess = _extract(page)
    article, meta = page.article, page.meta
    title = article.headline or meta.get("og:title") or _title(page.root, "h1", "title")
    text = "\n\n".join(blocks)
    notes = page.notes
    if len(article.body) > (HIDDEN_SHARE if article.free else 1) * len(text):
        text, notes = article.body, (*notes, "text from the page's JSON-LD; the visible page is shorter")
    if len(text) <= LONGEST_CHALLENGE and _CHALLENGES.fullmatch(_title(page.root, "title") or ""):
        reason = "the site shows this page to people only: save it in a browser and add the file"
        return Skipped(page.url or page.payload.name, reason, failed=True)
    if not text:
        reason = "no article text found; is the page built by scripts, or behind a login?"
        return Skipped(page.url or page.payload.name, reason, failed=True)
    published = _published(page, guess)
    updated = _first_moment(page, article.modified, meta.get("article:modified_time"))
    return RawDocument(
        external_id=identity(page.payload, page.url),
        kind="article",
        text=text,
        url=page.payload.url or page.url,
        canonical_url=canonical_url(page.url) if page.url else None,
        title=title,
        author=", ".join(article.authors or _authors_in(meta)) or None,
        publisher=article.publisher or meta.get("og:site_name") or host_of(page.url),
        language=article.language or page.root.get("lang") or None,
        published_at=published.at if published else None,
        published_precision=published.precision if published else "unknown",
        updated_at=updated.at if updated else None,
        notes=(*notes, *_cautions(article, text, published)),
    )


def _cautions(article: Article, text: str, published: Moment | None) -> Iterator[str]:
    if not article.free and article.body != text:
        yield "the page says that it is not free to read: the text may be cut"
    if published and published.note:
        yield published.note


def _published(page: _Page, guess: str | None) -> Moment | None:
    """JSON-LD, meta tag, the header's ``<time>``, the date in the URL, last trafilatura's guess."""
    times = page.root.xpath(
        "//time[@datetime and not(contains(@class, 'updat') or contains(@class, 'modif'))]"
        "[ancestor::article or ancestor::header or @itemprop='datePublished']"
    )
    in_url = _URL_DATE.search(page.url or "")
    return _first_moment(
        page,
        page.article.published,
        *map(page.meta.get, _DATES),
        times[0].get("datetime") if times else None,
        "{}-{:0>2}-{:0>2}".format(*in_url.groups()) if in_url else None,
        guess,
    )


def _first_moment(page: _Page, *stated: str | None) -> Moment | None:
    moments = (parse_moment(text, page.payload.fetched_at) for text in stated)
    return next((moment for moment in moments if moment), None)


def _authors_in(meta: dict[str, str]) -> tuple[str, ...]:
    """Bylines of meta tags; ``article:author`` is often the address of a profile, which is no name."""
    for key in ("author", "article:author", "parsely-author", "dc.creator"):
        if names := tuple(names_in(meta.get(key))):
            return names
    return ()


def _title(root: Any, *tags: str) -> str | None:
    element = next((element for tag in tags for element in root.iter(tag)), None)
    return (_squeeze(element.text_content()) or None) if element is not None else None


def _extract(page: _Page) -> tuple[list[str], str | None]:
    """Paragraphs of the article, and the day on which trafilatura thinks that it appeared."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # urllib3, for its downloader which is not used here: no SOCKS support
        from trafilatura import bare_extraction

    cut_furniture(page.root)
    # It reports pages without text as errors on the console; here that is a result with a reason.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    today = (page.payload.fetched_at + dt.timedelta(days=1)).date().isoformat()
    document: Any = bare_extraction(
        page.root,
        url=page.url,
        with_metadata=True,
        include_comments=False,
        favor_precision=True,
        # An extensive search takes any date in the prose for the date of publication.
        date_extraction_params={"extensive_search": False, "original_date": True, "max_date": today},
    )
    if document is None:
        return [], None
    for line_break in document.body.iter("lb"):
        line_break.tail = f" {line_break.tail or ''}"
    return without_furniture(_blocks(document.body)), document.date


def _blocks(body: Any) -> Iterator[Block]:
    """Each block of trafilatura's tree, text between blocks included, without the headline."""
    yield "p", _squeeze(body.text)
    for element in body:
        if element.tag == "head" and element.get("rend") == "h1":
            continue
        if element.tag in ("list", "table"):
            bullet = "- " if element.tag == "list" else ""
            lines = (_squeeze("".join(part.itertext())) for part in element)
            yield element.tag, "\n".join(bullet + line for line in lines if line)
        else:
            for part in _paragraphs(element):
                yield element.tag, _squeeze(part)
        yield "p", _squeeze(element.tail)


def _paragraphs(element: Any) -> Iterator[str]:
    """The element's text, in several pieces when it holds paragraphs (a quotation does)."""
    if not _PARAGRAPHS & {child.tag for child in element}:
        yield "".join(element.itertext())
        return
    yield element.text or ""
    for child in element:
        yield "".join(child.itertext())
        yield child.tail or ""


def _squeeze(text: str | None) -> str:
    return " ".join((text or "").split())
