"""Documents that want to be more than text: they are shown as they are, with the marks in place."""

from __future__ import annotations

import datetime as dt

import pytest
from lxml import html
from page_records import attribution, said
from records import Record
from starlette.testclient import TestClient

from kb.app import open_kb
from kb.config import Settings
from kb.store import open_store
from kb.web.app import create_app

MARKUP = (
    "<script>document.title='owned'</script><img src=x onerror=alert(1)> {{ 7 * 7 }} </mark></div>"
    "<style>*{display:none}</style> &lt;b&gt; “<b>We</b> will win & “rise” by 2030,” said <i onclick=alert(2)>Eve</i>. "
    "--> ]]> <!-- "
)
EMOJI = "🏴‍☠️👩‍👩‍👧🇳🇴é\u0301 \u05d0\u05d1\u05d2 “We will win 🏆 by 2030,” said Eve."
BIDI = "“\u202eWe will\u202c win\u2069 by \u2066 2030,” said \u202eEve\u202c."
LONG = f"{'lorem ipsum ' * 45_000}“We will win by 2030,” said Eve. {'dolor sit ' * 45_000}"

CASES = {
    "markup": (MARKUP, "<b>We</b> will win & “rise” by 2030", "<i onclick=alert(2)>Eve</i>"),
    "emoji": (EMOJI, "We will win 🏆 by 2030", "Eve"),
    "bidi": (BIDI, "\u202eWe will\u202c win\u2069 by \u2066 2030", "\u202eEve\u202c"),
    "long": (LONG, "We will win by 2030", "Eve"),
}
SHOWN = {"bidi": ("⟦U+202E⟧We will⟦U+202C⟧ win⟦U+2069⟧ by ⟦U+2066⟧ 2030", "⟦U+202E⟧Eve⟦U+202C⟧")}


def fill_hostile(record: Record) -> dict[str, tuple[int, int]]:
    """(statement, document) by name; titles, publishers and speakers are as hostile as the texts."""
    found = {}
    for name, (text, content, source) in CASES.items():
        speaker = record.speaker(f"Eve {name} \u202e<script>alert(3)</script>")
        document = record.document(
            text,
            published=dt.date(2024, 12, 3),
            title=f"{name} \u202e</title><script>alert(4)</script>",
            publisher='"><img src=x onerror=alert(5)>',
            url="javascript:alert(6)",
        )
        found[name] = said(record, speaker, document, attribution(text, content, source=source, cue="said")), document
    return found


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    settings = Settings(db=str(tmp_path_factory.mktemp("hostile") / "kb.db"))
    with open_store(settings.db_url) as store:
        numbers = fill_hostile(Record(store))
    with TestClient(create_app(lambda: open_kb(settings), local=True), base_url="http://localhost") as client:
        yield client, numbers


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("page", ["/statements/{0}", "/documents/{1}", "/documents/{1}?whole=true"])
def test_marks_stand_in_place(hostile, name, page):
    client, numbers = hostile
    answer = client.get(page.format(*numbers[name]))
    shown = html.fromstring(answer.text)
    marks = {mark.get("class").split()[0]: mark for mark in shown.xpath("//mark[@data-start]")}
    text, content, source = CASES[name]
    assert (marks["content"].text_content(), marks["source"].text_content()) == SHOWN.get(name, (content, source))
    assert int(marks["content"].get("data-start")) == text.index(content)
    assert int(marks["source"].get("data-start")) == text.index(source)


@pytest.mark.parametrize("name", CASES)
def test_no_text_becomes_markup(hostile, name):
    client, numbers = hostile
    statement, document = numbers[name]
    paths = ("/", "/?q=win", f"/statements/{statement}", f"/documents/{document}", "/topics?q=win", "/review",
             "/speakers", f"/speakers/{client.get(f'/api/v1/statements/{statement}').json()['speaker_id']}",
             f"/statements/{statement}/resolve", "/predictions", "/merges", "/scores")  # fmt: skip
    for path in paths:
        answer = client.get(path)
        shown = html.fromstring(answer.text)
        assert answer.status_code == 200, path
        assert all(src.startswith("/static/") for src in shown.xpath("//script/@src")), path
        assert shown.xpath("//script[not(@src)] | //img | //style | //i | //@onerror | //@onclick") == [], path
        assert shown.xpath("//a[starts-with(normalize-space(@href), 'javascript')]") == [], path
        assert "\u202e" not in answer.text, path
        assert "49" not in {word for word in shown.text_content().split() if name == "markup"}, path


def test_a_query_is_shown_as_it_was_typed(hostile):
    client, _ = hostile
    for query in ('"><script>alert(1)</script>', "kind:<b>", "'-alert(1)-'", "{{7*7}}"):
        shown = html.fromstring(client.get("/", params={"q": query}).text)
        assert shown.xpath("//input[@name='q']")[0].get("value") == query
        assert shown.xpath("//script[not(@src)] | //b") == []


def test_a_line_of_a_megabyte_is_shown_around_its_marks(hostile):
    client, numbers = hostile
    statement, document = numbers["long"]
    for path in (f"/statements/{statement}", f"/documents/{document}", "/", "/review"):
        assert len(client.get(path).text) < 100_000, path
    page = html.fromstring(client.get(f"/documents/{document}").text)
    whole = html.fromstring(client.get(page.xpath("//p[@class='notice']/a/@href")[0]).text)
    assert whole.xpath("//div[contains(@class, 'text')]")[0].text_content() == LONG.strip() + LONG[len(LONG.rstrip()) :]
