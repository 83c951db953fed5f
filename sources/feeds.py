"""RSS and Atom feeds."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, NamedTuple

from kb.errors import InputError
from kb.text import fingerprint
from kb.types import Payload, RawDocument, Skipped
from sources.bylines import names_in
from sources.decode import head
from sources.embeds import cut_embeds
from sources.formats import MISTAKES
from sources.furniture import cut_furniture
from sources.html import element_text, html_to_text, parse_html
from sources.podcasts import best_transcript, people, transcripts
from sources.sniff import local_name, root_element
from sources.times import Moment, parse_moment
from sources.urls import canonical_url, host_of, resolve
from sources.xml_ import child_text, children, parse_xml, tag, xml_bytes

NAME = "feed"
FULL_TEXT_CHARS = 1500
"""A description this long is the article itself, not a teaser (the field's usual line for full-text feeds)."""

# What publishing systems put after a teaser.
_FOOTER = re.compile(
    r"(?:The post .{1,300} (?:appeared first|first appeared) on .{1,200}|Read (?:more|the rest)\b.{0,80})$"
)
_ELLIPSIS = re.compile(r"(?:\[(?:…|\.\.\.)\]|…|\.\.\.)$")
_SENTENCE_END = re.compile(r"[.!?][”\"’)]*(?=\s)")


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
    is_atom: bool
    captions: frozenset[str]
    """Photo captions (``media:description``), which feedparser mistakes for the article (its issues 53 and 412)."""
    shared_ids: frozenset[str]


def matches(payload: Payload) -> bool:
    """The root element, after XML declaration and comments, is ``rss``, ``rdf:RDF`` or Atom's ``feed``."""
    return local_name(root_element(head(payload))) in ("rss", "rdf", "feed")


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One article per item, and the posts embedded in items. An item with a teaser only is not ``complete``."""
    document = xml_bytes(payload)
    feed, root = _parse(document, payload), parse_xml(document)
    elements = [element for element in root.iter() if tag(element) in ("item", "entry")] if root is not None else []
    channel = _channel(feed, payload, root)
    # Elements tell what feedparser loses. On a broken document the two parsers may find different items.
    raw: Iterator[Any] = iter(elements) if len(elements) == len(feed.entries) else repeat(None)
    for number, (entry, element) in enumerate(zip(feed.entries, raw, strict=False), 1):
        if any(entry.get(key) for key in ("id", "link", "title")):
            yield from _item(entry, element, channel)
        else:
            yield Skipped(f"{payload.name}, item {number}", "item without id, link and title: cut off?", failed=True)


def _parse(document: bytes, payload: Payload) -> Any:
    """feedparser's result. From bytes in UTF-8, so that our rule for encodings is the only one."""
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8"}
    if payload.url:
        headers["content-location"] = payload.url
    # Not sanitised: that would remove the attributes that identify embedded posts. Only text leaves this module.
    try:
        feed = feedparser.parse(io.BytesIO(document), response_headers=headers, sanitize_html=False)
    except MISTAKES as error:
        raise InputError(f"{payload.name} is a damaged feed that feedparser cannot read: {error}") from error
    if not feed.get("version"):
        raise InputError(f"{payload.name} is not a feed; it starts with {head(payload, 60).strip()!r}")
    if feed.get("bozo") and not feed.entries:
        raise InputError(f"{payload.name} is a damaged feed without items: {feed.get('bozo_exception')}")
    return feed


def _channel(feed: Any, payload: Payload, root: Any) -> _Channel:
    ids = {(entry.get("id"), entry.get("link")) for entry in feed.entries if entry.get("id")}
    counts = Counter(name for name, _ in ids)
    captions = root.iter("{http://search.yahoo.com/mrss/}description") if root is not None else ()
    is_atom = feed.version.startswith("atom")
    return _Channel(
        payload=payload,
        base=payload.url or feed.feed.get("link") or "",
        hosts=frozenset(filter(None, map(host_of, (payload.url, feed.feed.get("link"))))),
        title=_plain(feed.feed.get("title_detail")),
        language=feed.feed.get("language") or None,
        # RFC 4287, section 4.1.1: the feed's author is the author of entries without one. RSS says no such thing.
        authors=_names(feed.feed, None) if is_atom else (),
        is_atom=is_atom,
        captions=frozenset("".join(caption.itertext()).strip() for caption in captions),
        shared_ids=frozenset(name for name, count in counts.items() if count > 1),
    )


def _item(entry: Any, element: Any, channel: _Channel) -> Iterator[RawDocument | Skipped]:
    now = channel.payload.fetched_at
    url = resolve(channel.base, entry.get("link"))
    body = _body(entry, element, channel.captions)
    whole, posts = _text(body, channel.payload, url)
    text, is_cut = _uncut(whole)
    published, note = _published(entry, channel)
    updated = parse_moment(entry["updated"], now) if "updated" in entry else None
    is_whole = not url or (bool(text) and not is_cut and (body.is_content or len(text) >= FULL_TEXT_CHARS))
    spoken = _transcript_url(element, channel)
    address = spoken or url
    yield RawDocument(
        external_id=_external_id(entry, element, channel, url=url, text=text),
        kind="article",
        text=text,
        url=url,
        canonical_url=canonical_url(address) if address else None,
        title=_title(entry),
        author=", ".join(_names(entry, element) or channel.authors) or None,
        publisher=_publisher(entry, channel, url),
        language=channel.language,
        published_at=published.at if published else None,
        published_precision=published.precision if published else "unknown",
        updated_at=updated.at if updated else None,
        complete=is_whole and not spoken,
        text_url=spoken,
        people=people(element) if spoken else (),
        recording_url=_recording_url(entry, channel) if spoken else None,
        notes=(note,) if note else (),
    )
    yield from posts


def _transcript_url(element: Any, channel: _Channel) -> str | None:
    """Where the words of an episode are; its text in the feed is what the publisher says about it."""
    if element is None:
        return None
    best = best_transcript(list(transcripts(element, channel.base)), channel.language)
    return best.url if best else None


def _recording_url(entry: Any, channel: _Channel) -> str | None:
    """Where an episode can be heard or seen."""
    enclosures = entry.get("enclosures") or ()
    played = (e.get("href") for e in enclosures if (e.get("type") or "").lower().startswith(("audio/", "video/")))
    return resolve(channel.base, next(played, None))


def _title(entry: Any) -> str | None:
    """The headline, without the outlet that aggregators put behind it."""
    title, source = _plain(entry.get("title_detail")), _source(entry)
    return (title.removesuffix(f" - {source}") or None) if title and source else title


def _source(entry: Any) -> str | None:
    """The outlet that an aggregator names."""
    source = entry.get("source") or {}
    named = _plain(source.get("title_detail")) or source.get("title")
    return str(named) if named else None


def _body(entry: Any, element: Any, captions: frozenset[str]) -> _Body:
    """The longest text of an item; feedparser's first choice may be a photo caption or a podcast's blurb."""
    bodies = [_body_of(detail, is_content=True) for detail in entry.get("content", ())]
    if _has_blurb(element):  # feedparser lets it overwrite the description (its issue 324)
        described = next((d.text or "" for d in children(element, "description") if "}" not in d.tag), "")
        bodies.append(_Body(described, is_html=True, is_content=False))
    description = _body_of(entry.get("summary_detail") or {}, is_content=False)
    if description.markup.strip() in captions:  # it overwrote the detail; ``summary`` keeps the description
        description = _Body(entry.get("summary") or "", is_html=True, is_content=False)
    wanted = [body for body in (*bodies, description) if body.markup.strip() not in captions]
    return max(wanted, key=lambda body: (len(body.markup), body.is_content), default=description)


def _has_blurb(element: Any) -> bool:
    return element is not None and next(children(element, "summary"), None) is not None and tag(element) == "item"


def _body_of(detail: Any, *, is_content: bool) -> _Body:
    return _Body(detail.get("value") or "", "html" in (detail.get("type") or ""), is_content)


def _text(body: _Body, payload: Payload, url: str | None) -> tuple[str, list[RawDocument | Skipped]]:
    """The words of a body and the posts that were embedded in it."""
    root = parse_html(body.markup) if body.is_html and body.markup.strip() else None
    if root is None:
        return body.markup.strip() if not body.is_html else "", []
    posts = cut_embeds(root, now=payload.fetched_at, where=url or payload.name)
    cut_furniture(root)
    return element_text(root), posts


def _uncut(text: str) -> tuple[str, bool]:
    """The text without "Read more" and without an unfinished last sentence, and whether it was cut."""
    kept = _FOOTER.sub("", text).rstrip()
    if not _ELLIPSIS.search(kept):
        return kept, kept != text
    ends = [match.end() for match in _SENTENCE_END.finditer(kept)]
    return kept[: ends[-1]] if ends else kept, True


def _published(entry: Any, channel: _Channel) -> tuple[Moment | None, str | None]:
    """When the item appeared, from the raw string (feedparser reads ``CET`` as UTC), and what had to be assumed."""
    stated, now = entry.get("published"), channel.payload.fetched_at
    if moment := parse_moment(stated, now):
        return moment, moment.note
    if "updated" in entry and (moment := parse_moment(entry["updated"], now)):
        # Of RSS it is ``dc:date``, which says when the item appeared.
        is_change = channel.is_atom and not stated
        return moment, moment.note or ("date of the last change; none of publication is given" if is_change else None)
    return None, f"date {stated!r} is not usable" if stated else None


def _external_id(entry: Any, element: Any, channel: _Channel, *, url: str | None, text: str) -> str:
    """The item's own id, else its link, else its words. Ids that several items share are joined with the link.

    The id as it is written: feedparser joins one that is no address to that of the feed where it is known.
    """
    own = entry.get("id")
    if own and own not in channel.shared_ids:
        written = (child_text(element, name) for name in ("guid", "id")) if element is not None else ()
        return next(filter(None, written), str(own))
    link = canonical_url(url) if url else None
    if own:
        return f"{own}|{link or fingerprint([text])}"
    return link or fingerprint([_plain(entry.get("title_detail")) or "", text])


def _publisher(entry: Any, channel: _Channel, url: str | None) -> str | None:
    """The outlet whose page it is: aggregators carry other outlets' items under their own title."""
    if source := _source(entry):
        return source
    is_own = not channel.hosts or host_of(url) in (None, *channel.hosts)
    return channel.title or host_of(url) if is_own else host_of(url)


def _names(entry: Any, element: Any) -> tuple[str, ...]:
    """Authors' names as they are written; feedparser cuts mailboxes out of them, and not always whole.

    Without an element its ``authors``, because ``author`` is only the last one and ``author_detail`` mixes two.
    """
    if element is None:
        stated = [author.get("name") for author in entry.get("authors") or ()]
    else:
        stated = [
            child_text(author, "name") or " ".join(author.itertext())
            for author in element
            if tag(author) in ("author", "creator")
        ]
    return tuple(dict.fromkeys(chain.from_iterable(map(names_in, stated))))


def _plain(detail: Any) -> str | None:
    """A title as text. RSS titles are often escaped twice, which feedparser marks as ``text/html``."""
    value = (detail or {}).get("value") or ""
    text = html_to_text(value) if "html" in (detail or {}).get("type", "") else value
    return " ".join(text.split()) or None
