"""LinkedIn as HTML: articles of a member's export, and pages of posts that somebody saved.

The site does not let programs in, so that pages are read from files only.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.errors import InputError
from kb.types import Author, Payload, RawDocument, Skipped
from sources.decode import decode, head
from sources.embeds import cut_embeds
from sources.html import element_text, parse_html
from sources.linkedin_member import read_member
from sources.linkedin_posts import PostId, account, external_id, post_id
from sources.shapes import HEAD_BYTES, dict_at, dicts_at, text_at, to_the_second, web_at
from sources.times import Moment, parse_moment
from sources.urls import canonical_url, identity

_ARTICLE = re.compile(r"""<p class=["']created["']>\s*Created on \d{4}-\d\d-\d\d""")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_PAGE = re.compile(
    r"<(?:link|meta)\b(?=[^>]*\b(?:canonical|og:url)\b)"
    r"""[^>]*["'](?P<url>https?://(?:[\w-]+\.)?linkedin\.com/(?:posts/|feed/update/)[^"'\s<>]+)""",
    re.IGNORECASE,
)
_COUNTRY_HOST = re.compile(r"^https?://(?:[\w-]+\.)?linkedin\.com", re.IGNORECASE)
_TYPES = (
    ("SocialMediaPosting", ("articleBody",)),
    ("DiscussionForumPosting", ("articleBody", "text")),
    ("VideoObject", ("description",)),
)
"""Types of JSON-LD that hold a post, the best first, and the fields with its words."""
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_MASKED = re.compile(r"[*\s]+")
_COMMENTARY = (
    ".//*[@data-test-id='main-feed-activity-card__commentary'"
    " or contains(concat(' ', @class, ' '), ' attributed-text-segment-list__content ')]"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A post as one part of a page shows it."""

    text: str
    author: Author | None
    stated: str = ""
    """Date as written; relative ages ("3d") count from a day that nobody knows, and are not read."""


def is_article(payload: Payload) -> bool:
    """An article of a member's export: a headline, then when it was created."""
    return bool(_ARTICLE.search(head(payload, HEAD_BYTES)))


def is_post_page(payload: Payload) -> bool:
    """A page that gives the address of a LinkedIn post as its own."""
    text = head(payload, HEAD_BYTES)
    return text.lstrip()[:1] == "<" and bool(_PAGE.search(text))


def read_article(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """The article, in which its author speaks, and the posts embedded in it; a draft is skipped."""
    root = parse_html(decode(payload))
    stamps = root.xpath("//p[@class='published']") if root is not None else []
    if not stamps:
        yield Skipped(payload.name, "draft of an article: never published")
        return
    links = root.xpath("//h1//a[contains(@href, 'linkedin.com/')]/@href")
    url = web_at(links[0]) if links else None
    title = " ".join(root.xpath("string(//h1)").split())
    stamp = _STAMP.search(stamps[0].text_content())
    posts = cut_embeds(root, now=payload.fetched_at, where=url or payload.name)
    for line in root.xpath("//h1[1] | //p[@class='created'] | //p[@class='published']"):
        line.drop_tree()
    moment = parse_moment(stamp[0] if stamp else None, payload.fetched_at)
    member = read_member(payload)
    author = member.author(moment.at if moment else None) if member else None
    if text := element_text(root):
        yield RawDocument(
            external_id=f"post:linkedin:{canonical_url(url)}" if url else identity(payload),
            kind="post",
            text=text,
            url=url,
            canonical_url=canonical_url(url) if url else None,
            title=title or None,
            author=author.name if author else None,
            published_at=moment.at if moment else None,
            published_precision=moment.precision if moment else "unknown",
            speaker=author,
            notes=(moment.note,) if moment and moment.note else (),
        )
    else:
        yield Skipped(url or payload.name, "article without words")
    yield from posts


def read_post_page(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """The one post that the page is about; comments under it and posts beside it are others'."""
    source = decode(payload)
    named, root = _PAGE.search(source), parse_html(source)
    if named is None or root is None:
        raise InputError(f"{payload.name} is no saved page of a LinkedIn post: it does not say which post it shows")
    url = _COUNTRY_HOST.sub("https://www.linkedin.com", html.unescape(named["url"]).partition("?")[0])
    post = post_id(url)
    found = _in_json(root, post) or _in_page(root, post)
    if found is None or found.author is None:
        yield Skipped(url, "no post with its author found on the page: save it while logged out", failed=True)
    elif not found.text or _MASKED.fullmatch(found.text):
        yield Skipped(url, "share without words of its own")
    else:
        yield _document(found, url, post, to_the_second(parse_moment(found.stated, payload.fetched_at)))


def _document(found: _Found, url: str, post: PostId | None, moment: Moment | None) -> RawDocument:
    at = moment.at if moment else post.at if post else None
    return RawDocument(
        external_id=external_id(post.number) if post else f"post:linkedin:{canonical_url(url)}",
        kind="post",
        text=found.text,
        url=url,
        canonical_url=canonical_url(url),
        author=found.author.name if found.author else None,
        published_at=at,
        published_precision=moment.precision if moment else "second" if at else "unknown",
        speaker=found.author,
    )


def _in_json(root: Any, post: PostId | None) -> _Found | None:
    """The post in the page's JSON-LD: exact where it is there."""
    nodes = list(_nodes(root))
    for kind, fields in _TYPES:
        for node in nodes:
            named = post_id(text_at(node, "@id") or text_at(node, "url"))
            is_other = named is not None and post is not None and named.number != post.number
            if kind not in _strings(node.get("@type")) or is_other:
                continue
            text = next(filter(None, (text_at(node, field).strip() for field in fields)), "")
            author = _author(dict_at(node, "author") or dict_at(node, "creator"))
            if author:
                return _Found(_unescaped(text), author, text_at(node, "datePublished"))
    return None


def _nodes(root: Any) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            block = json.loads(script.text or "", strict=False)  # strict would refuse raw newlines in strings
        except (ValueError, RecursionError):
            continue
        for node in block if isinstance(block, list) else [block]:
            if isinstance(node, dict):
                yield from (node, *dicts_at(node, "@graph"))


def _in_page(root: Any, post: PostId | None) -> _Found | None:
    """The post in the page itself: its first card, unless that is of another post."""
    cards = root.xpath("//*[@data-activity-urn]")
    shown = post_id(cards[0].get("data-activity-urn")) if cards else None
    if not cards or (shown and post and shown.number != post.number):
        return None
    texts = [element_text(words) for words in cards[0].xpath(_COMMENTARY) if _is_of(words, cards[0])]
    return _Found(texts[0] if texts else "", _first_account(cards[0]))


def _is_of(words: Any, card: Any) -> bool:
    """Whether words stand in the card itself, not in a post that it shares."""
    for above in words.iterancestors():
        if above is card:
            return True
        if above.get("data-activity-urn") or "reshare" in (above.get("class") or ""):
            return False
    return False


def _first_account(card: Any) -> Author | None:
    for link in card.iter("a"):
        name = " ".join(link.text_content().split())
        if name and account(link.get("href")):
            return _author({"name": name, "url": link.get("href")})
    return None


def _author(node: dict[str, Any]) -> Author | None:
    name, found = text_at(node, "name").strip(), account(text_at(node, "url"))
    if not name or _MASKED.fullmatch(name):
        return None
    is_organisation = "Organization" in _strings(node.get("@type")) or (found is not None and found[1])
    handle = found[0] if found else None
    return Author(name=_unescaped(name), handle=handle, kind="organisation" if is_organisation else "person")


def _strings(value: Any) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _unescaped(text: str) -> str:
    """Entities decoded that end in a semicolon; "&copy=2" in a link is none."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
