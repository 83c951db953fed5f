"""TimelineJS and vis-timeline: dates as precise as they are, chains, and nothing that can act."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from exports.vis_timeline import days_of


@pytest.fixture
def slides(written):
    return lambda entries: json.loads(written("timelinejs", entries))["events"]


@pytest.fixture
def items(written):
    return lambda entries: json.loads(written("vis-timeline", entries))["items"]


@pytest.mark.parametrize(
    ("said_on", "parts", "spoken"),
    [
        ("2024", {"year": 2024}, "2024"),
        ("2024-12", {"year": 2024, "month": 12}, "December 2024"),
        ("2024-12-03", {"year": 2024, "month": 12, "day": 3}, "3 December 2024"),
    ],
)
def test_a_slide_is_as_precise_as_its_date(said_on, parts, spoken, build, slides):
    (slide,) = slides(build.entries(build.statement(said_on=said_on, horizon=None)))
    assert (slide["start_date"], slide["display_date"]) == (parts, spoken)


@pytest.mark.parametrize(
    ("precision", "latest", "parts", "spoken"),
    [
        ("year", "2030-12-31", {"year": 2030}, "by the end of 2030"),
        ("quarter", "2030-06-30", {"year": 2030, "month": 6}, "by the end of June 2030"),
        ("day", "2030-06-30", {"year": 2030, "month": 6, "day": 30}, "by 30 June 2030"),
    ],
)
def test_a_due_slide_reads_as_its_phrase(precision, latest, parts, spoken, build, slides):
    horizon = build.horizon(precision=precision, latest=dt.date.fromisoformat(latest))
    due = slides(build.entries(build.statement(horizon=horizon)))[-1]
    assert (due["start_date"], due["display_date"]) == (parts, spoken)
    assert due["text"]["headline"].startswith("Due: ")


def test_what_has_no_date_has_no_place_on_a_line(build, slides, items):
    entries = build.entries(build.statement(said_on=None, kind="claim", horizon=None))
    assert slides(entries) == items(entries) == []


def test_statement_due_date_and_outcomes_are_apart_and_named_once(build, slides, items):
    statement = build.statement(outcomes=(build.outcome(verdict="unclear"), build.outcome(verdict="false")))
    entries = build.entries(statement)
    for ids in ([s["unique_id"] for s in slides(entries)], [i["id"] for i in items(entries)]):
        assert sorted(ids) == [
            f"{statement.fingerprint}-{kind}" for kind in ("due", "outcome-1", "outcome-2", "statement")
        ]
    assert {item["subgroup"] for item in items(entries)} == {statement.fingerprint}


def test_a_long_timeline_is_cut_to_what_was_said_last_and_says_so(build, written):
    statements = [build.statement(said_on=f"20{number:02}") for number in range(10, 50)]
    told = []
    found = json.loads(written("timelinejs", build.entries(*statements), tell=told.append))
    assert len(found["events"]) == 50
    kept = {row.fingerprint for row in statements[-25:]}
    assert {slide["unique_id"][:32] for slide in found["events"]} == kept
    assert found["title"]["text"]["text"] == "<p>50 of 80 slides, those of what was said last.</p>"
    assert told == [
        "50 of 80 slides, those of what was said last: choose a speaker, a topic or a time (--by, --about, --since), "
        "or more slides (--slides)"
    ]


@pytest.mark.parametrize(("wanted", "slides", "notes"), [(80, 80, 0), (79, 79, 1), (1, 1, 1), (500, 80, 0)])
def test_as_many_slides_as_are_asked_for(wanted, slides, notes, build, written):
    statements = [build.statement(said_on=f"20{number:02}") for number in range(10, 50)]
    told = []
    found = json.loads(written("timelinejs", build.entries(*statements), slides=wanted, tell=told.append))
    assert (len(found["events"]), len(told)) == (slides, notes)
    starts = [tuple(slide["start_date"].values()) for slide in found["events"]]
    assert starts == sorted(starts)


def test_more_slides_than_timelinejs_bears_are_told(build, written):
    told = []
    statements = [build.statement(said_on=f"20{number:02}") for number in range(10, 61)]
    written("timelinejs", build.entries(*statements), slides=200, tell=told.append)
    assert told == ["TimelineJS is slow with more than 100 slides; these are 102"]


@pytest.mark.parametrize("name", ["timelinejs", "vis-timeline"])
def test_hostile_text_is_escaped(name, hostile, written):
    data = written(name, hostile).decode("utf-8")
    assert "<script" not in data
    assert "javascript:" not in data
    assert "\u202e" not in data


def test_an_imprecise_date_is_a_range_over_all_of_it(build, items):
    (item,) = items(build.entries(build.statement(said_on="2024-02", horizon=None)))
    assert (item["type"], item["start"], item["end"]) == ("range", "2024-02-01", "2024-03-01")
    (item,) = items(build.entries(build.statement(said_on="2024-02-03", horizon=None)))
    assert (item["type"], item["start"], "end" in item) == ("box", "2024-02-03", False)


def test_a_due_item_spans_the_days_on_which_it_can_come_true(build, items):
    due = items(build.entries(build.statement()))[-1]
    assert (due["type"], due["start"], due["end"]) == ("range", "2025-01-01", "2026-01-01")
    assert due["className"] == "due prediction open"
    last = build.horizon(earliest=None, latest=dt.date.max)
    assert items(build.entries(build.statement(horizon=last)))[-1]["start"] == "9999-12-31"


def test_days_of_a_leap_month():
    assert days_of("2024-02") == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert days_of("2024") == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
