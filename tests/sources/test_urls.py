"""Which addresses are one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.urls import canonical_url, host_of

PAGE = "https://paper.example/2026/02/03/a-story"


@pytest.mark.parametrize(
    "url",
    [
        "http://paper.example/2026/02/03/a-story",
        "https://www.paper.example/2026/02/03/a-story/",
        "HTTPS://Paper.Example:443/2026/02/03/a-story#comments",
        "https://m.paper.example/2026/02/03/a-story?utm_source=rss&utm_medium=feed",
        "https://amp.paper.example/2026/02/03/a-story",
        "https://paper.example/2026/02/03/a-story/amp/",
        "https://paper.example/2026/02/03/a-story?fbclid=x&gclid=y&amp=1",
        "https://paper.example/2026/02/03/%61-story",
        "  https://paper.example//2026/02/03/a-story  ",
    ],
)
def test_spellings_of_one_page(url: str) -> None:
    assert canonical_url(url) == PAGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/?id=42", "https://a.example/?id=43"),
        ("https://a.example/list?page=1", "https://a.example/list?page=2"),
        ("https://a.example/x?source=ap", "https://a.example/x?source=afp"),
        ("https://a.example/x?ref=12", "https://a.example/x"),
        ("https://a.example/x?glossary=b", "https://a.example/x?glossary=c"),
        ("https://a.example/x?4711", "https://a.example/x?4712"),
        ("https://a.example/#!/story/1", "https://a.example/#!/story/2"),
        ("https://a.example/A", "https://a.example/a"),
        ("https://a.example/a%2Fb", "https://a.example/a/b"),
        ("http://a.example:8000/x", "https://a.example/x"),
        ("https://news.a.example/x", "https://a.example/x"),
    ],
)
def test_different_pages_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2"),
        ("https://a.example/Łódź", "https://a.example/%C5%81%C3%B3d%C5%BA"),
        ("https://a.example/@ann;v=1", "https://a.example/%40ann%3Bv=1"),
        ("https://twitter.com/Dana_W/status/1?ref_src=x", "https://x.com/dana_w/status/1"),
        (
            "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7425066950197248419",
            "https://www.linkedin.com/feed/update/urn:li:share:7425066950197248419/",
        ),
    ],
)
def test_equal_by_rule(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    "url", ["", "urn:notes:1", "at://did:plc:a/b", "mailto:a@b.example", "http://[bad", "/relative"]
)
def test_what_is_no_web_address_comes_back_unchanged(url: str) -> None:
    assert canonical_url(url) == url


@given(
    st.from_regex(
        r"https?://[a-z]{1,8}\.example(:80)?(/[\w%~.;@+-]{0,8}){0,3}(\?[a-z]{1,3}=[\w%+ ]{0,4}){0,1}", fullmatch=True
    )
)
def test_it_is_idempotent(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_hosts() -> None:
    assert host_of("https://www.Paper.example:8080/x") == "paper.example"
    assert host_of(None) is None
    assert host_of("http://[bad") is None
