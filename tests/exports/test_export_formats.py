"""What holds for every format: hostile text survives, the same entries give the same bytes, nothing is fine too."""

from __future__ import annotations

import csv
import io
import json
import random

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports import EXPORTS, load_export
from exports.csv_ import COLUMNS
from exports.json_ import schema
from kb.errors import NotFoundError

HOSTILE = (
    '=cmd|"/C calc"!A1,\r\n<script>alert(1)</script> {{ 7*7 }} \u202egnorw\u2066 مرحبا 🚀'
    " “half ’n’ \u2028 ]]> --> &amp; \x07\\;"
)


def written(name, entries, title="What they said"):
    out = io.BytesIO()
    load_export(name).write(entries, out, title=title)
    return out.getvalue()


def csv_rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


@pytest.fixture
def story(build):
    """A statement of each sort: resolved, revised, vague, undated, unattributed, unreported, and plain."""
    late = build.outcome(verdict="late", known_on=build.horizon().latest)
    return build.entries(
        build.statement(outcomes=(build.outcome(verdict="unclear", evidence=()), late)),
        build.statement(kind="commitment", said_on="2024", p_low=0.6, p_high=0.75, strength="likely"),
        build.statement(
            said_on="2024-12", horizon=build.horizon(earliest=None, latest=None, precision="vague", phrase="soon")
        ),
        build.statement(said_on=None, speaker=None, speaker_id=None),
        build.statement(kind="claim", horizon=None, strength=None, reports=()),
        build.statement(reports=(build.report(url="javascript:alert(1)"), build.report(published_at=None, url=None))),
    )


@pytest.fixture
def hostile(build):
    report = build.report(
        title=HOSTILE, publisher=HOSTILE, words=HOSTILE, speaker_text=HOSTILE, url="http://[" + HOSTILE
    )
    evidence = build.evidence(url="javascript:alert('" + HOSTILE, quote=HOSTILE)
    return build.entries(
        build.statement(
            text=HOSTILE,
            speaker=HOSTILE,
            horizon=build.horizon(phrase=HOSTILE),
            reports=(report,),
            outcomes=(build.outcome(reason=HOSTILE, evidence=(evidence,)),),
        )
    )


def test_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(NotFoundError, match=r"'docx'.*csv, html, ics, json"):
        load_export("docx")


@pytest.mark.parametrize("name", EXPORTS)
def test_same_entries_give_the_same_bytes_in_any_order(name, story):
    shuffled = random.Random(7).sample(story, len(story))
    assert written(name, story) == written(name, shuffled)


@pytest.mark.parametrize("name", EXPORTS)
def test_leaves_the_stream_open_and_returns_what_it_wrote(name, story):
    out = io.BytesIO()
    count = load_export(name).write(story, out, title="T")
    dated = {entry.statement.fingerprint for entry in story if entry.kind == "due"}
    assert not out.closed
    assert count == (len(dated) if name == "ics" else len(story))


@pytest.mark.parametrize("name", EXPORTS)
def test_no_entries_give_a_small_valid_file(name):
    out = io.BytesIO()
    assert load_export(name).write([], out, title="Nothing") == 0
    assert out.getvalue().decode("utf-8").strip()


def test_csv_keeps_every_cell_exactly(hostile):
    rows = csv_rows(written("csv", hostile))
    assert len(rows) == len(hostile)
    assert {row["text"] for row in rows} == {row["speaker"] for row in rows} == {HOSTILE}


def test_csv_row_holds_due_dates_outcome_and_first_report(build):
    early = build.report(publisher="First", published_at=build.report().published_at.replace(hour=1))
    statement = build.statement(
        p_low=0.6, p_high=0.75, reports=(build.report(publisher="Second"), early), outcomes=(build.outcome(),)
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
def test_undated_statements_are_exported_last(name, build):
    undated = build.statement(said_on=None, kind="claim", horizon=None)
    data = written(name, build.entries(undated, build.statement(said_on="2030")))
    rows = csv_rows(data) if name == "csv" else json.loads(data)["entries"]
    assert [row["date"] or None for row in rows] == ["2025-12-31", "2030", None]


def test_csv_outcome_entry_shows_its_own_verdict_not_the_latest(build):
    statement = build.statement(
        horizon=None, outcomes=(build.outcome(verdict="unclear"), build.outcome(verdict="false"))
    )
    said, *outcomes = csv_rows(written("csv", build.entries(statement)))
    assert said["verdict"] == "false"
    assert sorted(row["verdict"] for row in outcomes) == ["false", "unclear"]


def test_csv_lines_end_as_rfc_4180_says(build):
    data = written("csv", build.entries(build.statement()))
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == 3


@pytest.mark.parametrize("entries", ["story", "hostile"])
def test_json_fits_its_schema(entries, request):
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    document = json.loads(written("json", request.getfixturevalue(entries)))
    assert list(validator.iter_errors(document)) == []
    document["entries"][0]["date"] = "3 December"
    assert list(validator.iter_errors(document))


def test_json_keeps_words_spans_and_partial_dates_and_no_row_ids(build):
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
def test_any_text_goes_through_every_format(build, text):
    entries = build.entries(build.statement(text=text, speaker=text, reports=(build.report(words=text, title=text),)))
    assert json.loads(written("json", entries))["entries"][0]["statement"]["text"] == text
    assert csv_rows(written("csv", entries))[0]["text"] == text
    for name in ("html", "ics"):
        assert written(name, entries, title=text).decode("utf-8")
