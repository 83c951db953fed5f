"""Posts of Bluesky accounts: author feeds as the API gives them, and RSS feeds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

from kb.errors import InputError
from kb.types import Author, Payload, RawDocument, Skipped
from sources.decode import head
from sources.links import written_out
from sources.post_feeds import Item, read_channel
from sources.shapes import dict_at, dicts_at, documents, json_keys, list_at, text_at, to_the_second
from sources.sniff import local_name, root_element
from sources.times import Moment, parse_moment
from sources.urls import canonical_url

NAME = "bluesky"
BACKDATED = dt.timedelta(days=1)
"""How much earlier than the network saw it a post may say that it was made; imports say 1970, and prove nothing."""

_GUID = re.compile(r"<guid[^>]*>\s*at://did:")
_CHANNEL = re.compile(r"@(?P<handle>[\w.-]+)(?:\s+-\s+(?P<name>.+))?", re.DOTALL)
_POST_URI = re.compile(r"at://(?P<did>did:[a-z]+:[\w.:%-]+)/app\.bsky\.feed\.post/(?P<key>[\w.~:-]+)")
_HANDLE = re.compile(r"[\w.-]+")
_MARKER = re.compile(r"\s*\[contains quote post or other embedded content\]\s*$")
_RECORD = "app.bsky.feed.post"
_FEED_KEYS = frozenset(["feed", "cursor"])


def matches(payload: Payload) -> bool:
    """An author feed, an empty one too, or an RSS feed whose items have at:// addresses."""
    return _reader(payload) is not None


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One document per post by its own author; reposts are skipped."""
    reader = _reader(payload)
    if reader is None:
        raise InputError(f"{payload.name} is no feed of a Bluesky account")
    return reader(payload)


def external_id(uri: str) -> str:
    """Identity of a post: the at:// address, which stays when the account takes another handle."""
    return f"post:bluesky:{uri}"


def post_url(did: str, key: str) -> str:
    """Where people read the post."""
    return f"https://bsky.app/profile/{did}/post/{key}"


def _reader(payload: Payload) -> Callable[[Payload], Iterator[RawDocument | Skipped]] | None:
    keys = json_keys(payload)
    if "feed.post.record" in keys or "feed.post.uri" in keys or ("feed" in keys and keys <= _FEED_KEYS):
        return _read_author_feed
    text = head(payload)
    return _read_rss if local_name(root_element(text)) == "rss" and _GUID.search(text) else None


# --- author feeds ---


def _read_author_feed(payload: Payload) -> Iterator[RawDocument | Skipped]:
    number = 0
    for document in documents(payload):
        if isinstance(document, Skipped):
            yield document
            continue
        for page in document if isinstance(document, list) else [document]:
            for entry in list_at(page, "feed"):
                number += 1
                yield _entry(dict_at(entry), f"{payload.name}, post {number}", payload.fetched_at)


def _entry(entry: dict[str, Any], item: str, now: dt.datetime) -> RawDocument | Skipped:
    post, record = dict_at(entry, "post"), dict_at(entry, "post", "record")
    uri = _POST_URI.fullmatch(text_at(post, "uri"))
    handle = text_at(post, "author", "handle")
    if uri is None or not _HANDLE.fullmatch(handle) or text_at(record, "$type") not in ("", _RECORD):
        return Skipped(item, "record is no post: it has no address or no author", failed=True)
    url = post_url(uri["did"], uri["key"])
    if text_at(post, "author", "did") not in ("", uri["did"]):
        return Skipped(url, "its address is another account's than its author", failed=True)
    if text_at(entry, "reason", "$type").endswith("#reasonRepost"):
        return Skipped(url, f"repost of @{handle}: not the account's words")
    text = _whole_links(text_at(record, "text"), dicts_at(record, "facets")).strip()
    if not text:
        return Skipped(url, "post without words")
    moment, remarks = _dated(text_at(record, "createdAt"), text_at(post, "indexedAt"), now)
    return _document(
        uri,
        Author(name=text_at(post, "author", "displayName").strip() or handle, handle=f"bluesky:{handle}"),
        moment,
        text=text,
        notes=(*_reply(entry, record, uri["did"]), *_quotes(post, record), *remarks),
        language=next((text_at(code) for code in list_at(record, "langs")), "") or None,
    )


def _document(uri: re.Match[str], author: Author, moment: Moment | None, **given: Any) -> RawDocument:
    url = post_url(uri["did"], uri["key"])
    return RawDocument(
        external_id=external_id(uri[0]),
        kind="post",
        url=url,
        canonical_url=canonical_url(url),
        author=author.name,
        published_at=moment.at if moment else None,
        published_precision=moment.precision if moment else "unknown",
        speaker=author,
        **given,
    )


def _whole_links(text: str, facets: list[dict[str, Any]]) -> str:
    """The text with shortened links in full. Facets count bytes of UTF-8; one that cuts a letter is let be."""
    data = text.encode("utf-8", "surrogatepass")
    links = sorted({link for facet in facets if (link := _link(facet))})
    parts, at = [], 0
    for start, end, address in links:
        if at <= start < end <= len(data) and _is_whole(data, start) and _is_whole(data, end):
            shown = data[start:end].decode("utf-8", "surrogatepass")
            parts += [data[at:start], written_out(shown, address).encode("utf-8", "surrogatepass")]
            at = end
    return b"".join([*parts, data[at:]]).decode("utf-8", "surrogatepass")


def _link(facet: dict[str, Any]) -> tuple[int, int, str] | None:
    start, end = (dict_at(facet, "index").get(key) for key in ("byteStart", "byteEnd"))
    address = next(
        (text_at(f, "uri") for f in dicts_at(facet, "features") if text_at(f, "$type").endswith("#link")), ""
    )
    return (start, end, address) if isinstance(start, int) and isinstance(end, int) and address else None


def _is_whole(data: bytes, at: int) -> bool:
    """Whether a letter begins at that byte, or the text ends."""
    return at == len(data) or data[at] & 0xC0 != 0x80


def _dated(created: str, indexed: str, now: dt.datetime) -> tuple[Moment | None, list[str]]:
    """When a post was made: as its author's program says, unless that is after the network saw it or long before."""
    said, seen = to_the_second(parse_moment(created, now)), to_the_second(parse_moment(indexed, now))
    if seen is None or (said and seen.at - BACKDATED <= said.at <= seen.at):
        return said, []
    if said and said.at > seen.at:
        return seen, []
    claim = f"dated {created[:10]} by its author" if created else "without a date of its author's"
    return seen, [f"{claim}; the date is that on which the network first saw it"]


def _reply(entry: dict[str, Any], record: dict[str, Any], did: str) -> Iterator[str]:
    parent = _POST_URI.fullmatch(text_at(record, "reply", "parent", "uri"))
    if parent and parent["did"] == did:
        yield f"continues {post_url(did, parent['key'])}"
    elif parent:
        handle = text_at(entry, "reply", "parent", "author", "handle")
        yield f"reply to @{handle}" if handle else f"reply to {post_url(parent['did'], parent['key'])}"


def _quotes(post: dict[str, Any], record: dict[str, Any]) -> Iterator[str]:
    """The post that this one quotes, from the record, where it stands even when the post itself cannot be seen."""
    embed = dict_at(record, "embed", "record")
    quoted = _POST_URI.fullmatch(text_at(embed, "uri") or text_at(embed, "record", "uri"))
    if quoted is None:
        return
    view = dict_at(post, "embed", "record")
    seen = view if "uri" in view else dict_at(view, "record")
    handle = text_at(seen, "author", "handle")
    by = f" by @{handle}" if handle else ""
    missing = text_at(seen, "$type").rpartition("#")[2] in ("viewNotFound", "viewBlocked", "viewDetached")
    yield f"quotes {post_url(quoted['did'], quoted['key'])}{by}, whose words are {'missing' if missing else 'left out'}"


# --- RSS ---


def _read_rss(payload: Payload) -> Iterator[RawDocument | Skipped]:
    channel = read_channel(payload)
    named = _CHANNEL.fullmatch(channel.about["title"].strip())
    for number, item in enumerate(channel.items, 1):
        uri = _POST_URI.fullmatch(item["guid"])
        if uri is None or named is None:
            reason = "item without the address of a post, or feed without its account"
            yield Skipped(f"{payload.name}, item {number}", reason, failed=True)
        else:
            author = Author(name=named["name"] or named["handle"], handle=f"bluesky:{named['handle']}")
            yield _item(item, uri, author, payload.fetched_at)


def _item(item: Item, uri: re.Match[str], author: Author, now: dt.datetime) -> RawDocument | Skipped:
    text = _MARKER.sub("", item["description"]).strip()
    if not text:
        return Skipped(post_url(uri["did"], uri["key"]), "post without words")
    moment = parse_moment(item["pubdate"], now)
    embed = "with a quoted post, a picture or a link that the feed leaves out" if text != item["description"] else ""
    notes = tuple(filter(None, (embed, moment.note if moment else None)))
    return _document(uri, author, moment, text=text, notes=notes)
