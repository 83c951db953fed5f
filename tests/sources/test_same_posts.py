"""One post in several exports is one post: the same identity, the same words, the same moment."""

from __future__ import annotations

import datetime as dt

import pytest
from test_samples import DATA, payload_of

import sources
from kb.types import RawDocument

X, X_LONG = "post:x:2018614183326646272", "post:x:2018950168048566272"
BLUESKY = "post:bluesky:at://did:plc:quelmarkexample0000000000/app.bsky.feed.post/3me5kexample2a"
BLUESKY_REPLY = "post:bluesky:at://did:plc:quelmarkexample0000000000/app.bsky.feed.post/3me5reply00001"
MASTODON = "post:mastodon:https://social.example/@joss/116012345678901234"
LINKEDIN = "post:linkedin:7425066950197248419"


def posts(name: str) -> dict[str, RawDocument]:
    items = sources.read_documents(payload_of(DATA / "samples" / name))
    return {item.external_id: item for item in items if isinstance(item, RawDocument)}


@pytest.mark.parametrize(
    ("identity", "names"),
    [
        (X, ["tweets.js", "x_api_v2.json"]),
        (X_LONG, ["tweets.js", "x_api_v2.json"]),
        (MASTODON, ["outbox.json", "mastodon_statuses.json", "mastodon.rss"]),
        (BLUESKY, ["bsky_author_feed.json", "bsky_profile.rss"]),
        (LINKEDIN, ["Shares.csv", "linkedin_post.html"]),
    ],
)
def test_exports_agree_on_a_post(identity: str, names: list[str]) -> None:
    first, *others = (posts(name)[identity] for name in names)
    for other in others:
        assert other.text == first.text
        assert other.author == first.author
        assert first.published_at
        assert other.published_at
        assert abs(other.published_at - first.published_at) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("identity", "name"), [(X, "tweets.js"), (X, "x_api_v2.json"), (BLUESKY_REPLY, "bsky_author_feed.json")]
)
def test_an_embedded_post_is_the_post(identity: str, name: str) -> None:
    embedded, post = posts("tweet_embed_article.html")[identity], posts(name)[identity]
    assert (embedded.url, embedded.canonical_url, embedded.speaker) == (post.url, post.canonical_url, post.speaker)


def test_addresses_agree_where_the_network_has_one() -> None:
    for identity, names in ((X, ("tweets.js", "x_api_v2.json")), (MASTODON, ("outbox.json", "mastodon.rss"))):
        assert len({posts(name)[identity].canonical_url for name in names}) == 1
