"""Posts as the X API gives them (version 2): pages, lists of posts, flattened posts, one per line; and dumps of
version 1.1, which are turned into the form of version 2 first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kb.types import Author, Payload, RawDocument, Skipped
from sources import x
from sources.shapes import dict_at, dicts_at, documents, json_keys, text_at
from sources.times import parse_moment
from sources.urls import canonical_url

NAME = "x-api"
_FIELDS = frozenset("edit_history_tweet_ids author_id conversation_id public_metrics referenced_tweets".split())
"""Of which a post of version 2 has at least one."""
_V1 = frozenset(["id_str", "user.screen_name"])
_PRIVATE = ("event_type", "dm_conversation_id")
"""Fields of direct messages, which otherwise look like posts."""

Tweet = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page tells of the posts on it."""

    users: dict[str, Tweet] = field(default_factory=dict)
    tweets: dict[str, Tweet] = field(default_factory=dict)
    """Posts that those of the page refer to; they are others' or older, and never read for their own sake."""
    errors: dict[str, str] = field(default_factory=dict)
    """Why a post that was referred to is missing."""


def matches(payload: Payload) -> bool:
    """The first post has the fields of a version, or the page says how many results it has."""
    keys = json_keys(payload)
    if keys >= _V1 or "meta.result_count" in keys:
        return True
    below = {key.removeprefix("data.") for key in keys if key.startswith("data.")}
    return any({"id", "text"} <= level and bool(level & _FIELDS) for level in (keys, below)) or (
        {"id", "text"} <= below and bool(keys & {"includes", "meta", "errors"})
    )


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One document per post; reposts are skipped, and so is a post of which the page does not tell who wrote it, unless
    all posts in the payload can be one account's.
    """
    found = [each for document in documents(payload) for each in _on_page(document)]
    pairs = [each for each in found if not isinstance(each, Skipped)]
    unnamed = {text_at(tweet, "author_id") for tweet, page in pairs if not _author(tweet, page)}
    is_one_account = len(unnamed) == 1 and not any(_author(tweet, page) for tweet, page in pairs)
    for place, each in enumerate(found, 1):
        if isinstance(each, Skipped):
            yield each
        elif is_one_account or _author(*each) or not _is_post(each[0]) or _is_private(each[0]):
            yield _read_post(*each, f"{payload.name}, post {place}", payload.fetched_at)
        else:
            reason = "its author is not in the file (ask the API for expansions=author_id)"
            yield Skipped(_url(*each), reason, failed=True)


def _on_page(document: Any) -> Iterator[tuple[Tweet, _Page] | Skipped]:
    """The posts of a page, a list or a line, with what their page tells."""
    if isinstance(document, Skipped):
        yield document
        return
    for page in document if isinstance(document, list) else [document]:
        data = page.get("data") if isinstance(page, dict) else None
        if data is None and isinstance(page, dict) and text_at(page, "text") + text_at(page, "full_text"):
            yield _as_v2(page), _Page()
        else:
            told = _told_by(page)
            tweets = data if isinstance(data, list) else [] if data is None else [data]
            yield from ((_as_v2(dict_at(tweet)), told) for tweet in tweets)


def _told_by(page: Any) -> _Page:
    return _Page(
        users={text_at(user, "id"): user for user in dicts_at(page, "includes", "users")},
        tweets={text_at(tweet, "id"): tweet for tweet in dicts_at(page, "includes", "tweets")},
        errors={text_at(error, "resource_id"): text_at(error, "title") for error in dicts_at(page, "errors")},
    )


def _as_v2(tweet: Tweet) -> Tweet:
    """A post of version 1.1 with the fields of version 2; one of version 2 as it is."""
    user = dict_at(tweet, "user")
    if "screen_name" not in user:
        return tweet
    whole = dict_at(tweet, "extended_tweet") or tweet
    media = [{"url": text_at(item, "url"), "expanded_url": ""} for item in dicts_at(whole, "entities", "media")]
    referred = {
        "retweeted": text_at(tweet, "retweeted_status", "id_str") or ("?" if tweet.get("retweeted_status") else ""),
        "quoted": text_at(tweet, "quoted_status_id_str"),
        "replied_to": text_at(tweet, "in_reply_to_status_id_str"),
    }
    return {
        "id": text_at(tweet, "id_str"),
        "text": text_at(whole, "full_text") or text_at(tweet, "text"),
        "created_at": text_at(tweet, "created_at"),
        "lang": text_at(tweet, "lang"),
        "truncated": whole is tweet and tweet.get("truncated") is True,
        "author_id": text_at(user, "id_str"),
        "author": {"username": text_at(user, "screen_name"), "name": text_at(user, "name")},
        "in_reply_to_user_id": text_at(tweet, "in_reply_to_user_id_str"),
        "in_reply_to": text_at(tweet, "in_reply_to_screen_name"),
        "entities": {"urls": dicts_at(whole, "entities", "urls"), "media": media},
        "referenced_tweets": [{"type": kind, "id": number} for kind, number in referred.items() if number],
    }


def _is_post(tweet: Tweet) -> bool:
    return x.is_number(text_at(tweet, "id")) and bool(text_at(tweet, "text"))


def _is_private(tweet: Tweet) -> bool:
    return any(key in tweet for key in _PRIVATE)


def _read_post(tweet: Tweet, page: _Page, item: str, now: dt.datetime) -> RawDocument | Skipped:
    if _is_private(tweet):
        return Skipped(item, "direct message: private")
    if not _is_post(tweet):
        return Skipped(item, "record is no post: it has no number or no text", failed=True)
    url, number, author = _url(tweet, page), text_at(tweet, "id"), _author(tweet, page)
    prefix = x.REPOST.match(text_at(tweet, "text"))
    if prefix or any(other.get("type") == "retweeted" for other in dicts_at(tweet, "referenced_tweets")):
        return Skipped(url, f"repost{_of(tweet, page, prefix[1] if prefix else '')}: not the account's words")
    text, remarks = _text(tweet, page)
    if not text:
        return Skipped(url, "post without words")
    moment = parse_moment(text_at(tweet, "created_at"), now)
    at = moment.at.replace(microsecond=0) if moment else x.posted_at(number)
    return RawDocument(
        external_id=x.external_id(number),
        kind="post",
        text=text,
        url=url,
        canonical_url=canonical_url(url),
        author=author.name if author else None,
        language=x.language(text_at(tweet, "lang")),
        published_at=at,
        published_precision="second" if at else "unknown",
        speaker=author,
        notes=tuple(remarks),
    )


def _text(tweet: Tweet, page: _Page) -> tuple[str, list[str]]:
    """The words as the author typed them, and remarks on what is missing around them."""
    note = dict_at(tweet, "note_tweet")
    written = text_at(note, "text") or text_at(tweet, "text")
    links = x.links(dicts_at(note or tweet, "entities", "urls"))
    links |= {text_at(item, "url"): "" for item in dicts_at(tweet, "entities", "media")}
    remarks = list(_reply_remarks(tweet, page))
    if remarks:
        written = written.removeprefix(x.mentions_before(written))
    if not note and (x.is_cut(written) or tweet.get("truncated") is True):
        written = x.cut_mark(written)
        remarks.append("long post, cut: its whole text was not asked for (note_tweet)")
    text = x.written_out(written, links)
    if quoted := _referred(tweet, "quoted"):
        last = next((link for link in links.values() if quoted in link and text.endswith(link)), None)
        text = text.removesuffix(last).rstrip() if last else x.without_last_link(text)
        remarks.append(_quote_remark(quoted, page, last))
    return text, remarks


def _reply_remarks(tweet: Tweet, page: _Page) -> Iterator[str]:
    account, before = text_at(tweet, "in_reply_to_user_id"), _referred(tweet, "replied_to")
    if account and account == text_at(tweet, "author_id") and before:
        yield f"continues {_url({'id': before, 'author': tweet.get('author'), 'author_id': account}, page)}"
    elif account or before:
        handle = text_at(tweet, "in_reply_to") or text_at(page.users.get(account), "username")
        mentions = dicts_at(tweet, "entities", "mentions")
        handle = handle or next((text_at(m, "username") for m in mentions if text_at(m, "id") == account), "")
        yield f"reply to @{handle}" if handle else f"reply to {x.post_url(None, before)}" if before else "reply"


def _quote_remark(number: str, page: _Page, link: str | None) -> str:
    if link or number in page.tweets:
        return f"quotes {link or _url(page.tweets[number], page)}, whose words are left out"
    why = f" ({page.errors[number]})" if page.errors.get(number) else ""
    return f"quotes {x.post_url(None, number)}, whose words are missing{why}"


def _of(tweet: Tweet, page: _Page, handle: str) -> str:
    """Whose words a repost has, as far as the page tells."""
    author = _author(page.tweets.get(_referred(tweet, "retweeted"), {}), page)
    known = author.handle.removeprefix("x:") if author and author.handle else handle
    return f" of @{known}" if known else ""


def _referred(tweet: Tweet, kind: str) -> str:
    """The number of the post that this one refers to in that way; empty without one."""
    numbers = (text_at(other, "id") for other in dicts_at(tweet, "referenced_tweets") if other.get("type") == kind)
    return next(filter(x.is_number, numbers), "")


def _author(tweet: Tweet, page: _Page) -> Author | None:
    """Who wrote a post: by the number of the account, never by the place in the list of accounts."""
    user = dict_at(tweet, "author") or page.users.get(text_at(tweet, "author_id")) or {}
    return x.account(text_at(user, "username"), text_at(user, "name"))


def _url(tweet: Tweet, page: _Page) -> str:
    author = _author(tweet, page)
    return x.post_url(author.handle.removeprefix("x:") if author and author.handle else None, text_at(tweet, "id"))
