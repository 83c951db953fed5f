"""Posts of Mastodon accounts: RSS feeds, statuses as the API gives them, and archives (``outbox.json``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from kb.errors import InputError
from kb.types import Author, Payload, RawDocument, Skipped
from sources.decode import head
from sources.mastodon_archive import read_archive
from sources.mastodon_posts import account_at, handle, post
from sources.mastodon_text import read_words
from sources.post_feeds import Item, read_channel
from sources.shapes import dict_at, dicts_at, documents, json_keys, text_at, web_at
from sources.sniff import local_name, root_element
from sources.times import parse_moment
from sources.urls import host_of

NAME = "mastodon"
_GENERATOR = re.compile(r"<generator>\s*Mastodon\b", re.IGNORECASE)
_ACCOUNT = re.compile(r"@([\w.-]+@[\w-]+(?:\.[\w-]+)+)")
_STATUS = frozenset(["uri", "content", "account.acct"])
_PUBLIC = frozenset(["public", "unlisted"])


def matches(payload: Payload) -> bool:
    """A feed that Mastodon made, a list of statuses, or an outbox."""
    return _reader(payload) is not None


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """What the account published for everybody; boosts, direct messages and posts for followers are skipped."""
    reader = _reader(payload)
    if reader is None:
        raise InputError(f"{payload.name} is no feed of a Mastodon account, no list of statuses and no outbox")
    return reader(payload)


def _reader(payload: Payload) -> Callable[[Payload], Iterator[RawDocument | Skipped]] | None:
    keys = json_keys(payload)
    if "orderedItems" in keys:
        return read_archive
    if keys >= _STATUS:
        return _read_statuses
    text = head(payload)
    return _read_feed if local_name(root_element(text)) == "rss" and _GENERATOR.search(text) else None


# --- statuses of the API ---


def _read_statuses(payload: Payload) -> Iterator[RawDocument | Skipped]:
    number = 0
    for document in documents(payload):
        if isinstance(document, Skipped):
            yield document
            continue
        for status in document if isinstance(document, list) else [document]:
            number += 1
            yield _status(dict_at(status), f"{payload.name}, status {number}", payload)


def _status(status: dict[str, Any], item: str, payload: Payload) -> RawDocument | Skipped:
    url = web_at(status, "url") or web_at(status, "uri")
    host = host_of(web_at(status, "uri") or url)
    author = _author(dict_at(status, "account"), host)
    if url is None or author is None:
        return Skipped(item, "record is no status: it has no address or no account", failed=True)
    if status.get("reblog"):
        boosted = text_at(status, "reblog", "account", "acct")
        return Skipped(url or item, f"boost{f' of @{boosted}' if boosted else ''}: not the account's words")
    if text_at(status, "visibility") not in _PUBLIC:
        return Skipped(url or item, f"not public (visibility {text_at(status, 'visibility') or 'not stated'})")
    words = read_words(text_at(status, "content"))
    updated = parse_moment(text_at(status, "edited_at"), payload.fetched_at)
    return post(
        url,
        author,
        text=words.text,
        published=parse_moment(text_at(status, "created_at"), payload.fetched_at),
        notes=[*_reply(status), *_warning(text_at(status, "spoiler_text")), *_quotes(status, words.quotes)],
        language=text_at(status, "language") or None,
        updated_at=updated.at if updated else None,
    )


def _author(account: dict[str, Any], host: str | None) -> Author | None:
    """``acct`` lacks the domain where the account is at home on the server that was asked."""
    name = text_at(account, "acct") or text_at(account, "username")
    home = host_of(web_at(account, "url")) or host
    whole = name if "@" in name else f"{name}@{home}" if home else ""
    if not _ACCOUNT.fullmatch(f"@{whole}"):
        return None
    return Author(name=text_at(account, "display_name").strip() or whole, handle=handle(whole.lower()))


def _warning(text: str) -> tuple[str, ...]:
    return (f"content warning: {text}",) if text else ()


def _reply(status: dict[str, Any]) -> Iterator[str]:
    to = text_at(status, "in_reply_to_account_id")
    if to and to == text_at(status, "account", "id"):
        yield "continues a post of the account"
    elif to or text_at(status, "in_reply_to_id"):
        names = [text_at(m, "acct") for m in dicts_at(status, "mentions") if text_at(m, "id") == to]
        yield f"reply to @{names[0]}" if names and names[0] else "reply to a post that is not here"


def _quotes(status: dict[str, Any], addresses: tuple[str, ...]) -> Iterator[str]:
    quoted = dict_at(status, "quote", "quoted_status")
    address = web_at(quoted, "url") or web_at(quoted, "uri") or next(iter(addresses), None)
    if address:
        yield f"quotes {address}, whose words are left out"
    elif status.get("quote"):
        yield "quotes a post that is missing"


# --- feeds ---


def _read_feed(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """The feed of an account, in which all posts are the account's; or of a tag, in which addresses tell whose."""
    channel = read_channel(payload)
    owner = _owner(channel.about)
    for number, item in enumerate(channel.items, 1):
        url = web_at(item["link"] or item["guid"])
        account = account_at(url) if url else None
        author = owner or (Author(name=account, handle=handle(account)) if account else None)
        if url is None or author is None:
            reason = "item without the address of a post, or of nobody's"
            yield Skipped(url or f"{payload.name}, item {number}", reason, failed=True)
        elif owner and account and account.partition("@")[0] != _name(owner):
            yield Skipped(url, f"post of @{account}: not the account's words")
        else:
            yield _item(item, url, author, payload)


def _item(item: Item, url: str, author: Author, payload: Payload) -> RawDocument | Skipped:
    words = read_words(item["description"], of_feed=True)
    return post(
        url,
        author,
        text=words.text,
        published=parse_moment(item["pubdate"], payload.fetched_at),
        notes=[*_warning(words.warning), *_quotes({}, words.quotes)],
    )


def _owner(about: Item) -> Author | None:
    """The account of a feed: named in full in its description, whatever the language, else by its address."""
    at_link = account_at(about["link"])
    if at_link is None:
        return None
    stated = [match[1].lower() for match in _ACCOUNT.finditer(about["description"])]
    account = next((name for name in stated if name.partition("@")[0] == at_link.partition("@")[0]), at_link)
    return Author(name=about["title"] or account, handle=handle(account))


def _name(author: Author) -> str:
    """The account without its server, which may have one name in addresses and another one in handles."""
    return (author.handle or "").removeprefix(handle("")).partition("@")[0]
