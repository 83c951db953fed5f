"""Atom and RSS, re-read by feedparser; what each of the three feeds holds."""

from __future__ import annotations

import datetime as dt

import feedparser
import pytest
from hostile_text import HOSTILE

from exports.feed_items import feed_items

FORMATS = ("atom", "rss")


@pytest.mark.parametrize("feed", ["new", "due", "outcomes"])
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("entries", ["story", "hostile", "nothing"])
def test_feedparser_reads_it_without_complaint(name, feed, entries, request, written):
    data = written(name, request.getfixturevalue(entries), title="Tom & “Ann” \x07<b>", feed=feed)
    parsed = feedparser.parse(data)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == ("atom10" if name == "atom" else "rss20")
    assert len(parsed.entries) == len(feed_items(request.getfixturevalue(entries), feed))
    assert len({entry.id for entry in parsed.entries}) == len(parsed.entries)


@pytest.mark.parametrize("name", FORMATS)
def test_a_prediction_is_told_with_its_words_and_where_they_stand(name, build, written):
    statement = build.statement()
    (entry,) = feedparser.parse(written(name, build.entries(statement))).entries
    assert entry.id == f"urn:onrecord:statement:{statement.fingerprint}"
    assert entry.title == "Dana Whitlock – We will open ten ports in 2025."
    assert entry.link == "https://harbour.example/plans"
    assert tuple(entry.published_parsed)[:3] == (2024, 12, 3)
    text = entry.summary if name == "rss" else entry.content[0].value
    assert "“We will open ten ports in 2025.”" in text
    assert "Due: by the end of 2025" in text


@pytest.mark.parametrize("name", FORMATS)
def test_every_outcome_is_an_entry_so_that_corrections_show(name, build, written):
    first = build.outcome(verdict="unclear", evidence=())
    second = build.outcome(verdict="false", recorded_at=first.recorded_at + dt.timedelta(days=9))
    statement = build.statement(outcomes=(first, second))
    entries = build.entries(statement)[:-1]  # as a timeline has it: one entry for what counts now
    parsed = feedparser.parse(written(name, entries, feed="outcomes"))
    assert [entry.id[-10:] for entry in parsed.entries] == [":outcome:2", ":outcome:1"]
    assert parsed.entries[0].title.startswith("False: Dana Whitlock")


def test_atom_says_when_it_changed_and_where_the_evidence_is(build, written):
    statement = build.statement(outcomes=(build.outcome(),))
    parsed = feedparser.parse(written("atom", build.entries(statement), feed="outcomes", link="https://example.org/f"))
    assert parsed.feed.updated == "2025-11-21T08:00:00Z"
    assert [link.href for link in parsed.feed.links] == ["https://example.org/f"]
    related = [link.href for link in parsed.entries[0].links if link.rel == "related"]
    assert related == ["https://registry.example/ports"]


def test_a_month_is_no_time_of_publication(build, written):
    entries = build.entries(build.statement(said_on="2024-12"))
    assert "published" not in feedparser.parse(written("atom", entries)).entries[0]
    assert "date_published" not in written("jsonfeed", entries).decode()


def test_the_newest_come_first(build):
    old = build.statement(reports=(), said_on="2020-01-01")
    items = feed_items(build.entries(old, build.statement()), "new")
    assert [item.updated.year for item in items] == [2024, 2020]


def test_hostile_text_stays_text(hostile, written):
    (entry,) = feedparser.parse(written("rss", hostile), sanitize_html=False).entries
    assert "<script" not in entry.summary
    assert "&lt;script&gt;" in entry.summary
    assert HOSTILE.split("\r")[0] in entry.title
