"""RSS and Atom feeds."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from kb.errors import InputError
from kb.text import fingerprint
from kb.types import Payload, RawDocument, Skipped
from sources.decode import decode, head
from sources.embeds import cut_embeds
from sources.html import element_text, html_to_text, parse_html
from sources.sniff import local_name, root_element
from sources.times import Moment, parse_moment
from sources.urls import canonical_url, host_of, resolve

NAME = "feed"
FULL_TEXT_CHARS = 1500
"""A description this long is the article itself, not a teaser (the field's usual line for full-text feeds)."""

# Entity declarations can blow a kilobyte up to gigabytes, and no feed needs any.
_ENTITIES = re.compile(r"<!ENTITY[^>]{0,2000}>")
# What publishing systems put after a teaser.
_FOOTER = re.compile(
    r"(?:The post .{1,300} (?:appeared first|first appeared) on .{1,200}|Read (?:more|the rest)\b.{0,80})$"
)
_ELLIPSIS = re.compile(r"(?:\[(?:…|\.\.\.)\]|…|\.\.\.)$")
_SENTENCE_END = re.compile(r"[.!?][”\"’)]*(?=\s)")
_BY = re.compile(r"^by\s+", re.IGNORECASE)


class _Body(NamedTuple):
    markup: str
    is_html: bool
    is_content: bool
    """From an element that carries the whole text (``content``), not a description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Channel:
    """What every item of a feed needs to know about it."""

    payload: Payload
    base: str
    hosts: frozenset[str]
    """Where the feed lives and which site it says it belongs to."""
    title: str | None
    language: str | None
    authors: tuple[str, ...]
    captions: frozenset[str]
    shared_ids: frozenset[str]


def matches(payload: Payload) -> bool:
    """The root element, after XML declaration and comments, is ``rss``, ``rdf:RDF`` or Atom's ``feed``."""
    return local_name(root_element(head(payload))) in ("rss", "rdf", "feed")


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One article per item, and the posts embedded in items. An item with a teaser only is not ``complete``."""
    document = _ENTITIES.sub("", decode(payload)).encode("utf-8", "replace")
    feed = _parse(document, payload)
    channel = _channel(feed, payload, _captions(document))
    for number, entry in enumerate(feed.entries, 1):
        if any(entry.get(key) for key in ("id", "link", "title")):
            yield from _item(entry, channel)
        else:
            yield Skipped(f"{payload.name}, item {number}", "item without id, link and title: cut off?", failed=True)


def _parse(document: bytes, payload: Payload) -> Any:
    """feedparser's result. From bytes in UTF-8, so that our rule for encodings is the only one."""
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8"}
    if payload.url:
        headers["content-location"] = payload.url
    # Not sanitised: that would remove the attributes that identify embedded posts. Only text leaves this module.
    feed = feedparser.parse(io.BytesIO(document), response_headers=headers, sanitize_html=False)
    if not feed.get("version"):
        raise InputError(f"{payload.name} is not a feed; it starts with {head(payload, 60).strip()!r}")
    if feed.get("bozo") and not feed.entries:
        raise InputError(f"{payload.name} is a damaged feed without items: {feed.get('bozo_exception')}")
    return feed


def _captions(document: bytes) -> frozenset[str]:
    """Photo captions (``media:description``), which feedparser mistakes for the article (its issues 53 and 412)."""
    import lxml.etree

    parser = lxml.etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False, recover=True
    )
    root = lxml.etree.fromstring(document, parser)
    if root is None:
        return frozenset()
    found = root.iter("{http://search.yahoo.com/mrss/}description")
    return frozenset("".join(element.itertext()).strip() for element in found)


def _channel(feed: Any, payload: Payload, captions: frozenset[str]) -> _Channel:
    ids = {(entry.get("id"), entry.get("link")) for entry in feed.entries if entry.get("id")}
    counts = Counter(name for name, _ in ids)
    return _Channel(
        payload=payload,
        base=payload.url or feed.feed.get("link") or "",
        hosts=frozenset(filter(None, map(host_of, (payload.url, feed.feed.get("link"))))),
        title=_plain(feed.feed.get("title_detail")),
        language=feed.feed.get("language") or None,
        # RFC 4287, section 4.1.1: the feed's author is the author of entries without one. RSS says no such thing.
        authors=_names(feed.feed) if feed.version.startswith("atom") else (),
        captions=captions,
        shared_ids=frozenset(name for name, count in counts.items() if count > 1),
    )


def _item(entry: Any, channel: _Channel) -> Iterator[RawDocument | Skipped]:
    now = channel.payload.fetched_at
    url = resolve(channel.base, entry.get("link"))
    body = _body(entry, channel.captions)
    whole, posts = _text(body, channel.payload, url)
    text, is_cut = _uncut(whole)
    published, note = _published(entry, now)
    updated = parse_moment(entry["updated"], now) if "updated" in entry else None
    title = _plain(entry.get("title_detail"))
    yield RawDocument(
        external_id=_external_id(entry, channel, url=url, text=text),
        kind="article",
        text=text,
        url=url,
        canonical_url=canonical_url(url) if url else None,
        title=title,
        author=", ".join(_names(entry) or channel.authors) or None,
        publisher=_publisher(entry, channel, url),
        language=channel.language,
        published_at=published.at if published else None,
        published_precision=published.precision if published else "unknown",
        updated_at=updated.at if updated else None,
        complete=not url or (bool(text) and not is_cut and (body.is_content or len(text) >= FULL_TEXT_CHARS)),
        notes=(note,) if note else (),
    )
    yield from posts


def _body(entry: Any, captions: frozenset[str]) -> _Body:
    """The longest text of an item; feedparser's first choice may be a photo caption or a podcast's blurb."""
    bodies = [_body_of(detail, is_content=True) for detail in entry.get("content", ())]
    description = _body_of(entry.get("summary_detail") or {}, is_content=False)
    if description.markup.strip() in captions:  # it overwrote the detail; ``summary`` keeps the description
        description = _Body(entry.get("summary") or "", is_html=True, is_content=False)
    wanted = [body for body in (*bodies, description) if body.markup.strip() not in captions]
    return max(wanted, key=lambda body: (len(body.markup), body.is_content), default=description)


def _body_of(detail: Any, *, is_content: bool) -> _Body:
    return _Body(detail.get("value") or "", "html" in (detail.get("type") or ""), is_content)


def _text(body: _Body, payload: Payload, url: str | None) -> tuple[str, list[RawDocument | Skipped]]:
    """The words of a body and the posts that were embedded in it."""
    root = parse_html(body.markup) if body.is_html and body.markup.strip() else None
    if root is None:
        return body.markup.strip() if not body.is_html else "", []
    posts = cut_embeds(root, now=payload.fetched_at, where=url or payload.name)
    return element_text(root), posts


def _uncut(text: str) -> tuple[str, bool]:
    """The text without "Read more" and without an unfinished last sentence, and whether it was cut."""
    kept = _FOOTER.sub("", text).rstrip()
    if not _ELLIPSIS.search(kept):
        return kept, kept != text
    ends = [match.end() for match in _SENTENCE_END.finditer(kept)]
    return kept[: ends[-1]] if ends else kept, True


def _published(entry: Any, now: dt.datetime) -> tuple[Moment | None, str | None]:
    """When the item appeared, from the raw string (feedparser reads ``CET`` as UTC), and what had to be assumed."""
    stated = entry.get("published")
    if moment := parse_moment(stated, now):
        return moment, moment.note
    if "updated" in entry and (moment := parse_moment(entry["updated"], now)):
        return moment, moment.note or ("date of the last change; none of publication is given" if not stated else None)
    return None, f"date {stated!r} is not usable" if stated else None


def _external_id(entry: Any, channel: _Channel, *, url: str | None, text: str) -> str:
    """The item's own id, else its link, else its words. Ids that several items share are joined with the link."""
    own = entry.get("id")
    if own and own not in channel.shared_ids:
        return str(own)
    link = canonical_url(url) if url else None
    if own:
        return f"{own}|{link or fingerprint([text])}"
    return link or fingerprint([_plain(entry.get("title_detail")) or "", text])


def _publisher(entry: Any, channel: _Channel, url: str | None) -> str | None:
    """The outlet whose page it is: aggregators carry other outlets' items under their own title."""
    source = _plain((entry.get("source") or {}).get("title_detail")) or (entry.get("source") or {}).get("title")
    if source:
        return str(source)
    is_own = not channel.hosts or host_of(url) in (None, *channel.hosts)
    return channel.title or host_of(url) if is_own else host_of(url)


def _names(entry: Any) -> tuple[str, ...]:
    """Authors' names; ``authors`` because ``author`` is only the last one and ``author_detail`` mixes two."""
    names = [_BY.sub("", author.get("name") or "").strip() for author in entry.get("authors") or ()]
    return tuple(dict.fromkeys(name for name in names if name))


def _plain(detail: Any) -> str | None:
    """A title as text. RSS titles are often escaped twice, which feedparser marks as ``text/html``."""
    value = (detail or {}).get("value") or ""
    text = html_to_text(value) if "html" in (detail or {}).get("type", "") else value
    return " ".join(text.split()) or None
