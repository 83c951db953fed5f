"""The HTML timeline: self-contained, well-formed, safe, legible."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from exports import html_
from exports.wording import web_link

VOID = {"meta", "link", "br", "input", "hr", "img"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'>{{ 7*7 }} \u202egnorw \x00 </style> 🚀"
AA = 4.5
"""WCAG 2.2, criterion 1.4.3: least contrast of text."""


class Page(HTMLParser):
    """Tags with their attributes, in order; fails on a tag that is closed wrongly or never."""

    def __init__(self, entries, title="What they said"):
        super().__init__()
        out = io.BytesIO()
        self.count = html_.write(entries, out, title=title)
        self.source = out.getvalue().decode("utf-8")
        self.tags, self.open, self.words = [], [], []
        self.feed(self.source)
        self.close()
        assert self.open == []
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def test_shows_who_said_what_when_due_and_where_it_was_reported(build):
    other = build.report(
        publisher="CCN", url="https://www.ccn.example/a", quote_kind="indirect", words="that ten ports would open"
    )
    page = Page(build.entries(build.statement(reports=(build.report(), other), p_low=0.6, p_high=0.75)))
    for words in (
        "Dana Whitlock",
        "“We will open ten ports in 2025.”",
        "3 December 2024",
        "certain, 60–75 %",
        "by the end of 2025 (“in 2025”)",
        "No outcome yet",
        "The Harbour Times",
        "that ten ports would open",
    ):
        assert words in page.text
    assert {"https://harbour.example/plans", "https://www.ccn.example/a"} <= {a["href"] for a in page.all("a")}


def test_shows_outcomes_with_evidence_and_keeps_earlier_ones(build):
    outcomes = (build.outcome(verdict="unclear", evidence=()), build.outcome(verdict="false"))
    page = Page(build.entries(build.statement(outcomes=outcomes)))
    assert "Earlier outcome: unclear" in page.text
    assert "Outcome: false" in page.text
    assert "Ten ports were in service by November." in page.text
    assert "https://registry.example/ports" in {a["href"] for a in page.all("a")}


def test_words_are_in_quotation_marks_only_where_a_document_prints_them(build):
    indirect = build.statement(reports=(build.report(quote_kind="indirect"),))
    differs = build.statement(text="We shall open ten ports.", reports=(build.report(),))
    assert "“We" not in Page(build.entries(indirect, differs)).text


def test_every_statement_is_shown_in_full_once_and_linked_from_its_other_entries(build):
    page = Page(build.entries(build.statement(outcomes=(build.outcome(),)), build.statement(said_on=None)))
    ids = [attrs["id"] for attrs in page.all("li") if "id" in attrs]
    assert len(ids) == len(set(ids)) == len(page.all("article")) == 2
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#s-")} <= set(ids)


def test_masthead_counts_what_the_page_holds(build):
    resolved = build.statement(outcomes=(build.outcome(verdict="late"),))
    page = Page(build.entries(resolved, build.statement(speaker="Lee Marsh"), build.statement(kind="claim")))
    assert "3 statements by 2 speakers." in page.text
    assert "2 predictions and commitments: 1 late, 1 without an outcome." in page.text


def test_groups_by_year(build):
    page = Page(build.entries(build.statement(said_on="2023"), build.statement(said_on="2024-12")))
    assert [attrs["id"] for attrs in page.all("h2")] == ["y-2023", "y-2024", "y-2025"]


def test_undated_statements_come_last_in_a_group_of_their_own(build):
    undated = build.statement(said_on=None, kind="claim", horizon=None, text="Nobody knows when.")
    page = Page(build.entries(undated, build.statement()))
    assert [attrs["id"] for attrs in page.all("h2")] == ["y-2024", "y-2025", "y-Undated"]
    assert page.text.index("Undated Date unknown said") < page.text.index("Nobody knows when.")


def test_evidence_names_its_document(build):
    evidence = build.evidence(document_id=4, publisher="Registry Weekly", title="The count", url=None)
    page = Page(build.entries(build.statement(outcomes=(build.outcome(evidence=(evidence,)),))))
    assert "supports Registry Weekly , November 2025 in The count" in page.text


def test_a_day_that_the_outlet_tells_is_not_repeated(build):
    report = build.report(publisher=None, url=None, title="Margin Notes, 3 December 2024")
    page = Page(build.entries(build.statement(kind="claim", said_on=None, horizon=None, reports=(report,))))
    assert page.text.count("3 December 2024") == 1


def test_hostile_text_stays_text(build):
    report = build.report(title=HOSTILE, publisher=HOSTILE, words=HOSTILE + "x", url="javascript:alert(1)")
    outcome = build.outcome(reason=HOSTILE, evidence=(build.evidence(url="data:text/html,x", quote=HOSTILE),))
    statement = build.statement(
        text=HOSTILE, speaker=HOSTILE, reports=(report,), outcomes=(outcome,), horizon=build.horizon(phrase=HOSTILE)
    )
    page = Page(build.entries(statement), title=HOSTILE)
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert page.all("img") == []
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert all(a["href"].startswith("#") for a in page.all("a"))
    assert "<script>alert(1)</script><img src=x onerror=alert(1)> \"'>{{ 7*7 }} gnorw </style> 🚀" in page.text
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", page.source)


def test_nothing_is_loaded_from_anywhere(build):
    page = Page(build.entries(build.statement()))
    loaded = [attrs[name] for _, attrs in page.tags for name in ("src", "srcset", "data", "action") if name in attrs]
    assert loaded == []
    assert [attrs["href"] for attrs in page.all("link")] == ["data:,"]
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest", page.source)


def test_policy_allows_exactly_the_inlined_style_and_script(build):
    page = Page(build.entries(build.statement()))
    policy = next(attrs["content"] for attrs in page.all("meta") if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'")
    for tag in ("style", "script"):
        content = re.search(f"<{tag}>(.*?)</{tag}>", page.source, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_page_says_how_many_entries_it_leaves_out(build):
    statement = build.statement(kind="claim", horizon=None)
    entries = build.entries(statement) * (html_.MAX_ITEMS + 1)
    page = Page(entries)
    assert page.count == html_.MAX_ITEMS == len(re.findall('<li class="entry', page.source))
    assert "first 2,000 of 2,001 entries" in page.text
    told = []
    html_.write(entries, io.BytesIO(), title="T", tell=told.append)
    (line,) = told
    assert line.startswith("the page has the first 2,000 of 2,001 entries: choose a speaker")


def test_page_stays_under_its_size(build):
    long = "words and words 🚀 " * 4_000
    entries = build.entries(*(build.statement(text=f"{n} {long}", horizon=None) for n in range(40)))
    page = Page(entries)
    assert 0 < page.count < len(entries)
    assert len(page.source.encode()) <= html_.MAX_BYTES
    assert f"first {page.count} of 40 entries" in page.text


def test_frame_fits_the_room_kept_for_it():
    assert len(Page([]).source.encode()) < html_.FRAME_BYTES


def test_due_date_is_no_more_precise_than_the_words(build):
    statement = build.statement(horizon=build.horizon(latest=dt.date(2025, 6, 30), precision="quarter"))
    text = Page(build.entries(statement)).text
    assert "by the end of June 2025" in text
    assert "30 June" not in text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//host/x",
        "http://",
        "https://a b",
        "http://[",
        "file:///etc/passwd",
        "",
        None,
        "https://a.example/\u202ex",
        "https://a.example/\n",
    ],
)
def test_only_web_addresses_are_linked(url):
    assert web_link(url) is None
    assert web_link("https://a.example/ü?q=1#x") == "https://a.example/ü?q=1#x"


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one, other):
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_have_enough_contrast(scheme):
    style = (files("exports") / "templates" / "timeline.css").read_text("utf-8")
    block = style.split("@media (prefers-color-scheme: dark)")[scheme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    tones = ("good", "bad", "late", "wait", "none")
    pairs = [(ink, paper) for ink in ("ink", "soft", "accent") for paper in ("paper", "wash")]
    pairs += [(tone, paper) for tone in tones for paper in (f"{tone}-wash", "wash")]
    contrasts = {pair: _contrast(*(colours[name] for name in pair)) for pair in pairs}
    assert {pair: contrast for pair, contrast in contrasts.items() if contrast < AA} == {}
