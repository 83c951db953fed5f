"""Posts on LinkedIn: a member's data export (shares, comments, articles) and saved pages of posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped
from sources.decode import head
from sources.linkedin_export import COMMENTS, header, read_comments, read_shares
from sources.linkedin_pages import is_article, is_post_page, read_article, read_post_page

NAME = "linkedin"


def matches(payload: Payload) -> bool:
    """The header of ``Shares.csv`` or ``Comments.csv``, whole or in part, an exported article, the page of a post."""
    return _reader(payload) is not None


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """What the member published. Reshares without words, posts for a smaller circle, drafts and everything that
    others wrote under a post or beside it are left out.
    """
    reader = _reader(payload)
    if reader is None:
        raise InputError(f"{payload.name} is no part of a LinkedIn export and no saved page of a LinkedIn post")
    return reader(payload)


def _reader(payload: Payload) -> Callable[[Payload], Iterator[RawDocument | Skipped]] | None:
    columns = header(head(payload))
    if "ShareCommentary" in columns:
        return read_shares
    if columns == [*COMMENTS]:
        return read_comments
    if is_article(payload):
        return read_article
    return read_post_page if is_post_page(payload) else None
