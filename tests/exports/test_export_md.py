"""Markdown pages, re-read by markdown-it."""

from __future__ import annotations

import re

import pytest
from hostile_text import HOSTILE
from markdown_it import MarkdownIt

from exports import md
from kb.text import clean_text


def text_of(markdown):
    """What a reader of the page sees, without markup."""
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)
    plain = re.sub(r"<[^>]+>", "", rendered)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        plain = plain.replace(entity, character)
    return rendered, " ".join(plain.split())


def test_one_page_per_speaker_with_front_matter(build):
    entries = build.entries(build.statement(), build.statement(speaker='Ann "Al" Lee'), build.statement(speaker=None))
    pages = list(md.pages(entries))
    assert [page.name for page in pages] == ["ann-al-lee.md", "dana-whitlock.md", "unknown-speaker.md"]
    assert pages[0].text.startswith('---\ntitle: "Ann \\"Al\\" Lee"\nstatements: 1\n---\n\n# Ann "Al" Lee\n')


@pytest.mark.parametrize(
    ("speaker", "name"),
    [
        ("../../etc/passwd", "etc-passwd.md"),
        ("A/B\\C:D", "a-b-c-d.md"),
        ("Žižek", "zizek.md"),
        ("...", "speaker.md"),
        ("مرحبا", "مرحبا.md"),
        ("x" * 300, "x" * md.LONGEST_NAME + ".md"),
    ],
)
def test_a_name_makes_a_safe_file_name(speaker, name, build):
    assert [page.name for page in md.pages(build.entries(build.statement(speaker=speaker)))] == [name]


def test_names_that_differ_in_accents_only_get_pages_of_their_own(build):
    entries = build.entries(build.statement(speaker="Zoe"), build.statement(speaker="Zoë"))
    assert [page.name for page in md.pages(entries)] == ["zoe.md", "zoe-2.md"]


def test_words_due_date_reports_and_evidence_are_there(build, written):
    told = build.report(publisher=None, url=None, title="Call of 3 December 2024", words="ten ports, they say")
    row = build.statement(outcomes=(build.outcome(),), reports=(build.report(), told))
    page = written("md", build.entries(row)).decode()
    assert "\n> “We will open ten ports in 2025.”\n" in page
    assert "- Due: by the end of 2025 (“in 2025”)" in page
    assert "- Outcome: True, it came true; known 20 November 2025. The registry counts ten.[^1]" in page
    assert "[The Harbour Times](<https://harbour.example/plans>), 3 December 2024, quoted: as above" in page
    assert "Reported by Call of 3 December 2024, quoted: ten ports, they say" in page
    assert "- Testability: 0.9: no number" in page
    assert "\n[^1]: Supports: [registry.example](<https://registry.example/ports>), November 2025: “Ten ports" in page


def test_entries_are_rows_of_the_table(build, written):
    rows = [line for line in written("md", build.entries(build.statement())).decode().splitlines() if line[:1] == "|"]
    assert [row.split(" | ")[0] for row in rows[2:]] == ["| 3 December 2024", "| by the end of 2025"]


@pytest.mark.parametrize(
    "text",
    [HOSTILE, "1. first\n- second\n# third\n***", "a|b", "[x](javascript:alert(1))", "_a_ `b` ~~c~~ &lt;", "$x^2$"],
)
def test_any_text_reads_as_it_is(text, build, written):
    report = build.report(words=text, quote_kind="indirect")
    rendered, seen = text_of(written("md", build.entries(build.statement(text=text, reports=(report,)))).decode())
    assert "<script" not in rendered
    assert 'href="javascript' not in rendered
    assert " ".join(clean_text(text).split()) in seen
