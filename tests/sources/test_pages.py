"""What pages say about themselves, and which of it is believed."""

from __future__ import annotations

from typing import Any

import pytest
from reading import NOW, payload, read, read_one

from kb.types import RawDocument, Skipped
from sources.furniture import without_furniture
from sources.html import parse_html
from sources.jsonld import Article, read_article
from sources.liveblog import read_live_blog

WORDS = "The yard will deliver two boats in 2027, its director said, and the city will pay for them. " * 8
STORY = "https://quay.example/2026/02/03/a-long-story"


def page(head: str = "", body: str = f"<article><p>{WORDS}</p></article>", html: str = "html") -> str:
    return f"<!doctype html><{html}><head>{head}</head><body>{body}</body></html>"


def described(script: str, url: str | None = None) -> Article:
    return read_article(parse_html(page(f"<script type='application/ld+json'>{script}</script>")), url)


@pytest.mark.parametrize("mark", ["html amp", "html ⚡"])
def test_an_amp_page_has_the_identity_of_the_page_that_it_copies(mark: str) -> None:
    document = read_one(
        page(f"<link rel=canonical href={STORY}>", html=mark), url="https://quay-example.cdn.ampproject.org/c/s/x"
    )
    assert (document.external_id, document.canonical_url, document.notes) == (STORY, STORY, ())
    assert document.url == "https://quay-example.cdn.ampproject.org/c/s/x"


@pytest.mark.parametrize("url", ["https://amp.quay.example/2026/02/03/a-long-story", f"{STORY}/amp/", f"{STORY}?amp=1"])
def test_addresses_of_amp_copies_are_the_story_even_without_a_canonical_link(url: str) -> None:
    assert read_one(page(), url=url).canonical_url == STORY


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('"Ann Perez"', ("Ann Perez",)),
        ('"By Ann Perez and Ugo Neri"', ("Ann Perez", "Ugo Neri")),
        ('["Ann Perez", {"name": "Ugo Neri"}]', ("Ann Perez", "Ugo Neri")),
        ('{"@type": "Person", "name": ["Ann Perez", "Ugo Neri"]}', ("Ann Perez", "Ugo Neri")),
        ('{"@type": "Person", "name": {"@value": "Ann Perez", "@language": "en"}}', ("Ann Perez",)),
        ('[{"@type": "Organization", "name": "Quay"}, {"name": "Ann Perez"}]', ("Ann Perez",)),
        ('{"@type": "NewsMediaOrganization", "name": "Marks and Spencer"}', ("Marks and Spencer",)),
        ('"https://quay.example/staff/ann"', ()),
        ('[null, 7, {"name": null}]', ()),
    ],
)
def test_authors_in_every_form(author: str, names: tuple[str, ...]) -> None:
    assert described(f'{{"@type": "NewsArticle", "headline": "x", "author": {author}}}').authors == names


def test_authors_who_are_described_elsewhere_on_the_page() -> None:
    story = '{"@type": "Article", "headline": "x", "author": [{"@id": "#a"}, {"@id": "#gone"}]}'
    assert described(f'{{"@graph": [{story}, {{"@id": "#a", "name": "Ann Perez"}}]}}').authors == ("Ann Perez",)


def test_a_later_page_of_a_story_is_not_the_first() -> None:
    second = f"{STORY}?page=2"
    assert read_one(page(f"<link rel=canonical href={STORY}>"), url=second).canonical_url == second


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "A \\u0026amp; B",}',
        '\n//<![CDATA[\n{"@type": ["Thing", "http://schema.org/NewsArticle"], "headline": "A &amp; B"}\n//]]>',
        '<!-- [{"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "<b>A</b> &amp; B"}}] -->',
        '{"@graph": [{"@type": "Person", "headline": "no"}, {"@type": "Report", "headline": "A & B"}, []]}',
        '{"@type": "Article", "headline": "A & B", "description": "raw\x0b\ncontrols"}',
    ],
)
def test_shapes_of_blocks(script: str) -> None:
    assert described(script).headline == "A & B"


@pytest.mark.parametrize(
    "script", ["", "{", "[[[[", "null", "7", '{"@type": "Article"}', '{"@type": {}, "headline": {}}']
)
def test_blocks_that_describe_no_article(script: str) -> None:
    assert described(script) == Article()


def test_of_several_articles_the_one_at_the_address_counts() -> None:
    script = (
        '[{"@type": "Article", "headline": "Other", "url": "https://quay.example/other"},'
        f'{{"@type": "Article", "headline": "Own", "mainEntityOfPage": {{"@id": "{STORY}?utm_source=x"}}}}]'
    )
    assert described(script, STORY).headline == "Own"
    assert described(script).headline == "Other"


@pytest.mark.parametrize(
    ("free", "body", "text"),
    [
        ("true", "Short teaser.", WORDS),
        ("true", WORDS * 3, WORDS * 3),
        ("true", WORDS + "A little more.", WORDS),
        ("false", WORDS + "A little more.", WORDS + "A little more."),
        ("false", "Short teaser.", WORDS),
    ],
)
def test_the_text_of_the_page_or_of_its_description(free: str, body: str, text: str) -> None:
    script = f'{{"@type":"Article","headline":"x","isAccessibleForFree":{free},"articleBody":"{body}"}}'
    document = read_one(page(f"<script type='application/ld+json'>{script}</script>"), url=STORY)
    assert document.text == text.strip()
    assert any("not free" in note for note in document.notes) is (free == "false" and text == WORDS)


@pytest.mark.parametrize(
    ("markup", "at"),
    [
        ('<meta itemprop="datePublished" content="2026-02-01T10:00:00Z">', "2026-02-01T10:00:00"),
        ('<meta name="parsely-pub-date" content="2026-02-01T11:00:00Z">', "2026-02-01T11:00:00"),
        ("<header><time class='updated' datetime='2026-02-02T10:00Z'></time></header>", "2026-02-03T00:00:00"),
        ("<time datetime='2026-02-02T10:00Z'>elsewhere</time>", "2026-02-03T00:00:00"),
    ],
)
def test_moments_in_the_page(markup: str, at: str) -> None:
    (document,) = read(page(body=f"{markup}<article><p>{WORDS}</p></article>"), url=STORY)
    assert isinstance(document, RawDocument)
    assert document.published_at is not None
    assert document.published_at.isoformat() == f"{at}+00:00"


@pytest.mark.parametrize(
    "block",
    [
        ("p", "Read more: Ferry line to expand"),
        ("p", "ALSO READ: Ferry line"),
        ("p", "Sign up for our morning newsletter."),
        ("p", "Subscribe to our channel and get alerts"),
        ("p", "Follow us on LinkedIn for more"),
        ("p", "Photo: A. Nowicka / Agency"),
        ("p", "Advertisement"),
        ("p", "© 2026 Quay. All rights reserved."),
        ("head", "Related stories"),
        ("head", "More from the harbour"),
        ("quote", "“We ship in 2027”"),
        ("quote", "We ship … by the summer"),
        ("quote", "We ship in 2027. — Ida Brandt"),
        ("p", "“We ship in 2027,”"),
    ],
)
def test_what_is_none_of_the_articles_words(block: tuple[str, str]) -> None:
    said = "“We ship in 2027, and the last boat by the summer,” Brandt said."
    assert without_furniture([("p", said), block, ("p", "End.")]) == [said, "End."]


@pytest.mark.parametrize(
    "block",
    [
        ("p", "Sign up for the race closes in May, the club said, and five hundred people did."),
        ("p", "Photographs: the museum will show them in 2027."),
        ("head", "What happens next"),
        ("quote", "“The yard is the heart of this town.”"),
        ("p", "“We ship in 2027 or I resign,” Brandt wrote."),
        ("p", "We ship in 2027"),
    ],
)
def test_what_stays(block: tuple[str, str]) -> None:
    said = "“We ship in 2027, and the last boat by the summer,” Brandt said."
    assert without_furniture([("p", said), block]) == [said, block[1]]


def live(*updates: Any) -> list[RawDocument | Skipped]:
    blog = Article(headline="Live", authors=("Ann Perez",), updates=tuple(Article(**update) for update in updates))
    return list(read_live_blog(blog, payload(b"", "blog"), url=STORY, language="en"))


def test_entries_of_a_live_blog_have_own_ids_moments_and_authors() -> None:
    first, second = live(
        {"body": "One.", "url": f"{STORY}#1", "published": "2026-02-05T10:00:00Z", "authors": ("Ugo Neri",)},
        {"body": "Two.", "url": "#2", "headline": "Second", "modified": "2026-02-05T11:00:00Z"},
    )
    assert isinstance(first, RawDocument)
    assert isinstance(second, RawDocument)
    assert (first.external_id, second.external_id) == (f"live:{STORY}#1", f"live:{STORY}#2")
    assert (first.author, second.author) == ("Ugo Neri", "Ann Perez")
    assert (first.title, second.title) == ("Live", "Second")
    assert first.published_at == NOW.replace(day=5, hour=10)
    assert (second.published_at, second.published_precision) == (None, "unknown")
    assert (first.speaker, first.canonical_url) == (None, None)


def test_entries_that_share_an_address_are_told_apart_by_their_moment() -> None:
    found = live(
        {"body": "One.", "url": STORY, "published": "2026-02-05T10:00:00Z"},
        {"body": "Two.", "url": STORY},
        {"url": STORY},
    )
    ids = [item.external_id if isinstance(item, RawDocument) else item.item for item in found]
    assert ids == [f"live:{STORY}#2026-02-05T10:00:00Z", f"live:{STORY}#2", f"{STORY}#3"]


@pytest.mark.parametrize(
    "title", ["Just a moment...", "Attention Required! | Cloudflare", "Access denied", "Are you a robot?"]
)
def test_what_stands_before_a_page_is_not_the_page(title: str) -> None:
    shown = "<h1>quay.example</h1><p>The security of your connection must be checked before you go on to the story.</p>"
    (item,) = read(page(f"<title>{title}</title>", shown), url=STORY)
    assert isinstance(item, Skipped)
    assert (item.failed, "people only" in item.reason) == (True, True)


@pytest.mark.parametrize(
    ("title", "words"), [("Access denied", WORDS * 2), ("Access denied to the harbour for a year", WORDS)]
)
def test_a_story_may_be_called_like_what_stands_before_a_page(title: str, words: str) -> None:
    assert read_one(page(f"<title>{title}</title>", f"<p>{words}</p>"), url=STORY).text
