"""The feeds that pages and lists name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import payload

from kb.errors import InputError
from kb.types import FoundFeed
from sources.discovery import find_feeds
from sources.opml import feeds
from sources.sitemaps import sitemaps

SITE = "https://www.quay.example/news/"


def found(markup: str, url: str | None = SITE) -> list[FoundFeed]:
    return find_feeds(payload(f"<!doctype html><html>{markup}</html>", "site", url=url))


def addresses(markup: str) -> list[str]:
    return [feed.url for feed in found(markup)]


@pytest.mark.parametrize(
    ("attributes", "feed"),
    [
        (
            "type='application/rss+xml' title='Quay  News' href='/feed'",
            ("https://www.quay.example/feed", "Quay News", "rss"),
        ),
        ("type='Application/Atom+XML; charset=utf-8' href='a.atom'", (f"{SITE}a.atom", None, "atom")),
        ("type='application/feed+json' href='//quay.example/f.json'", ("https://quay.example/f.json", None, "json")),
        ("type='application/json' href='/feed.json'", ("https://www.quay.example/feed.json", None, "json")),
        ("type='text/xml' href='/rss'", ("https://www.quay.example/rss", None, "feed")),
    ],
)
def test_declared_feeds(attributes: str, feed: tuple[str, str | None, str]) -> None:
    assert [(f.url, f.title, f.type) for f in found(f"<link rel='alternate' {attributes}>")] == [feed]


@pytest.mark.parametrize(
    "markup",
    [
        "<link rel=alternate type=application/json href=/wp-json/wp/v2/posts/1>",
        "<link rel=alternate type=application/json+oembed href=/feed>",
        "<link rel=alternate hreflang=fr href=/fr/>",
        "<link rel='alternate stylesheet' type=application/rss+xml href=/feed>",
        "<link rel=alternate type=application/rss+xml href=''>",
        "<link rel=alternate type=application/rss+xml href='http://[bad'>",
        "<a href='https://reader.example/subscribe/rss.xml'>Follow</a>",
        "<a href=/feeding-the-ducks>Ducks</a>",
        "<a href=/index>Start</a>",
        "<a href='http://[bad/feed'>Broken</a>",
        "",
    ],
)
def test_what_is_no_feed(markup: str) -> None:
    assert found(markup) == []


def test_links_to_feeds_on_the_same_site() -> None:
    markup = "".join(
        f"<a href='{href}'>x</a>"
        for href in ("/rss", "feed://quay.example/a/feed", "feed:https://feeds.quay.example/b.rss")
    )
    assert addresses(markup) == [
        "https://www.quay.example/rss",
        "https://quay.example/a/feed",
        "https://feeds.quay.example/b.rss",
    ]


def test_order_base_and_repetition() -> None:
    markup = (
        "<head><base href='/deep/'><link rel=alternate type=application/rss+xml title='Comments on: Quay' href=c>"
        "<link rel=alternate type=application/rss+xml href=main></head>"
        "<body><a href=/feed>all</a><a href='http://quay.example/deep/main/'>again</a></body>"
    )
    assert addresses(markup) == [
        "https://www.quay.example/deep/main",
        "https://www.quay.example/feed",
        "https://www.quay.example/deep/c",
    ]


def test_a_saved_page_names_absolute_addresses_only() -> None:
    markup = "<link rel=alternate type=application/rss+xml href=/feed><a href=https://quay.example/rss>r</a>"
    assert [feed.url for feed in found(markup, url=None)] == ["https://quay.example/rss"]


@given(st.text(max_size=200))
def test_any_page_has_feeds_or_none(markup: str) -> None:
    assert isinstance(found(markup), list)


def test_a_list_of_feeds_keeps_titles() -> None:
    data = "<opml><body><outline text='Quay &amp; Co' xmlUrl='https://quay.example/feed'/><outline version='ATOM1' xmlURL='https://b.example/'/></body></opml>"
    assert feeds(payload(data)) == [
        FoundFeed(url="https://quay.example/feed", title="Quay & Co"),
        FoundFeed(url="https://b.example/"),
    ]


@pytest.mark.parametrize(
    ("data", "words"), [("<rss/>", "no OPML|not an OPML"), ("<opml/>", "without a feed"), ("", "not an OPML")]
)
def test_lists_without_feeds_are_refused(data: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        feeds(payload(data))


def test_entities_in_a_list_are_not_multiplied() -> None:
    data = "<!DOCTYPE o [<!ENTITY a 'AAAA'>]><opml><body><outline text='&a;&a;' xmlUrl='https://quay.example/feed'/></body></opml>"
    (feed,) = feeds(payload(data))
    assert "AAAA" not in (feed.title or "")


def test_a_sitemap_of_pages_names_no_further_sitemaps_and_is_refused() -> None:
    data = "<urlset><url><loc>https://quay.example/about</loc></url></urlset>"
    assert sitemaps(payload(data)) == []
    from sources.sitemaps import read

    with pytest.raises(InputError, match="without news"):
        list(read(payload(data)))
    with pytest.raises(InputError, match="is not a sitemap"):
        sitemaps(payload("<rss/>"))
