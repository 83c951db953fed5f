"""Parsers by what they read, each with samples to damage and a way of building inputs."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from dataclasses import dataclass

from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from tests.fuzz.inputs import WORDS, Inputs, altered, as_json, damaged, lines, markup, rows, samples, values

NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
FEEDS = (
    f"<rss {NAMESPACES}><channel>",
    f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}>',
    "<urlset>",
    "<opml>",
)
SHARES, COMMENTS = "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility", "Date,Link,Message"
MAIL = """From: Ann Smith <ann@quay.example>
Date: Tue, 03 Feb 2026 07:30:00 +0100
Subject: =?utf-8?b?w6k=?=
Message-ID: <1@quay.example>
List-Id: News <news.quay.example>
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/html

<p>We expect growth.</p><blockquote type=cite>No.</blockquote>
--x
Content-Type: message/rfc822

"""


@dataclass(frozen=True)
class Family:
    """Parsers of one kind. ``seeds`` are the samples that are damaged, ``built`` are inputs made from words."""

    name: str
    seeds: tuple[bytes, ...]
    built: Inputs

    def inputs(self) -> Inputs:
        """Everything to try."""
        return st.one_of(damaged(self.seeds), self.built)


def families() -> list[Family]:
    """All of them."""
    pages = samples("*.html")
    json = tuple(data for data in samples("*.json", "*.json3") if data.lstrip()[:1] in (b"{", b"["))
    tweets = tuple(data.partition(b"=")[2] for data in samples("tweets.js"))
    posts = samples("*.js", "*.csv", "outbox.json", "mastodon*", "bsky*", "x_api*", "linkedin*", "feed.json")
    mail = (MAIL.encode() * 2, MAIL.replace("multipart/mixed", "text/plain").encode())
    pdf = a_pdf()
    return [
        Family("feeds", samples("*.xml", "*.atom", "*.rss", "*.opml"), st.one_of([markup("feed", s) for s in FEEDS])),
        Family("pages", pages, st.one_of(markup("html", "<!doctype html><html><body>"), with_json_ld(pages, json))),
        Family("posts", posts, st.one_of(altered(tweets, b"window.YTD.tweets.part0 = "), rows(SHARES), rows(COMMENTS))),
        Family("transcripts", samples("*.vtt", "*.srt", "*.txt"), lines("cues", start="WEBVTT") | lines("cues")),
        Family(
            "archives",
            samples("*.warc.gz"),
            st.one_of(zipped(posts), tarred(posts), warc(pages), damaged(pages).map(gzip.compress)),
        ),
        Family(
            "mail",
            mail,
            st.tuples(lines("mail_head", start=MAIL[:80]), lines("mail_body", "mail_head")).map(b"\n".join),
        ),
        Family("pdf", (pdf,), misplaced(pdf)),
        Family("json", json, st.one_of(altered(json), values.map(as_json))),
        Family("text", samples("*.md", "note.txt"), lines("front_matter", start="---")),
    ]


@st.composite
def with_json_ld(draw: st.DrawFn, pages: tuple[bytes, ...], documents: tuple[bytes, ...]) -> bytes:
    """A page that states strange things about itself."""
    script = b'<script type="application/ld+json">' + draw(altered(documents)) + b"</script>"
    return draw(st.sampled_from(pages)).replace(b"</head>", script + b"</head>")


@st.composite
def zipped(draw: st.DrawFn, contents: tuple[bytes, ...]) -> bytes:
    """A zip with members under any names, damaged inside and outside."""
    out = io.BytesIO()
    packings = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    with zipfile.ZipFile(out, "w") as archive:
        for name in draw(st.lists(st.sampled_from(WORDS["members"]), max_size=5, unique=True)):
            archive.writestr(zipfile.ZipInfo(name), draw(damaged(contents)), draw(packings))
    return draw(damaged((out.getvalue(),)))


@st.composite
def tarred(draw: st.DrawFn, contents: tuple[bytes, ...]) -> bytes:
    """A tar with members under any names and of any kind, damaged inside and outside, packed or not."""
    out = io.BytesIO()
    formats = st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    with tarfile.open(fileobj=out, mode="w", format=draw(formats)) as archive:
        for name in draw(st.lists(st.sampled_from(WORDS["members"]), max_size=5)):
            info, data = tarfile.TarInfo(name), draw(damaged(contents))
            info.size, info.type = len(data), draw(st.sampled_from(b"00000125LxS")).to_bytes()
            archive.addfile(info, io.BytesIO(data))
    plain = draw(damaged((out.getvalue(),)))
    return draw(damaged((gzip.compress(plain, 1),))) if draw(st.booleans()) else plain


@st.composite
def warc(draw: st.DrawFn, contents: tuple[bytes, ...]) -> bytes:
    """Records of a web archive with headers of any kind, packed one by one or not."""
    packed = draw(st.booleans())
    records = [_record(draw, draw(damaged(contents))[:2000]) for _ in range(draw(st.integers(0, 5)))]
    return draw(damaged((b"".join(gzip.compress(r, 1) if packed else r for r in records),)))


def _record(draw: st.DrawFn, body: bytes) -> bytes:
    status = draw(st.sampled_from(["200 OK", "404 Not Found", "", "-1"]))
    http = "\r\n".join(draw(st.lists(st.sampled_from(WORDS["http"]), max_size=4)))
    block = f"HTTP/1.1 {status}\r\n{http}\r\n\r\n".encode() + body
    fields = {
        "WARC-Type": "response",
        "WARC-Target-URI": "https://quay.example/a",
        "WARC-Date": draw(st.sampled_from(WORDS["moments"])),
        "Content-Length": draw(st.sampled_from([len(block), len(block) + 9, len(block) - 9, -1, 10**30])),
    }
    head = "\r\n".join(f"{name}: {value}" for name, value in fields.items() if draw(st.integers(0, 19)))
    return f"WARC/1.0\r\n{head}\r\n\r\n".encode() + block + b"\r\n\r\n"


def a_pdf() -> bytes:
    """Two pages of words."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for page in range(2):
        canvas.drawString(72, 700, f"We expect to ship one million cells by the end of {2027 + page}, she said.")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@st.composite
def misplaced(draw: st.DrawFn, pdf: bytes) -> bytes:
    """A PDF in which some words stand in the place of others."""
    pieces = pdf.split(b" ")
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(pieces) - 1))
        pieces[at : at + draw(st.integers(0, 2))] = [draw(st.sampled_from(WORDS["pdf"])).encode()]
    return b" ".join(pieces)
