"""Which pages make the user choose among feeds, and how often feeds say that they are to be polled."""

from __future__ import annotations

import datetime as dt

import pytest

from kb.types import Payload
from sources import pages
from sources.fronts import offered_feeds
from sources.intervals import stated_interval

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
LINKS = (
    '<link rel="alternate" type="application/rss+xml" title="All news" href="/feed.xml">'
    '<link rel="alternate" type="application/atom+xml" title="Economy" href="/economy.atom">'
)
STORY = f"<p>{'The harbour authority of Westport said on Tuesday that it will order nine electric ferries. ' * 9}</p>"
TEASERS = "<ul>" + "".join(f'<li><a href="/{n}">Story {n}</a></li>' for n in range(9)) + "</ul>"


def page(body: str, url: str, *, head: str = LINKS) -> Payload:
    markup = f"<!DOCTYPE html><html><head><title>Port Post</title>{head}</head><body>{body}</body></html>"
    return Payload(data=markup.encode(), name=url, url=url, fetched_at=NOW)


def offered(payload: Payload) -> list[str]:
    return [feed.url for feed in offered_feeds(payload, pages.read)]


BOTH = ["https://port.example/feed.xml", "https://port.example/economy.atom"]


@pytest.mark.parametrize(
    ("body", "path"),
    [(TEASERS, "/"), (TEASERS, ""), (STORY, "/"), (TEASERS, "/news/economy"), (TEASERS, "/2026/01/all-stories")],
)
def test_front_pages_offer_their_feeds(body: str, path: str) -> None:
    assert offered(page(body, f"https://port.example{path}")) == BOTH


def test_stories_do_not() -> None:
    story = f"<article><h1>Ferries</h1>{STORY}</article>"
    assert offered(page(story, "https://port.example/2026/01/02/nine-electric-ferries")) == []
    said = LINKS + '<meta property="og:type" content="article">'
    assert offered(page(story, "https://port.example/ferries", head=said)) == []


def test_a_front_page_without_feeds_offers_nothing() -> None:
    assert offered(page(TEASERS, "https://port.example/", head="")) == []


def test_other_payloads_offer_nothing() -> None:
    text = Payload(data=b"Ann: We will sail.", name="a.txt", fetched_at=NOW)
    assert offered(text) == []


def test_an_index_offers_its_sitemaps() -> None:
    index = "<sitemapindex><sitemap><loc>https://port.example/news.xml</loc></sitemap></sitemapindex>"
    assert offered(Payload(data=index.encode(), name="x", url="https://port.example/s.xml", fetched_at=NOW)) == [
        "https://port.example/news.xml"
    ]


HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("channel", "interval"),
    [
        ("<ttl>90</ttl>", HOUR * 1.5),
        ("<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", HOUR / 2),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", HOUR * 24),
        ("<ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod>", HOUR * 24),
        ("<ttl>often</ttl>", None),
        ("", None),
    ],
)
def test_stated_intervals(channel: str, interval: dt.timedelta | None) -> None:
    feed = f"<rss><channel>{channel}<title>News</title></channel></rss>"
    assert stated_interval(Payload(data=feed.encode(), name="f", fetched_at=NOW)) == interval
