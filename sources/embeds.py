"""Posts embedded in pages and feed items: cut out before extraction, so that their words keep their own speaker."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from kb.types import Author, RawDocument, Skipped
from sources import bluesky, x
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
_X = frozenset(["twitter-tweet", "twitter-video"])
_FRAMES = (
    (re.compile(r"linkedin\.com/embed/", re.IGNORECASE), "LinkedIn"),
    (re.compile(r"platform\.(?:twitter|x)\.com/embed/", re.IGNORECASE), "X"),
    (re.compile(r"embed\.bsky\.app/embed/", re.IGNORECASE), "Bluesky"),
    (re.compile(r"/@[\w.-]+(?:@[\w.-]+)?/\d+/embed\b"), "Mastodon"),
)
"""What frames show that bring no words: their addresses, and what they are."""
_SIGNATURE = re.compile(r"[—–-]\s*(?P<name>[^(]*?)\s*\(@?(?P<handle>[\w.-]+)\)")
_MEDIA_LINK = re.compile(r"\s*(?:https?://)?pic\.(?:twitter|x)\.com/\w+\s*$")


def cut_embeds(root: Any, *, now: dt.datetime, where: str) -> list[RawDocument | Skipped]:
    """Remove every embedded post from the lxml tree under ``root`` and return the posts, in document order.

    ``where`` is the address or name of the page, for the note on each post. An embed without words is ``Skipped``.
    """
    found: list[RawDocument | Skipped] = []
    cut: set[Any] = set()
    for element in list(root.iter()):
        post = _read(element, now, where) if isinstance(element.tag, str) else None
        if post and not any(above in cut for above in element.iterancestors()):
            found.append(post)
            element.drop_tree()
            cut.add(element)
    return found


def _read(element: Any, now: dt.datetime, where: str) -> RawDocument | Skipped | None:
    classes = _classes(element) | {element.tag}
    if element.tag == "blockquote" and classes & _X:
        return _x_post(element, where)
    if element.tag == "blockquote" and "bluesky-embed" in classes:
        return _bluesky_post(element, now, where)
    frame = element.get("src") or "" if element.tag == "iframe" else ""
    networks = [network for address, network in _FRAMES if address.search(frame)]
    networks += [_WORDLESS[name] for name in sorted(classes & _WORDLESS.keys()) if not _holds_words(element)]
    return (
        Skipped(_address(element), f"embedded {networks[0]} post whose words are not in the page") if networks else None
    )


def _classes(element: Any) -> set[str]:
    return set((element.get("class") or "").split())


def _holds_words(element: Any) -> bool:
    """Whether an embed wraps another one, with words, that is shown until the scripts of a page have run."""
    return any(_classes(quote) & (_X | {"bluesky-embed"}) for quote in element.iter("blockquote"))


def _x_post(quote: Any, where: str) -> RawDocument | Skipped:
    links = [link for a in quote.iter("a") if (link := x.STATUS_URL.match(a.get("href") or ""))]
    text = _MEDIA_LINK.sub("", _words(quote))
    is_cut = x.is_cut(text)
    if not links or not text:
        return Skipped(_address(quote), "embedded X post whose words are not in the page")
    handle, number = links[-1].groups()
    name, _ = _signature(quote)
    return _post(
        external_id=x.external_id(number),
        url=x.post_url(handle, number),
        text=x.cut_mark(text) if is_cut else text,
        speaker=Author(name=name or handle, handle=f"x:{handle}"),
        moment=_exactly(x.posted_at(number)),
        language=_language(quote),
        notes=(f"as embedded in {where}", *(("long post, cut where it was embedded",) if is_cut else ())),
    )


def _bluesky_post(quote: Any, now: dt.datetime, where: str) -> RawDocument | Skipped:
    address, text = quote.get("data-bluesky-uri") or "", _words(quote)
    name, handle = _signature(quote)
    if not address or not text or not handle:
        return Skipped(_address(quote), "embedded Bluesky post whose words are not in the page")
    account, _, number = address.removeprefix("at://").partition("/app.bsky.feed.post/")
    return _post(
        external_id=bluesky.external_id(address),
        url=bluesky.post_url(account, number),
        text=text,
        speaker=Author(name=name or handle, handle=f"bluesky:{handle}"),
        moment=_last_link_day(quote, now),
        language=_language(quote),
        notes=(f"as embedded in {where}",),
    )


def _post(*, url: str, speaker: Author, moment: Moment | None, **given: Any) -> RawDocument:
    return RawDocument(
        kind="post",
        url=url,
        canonical_url=canonical_url(url),
        author=speaker.name,
        speaker=speaker,
        published_at=moment.at if moment else None,
        published_precision=moment.precision if moment else "unknown",
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
