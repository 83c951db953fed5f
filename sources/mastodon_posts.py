"""What posts of Mastodon have in common, however they were exported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kb.types import Author, RawDocument, Skipped
from sources.times import Moment
from sources.urls import canonical_url

_ACCOUNT = re.compile(
    r"https?://(?:www\.)?(?P<host>[\w.-]+(?::\d+)?)/(?:@|users/)(?P<name>\w[\w.-]*)(?:@(?P<home>[\w.-]+))?(?:/|$)",
    re.IGNORECASE,
)


def account_at(url: str) -> str | None:
    """The account in the address of a profile or post, as ``joss@social.example``; None where the address has none."""
    match = _ACCOUNT.match(url)
    return f"{match['name']}@{match['home'] or match['host']}".lower() if match else None


def handle(account: str) -> str:
    """The account with its channel: ``mastodon:joss@social.example``."""
    return f"mastodon:{account}"


def external_id(url: str) -> str:
    """Identity of a post by its public address, the one thing that feeds, the API and archives all give."""
    return f"post:mastodon:{canonical_url(url)}"


def post(
    url: str,
    author: Author | None,
    *,
    text: str,
    published: Moment | None,
    notes: Iterable[str],
    **given: Any,
) -> RawDocument | Skipped:
    """The document of a post; ``Skipped`` where it has no words (a picture, a poll)."""
    if not text:
        return Skipped(url, "post without words")
    return RawDocument(
        external_id=external_id(url),
        kind="post",
        text=text,
        url=url,
        canonical_url=canonical_url(url),
        author=author.name if author else None,
        published_at=published.at.replace(microsecond=0) if published else None,
        published_precision=published.precision if published else "unknown",
        speaker=author,
        notes=tuple(filter(None, [*notes, published.note if published else None])),
        **given,
    )
