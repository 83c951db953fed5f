"""Threads: posts with which an account goes on where its last one ended, joined into one document.

Only for exports that hold all posts of an account. In what is fetched page by page the beginning of a thread is
missing sooner or later, and its later posts would be read a second time on their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.types import RawDocument, Skipped

LONGEST_PAUSE = dt.timedelta(hours=1)
"""Between two posts of a thread. A later addition to one's own post ("One year on: ...") is a statement of its own
day, from which its "next year" counts; our choice, for threads are written in one sitting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post and where it stands."""

    number: str
    document: RawDocument
    continues: str | None = None
    """Number of the post by the same account that it replies to, which may be missing."""


def joined(posts: Sequence[Post | Skipped]) -> Iterator[RawDocument | Skipped]:
    """Each thread as one document in the place of its first post, whose identity, address and date it has, so that a
    thread that has grown is the same document with a changed text. Its later posts are ``Skipped`` with their address.
    """
    by_number = {post.number: post for post in posts if isinstance(post, Post)}
    first_of = _first_of(by_number)
    threads: dict[str, list[Post]] = {}
    for number, first in first_of.items():
        threads.setdefault(first, []).append(by_number[number])
    for post in posts:
        if isinstance(post, Skipped):
            yield post
        elif post.number in threads:
            yield _whole(threads[post.number], by_number)
        else:
            first_document = by_number[first_of[post.number]].document
            reason = f"part of the thread of {first_document.url or first_document.external_id}"
            yield Skipped(post.document.url or post.number, reason)


def _first_of(by_number: dict[str, Post]) -> dict[str, str]:
    """For each post, the post with which its thread begins: itself where it continues none; in the order written."""
    first: dict[str, str] = {}
    for post in sorted(by_number.values(), key=_order):
        before = by_number.get(post.continues or "")
        goes_on = before is not None and before.number in first and _is_near(before, post)
        first[post.number] = first[before.number] if before and goes_on else post.number
    return first


def _is_near(before: Post, after: Post) -> bool:
    start, end = before.document.published_at, after.document.published_at
    return start is not None and end is not None and end - start <= LONGEST_PAUSE


def _whole(posts: list[Post], by_number: dict[str, Post]) -> RawDocument:
    """``posts`` in the order written."""
    first = posts[0]
    notes = [note for post in posts for note in post.document.notes]
    if first.continues:
        before = by_number.get(first.continues)
        notes.append(f"continues {before.document.url if before else f'post {first.continues}, which is missing'}")
    if len(posts) > 1:
        notes.append(f"thread of {len(posts)} posts, the last of {_time(posts[-1]):%Y-%m-%d %H:%M} UTC")
    text = "\n\n".join(post.document.text for post in posts)
    return replace(first.document, text=text, notes=tuple(dict.fromkeys(notes)))


def _order(post: Post) -> tuple[dt.datetime, int, str]:
    """By time; within a second by number, of which the longer one is the larger."""
    return _time(post), len(post.number), post.number


def _time(post: Post) -> dt.datetime:
    return post.document.published_at or dt.datetime.min.replace(tzinfo=dt.UTC)
