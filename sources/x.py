"""Posts on X, however they were exported: what their numbers, addresses and texts have in common."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from kb.types import Author
from sources.shapes import text_at, web_at

STATUS_URL = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(\w+)/status(?:es)?/(\d+)", re.IGNORECASE)
EPOCH_MS = 1_288_834_974_657
"""Zero of the clock in post numbers, 2010-11-04T01:42:54.657Z in Unix milliseconds (Twitter's Snowflake)."""
FIRST_SNOWFLAKE = 29_700_859_247
"""Numbers below were counted one by one and carry no time."""
LONG_CHARS = 250
"""Long posts are cut at about 280 characters; shorter ones that end in an ellipsis were written so."""
UNKNOWN_HANDLE = "i"
"""What stands in an address for a handle that is not known; X leads on to the post."""

REPOST = re.compile(r"RT @(\w+):")
_NUMBER = re.compile(r"[0-9]{1,20}")
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,50}")
_CUT = re.compile(r"…\s*(?:https://t\.co/\w+|https://(?:twitter|x)\.com/i/web/status/\d+)?\s*$")
_SHORT_LINK = re.compile(r"\s*https://t\.co/\w+\s*$")
_OWN_PARTS = re.compile(r"/i/web/status/\d+$|/status/\d+/(?:photo|video)/\d+$")
_NO_LANGUAGES = frozenset(["und", "zxx", "qam", "qct", "qht", "qme", "qst"])
_MENTIONS = re.compile(r"(?:@\w+\s+)+")


def is_number(post_id: str) -> bool:
    """Whether that can be the number of a post."""
    return _NUMBER.fullmatch(post_id) is not None


def account(handle: str, name: str) -> Author | None:
    """Whoever posts under that handle; None for what can be none."""
    return Author(name=name.strip() or handle, handle=f"x:{handle}") if _HANDLE.fullmatch(handle) else None


def posted_at(post_id: str) -> dt.datetime | None:
    """When the post was made, to the second; None for a number older than November 2010."""
    number = int(post_id)
    if number < FIRST_SNOWFLAKE or number >= 1 << 63:
        return None
    return dt.datetime.fromtimestamp(((number >> 22) + EPOCH_MS) // 1000, dt.UTC)


def post_url(handle: str | None, post_id: str) -> str:
    """The address of a post; letter case of handles is not significant."""
    return f"https://x.com/{handle or UNKNOWN_HANDLE}/status/{post_id}"


def external_id(post_id: str) -> str:
    """Identity of a post, the same in an archive, a feed and a page that embeds it."""
    return f"post:x:{post_id}"


def is_cut(written: str) -> bool:
    """Whether a text is the beginning of a longer one."""
    return len(written) >= LONG_CHARS and bool(_CUT.search(written))


def cut_mark(text: str) -> str:
    """A cut text without the link to the rest of it."""
    return _CUT.sub("…", text)


def beginning(written: str) -> str:
    """What is left of a cut text, as typed."""
    return _CUT.sub("", html.unescape(written))


def mentions_before(written: str) -> str:
    """The names that a reply is addressed to, which X writes before the text."""
    names = _MENTIONS.match(written)
    return names[0] if names else ""


def language(code: str) -> str | None:
    """The language of a post; None for the codes that say that there is none (hashtags, links, pictures only)."""
    return code if code and code not in _NO_LANGUAGES else None


def links(urls: Iterable[dict[str, Any]]) -> dict[str, str]:
    """What the shortened links of a post stand for, from its ``entities.urls``. Those that only lead to the post's own
    pictures or to the rest of its text stand for nothing."""
    found = {text_at(url, "url"): web_at(url, "unwound_url") or web_at(url, "expanded_url") for url in urls}
    return {short: "" if long and _OWN_PARTS.search(long) else long or short for short, long in found.items() if short}


def written_out(text: str, links: Mapping[str, str]) -> str:
    """Entities decoded and shortened links written out; in this order, for "&copy=" in a link is no entity.

    A link that leads to nothing ("") is left out.
    """
    text = html.unescape(text)
    for short in sorted(filter(None, links), key=len, reverse=True):  # one short link may be the beginning of another
        text = text.replace(short, links[short])
    return text.strip()


def without_last_link(text: str) -> str:
    """A text without the shortened link at its end, where that is known to be no part of what was typed."""
    return _SHORT_LINK.sub("", text)
