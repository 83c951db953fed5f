"""The archive of a Mastodon account: ``outbox.json`` (ActivityStreams), with ``actor.json`` beside it.

It holds everything that the account sent, direct messages and posts for followers too.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from kb.types import Author, Payload, RawDocument, Skipped
from sources.mastodon_posts import handle, post
from sources.mastodon_text import read_words
from sources.shapes import dict_at, dicts_at, documents, list_at, text_at, web_at
from sources.threads import Post, joined
from sources.times import parse_moment
from sources.urls import host_of

_PUBLIC = frozenset(["https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"])
"""ActivityPub, section 5.6: all three spellings mean everybody."""

_NAME = re.compile(r"[\w.-]+")

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Actor:
    """Whose archive it is; ``author`` None and ``id`` empty without ``actor.json``."""

    author: Author | None = None
    id: str = ""


def read_archive(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One document per public or unlisted post or thread; boosts and everything private are skipped."""
    actor = _actor(payload)
    activities = [a for document in documents(payload) for a in list_at(document, "orderedItems")]
    items = enumerate(map(dict_at, activities), 1)
    yield from joined([_read(each, f"{payload.name}, item {n}", actor, payload.fetched_at) for n, each in items])


def _read(activity: Node, item: str, actor: _Actor, now: dt.datetime) -> Post | Skipped:
    note, kind = dict_at(activity, "object"), text_at(activity, "type")
    label = web_at(note, "url") or web_at(note, "id") or web_at(activity, "object") or item
    if kind == "Announce":
        return Skipped(label, "boost: not the account's words")
    if kind != "Create" or not note:
        return Skipped(label, f"activity of type {kind or 'none'}: no post", failed=not kind)
    if not _is_public(activity, note):
        return Skipped(label, "not public: a direct message or a post for followers")
    if not _is_own(activity, note, actor):
        return Skipped(label, "post of another account: not the account's words")
    document = _document(activity, note, actor, now)
    if isinstance(document, Skipped):
        return document
    answered = text_at(note, "inReplyTo")
    if answered and not answered.startswith(f"{text_at(activity, 'actor')}/statuses/"):
        document = replace(document, notes=(_reply(note, answered), *document.notes))
        answered = ""
    return Post(number=text_at(note, "id") or label, document=document, continues=answered or None)


def _document(activity: Node, note: Node, actor: _Actor, now: dt.datetime) -> RawDocument | Skipped:
    url = web_at(note, "url") or web_at(note, "id")
    if url is None:
        return Skipped(text_at(note, "id") or "post", "post without address", failed=True)
    translations = {key: value for key, value in dict_at(note, "contentMap").items() if isinstance(value, str)}
    words = read_words(text_at(note, "content") or next(iter(translations.values()), ""))
    updated = parse_moment(text_at(note, "updated"), now)
    return post(
        url,
        actor.author,
        text=words.text,
        published=parse_moment(text_at(note, "published") or text_at(activity, "published"), now),
        notes=_remarks(note, words.quotes),
        language=next(iter(translations), None),
        updated_at=updated.at if updated else None,
    )


def _is_public(activity: Node, note: Node) -> bool:
    """Addressed to everybody, in ``cc`` (unlisted) as well: the post, and its activity where that is addressed."""
    addressed = [node for node in (activity, note) if node is note or "to" in node or "cc" in node]
    return all(_PUBLIC & {*_addresses(node, "to"), *_addresses(node, "cc")} for node in addressed)


def _addresses(node: Node, key: str) -> list[str]:
    """A list, or a single address."""
    value = node.get(key)
    return [address for address in (value if isinstance(value, list) else [value]) if isinstance(address, str)]


def _is_own(activity: Node, note: Node, actor: _Actor) -> bool:
    """Whether the account itself wrote the post: everything that is said of its author agrees."""
    named = {text_at(activity, "actor"), text_at(note, "attributedTo"), actor.id} - {""}
    return len(named) <= 1


def _reply(note: Node, answered: str) -> str:
    mentions = [text_at(tag, "name") for tag in dicts_at(note, "tag") if text_at(tag, "type") == "Mention"]
    return f"reply to {mentions[0] if len(mentions) == 1 else answered}"


def _remarks(note: Node, quotes: tuple[str, ...]) -> Iterator[str]:
    if warning := text_at(note, "summary"):
        yield f"content warning: {warning}"
    if quoted := web_at(note, "quote") or web_at(note, "quoteUri") or next(iter(quotes), None):
        yield f"quotes {quoted}, whose words are left out"


def _actor(payload: Payload) -> _Actor:
    """The account, from ``actor.json``; never from the addresses of posts, which may hold a number for the name."""
    try:
        found = dict_at(json.loads(payload.sibling("actor.json") or b"null"))
    except (ValueError, RecursionError):
        return _Actor()
    name, home = text_at(found, "preferredUsername"), host_of(web_at(found, "id") or web_at(found, "url"))
    if not _NAME.fullmatch(name) or not home:
        return _Actor()
    author = Author(name=text_at(found, "name").strip() or f"{name}@{home}", handle=handle(f"{name}@{home}"))
    return _Actor(author, text_at(found, "id"))
