"""No XML that is read resolves an entity, neither from a file nor from the network nor a billion times."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest
from hostile_server import hostile_server

import sources
from kb.errors import InputError
from kb.types import Payload, RawDocument

SECRET = "the-secret-of-this-machine"
ROOTS = {
    "rss": "<rss version='2.0'><channel><title>t</title><item><title>Harbour {}</title><link>/x</link>"
    "<description>{} reopens</description></item></channel></rss>",
    "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><id>u</id><entry><id>e</id><title>Harbour {}"
    "</title><link href='/x'/><content>{} reopens</content></entry></feed>",
    "sitemap": "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://a.example/x</loc><n:news><n:title>"
    "Harbour {}</n:title></n:news></url><url><loc>https://a.example/{}</loc></url></urlset>",
    "opml": "<opml version='2.0'><body><outline text='Harbour' xmlUrl='https://a.example/f'/><outline text='{}' "
    "xmlUrl='https://a.example/{}'/></body></opml>",
    "xhtml": "<html xmlns='http://www.w3.org/1999/xhtml'><body><article><h1>Harbour</h1><p>{} reopens, said {}.</p>"
    "</article></body></html>",
}
LAUGHS = '<!ENTITY e "lol">' + "".join(
    f'<!ENTITY e{n} "{("&e" + (str(n - 1) if n > 1 else "") + ";") * 10}">' for n in range(1, 10)
)
BLOWN_UP = "<!ENTITY e '" + "x" * 50_000 + "'>"


def hostile(root: str, subset: str, use: str) -> bytes:
    """A document with an internal subset that declares entities, and with their use in text."""
    name = ROOTS[root].split()[0][1:]
    return f'<?xml version="1.0"?><!DOCTYPE {name} [{subset}]>{ROOTS[root].replace("{}", use)}'.encode()


def words(data: bytes) -> str:
    """Everything that is read from it, the reasons for what is not read included."""
    payload = Payload(data=data, name="hostile.xml", url="https://a.example/f", fetched_at=dt.datetime.now(dt.UTC))
    try:
        reads = list(sources.read_documents(payload))
    except InputError as error:
        return str(error)
    return " ".join(
        f"{read.title} {read.text} {read.url}" if isinstance(read, RawDocument) else f"{read.item} {read.reason}"
        for read in reads
    )


@pytest.mark.parametrize("root", ROOTS)
def test_without_hostile_parts_it_is_read(root: str) -> None:
    assert "arbour" in words(hostile(root, "", "pier")) or "a.example/f" in words(hostile(root, "", "pier"))


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("kind", ["SYSTEM", 'PUBLIC "-//X//Y"'])
def test_files_are_not_read(root: str, kind: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    for place in (secret.as_uri(), str(secret)):
        assert SECRET not in words(hostile(root, f'<!ENTITY e {kind} "{place}">', "&e;"))
        parameter = f'<!ENTITY % p {kind} "{place}"> %p;'
        assert SECRET not in words(hostile(root, parameter, "&e;"))


@pytest.mark.parametrize("root", ROOTS)
def test_nothing_is_fetched(root: str) -> None:
    with hostile_server() as server:
        words(
            hostile(root, f'<!ENTITY e SYSTEM "{server.url}/feed"><!ENTITY % p SYSTEM "{server.url}/feed">%p;', "&e;")
        )
        outside = f'<!DOCTYPE x SYSTEM "{server.url}/feed">'
        words(hostile(root, "", "").replace(b'<?xml version="1.0"?>', outside.encode()))
        included = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{server.url}/feed" parse="text"/>'
        words(hostile(root, "", included))
        assert server.requests == []


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize(("subset", "use"), [(LAUGHS, "&e9;"), (BLOWN_UP, "&e;" * 2_000)])
def test_nothing_grows(root: str, subset: str, use: str) -> None:
    assert len(words(hostile(root, subset, use))) < 100_000


def test_every_xml_parser_of_ours_is_told_so() -> None:
    for path in Path(sources.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                assert not any(name.startswith(("xml.", "lxml.objectify")) for name in names), path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                given = {keyword.arg: getattr(keyword.value, "value", None) for keyword in node.keywords}
                if node.func.attr in ("XMLParser", "iterparse", "XMLPullParser"):
                    assert (given.get("resolve_entities"), given.get("no_network")) == (False, True), path
                if node.func.attr in ("fromstring", "XML") and "etree" in ast.unparse(node.func):
                    assert len(node.args) > 1 or "parser" in given, path


@pytest.mark.parametrize(
    "reference", ["&#x110000;", "&#1114112;", "&#xD800;", "&#" + "9" * 5_000 + ";", "&#xffffffffff"]
)
def test_a_character_that_no_unicode_has_costs_nothing(reference: str) -> None:
    """Outside the root element, so that feedparser falls back to the parser that fails on it."""
    feed = ROOTS["atom"].replace("{}", "pier")
    assert "Harbour pier" in words(f"{feed}\n{reference}".encode())
    assert "�" in words(feed.replace("reopens", reference).encode())


def test_a_feed_on_which_feedparser_fails_is_an_input_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object, **named: object) -> None:
        raise AssertionError("unexpected call to parse_html_declaration()")

    monkeypatch.setattr("feedparser.parse", fail)
    assert "feedparser cannot read: unexpected call" in words(hostile("rss", "", "pier"))
