"""Posts embedded in pages and feed items: cut out before extraction, so that their words keep their own speaker."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from kb.types import Author, RawDocument, Skipped
from sources import x
from sources.html import element_text
from sources.times import Moment, find_day
from sources.urls import canonical_url

_WORDLESS = {  # class or tag of embeds that bring no words (or words we cannot place), and what they are
    "mastodon-embed": "Mastodon",
    "instagram-media": "Instagram",
    "text-post-media": "Threads",
    "tiktok-embed": "TikTok",
    "fb-post": "Facebook",
    "amp-twitter": "X",
}
_LINKEDIN_FRAME = re.compile(r"linkedin\.com/embed/", re.IGNORECASE)
_SIGNATURE = re.compile(r"[—–-]\s*(?P<name>[^(]*?)\s*\(@?(?P<handle>[\w.-]+)\)")
_MEDIA_LINK = re.compile(r"\s*(?:https?://)?pic\.(?:twitter|x)\.com/\w+\s*$")


def cut_embeds(root: Any, *, now: dt.datetime, where: str) -> list[RawDocument | Skipped]:
    """Remove every embedded post from the lxml tree under ``root`` and return the posts, in document order.

    ``where`` is the address or name of the page, for the note on each post. An embed without words is ``Skipped``.
    """
    found = []
    for element in list(root.iter()):
        posts = list(_read(element, now, where)) if isinstance(element.tag, str) else []
        if posts:
            found.extend(posts)
            element.drop_tree()
    return found


def _read(element: Any, now: dt.datetime, where: str) -> Iterator[RawDocument | Skipped]:
    classes = set((element.get("class") or "").split()) | {element.tag}
    if element.tag == "blockquote" and classes & {"twitter-tweet", "twitter-video"}:
        yield _x_post(element, where)
    elif element.tag == "blockquote" and "bluesky-embed" in classes:
        yield _bluesky_post(element, now, where)
    elif network := next((_WORDLESS[name] for name in sorted(classes & _WORDLESS.keys())), None):
        yield Skipped(_address(element), f"embedded {network} post whose words are not in the page")
    elif element.tag == "iframe" and _LINKEDIN_FRAME.search(element.get("src") or ""):
        yield Skipped(_address(element), "embedded LinkedIn post whose words are not in the page")


def _x_post(quote: Any, where: str) -> RawDocument | Skipped:
    links = [link for a in quote.iter("a") if (link := x.STATUS_URL.match(a.get("href") or ""))]
    text = _MEDIA_LINK.sub("", _words(quote))
    if not links or not text:
        return Skipped(_address(quote), "embedded X post whose words are not in the page")
    handle, number = links[-1].groups()
    name, _ = _signature(quote)
    return _post(
        external_id=x.external_id(number),
        url=x.post_url(handle, number),
        text=text,
        speaker=Author(name=name or handle, handle=f"x:{handle}"),
        moment=_exactly(x.posted_at(number)),
        language=_language(quote),
        where=where,
    )


def _bluesky_post(quote: Any, now: dt.datetime, where: str) -> RawDocument | Skipped:
    address, text = quote.get("data-bluesky-uri") or "", _words(quote)
    name, handle = _signature(quote)
    if not address or not text or not handle:
        return Skipped(_address(quote), "embedded Bluesky post whose words are not in the page")
    account, _, number = address.removeprefix("at://").partition("/app.bsky.feed.post/")
    return _post(
        external_id=f"post:bluesky:{address}",
        url=f"https://bsky.app/profile/{account}/post/{number}",
        text=text,
        speaker=Author(name=name or handle, handle=f"bluesky:{handle}"),
        moment=_last_link_day(quote, now),
        language=_language(quote),
        where=where,
    )


def _post(*, url: str, speaker: Author, moment: Moment | None, where: str, **given: Any) -> RawDocument:
    return RawDocument(
        kind="post",
        url=url,
        canonical_url=canonical_url(url),
        author=speaker.name,
        speaker=speaker,
        published_at=moment.at if moment else None,
        published_precision=moment.precision if moment else "unknown",
        notes=(f"as embedded in {where}",),
        **given,
    )


def _words(quote: Any) -> str:
    return "\n\n".join(element_text(p) for p in quote.iter("p")).strip()


def _signature(quote: Any) -> tuple[str | None, str | None]:
    """Name and handle from the line under the words: "— Dana Whitlock (@danawhitlock_ex) February 3, 2026"."""
    matches = list(_SIGNATURE.finditer(element_text(quote).removeprefix(_words(quote))))
    return (matches[-1]["name"] or None, matches[-1]["handle"]) if matches else (None, None)


def _exactly(at: dt.datetime | None) -> Moment | None:
    return Moment(at, "second") if at else None


def _last_link_day(quote: Any, now: dt.datetime) -> Moment | None:
    """The day that the embed prints; the clock beside it is in the zone of whoever copied it, so it is left out."""
    links = [element_text(a) for a in quote.iter("a")]
    return find_day(links[-1], now) if links else None


def _language(quote: Any) -> str | None:
    return next((p.get("lang") for p in quote.iter("p") if p.get("lang") not in (None, "und")), None)


def _address(element: Any) -> str:
    attributes = ("data-embed-url", "data-instgrm-permalink", "data-text-post-permalink", "cite", "src", "data-tweetid")
    values = [element.get(name) for name in attributes] + [a.get("href") for a in element.iter("a")]
    return str(next(filter(None, values), element.tag))
