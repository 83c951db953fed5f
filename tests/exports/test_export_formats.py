"""What holds for every format: hostile text survives, the same entries give the same bytes, nothing is fine too."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace

import pytest
from hostile_text import HOSTILE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports import EXPORTS, csv_, load_export, rows, rows_of
from exports.csv_ import COLUMNS
from kb.errors import NotFoundError

BINARY = ("bundle", "chart", "parquet", "sqlite")
ENTRY_FORMATS = [name for name in EXPORTS if name not in ("jsonl", "opml")]
"""Formats of timelines; the others are of the record."""

LEFT_OUT = {
    "ics": lambda entry: entry.kind == "due",
    "timelinejs": lambda entry: entry.date,
    "vis-timeline": lambda entry: entry.date,
    **dict.fromkeys(("atom", "rss", "jsonfeed"), lambda entry: entry.kind == "statement"),
}
"""Formats that write only some entries, and which."""

OF_STATEMENTS = {
    "claimreview": lambda row: row.speaker is not None,
    "prov": lambda row: True,
}
"""Formats that count statements, and which."""


def csv_rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def test_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(NotFoundError, match=r"'docx'.*csv, html, ics, json, jsonfeed, jsonl, md"):
        load_export("docx")


@pytest.mark.parametrize("name", ENTRY_FORMATS)
def test_same_entries_give_the_same_bytes_in_any_order(name, story, written):
    shuffled = random.Random(7).sample(story, len(story))
    assert written(name, story) == written(name, shuffled)


@pytest.mark.parametrize("name", ENTRY_FORMATS)
def test_leaves_the_stream_open_and_returns_what_it_wrote(name, story):
    out = io.BytesIO()
    count = load_export(name).write(story, out, title="T")
    assert not out.closed
    statements = list({entry.statement.fingerprint: entry.statement for entry in story}.values())
    if name in OF_STATEMENTS:
        assert count == len(list(filter(OF_STATEMENTS[name], statements)))
    elif name == "webannotation":
        assert count == sum(len(row.reports) for row in statements)
    elif name == "bundle":
        assert count > len(EXPORTS)
    else:
        assert count == len(list(filter(LEFT_OUT.get(name), story)))


@pytest.mark.parametrize("name", ENTRY_FORMATS)
def test_no_entries_give_a_small_valid_file(name, written):
    assert written(name, [], title="Nothing").strip()


def test_csv_keeps_every_cell_exactly(hostile, written):
    rows = csv_rows(written("csv", hostile))
    assert len(rows) == len(hostile)
    assert {row["text"] for row in rows} == {row["speaker"] for row in rows} == {HOSTILE}


def test_csv_row_holds_due_dates_outcome_and_first_report(build, written):
    early = build.report(publisher="First", published_at=build.report().published_at.replace(hour=1))
    statement = build.statement(
        p_low=0.6,
        p_high=0.75,
        p_scale="Kent",
        reports=(build.report(publisher="Second"), early),
        outcomes=(build.outcome(),),
    )
    said, due, known = csv_rows(written("csv", build.entries(statement)))
    assert tuple(said) == COLUMNS
    assert [row["entry"] for row in (said, due, known)] == ["statement", "outcome", "due"]
    assert (
        said
        | {
            "date": "2024-12-03",
            "statement": statement.fingerprint,
            "p_low": "0.6",
            "p_high": "0.75",
            "p_scale": "Kent",
            "due_earliest": "2025-01-01",
            "due_latest": "2025-12-31",
            "due_precision": "year",
            "due_phrase": "in 2025",
            "verdict": "true",
            "known_on": "2025-11-20",
            "reports": "2",
            "report_publisher": "First",
            "report_published_at": "2024-12-03T01:30:00Z",
            "report_quote_kind": "direct",
            "evidence_urls": "https://registry.example/ports",
        }
        == said
    )


@pytest.mark.parametrize("name", ["csv", "json"])
def test_undated_statements_are_exported_last(name, build, written):
    undated = build.statement(said_on=None, kind="claim", horizon=None)
    data = written(name, build.entries(undated, build.statement(said_on="2030")))
    rows = csv_rows(data) if name == "csv" else json.loads(data)["entries"]
    assert [row["date"] or None for row in rows] == ["2025-12-31", "2030", None]


def test_csv_outcome_entry_shows_its_own_verdict_not_the_latest(build, written):
    statement = build.statement(
        horizon=None, outcomes=(build.outcome(verdict="unclear"), build.outcome(verdict="false"))
    )
    said, *outcomes = csv_rows(written("csv", build.entries(statement)))
    assert said["verdict"] == "false"
    assert sorted(row["verdict"] for row in outcomes) == ["false", "unclear"]


def test_csv_lines_end_as_rfc_4180_says(build, written):
    data = written("csv", build.entries(build.statement()))
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == 3


def test_json_keeps_words_spans_and_partial_dates_and_no_row_ids(build, written):
    statement = build.statement(said_on="2024-12", outcomes=(build.outcome(),))
    document = json.loads(written("json", build.entries(statement), title="Häfen"))
    entry = document["entries"][0]
    assert (document["schema_version"], document["title"], entry["date"]) == (1, "Häfen", "2024-12")
    report = entry["statement"]["reports"][0]
    assert (report["words"], report["content"]) == ("We will open ten ports in 2025.", [[10, 41]])
    assert entry["statement"]["id"] == statement.fingerprint
    assert entry["statement"]["outcomes"][0]["evidence"][0]["date"] == "2025-11"
    assert not {"document_id", "speaker_id"} & {*report, *entry["statement"]}


@given(text=st.text())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_goes_through_every_format(build, text, written):
    entries = build.entries(build.statement(text=text, speaker=text, reports=(build.report(words=text, title=text),)))
    assert json.loads(written("json", entries))["entries"][0]["statement"]["text"] == text
    assert csv_rows(written("csv", entries))[0]["text"] == text
    for name in ENTRY_FORMATS:
        if name not in BINARY:
            assert written(name, entries, title=text).decode("utf-8")


def test_a_spreadsheet_sees_no_formula_and_numbers_stay_numbers(build, written):
    texts = ["=cmd|' /C calc'!A0", "+1", "-1 degree", "@SUM(A1)", "\tx", "plain", "'quoted"]
    statements = [build.statement(text=text, p_low=0.1, p_high=0.2) for text in texts]
    data = written("csv", build.entries(*statements), spreadsheet=True)
    assert data.startswith(b"\xef\xbb\xbf")
    cells = {row["text"] for row in csv_rows(data.removeprefix(b"\xef\xbb\xbf"))}
    assert cells == {"'=cmd|' /C calc'!A0", "'+1", "'-1 degree", "'@SUM(A1)", "'\tx", "plain", "'quoted"}
    assert b",0.1,0.2," in data
    exact = {row["text"] for row in csv_rows(written("csv", build.entries(*statements)))}
    assert exact == set(texts)


def test_a_spreadsheet_cell_is_cut_where_excel_would_lose_it():
    assert len(csv_.safe_cell("=" * 40_000)) == csv_.LONGEST_CELL
    assert csv_.safe_cell("x" * csv_.LONGEST_CELL) == "x" * csv_.LONGEST_CELL


def test_a_slip_is_a_chain(build, written):
    first, second, third = (
        build.statement(said_on=f"202{n}", horizon=build.horizon(latest=build.horizon().latest.replace(year=2025 + n)))
        for n in (3, 4, 5)
    )
    entries = build.entries(first)
    for earlier, later in ((first, second), (second, third)):
        entries += [replace(entry, links=(("slips", earlier.fingerprint),)) for entry in build.entries(later)]
    said = [row for row in csv_rows(written("csv", entries)) if row["entry"] == "statement"]
    chain = [(row["statement"], row["slips"]) for row in said]
    assert chain == [
        (first.fingerprint, ""),
        (second.fingerprint, first.fingerprint),
        (third.fingerprint, second.fingerprint),
    ]
    assert f'href="#s-{second.fingerprint}"' in written("html", entries).decode()
    assert f"](#s-{second.fingerprint})" in written("md", entries).decode()


def test_more_entries_than_fit_in_memory_stream_by_date(build, monkeypatch):
    entries = rows.in_order(build.entries(*(build.statement(said_on=f"202{n}") for n in range(6)), build.statement()))
    monkeypatch.setattr(rows, "SORTED_AT_ONCE", 3)
    assert list(rows.streamed(entries)) == entries
    with pytest.raises(ValueError, match="do not come by date"):
        list(rows.streamed(reversed(entries)))


def test_rows_are_entries_unless_the_format_says_otherwise():
    assert {name: rows_of(load_export(name)) for name in ("csv", "jsonl", "prov", "bundle", "webannotation")} == {
        "csv": "entries",
        "jsonl": "record",
        "prov": "entries",
        "bundle": "all",
        "webannotation": "context",
    }


@pytest.mark.parametrize("name", [name for name in ENTRY_FORMATS if name != "bundle"])
def test_five_thousand_statements(name, build, written):
    statements = [build.statement(said_on=f"20{10 + n % 10}", reports=()) for n in range(5_000)]
    assert written(name, build.entries(*statements))
