"""Whose words posts are: reposts, likes, messages, comments by others and private things are never the owner's.

In the fixtures everything that is not the owner's to say in public contains the words "not my words".
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reading import payload, read
from test_samples import DATA, payload_of

import sources
from kb.errors import InputError
from kb.types import RawDocument, Skipped

OWNERS = {"Mira Okafor", "Owen Strand", "Joss Adeyemi-Park", "Dana Whitlock", "Marta Iliescu", "Emeka Solberg"}
OWNERS |= {"Havenlink & Co", "Joss & Co", "joss@social.example", "mira.example"}
MARK = "not my words"
FOREIGN = (
    MARK,
    "parcel volumes to grow before the middle of 2027",
    "Volumes will be up 5%",
    "Boring wins.",
    "Brightloom will pass 80%",
    "please hold the Q3 number",
    "guidance looks two quarters",
    "will deliver in 2029",
    "I still say 2029",
)
"""In the samples: a repost, two comments, a post beside, a direct message, a boost, a repost, an answer."""

WORST = [
    path
    for folder in ("x", "linkedin", "mastodon", "bluesky")
    for path in sorted((DATA / "sources" / folder).iterdir())
    if path.with_name(f"{path.name}.expected.json").exists()
]
POSTS = ("tweets.js", "x_api_v2.json", "Shares.csv", "Comments.csv", "linkedin_article.html", "linkedin_post.html")
POSTS += ("outbox.json", "mastodon_statuses.json", "mastodon.rss", "bsky_author_feed.json", "bsky_profile.rss")
SAMPLES = [DATA / "samples" / name for name in POSTS]
NOTHING_TO_SAY = {"draft.html", "reshare_page.html", "wall_page.html"}


@pytest.mark.parametrize("path", WORST + SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nobody_else_speaks_as_the_owner(path: Path) -> None:
    items = list(sources.read_documents(payload_of(path)))
    posts = [item for item in items if isinstance(item, RawDocument)]
    own = [post for post in posts if post.speaker and post.speaker.name in OWNERS]
    assert bool(own) == (path.name not in NOTHING_TO_SAY)
    assert not [post for post in own for words in FOREIGN if words in f"{post.text} {post.title} {post.notes}"]
    assert all(post.kind == "post" and post.speaker for post in posts)


def test_the_fixtures_do_hold_what_must_not_be_read() -> None:
    assert len([path for path in WORST if MARK in path.read_text(encoding="utf-8")]) >= 12


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (f'window.YTD.like.part0 = [{{"like": {{"tweetId": "5", "fullText": "{MARK}"}}}}]', "part 'like'"),
        (f'window.YTD.deleted_tweets.part0 = [{{"tweet": {{"id": "5", "full_text": "{MARK}"}}}}]', "'deleted_tweets'"),
        (f'window.YTD.direct_messages.part0 = [{{"dmConversation": "{MARK}"}}]', "part 'direct_messages'"),
        (f"CONVERSATION ID,CONVERSATION TITLE,FROM,CONTENT\n1,x,Owen,{MARK}\n", "messages, which are private"),
        ("Date,Type,Link\n2026-02-03 10:00:00,LIKE,https://www.linkedin.com/feed/\n", "reactions"),
        (f"First Name,Last Name,URL,Email Address\n{MARK},x,,\n", "no posts"),
        (json.dumps({"type": "Person", "preferredUsername": "joss", "outbox": "o", "summary": MARK}), "outbox.json"),
        (json.dumps({"type": "OrderedCollection", "first": "https://social.example/o?page=1"}), "without its items"),
    ],
)
def test_what_holds_no_posts_of_the_owner_is_refused_by_name(data: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(data)


def test_likes_of_a_mastodon_account_give_nothing() -> None:
    likes = {"id": "likes.json", "type": "OrderedCollection", "orderedItems": ["https://other.example/1", "x"]}
    assert all(isinstance(item, Skipped) for item in read(json.dumps(likes)))


def test_posts_of_several_unnamed_accounts_are_not_given_to_one_speaker() -> None:
    rows = [{"id": str(number), "text": MARK, "author_id": str(number)} for number in (1, 2)]
    page = payload(json.dumps({"data": rows, "meta": {"result_count": 2}}))
    items = list(sources.read_documents(page, speaker=None))
    assert [item.failed for item in items if isinstance(item, Skipped)] == [True, True]


def test_posts_of_one_unnamed_account_need_a_speaker() -> None:
    page = json.dumps({"data": [{"id": "1", "text": "We ship in 2027."}], "meta": {"result_count": 1}})
    with pytest.raises(InputError, match="name the speaker"):
        read(page)
