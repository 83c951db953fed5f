"""Where a feed says that it goes on, and which of these places are believed."""

from __future__ import annotations

import json
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reading import payload

from sources.paging import next_page

FEED = "https://news.example/atom"
NEXT = "https://news.example/feed?page=2"


def atom(*links: str, entry: str = "", base: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {base}>{"".join(links)}<entry>{entry}</entry></feed>'


def link(href: str, rel: str = "next") -> str:
    return f'<link rel="{rel}" href="{href}"/>'


def rss(links: str) -> str:
    channel = f"<title>News</title><link>https://news.example</link>{links}<item><title>1</title></item>"
    return f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{channel}</channel></rss>'


def json_feed(next_url: object) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [], "next_url": next_url})


def found(data: str, url: str | None = FEED) -> str | None:
    return next_page(payload(data, url or "feed.xml", url=url))


@pytest.mark.parametrize(
    "data",
    [
        json_feed(NEXT),
        json_feed("feed?page=2"),
        json_feed(f"{NEXT}#top"),
        atom(link(FEED, "self"), link(NEXT)),
        atom(link(NEXT, "prev-archive")),
        atom(link("https://news.example/2019", "prev-archive"), link(NEXT, " Next ")),
        atom(link("?page=2"), base='xml:base="https://news.example/feed"'),
        rss(f'<atom:link rel="next" href="{NEXT}"/>'),
        rss('<atom:link rel="prev-archive" href="/feed?page=2"/>'),
        f'<rdf:RDF xmlns:rdf="r" xmlns:a="http://www.w3.org/2005/Atom"><channel><a:link rel="next" href="{NEXT}"/>'
        "</channel></rdf:RDF>",
    ],
)
def test_every_way_to_name_the_next_page(data: str) -> None:
    assert found(data) == NEXT


@pytest.mark.parametrize(
    "url",
    [
        FEED,
        f"{FEED}#more",
        "",
        "https://other.example/feed?page=2",
        "https://www.news.example/feed?page=2",
        "https://news.example:8080/feed?page=2",
        "https://ann@news.example/feed?page=2",
        "http://127.0.0.1/feed?page=2",
        "//169.254.169.254/latest",
        "file:///etc/passwd",
        "ftp://news.example/feed?page=2",
        "https://[bad",
    ],
)
def test_itself_and_other_places_are_no_next_page(url: str) -> None:
    assert found(json_feed(url)) is None
    assert found(atom(link(url))) is None


@pytest.mark.parametrize(
    "data",
    [
        json_feed(None),
        json_feed(["x"]),
        json.dumps({"items": [], "next_url": NEXT}),
        atom(),
        atom(link(NEXT, "alternate")),
        atom(entry=link(NEXT)),
        rss(f"<link>{NEXT}</link>"),
        f'<!DOCTYPE html><html><head><link rel="next" href="{NEXT}"></head></html>',
        "Just words.",
    ],
)
def test_what_has_no_next_page(data: str) -> None:
    assert found(data) is None


def test_a_feed_that_was_asked_under_another_address_does_not_go_on_there() -> None:
    assert next_page(payload(json_feed(FEED), FEED, url="https://news.example/feeds/1")) is None


def test_a_file_goes_nowhere() -> None:
    assert found(json_feed(NEXT), url=None) is None


@given(st.text(), st.text())
@example("?page=2", "http://[bad")
@example("//news.example:x/", "")
def test_whatever_a_link_says_the_host_stays_the_same(href: str, base: str) -> None:
    written = f'<link rel="next" href={quoteattr(href)}/>'
    for data in (json_feed(href), atom(written, base=f"xml:base={quoteattr(base)}")):
        page = found(data)
        assert page is None or urlsplit(page).netloc == "news.example"
