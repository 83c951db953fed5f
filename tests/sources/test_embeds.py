"""Embedded posts: cut out of pages with their own speaker, noted where they bring no words."""

from __future__ import annotations

import pytest
from reading import NOW

from kb.types import RawDocument, Skipped
from sources.embeds import cut_embeds
from sources.html import element_text, parse_html

TWEET = (
    '<blockquote class="twitter-video" data-conversation="none"><p lang="en">We ship in 2027. '
    '<a href="https://t.co/x">pic.twitter.com/abc</a></p>&mdash; Dana W (@dw_ex) '
    '<a href="https://x.com/dw_ex/status/2018614183326646272">3. Februar 2026</a></blockquote>'
)


def embedded(markup: str) -> tuple[list[RawDocument | Skipped], str]:
    """The posts of a page, and the words that are left of it."""
    root = parse_html(f"<article><p>Before.</p>{markup}<p>After.</p></article>")
    return cut_embeds(root, now=NOW, where="https://a.example/story"), element_text(root)


@pytest.mark.parametrize(
    "wrapper", ["{}", '<amp-twitter data-tweetid="1">{}</amp-twitter>', "<div><div>{}</div></div>"]
)
def test_an_embed_is_read_once_with_its_time_from_the_number(wrapper: str) -> None:
    (post,), rest = embedded(wrapper.format(TWEET))
    assert isinstance(post, RawDocument)
    assert post.text == "We ship in 2027."
    assert post.published_at is not None
    assert post.published_at.isoformat() == "2026-02-03T09:15:00+00:00"
    assert rest == "Before.\n\nAfter."


def test_an_embed_within_an_embed_is_read_once() -> None:
    posts, _ = embedded(TWEET.replace("</p>", "</p>" + TWEET))
    assert len(posts) == 1


def test_a_long_post_is_marked_as_cut() -> None:
    long = "By 2028 every van will charge in ten minutes. " * 6 + "And then… https://t.co/rest"
    (post,), _ = embedded(TWEET.replace("We ship in 2027. ", long).replace("pic.twitter.com/abc", ""))
    assert isinstance(post, RawDocument)
    assert post.text.endswith("And then…")
    assert post.notes == ("as embedded in https://a.example/story", "long post, cut where it was embedded")


@pytest.mark.parametrize(
    ("markup", "network"),
    [
        (
            '<iframe src="https://www.linkedin.com/embed/feed/update/urn:li:share:7425066950197248419"></iframe>',
            "LinkedIn",
        ),
        ('<iframe src="https://platform.twitter.com/embed/Tweet.html?id=2018614183326646272"></iframe>', "X"),
        ('<iframe src="https://embed.bsky.app/embed/did:plc:q/app.bsky.feed.post/3k"></iframe>', "Bluesky"),
        ('<iframe src="https://social.example/@joss/116012345678901234/embed"></iframe>', "Mastodon"),
        ('<iframe class="mastodon-embed" src="https://social.example/x"></iframe>', "Mastodon"),
        ('<amp-twitter data-tweetid="2018615861048246272"></amp-twitter>', "X"),
        ('<blockquote class="instagram-media"><p>A post shared by Dana</p></blockquote>', "Instagram"),
        ('<blockquote class="tiktok-embed"><section>@dana</section></blockquote>', "TikTok"),
        (
            '<blockquote class="text-post-media"><a href="https://www.threads.net/@d/post/1">Read</a></blockquote>',
            "Threads",
        ),
        ('<div class="fb-post" data-href="https://www.facebook.com/d/posts/1"></div>', "Facebook"),
        ('<blockquote class="twitter-tweet"><a href="https://x.com/a/status/1">May 3</a></blockquote>', "X"),
        ('<blockquote class="twitter-tweet"><p>Words without an address.</p></blockquote>', "X"),
        ('<blockquote class="bluesky-embed"><p>Words of nobody.</p></blockquote>', "Bluesky"),
    ],
)
def test_an_embed_without_words_or_address_is_noted(markup: str, network: str) -> None:
    (item,), rest = embedded(markup)
    assert isinstance(item, Skipped)
    assert item.reason == f"embedded {network} post whose words are not in the page"
    assert item.item
    assert rest == "Before.\n\nAfter."


def test_other_frames_and_quotations_stay() -> None:
    posts, rest = embedded(
        '<iframe src="https://player.example/1"></iframe><blockquote><p>A quotation.</p></blockquote>'
    )
    assert not posts
    assert rest == "Before.\n\nA quotation.\n\nAfter."
