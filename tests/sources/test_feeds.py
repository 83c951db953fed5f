"""Feeds: what feedparser loses or mistakes, one trap each."""

from __future__ import annotations

import pytest
from reading import read, read_one

from kb.types import RawDocument

RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="https://a.example/"><title>T</title></channel><item rdf:about="urn:one"><title>One</title>'
    "<link>https://a.example/1</link></item></rdf:RDF>"
)


def rss(item: str, channel: str = "") -> str:
    return f"<rss version='2.0'><channel><title>T</title>{channel}<item>{item}</item></channel></rss>"


def atom(entry: str, feed: str = "") -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{feed}<entry>{entry}</entry></feed>"


@pytest.mark.parametrize(
    ("feed", "identity"),
    [
        (rss("<guid>bare</guid><link>https://a.example/1</link>"), "bare"),
        (rss("<guid isPermaLink='false'>/?p=24</guid><link>https://a.example/1</link>"), "/?p=24"),
        (rss("<guid>https://a.example/1?x=1</guid>"), "https://a.example/1?x=1"),
        (rss("<title>One</title><link>https://www.a.example/1?utm_source=rss</link>"), "https://a.example/1"),
        (atom("<id>/posts/24</id><title>One</title><link href='https://a.example/1'/>"), "/posts/24"),
        (atom("<id>tag:a.example,2026:1</id><title>One</title>"), "tag:a.example,2026:1"),
        (RDF, "urn:one"),
    ],
)
@pytest.mark.parametrize("url", [None, "https://a.example/feed", "https://moved.example/new/feed"])
def test_an_item_keeps_its_identity_wherever_the_feed_is_fetched(feed: str, identity: str, url: str | None) -> None:
    assert read_one(feed, url=url).external_id == identity


def test_an_item_without_id_and_address_is_known_by_its_words() -> None:
    one, same, other = (
        read_one(rss(f"<title>One</title><description>{w}</description>")) for w in ("Boats", "Boats", "Gulls")
    )
    assert one.external_id == same.external_id != other.external_id


@pytest.mark.parametrize(
    ("feed", "author"),
    [
        (atom("<id>1</id>", "<author><name>Ann Perez</name></author>"), "Ann Perez"),
        (
            atom("<id>1</id><author><name>Ugo Neri</name></author>", "<author><name>Ann Perez</name></author>"),
            "Ugo Neri",
        ),
        (
            atom("<id>1</id><author><name>Ann Perez</name></author><author><name>Ugo Neri</name></author>"),
            "Ann Perez, Ugo Neri",
        ),
        (rss("<guid>1</guid>", "<managingEditor>desk@a.example (Ann Perez)</managingEditor>"), None),
    ],
)
def test_whose_item_it_is(feed: str, author: str | None) -> None:
    assert read_one(feed).author == author


@pytest.mark.parametrize(
    ("feed", "title"),
    [
        (rss("<guid>1</guid><title>A &amp;amp; B</title>"), "A & B"),
        (rss("<guid>1</guid><title>A &amp; B</title>"), "A & B"),
        (atom("<id>1</id><title type='text'>Why &lt;b> is bold</title>"), "Why <b> is bold"),
        (atom("<id>1</id><title type='html'>Why &lt;b>bold&lt;/b></title>"), "Why bold"),
    ],
)
def test_titles_are_unescaped_as_often_as_they_were_escaped(feed: str, title: str) -> None:
    assert read_one(feed).title == title


@pytest.mark.parametrize("order", [("summary", "content"), ("content", "summary")])
def test_the_content_is_the_text_wherever_the_summary_stands(order: tuple[str, str]) -> None:
    words = {"summary": "Short.", "content": "The whole story in many words."}
    document = read_one(atom("<id>1</id>" + "".join(f"<{name}>{words[name]}</{name}>" for name in order)))
    assert (document.text, document.complete) == (words["content"], True)


@pytest.mark.parametrize(
    "damaged",
    [
        "\n \n" + rss("<guid>1</guid><description>Boats.</description>"),
        rss("<guid>1</guid><description>Bo\x08ats.</description>"),
        rss("<guid>1</guid><description>Boats.</description>").removesuffix("</channel></rss>"),
        rss("<guid>1</guid><title>AT&T</title><description>Boats.</description>"),
    ],
)
def test_small_damage_costs_nothing(damaged: str) -> None:
    assert read_one(damaged).text == "Boats."


def test_what_is_cut_off_loses_the_last_item_only() -> None:
    whole = rss("<guid>1</guid><description>Boats.</description>")
    first, *rest = read(whole.replace("</channel></rss>", "<item><title>Gul"))
    assert isinstance(first, RawDocument)
    assert first.text == "Boats."
    assert all(not isinstance(item, RawDocument) or not item.text for item in rest)
