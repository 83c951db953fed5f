"""How dates and due dates read."""

from __future__ import annotations

import datetime as dt

import pytest

from exports.wording import outlet, quoted, shorten, spoken_date, spoken_due, spoken_strength


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2024", "2024"),
        ("2024-12", "December 2024"),
        ("2024-12-03", "3 December 2024"),
        (dt.date(2024, 1, 31), "31 January 2024"),
    ],
)
def test_date_is_as_precise_as_it_is(date, words):
    assert spoken_date(date) == words


@pytest.mark.parametrize(
    ("earliest", "latest", "precision", "words"),
    [
        ("2025-01-01", "2025-12-31", "year", "by the end of 2025"),
        (None, "2029-12-31", "decade", "by the end of 2029"),
        ("2025-10-01", "2025-12-31", "quarter", "by the end of December 2025"),
        ("2025-07-01", "2026-06-30", "year", "by the end of June 2026"),
        ("2024-06-21", "2024-09-22", "season", "by 22 September 2024"),
        (None, "2025-06-30", "day", "by 30 June 2025"),
        ("2025-06-30", "2025-06-30", "day", "on 30 June 2025"),
        (None, None, "vague", None),
        ("2027-01-01", None, "year", None),
    ],
)
def test_due_date_is_as_precise_as_its_phrase(build, earliest, latest, precision, words):
    dates = {
        "earliest": earliest and dt.date.fromisoformat(earliest),
        "latest": latest and dt.date.fromisoformat(latest),
    }
    assert spoken_due(build.horizon(precision=precision, **dates)) == words


@pytest.mark.parametrize(
    ("strength", "low", "high", "scale", "words"),
    [
        ("likely", 0.6, 0.75, None, "likely, 60–75\N{NO-BREAK SPACE}%"),
        ("likely", 0.55, 0.8, "ICD 203", "likely, 55–80\N{NO-BREAK SPACE}% (ICD 203)"),
        (None, 0.9, 0.9, "stated", "90\N{NO-BREAK SPACE}%"),
        ("certain", None, None, None, "certain"),
        (None, None, None, None, None),
    ],
)
def test_strength(build, strength, low, high, scale, words):
    row = build.statement(strength=strength, p_low=low, p_high=high, p_scale=scale)
    assert spoken_strength(row) == words


@pytest.mark.parametrize(
    ("publisher", "url", "title", "words"),
    [
        ("CCN", "https://www.ccn.example/x", "T", "CCN"),
        (None, "https://www.ccn.example/x", "T", "ccn.example"),
        (None, "urn:x", "T", "T"),
        (None, None, None, "Untitled document"),
    ],
)
def test_outlet(build, publisher, url, title, words):
    assert outlet(build.report(publisher=publisher, url=url, title=title)) == words


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("It floats.", "direct", "“It floats.”"),
        ("It floats.", "self", "“It floats.”"),
        ("It floats.", "indirect", "It floats."),
        ('"It floats,"', "direct", "“It floats”"),
        ("“It floats.”", "direct", "“It floats.”"),
        ("„It floats”", "direct", "“It floats”"),
        ("“It floats,” “and it sinks.”", "direct", "“It floats,” “and it sinks.”"),
        ("“It floats", "direct", "“It floats"),
        ('"', "direct", '"'),
        ("", "direct", "“”"),
    ],
)
def test_own_words_are_in_one_pair_of_quotation_marks(build, text, kind, shown):
    assert quoted(build.statement(text=text, reports=(build.report(words=text, quote_kind=kind),))) == shown


def test_shortening_cuts_at_a_word():
    assert shorten("We will open\nten ports", 40) == "We will open ten ports"
    assert shorten("We will open, ten ports", 15) == "We will open…"
    assert shorten("x" * 50, 10) == "x" * 9 + "…"
