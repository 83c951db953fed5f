"""Posts with which an account goes on where its last one ended."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kb.types import RawDocument, Skipped
from sources.threads import LONGEST_PAUSE, Post, joined

START = dt.datetime(2026, 1, 3, 10, 0, tzinfo=dt.UTC)


def post(number: int, *, after: int | None = None, minutes: float | None = None) -> Post:
    at = START + dt.timedelta(minutes=number if minutes is None else minutes)
    url = f"https://x.com/me/status/{number}"
    document = RawDocument(external_id=f"{number}", kind="post", text=f"Post {number}.", url=url, published_at=at)
    return Post(number=str(number), document=document, continues=None if after is None else str(after))


def texts(*posts: Post | Skipped) -> list[str]:
    return [item.text for item in joined(posts) if isinstance(item, RawDocument)]


def test_a_thread_is_one_document_in_the_order_written() -> None:
    assert texts(post(3, after=2), post(2, after=1), post(1), post(9)) == ["Post 1.\n\nPost 2.\n\nPost 3.", "Post 9."]


def test_later_posts_are_named_with_their_address() -> None:
    first, second = joined([post(1), post(2, after=1)])
    assert isinstance(first, RawDocument)
    assert (first.external_id, first.published_at) == ("1", START + dt.timedelta(minutes=1))
    assert second == Skipped("https://x.com/me/status/2", "part of the thread of https://x.com/me/status/1")


def test_a_thread_that_grows_keeps_its_identity() -> None:
    short, *_ = joined([post(1), post(2, after=1)])
    long, *_ = joined([post(1), post(2, after=1), post(3, after=2)])
    assert isinstance(short, RawDocument)
    assert isinstance(long, RawDocument)
    assert (short.external_id, short.url) == (long.external_id, long.url)
    assert long.text.startswith(short.text)


def test_an_addition_after_a_long_pause_is_a_document_of_its_own_day() -> None:
    pause = LONGEST_PAUSE.total_seconds() / 60
    assert texts(post(1, minutes=0), post(2, after=1, minutes=pause)) == ["Post 1.\n\nPost 2."]
    assert texts(post(1, minutes=0), post(2, after=1, minutes=pause + 1)) == ["Post 1.", "Post 2."]


def test_branches_are_joined_and_missing_beginnings_noted() -> None:
    assert texts(post(1), post(2, after=1), post(3, after=1)) == ["Post 1.\n\nPost 2.\n\nPost 3."]
    (alone,) = joined([post(2, after=1)])
    assert alone.notes == ("continues post 1, which is missing",) if isinstance(alone, RawDocument) else False


@given(st.lists(st.tuples(st.integers(0, 12), st.none() | st.integers(0, 12), st.integers(0, 90)), max_size=12))
def test_every_post_is_read_once_or_named_whatever_replies_to_what(rows: list[tuple[int, int | None, int]]) -> None:
    posts = list({row[0]: post(row[0], after=row[1], minutes=row[2]) for row in rows}.values())
    items = list(joined(posts))
    assert len(items) == len(posts)
    words = "\n\n".join(item.text for item in items if isinstance(item, RawDocument))
    assert sorted(words.split("\n\n")) == sorted(each.document.text for each in posts) or not posts
