"""Detection by content, and what callers may say about a payload."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import payload, read, read_one

import sources
from kb.errors import InputError
from kb.types import Author, RawDocument, Skipped

SHARES = (
    "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"
    "2026-02-05 06:45:12,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7425066950197248419,Words.,,,\n"
)
DANA = Author(name="Dana Whitlock", handle="x:dana")
EMBED = (
    '<blockquote class="twitter-tweet"><p lang="en">We ship in 2027.</p>&mdash; Dana W (@dw_ex) '
    '<a href="https://twitter.com/dw_ex/status/2018614183326646272?ref_src=x">February 3, 2026</a></blockquote>'
)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("window.YTD.tweets.part0 = [ ]", "x"),
        (SHARES, "linkedin"),
        ("\ufeff" + SHARES, "linkedin"),
        ("\ufeff\n<!-- hi --><?xml version='1.0'?>\n<!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0'></rss>", "feed"),
        ('<rdf:RDF xmlns="http://purl.org/rss/1.0/"></rdf:RDF>', "feed"),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "page"),
        ("<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>\n<title>x</title>", "page"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nHi", "transcript"),
        ("00:00:01,000 --> 00:00:02,000\nHi", "transcript"),
        ("ANN: Hi.\nBOB: Hello.\nANN: So?\nBOB: Well.", "transcript"),
        ("From: Ann\nTo: Bob\nSubject: Boats\nDate: today\n\nHello.", "text"),
        ("[Applause] It begins.", "text"),
        ("{not json", "text"),
        ("<3 is a heart", "text"),
        ("WEBVTTX", "text"),
        ("---\ntitle: x\nkind: transcript\n---\nANN: Hi.\nBOB: Hello.\nANN: So?\nBOB: Well.", "text"),
        ("Grüße".encode("utf-16"), "text"),
        (b"caf\xe9 \xff\xfe", "text"),
    ],
)
def test_detection_by_content(data: bytes | str, name: str) -> None:
    assert sources.detect(payload(data, "misleading.pdf")) == name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"\0" * 50, "is empty"),
        (b"%PDF-1.7 ...", "damaged PDF"),
        (b"PK\x03\x04....", "download it and add the file"),
        (b"\x89PNG\r\n", "PNG image"),
        (b"text\0with\0nulls", "binary data"),
        (bytes(range(1, 32)) * 4, "binary data"),
        ('{"some": 1, "keys": 2}', "keys: keys, some"),
        ("[1, 2]", "JSON of no known kind"),
        ("[" * 100_000, None),
        ("<?xml version='1.0'?><invoice/>", "<invoice>"),
        ("<opml version='2.0'></opml>", "OPML"),
        ("<tt xmlns='http://www.w3.org/ns/ttml'><body/></tt>", "TTML captions"),
        ("Date,Type,Link\n2026-02-03 10:00:00,LIKE,https://l.example\n", "reactions, which have no words"),
        ("CONVERSATION ID,FROM,TO\n1,a,b\n", "messages, which are private"),
        ("First Name,Last Name,Maiden Name,Address\nAnn,Lee,,x\n", "no posts"),
        ('Notes:\n"Some have no address"\n\nFirst Name,Last Name,URL,Email Address\nAnn,Lee,x,\n', "no posts"),
        ("window.YTD.direct_messages.part0 = [ ]", "part 'direct_messages' of an X archive"),
        ('{"type": "OrderedCollection", "first": "https://m.example/outbox?page=1"}', "collection without its items"),
        ("window.YTD.like.part0 = [ ]", "part 'like' of an X archive"),
        ("window.YTD.tweets.part0 = [ {", "damaged part of an X archive"),
        ("window.YTD.tweets.part0 = {}", "no list"),
        ("ShareLink,ShareCommentary\n", "no column Date"),
        ("WEBVTT\n\nNOTE nothing here\n", "no words"),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes | str, words: str | None) -> None:
    if words is None:
        assert read(data)
        return
    with pytest.raises(InputError, match=words) as error:
        read(data, "my-input")
    assert "my-input" in str(error.value)


def outcome(data: bytes) -> list[RawDocument | Skipped] | str:
    """What was read, or the message of the one error that is allowed."""
    try:
        return read(data, "my-input")
    except InputError as error:
        return str(error)


@settings(deadline=None)  # the first page imports trafilatura
@given(st.binary(max_size=400))
def test_any_bytes_give_documents_or_one_clear_error(data: bytes) -> None:
    found = outcome(data)
    assert "my-input" in found if isinstance(found, str) else found


@pytest.mark.parametrize(
    "start", ["<rss version='2.0'>", "<!doctype html>", "WEBVTT\n", "window.YTD.tweets.part0 = [", "---\n"]
)
@settings(deadline=None)
@given(rest=st.text(max_size=200))
def test_any_text_after_a_signature_gives_documents_or_one_clear_error(start: str, rest: str) -> None:
    found = outcome((start + rest).encode("utf-8", "replace"))
    assert "my-input" in found if isinstance(found, str) else isinstance(found, list)


def test_a_speaker_is_given_to_posts_that_name_nobody() -> None:
    (post,) = sources.read_documents(payload(SHARES), speaker=DANA)
    assert isinstance(post, RawDocument)
    assert (post.speaker, post.author) == (DANA, "Dana Whitlock")


def test_posts_of_nobody_are_refused_with_advice() -> None:
    with pytest.raises(InputError, match=r"name the speaker .*Profile\.csv"):
        read(SHARES)


def test_a_speaker_makes_a_text_file_a_post() -> None:
    (post,) = sources.read_documents(payload("We ship in 2027."), speaker=DANA)
    assert isinstance(post, RawDocument)
    assert (post.kind, post.speaker) == ("post", DANA)


def test_a_speaker_does_not_replace_one_who_is_named() -> None:
    page = f"<!doctype html><article><p>{'They said much this week. ' * 20}</p>{EMBED}</article>"
    article, post = sources.read_documents(payload(page), speaker=DANA)
    assert isinstance(article, RawDocument)
    assert isinstance(post, RawDocument)
    assert article.speaker is None
    assert post.speaker == Author(name="Dana W", handle="x:dw_ex")


def test_a_kind_forces_a_format() -> None:
    (document,) = sources.read_documents(payload("ANN: Hi.\nWelcome."), kind="transcript")
    assert isinstance(document, RawDocument)
    assert [turn.speaker for turn in document.turns] == [Author(name="Ann")]
    with pytest.raises(InputError, match="no lines that start with a speaker's name"):
        list(sources.read_documents(payload("Just words."), kind="transcript"))
    with pytest.raises(InputError, match="is not a feed; it starts with '<!doctype html>"):
        list(sources.read_documents(payload("<!doctype html><p>Not found</p>", "https://a.example/feed"), kind="feed"))
    with pytest.raises(InputError, match=r"no format 'podcast'; known: .*feed, .*transcript, page"):
        list(sources.read_documents(payload("x"), kind="podcast"))


def test_a_page_without_text_is_a_failed_item() -> None:
    (item,) = read("<!doctype html><html><body><div id=app></div></body></html>", "https://a.example/app")
    assert isinstance(item, Skipped)
    assert item.failed
    assert "no article text" in item.reason


def test_entities_of_a_feed_are_neither_fetched_nor_multiplied() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "AAAAAAAAAA"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY x SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel><title>t</title>'
        "<item><title>[&b;][&x;]</title><link>https://a.example/1</link><description>d</description></item></channel></rss>"
    )
    document = read_one(bomb)
    assert document.title is not None
    assert "AAAA" not in document.title
    assert len(document.title) < 20


def test_a_feed_in_another_encoding() -> None:
    feed = (
        "<?xml version='1.0' encoding='utf-16'?><rss version='2.0'><channel><title>t</title><item><title>Łódź</title>"
        "<link>https://a.example/1</link></item></channel></rss>"
    )
    assert read_one(feed.encode("utf-16")).title == "Łódź"


def test_links_in_a_feed_are_resolved_against_where_it_was_fetched() -> None:
    feed = "<rss version='2.0'><channel><title>t</title><item><title>i</title><link>/x</link></item></channel></rss>"
    assert read_one(feed, "asked", url="https://a.example/feed").url == "https://a.example/x"


@pytest.mark.parametrize(
    ("canonical", "url", "note"),
    [
        ("https://a.example/2026/02/03/a-long-story", "https://a.example/2026/02/03/a-long-story", ()),
        ("/2026/02/03/a-long-story", "https://a.example/2026/02/03/a-long-story", ()),
        ("https://a.example/", "https://a.example/fetched/place-of-it", ()),
        ("https://a.example/news", "https://a.example/fetched/place-of-it", ()),
        ("http://[bad", "https://a.example/fetched/place-of-it", ()),
        ("https://a.example/fetched/place-of-it?page=1", "https://a.example/fetched/place-of-it?page=1", ()),
        (
            "https://b.example/2026/02/03/a-long-story",
            "https://a.example/fetched/place-of-it",
            ("first published at https://b.example/2026/02/03/a-long-story",),
        ),
    ],
)
def test_canonical_links_are_believed_with_care(canonical: str, url: str, note: tuple[str, ...]) -> None:
    words = "The yard will deliver two boats in 2027, its director said. " * 10
    page = f"<!doctype html><html><head><link rel=canonical href='{canonical}'></head><article><p>{words}</p></article>"
    document = read_one(page, "asked", url="https://a.example/fetched/place-of-it")
    assert document.canonical_url == url
    assert document.notes == note


@pytest.mark.parametrize(
    ("markup", "at", "precision"),
    [
        ('<meta property="article:published_time" content="2026-02-03T07:30:00Z">', "2026-02-03T07:30:00", "second"),
        ("<header><time datetime='2026-02-01T10:00Z'>1 Feb</time></header>", "2026-02-01T10:00:00", "minute"),
        ("", "2026-02-04T00:00:00", "day"),
    ],
)
def test_precedence_of_dates(markup: str, at: str, precision: str) -> None:
    words = "In March 12, 2019 we said so, and the yard will deliver two boats in 2027. " * 10
    page = f"<!doctype html><html><head></head><body>{markup}<article><p>{words}</p></article></body></html>"
    document = read_one(page, "asked", url="https://a.example/2026/02/04/boats")
    assert document.published_at is not None
    assert (document.published_at.isoformat(), document.published_precision) == (f"{at}+00:00", precision)


def test_an_embed_in_a_feed_keeps_its_attributes() -> None:
    bluesky = EMBED.replace("twitter-tweet", "bluesky-embed").replace(
        "<blockquote", '<blockquote data-bluesky-uri="at://did:plc:q/app.bsky.feed.post/3k"'
    )
    feed = (
        "<rss version='2.0' xmlns:c='http://purl.org/rss/1.0/modules/content/'><channel><title>t</title><item>"
        f"<title>i</title><link>https://a.example/1</link><c:encoded><![CDATA[<p>Hear:</p>{bluesky}]]></c:encoded></item></channel></rss>"
    )
    article, post = read(feed)
    assert isinstance(article, RawDocument)
    assert isinstance(post, RawDocument)
    assert article.text == "Hear:"
    assert post.url == "https://bsky.app/profile/did:plc:q/post/3k"
    assert post.published_precision == "day"


NOTE = "It will rain."
FEED = "<rss version='2.0'><channel><title>F</title><item><guid>1</guid><title>It rains.</title></item></channel></rss>"
DAY = dt.date(2026, 1, 29)


def dated(data: str, name: str = "a.txt", date: dt.date | None = None, **fields: str) -> tuple[dt.date | None, bool]:
    """The day of the document, and whether the name of its file told it."""
    given_ = payload(data, name, **fields)
    (document,) = sources.read_documents(given_, date=date)
    assert isinstance(document, RawDocument)
    assert document.published_precision == ("day" if document.published_at else "unknown")
    return document.published_at and document.published_at.date(), sources.DATED_BY_NAME in document.notes


def test_what_tells_no_day_is_of_the_day_that_is_given_or_that_its_file_is_called_by() -> None:
    assert dated(NOTE) == (None, False)
    assert dated(NOTE, "notes/2026-01-29 call.txt") == (DAY, True)
    assert dated(NOTE, "2026-01-29/call.txt") == (None, False)
    assert dated(NOTE, date=DAY) == (DAY, False)
    assert dated(NOTE, "2026-01-28.txt", date=DAY) == (DAY, False)
    own = f"---\ndate: 2026-01-27\n---\n{NOTE}"
    assert dated(own, "2026-01-28.txt", date=DAY) == (dt.date(2026, 1, 27), False)


def test_a_post_in_a_file_without_a_title_goes_by_the_name_of_the_file_too() -> None:
    (document,) = sources.read_documents(payload(NOTE, "notes/thread.txt"), speaker=DANA)
    assert isinstance(document, RawDocument)
    assert (document.kind, document.title) == ("post", "thread")


def test_an_address_dates_nothing_and_neither_does_a_given_day_a_feed() -> None:
    assert dated(NOTE, "2026-01-29.txt", url="https://example.org/2026-01-29.txt") == (None, False)
    assert dated(FEED, "feed.xml", date=DAY, url="https://example.org/feed.xml") == (None, False)


@pytest.mark.parametrize(
    ("text", "name", "speakers"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000\nWe will win.\n", "talk.srt", ["Dana Whitlock"]),
        ("Q: So?\nA: We will win.\nQ: Sure?\nA: Yes.", "talk.txt", ["Q", "Dana Whitlock", "Q", "Dana Whitlock"]),
        ("ANN: So?\nBOB: We will win.\nANN: Sure?\nBOB: Yes.", "talk.txt", ["Ann", "Bob", "Ann", "Bob"]),
        ('Interview: "We will win"\n\nQ: So?\nA: Yes.\nQ: Sure?\nA: Yes.', "talk.txt", ["Q", "Dana Whitlock"] * 2),
    ],
)
def test_who_speaks_where_a_transcript_names_nobody(text: str, name: str, speakers: list[str]) -> None:
    (document,) = sources.read_documents(payload(text, name), speaker=DANA)
    assert isinstance(document, RawDocument)
    assert [turn.speaker and turn.speaker.name for turn in document.turns] == speakers
