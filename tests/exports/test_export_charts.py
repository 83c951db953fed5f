"""Charts: the same rows give the same bytes, any name can be drawn, and nothing is fine too."""

from __future__ import annotations

import datetime as dt
import io
import sys
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hostile_text import HOSTILE

from exports import charts
from kb.errors import ExportError
from kb.scores import Foretold, scorecard
from kb.types import Judged

TODAY = dt.date(2026, 1, 1)


def drawn(kind, entries, image="svg"):
    out = io.BytesIO()
    count = charts.write_entries(kind, entries, out, title="What they said", image=image)
    return count, out.getvalue()


def texts(svg):
    return [element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture
def slipping(build):
    """A date that is moved twice."""
    entries, before = [], None
    for year in (2025, 2026, 2028):
        row = build.statement(said_on=f"{year - 1}-03", horizon=build.horizon(latest=dt.date(year, 12, 31)))
        links = (("slips", before.fingerprint),) if before else ()
        entries += [replace(entry, links=links) for entry in build.entries(row)]
        before = row
    return entries


@pytest.mark.parametrize("image", ["svg", "png"])
@pytest.mark.parametrize("kind", ["timeline", "slips"])
def test_the_same_entries_give_the_same_bytes(kind, image, story):
    assert drawn(kind, story, image) == drawn(kind, list(reversed(story)), image)


def test_a_timeline_names_who_said_what_and_how_it_ended(build):
    count, svg = drawn("timeline", build.entries(build.statement(outcomes=(build.outcome(verdict="late"),))))
    assert count == 1
    assert "Dana Whitlock: We will open ten ports in 2025." in texts(svg)
    assert "Late" in texts(svg)


def test_what_has_no_date_is_not_drawn_and_more_than_can_be_read_neither(build):
    assert drawn("timeline", build.entries(build.statement(said_on=None)))[0] == 0
    many = build.entries(*(build.statement() for _ in range(charts.MOST_LINES + 5)))
    count, svg = drawn("timeline", many)
    assert count == charts.MOST_LINES
    assert f"What they said (the first {charts.MOST_LINES} of {charts.MOST_LINES + 5})" in texts(svg)


def test_a_chain_is_drawn_once_from_its_first_date_to_its_last(slipping):
    count, svg = drawn("slips", slipping)
    assert count == 3
    assert texts(svg).count("Dana Whitlock: We will open ten ports in 2025.") == 1


@pytest.mark.parametrize(("kind", "words"), [("timeline", "no statement with a date"), ("slips", "no date was moved")])
def test_nothing_to_draw_says_so(kind, words):
    count, svg = drawn(kind, [])
    assert count == 0
    assert words in texts(svg)


@pytest.mark.parametrize("kind", ["timeline", "slips"])
@pytest.mark.filterwarnings("ignore:Glyph")
def test_hostile_text_is_drawn_as_text(kind, build, slipping):
    entries = [replace(e, statement=replace(e.statement, speaker=HOSTILE, text="$x^2 \\frac{")) for e in slipping]
    assert "<script" not in drawn(kind, entries)[1].decode()


@pytest.mark.parametrize("kind", ["calibration", "hitrate"])
def test_scores_are_drawn(kind):
    judged = [
        Judged(
            statement_id=number,
            speaker_id=1,
            verdict="true" if number % 3 else "false",
            known_on=TODAY,
            said_on="2025",
            latest=TODAY,
            p_low=0.6,
            p_high=0.8,
        )
        for number in range(9)
    ]
    card = scorecard("Dana Whitlock", judged, Foretold(predictions=9, due=9, today=TODAY))
    pictures = []
    for _ in range(2):
        out = io.BytesIO()
        assert charts.write_scores(kind, [card], out, title="Scores", image="svg") == 1
        pictures.append(out.getvalue())
    assert pictures[0] == pictures[1]
    assert any("9" in text for text in texts(pictures[0]) if text)


def test_without_matplotlib_it_says_what_to_install(monkeypatch, story):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ExportError, match=r"pip install 'onrecord\[charts\]'"):
        drawn("timeline", story)
