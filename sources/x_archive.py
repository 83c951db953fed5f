"""Posts of an X (Twitter) archive: ``tweets.js`` and its parts, with ``account.js`` and ``note-tweet.js`` beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped
from sources import x
from sources.decode import decode
from sources.shapes import dict_at, dicts_at, list_at, text_at
from sources.threads import Post, joined
from sources.times import parse_moment
from sources.urls import canonical_url
from sources.x_notes import Note, Notes
from sources.x_parts import Owner, owner_of, part_of, parts_beside, records

NAME = "x"
_FILES = {"tweet": "tweet", "tweets": "tweets", "community_tweet": "community-tweet"}
"""Kinds of parts that hold the account's posts, and the names of their files."""


@dataclass(frozen=True, slots=True)
class _Archive:
    """What the files beside the posts tell about all of them."""

    owner: Owner
    notes: Notes
    now: dt.datetime


def matches(payload: Payload) -> bool:
    """Any part of an archive; what is no list of posts is named in the error of ``read``."""
    return part_of(payload) is not None


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One document per post or thread, oldest archives included; reposts are skipped: their words are another's, and
    cut. The first part of an archive also gives the long posts that none of its parts lists.

    A thread that is split between two parts of an archive is read as two.
    """
    part = part_of(payload)
    if part is None or part.kind not in _FILES:
        found = f"part {part.kind!r} of an X archive" if part else "no part of an X archive"
        raise InputError(f"{payload.name} is {found}; posts are read from tweets.js")
    archive = _Archive(owner_of(payload), Notes(payload), payload.fetched_at)
    tweets = _tweets(records(decode(payload), payload.name))
    yield from joined(list(_posts(tweets, payload.name, archive)))
    if part.number == 0 and part.kind != "community_tweet":
        yield from _notes_alone(payload, _FILES[part.kind], archive)


def _tweets(found: list[Any]) -> list[dict[str, Any]]:
    """The posts of a part; the oldest archives do not wrap them."""
    return [dict_at(record, "tweet") or dict_at(record) for record in found]


def _posts(tweets: list[dict[str, Any]], name: str, archive: _Archive) -> Iterator[Post | Skipped]:
    numbers = {_number(tweet) for tweet in tweets}
    for place, tweet in enumerate(tweets, 1):
        number, last = _number(tweet), _last_version(tweet)
        if not number or not _written(tweet):
            yield Skipped(f"{name}, record {place}", "record is no post: it has no number or no text", failed=True)
        elif last != number and last in numbers:
            yield Skipped(archive.owner.url(number), f"edited: its last version is {archive.owner.url(last)}")
        else:
            yield _post(tweet, number, archive)


def _post(tweet: dict[str, Any], number: str, archive: _Archive) -> Post | Skipped:
    url, written = archive.owner.url(number), _written(tweet)
    if repost := x.REPOST.match(written):
        return Skipped(url, f"repost of @{repost[1]}: not the owner's words")
    at = _posted_at(tweet, archive.now)
    if at is None:
        return Skipped(url, "post without a usable date", failed=True)
    before = _own_post_before(tweet, archive.owner)
    text, remarks = _text(tweet, archive.notes.whole(written, at))
    reply_to = text_at(tweet, "in_reply_to_screen_name") if not before else ""
    if not text:
        return Skipped(url, "post without words")
    document = RawDocument(
        external_id=x.external_id(number),
        kind="post",
        text=text,
        url=url,
        canonical_url=canonical_url(url),
        author=archive.owner.author.name if archive.owner.author else None,
        language=x.language(text_at(tweet, "lang")),
        published_at=at,
        published_precision="second",
        speaker=archive.owner.author,
        notes=(*((f"reply to @{reply_to}",) if reply_to else ()), *remarks),
    )
    return Post(number=number, document=document, continues=before)


def _notes_alone(payload: Payload, stem: str, archive: _Archive) -> Iterator[RawDocument]:
    """Long posts that the archive does not list: the owner's words all the same, perhaps of an edited version."""
    if archive.notes.unused:  # they may belong to posts of other parts
        for tweet in (tweet for part in parts_beside(payload, stem) for tweet in _tweets(part)):
            if at := _posted_at(tweet, archive.now):
                archive.notes.whole(_written(tweet), at)
    author = archive.owner.author
    for note in archive.notes.unused:
        yield RawDocument(
            external_id=f"post:x:note:{note.number}",
            kind="post",
            text=note.full_text(),
            author=author.name if author else None,
            published_at=note.at,
            published_precision="second",
            speaker=author,
            notes=("long post that the archive does not list: only its text is known, not its address",),
        )


def _text(tweet: dict[str, Any], note: Note | None) -> tuple[str, list[str]]:
    """The words as the author typed them, and remarks on what is missing around them."""
    written, mentions, remarks = _written(tweet), _mentions_before(tweet), []
    links = note.links if note else _links(tweet)
    if note:
        text = note.full_text(mentions)
    elif x.is_cut(written):
        text = x.written_out(x.cut_mark(written).removeprefix(mentions), links)
        remarks.append("long post, cut by the archive; the rest is not in note-tweet.js")
    else:
        text = x.written_out(written.removeprefix(mentions), links)
    quoted = [link for link in links.values() if x.STATUS_URL.match(link)]
    if quoted and text.endswith(quoted[-1]):
        text = text.removesuffix(quoted[-1]).rstrip()
        remarks.append(f"quotes {quoted[-1]}, whose words are not in the archive")
    return text, remarks


def _links(tweet: dict[str, Any]) -> dict[str, str]:
    """What shortened links stand for; nothing for those that only show a picture."""
    media = dicts_at(tweet, "entities", "media") + dicts_at(tweet, "extended_entities", "media")
    return x.links(dicts_at(tweet, "entities", "urls")) | {text_at(item, "url"): "" for item in media}


def _mentions_before(tweet: dict[str, Any]) -> str:
    """The names that a reply is addressed to, which X puts before the displayed text."""
    shown = [text_at(start) for start in list_at(tweet, "display_text_range")[:1]]
    before = _written(tweet)[: int(shown[0])] if shown and x.is_number(shown[0]) else ""
    return before if x.mentions_before(before) == before else ""


def _own_post_before(tweet: dict[str, Any], owner: Owner) -> str | None:
    """The number of the post that this one replies to, where the owner wrote both."""
    account = text_at(tweet, "in_reply_to_user_id_str") or text_at(tweet, "in_reply_to_user_id")
    handle = text_at(tweet, "in_reply_to_screen_name")
    is_named = bool(handle) and handle.lower() == owner.handle.lower()
    is_own = account == owner.number if account and owner.number else is_named
    before = text_at(tweet, "in_reply_to_status_id_str") or text_at(tweet, "in_reply_to_status_id")
    return before if before and is_own else None


def _number(tweet: dict[str, Any]) -> str:
    number = text_at(tweet, "id_str") or text_at(tweet, "id")
    return number if x.is_number(number) else ""


def _written(tweet: dict[str, Any]) -> str:
    return text_at(tweet, "full_text") or text_at(tweet, "text")


def _last_version(tweet: dict[str, Any]) -> str:
    """The number of the last version of an edited post; its own where it was never edited."""
    versions = list_at(tweet, "edit_info", "initial", "editTweetIds") or list_at(
        tweet, "edit_info", "edit", "editControlInitial", "editTweetIds"
    )
    return text_at(versions[-1]) if versions else _number(tweet)


def _posted_at(tweet: dict[str, Any], now: dt.datetime) -> dt.datetime | None:
    moment, number = parse_moment(text_at(tweet, "created_at"), now), _number(tweet)
    if moment:
        return moment.at.replace(microsecond=0)
    return x.posted_at(number) if number else None
