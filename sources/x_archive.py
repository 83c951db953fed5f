"""Posts of an X (Twitter) archive: ``tweets.js``, with ``account.js`` and ``note-tweet.js`` beside it."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.errors import InputError
from kb.types import Author, Payload, RawDocument, Skipped
from sources import x
from sources.decode import decode, head
from sources.times import parse_moment
from sources.urls import canonical_url

NAME = "x"
_PART = re.compile(r"\s*window\.YTD\.(\w+)\.part\d+\s*=")
_TWEETS = frozenset(["tweet", "tweets"])
_REPOST = re.compile(r"RT @(\w+):")
_CUT = re.compile(r"…\s*(?:https://t\.co/\w+)?\s*$")
_MENTIONS = re.compile(r"(?:@\w+\s+)+")
LONG_CHARS = 250
"""Archives cut long posts at about 280 characters; shorter ones that end in an ellipsis were written so."""
_SAME_MOMENT = dt.timedelta(seconds=1)
"""A long post and its entry in ``note-tweet.js`` have different numbers but are made within a second."""


@dataclass(frozen=True, slots=True)
class _Archive:
    """What the files beside the posts tell about all of them."""

    owner: Author | None
    notes: tuple[_Note, ...]
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class _Note:
    """The whole text of a long post."""

    at: dt.datetime
    text: str
    links: dict[str, str]


def matches(payload: Payload) -> bool:
    """Any part of an archive; what is no list of posts is named in the error of ``read``."""
    return bool(_PART.match(head(payload)))


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One post per record, oldest archives included; reposts are skipped: their words are another's, and cut."""
    kind = _PART.match(head(payload))
    if kind is None or kind[1] not in _TWEETS:
        found = f"part {kind[1]!r} of an X archive" if kind else "no part of an X archive"
        raise InputError(f"{payload.name} is {found}; posts are read from tweets.js")
    archive = _Archive(_owner(payload), tuple(_notes(payload)), payload.fetched_at)
    for number, record in enumerate(_records(decode(payload), payload.name), 1):
        try:
            yield _read_post(record.get("tweet", record), archive)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            reason = f"record is not a post as archives write them ({type(error).__name__}: {error})"
            yield Skipped(f"{payload.name}, record {number}", reason, failed=True)


def _records(script: str, name: str) -> list[Any]:
    """The JSON list that an archive's script assigns. Raises InputError."""
    try:
        records = json.loads(script.partition("=")[2].strip().removesuffix(";"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is a damaged part of an X archive: {error}") from error
    if not isinstance(records, list):
        raise InputError(f"{name} is a damaged part of an X archive: its content is no list")
    return records


def _read_post(tweet: dict[str, Any], archive: _Archive) -> RawDocument | Skipped:
    owner, number = archive.owner, str(tweet.get("id_str") or tweet["id"])
    handle = owner.handle.removeprefix("x:") if owner and owner.handle else "i"
    url = x.post_url(handle, number)
    written = str(tweet.get("full_text") or tweet["text"])
    if repost := _REPOST.match(written):
        return Skipped(url, f"repost of @{repost[1]}: not the owner's words")
    moment = parse_moment(tweet.get("created_at"), archive.now)
    at = moment.at if moment else x.posted_at(number)
    if at is None:
        return Skipped(url, "post without a usable date", failed=True)
    text, remarks = _text(tweet, written, _whole(written, at, archive.notes))
    if not text:
        return Skipped(url, "post without words")
    return RawDocument(
        external_id=x.external_id(number),
        kind="post",
        text=text,
        url=url,
        canonical_url=canonical_url(url),
        author=owner.name if owner else None,
        language=None if tweet.get("lang") in (None, "und", "zxx", "qme") else str(tweet["lang"]),
        published_at=at,
        published_precision="second",
        speaker=owner,
        notes=tuple(remarks),
    )


def _whole(written: str, at: dt.datetime, notes: tuple[_Note, ...]) -> _Note | None:
    """The entry of ``note-tweet.js`` for a post that was cut: made at the same moment, beginning alike."""
    if not _is_cut(written):
        return None
    start = _CUT.sub("", html.unescape(written))
    return next((n for n in notes if abs(n.at - at) <= _SAME_MOMENT and html.unescape(n.text).startswith(start)), None)


def _is_cut(written: str) -> bool:
    return len(written) >= LONG_CHARS and bool(_CUT.search(written))


def _text(tweet: dict[str, Any], written: str, note: _Note | None) -> tuple[str, list[str]]:
    """The words as the author typed them, and remarks on what is missing around them."""
    entities = tweet.get("entities") or {}
    links = {link["url"]: link.get("expanded_url") or link["url"] for link in entities.get("urls") or ()}
    remarks = []
    if reply_to := tweet.get("in_reply_to_screen_name"):
        remarks.append(f"reply to @{reply_to}")
    if note:
        text = _expand(note.text, note.links)
    else:
        text = _expand(_without_media(_without_mentions(tweet, written), entities), links)
        if _is_cut(written):
            text = _CUT.sub("…", text)
            remarks.append("long post, cut by the archive; the rest is not in note-tweet.js")
    quoted = [link for link in (note.links if note else links).values() if x.STATUS_URL.match(link)]
    if quoted and text.endswith(quoted[-1]):
        text = text.removesuffix(quoted[-1])
        remarks.append(f"quotes {quoted[-1]}, whose words are not in the archive")
    return text.strip(), remarks


def _expand(text: str, links: dict[str, str]) -> str:
    """Entities decoded and shortened links written out; in this order, for "&copy=" in a link is no entity."""
    text = html.unescape(text)
    for short in sorted(links, key=len, reverse=True):  # one short link may be the beginning of another
        text = text.replace(short, links[short])
    return text


def _without_mentions(tweet: dict[str, Any], written: str) -> str:
    """A reply without the names it is addressed to, which X puts before the displayed text."""
    start = int((tweet.get("display_text_range") or [0])[0])
    return written[start:] if _MENTIONS.fullmatch(written[:start]) else written


def _without_media(text: str, entities: dict[str, Any]) -> str:
    for media in entities.get("media") or ():
        text = text.replace(media["url"], "")
    return text.rstrip()


def _owner(payload: Payload) -> Author | None:
    """The account, from ``account.js`` beside the posts (which themselves do not name it); None without it."""
    data = payload.sibling("account.js")
    records = _records(data.decode("utf-8", "replace"), "account.js") if data else []
    account = records[0].get("account", {}) if records and isinstance(records[0], dict) else {}
    handle = account.get("username")
    return Author(name=account.get("accountDisplayName") or handle, handle=f"x:{handle}") if handle else None


def _notes(payload: Payload) -> list[_Note]:
    data = payload.sibling("note-tweet.js")
    records = _records(data.decode("utf-8", "replace"), "note-tweet.js") if data else []
    notes = []
    for record in records:
        entry = record.get("noteTweet", {}) if isinstance(record, dict) else {}
        core = entry.get("core") or {}
        if "text" in core and "createdAt" in entry:
            links = {link["shortUrl"]: link["expandedUrl"] for link in core.get("urls") or () if "expandedUrl" in link}
            notes.append(_Note(dt.datetime.fromisoformat(entry["createdAt"]), core["text"], links))
    return notes
