"""Asking: what is passed on, and how rows are printed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from kb.types import Filters


def flat(text: str) -> str:
    return " ".join(text.split())


def test_said_passes_every_filter(run: Callable, fake) -> None:
    result = run(
        *["said", "personal", "robots", "--by", "De Lang", "--about", "AI", "--in", "Alpha", "--kind", "claim"],
        *["--since", "2024", "--until", "2024-12", "--limit", "5"],
    )
    assert result.exit_code == 0
    wanted = Filters(
        words="personal robots",
        by="De Lang",
        about="AI",
        outlet="Alpha",
        kind="claim",
        since="2024",
        until="2024-12",
        limit=5,
    )
    assert fake.calls == [("said", {"filters": wanted})]


def test_predictions_pass_their_own_filters_and_the_day(run: Callable, fake) -> None:
    run("predictions", "--due-before", "2026-01-01", "--status", "overdue", "--today", "2026-02-01")
    wanted = Filters(due_before=dt.date(2026, 1, 1), status="overdue")
    assert fake.calls == [("predictions", {"filters": wanted, "today": dt.date(2026, 2, 1)})]


@pytest.mark.parametrize("date", ["20241", "2024-13", "2024-1", "2024-02-30", "soon", ""])
def test_a_date_that_is_none_is_a_usage_error(run: Callable, date: str) -> None:
    assert run("said", "--since", date).exit_code == 2


@pytest.mark.parametrize("today", ["2025-06-01", "2025-12-15", "2026-01-01"])
def test_the_table_shows_status_on_that_day_and_who_reported(run: Callable, today: str) -> None:
    output = run("predictions", "--today", today).output
    status = {"2025-06-01": "open", "2025-12-15": "due", "2026-01-01": "overdue"}[today]
    for part in ("12", "2024-12-03", "Clément Delangue", "2025-12-31", status, "2 reports: Alpha; Beta"):
        assert part in output


def test_said_tells_the_kind_and_whose_words_they_are(run: Callable, fake, make_statement) -> None:
    own = replace(make_statement().reports[0], quote_kind="direct")
    fake.rows = [make_statement(reports=(own,)), make_statement(kind="claim")]
    output = run("said").output
    assert "“At least 100,000" in output
    assert output.count("“") == 1
    assert [word for word in output.split() if word in ("prediction", "claim")] == ["prediction", "claim"]
    assert "prediction" not in run("predictions").output


def test_a_narrow_terminal_cuts_nothing(run: Callable, fake, monkeypatch: pytest.MonkeyPatch, make_statement) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    fake.rows = [make_statement(text="first " + "robots " * 40 + "last")]
    output = run("said").output
    assert output.count("robots") == 40
    assert "last" in output
    assert "…" not in output
    assert max(map(len, output.splitlines())) <= 60


def test_words_are_printed_as_they_are(run: Callable, fake, make_statement) -> None:
    fake.rows = [make_statement(text="a [bold]claim[/bold] with :smile: and [link=x]")]
    assert "a [bold]claim[/bold] with :smile: and [link=x]" in flat(run("said").output)


def test_json_and_jsonl_hold_the_same_objects(run: Callable, fake, make_statement, make_outcome) -> None:
    fake.rows = [make_statement(), make_statement(id=13, horizon=None, outcomes=(make_outcome(),))]
    as_json = json.loads(run("said", "--json").stdout)
    as_jsonl = [json.loads(line) for line in run("said", "--jsonl").stdout.splitlines()]
    assert as_json == as_jsonl
    first, second = as_json
    assert first["horizon"]["latest"] == "2025-12-31"
    assert first["speaker"] == "Clément Delangue"
    assert [report["publisher"] for report in first["reports"]] == ["Alpha", "Beta"]
    assert (second["status"], second["verdict"]) == ("resolved", "false")
    assert second["outcomes"][0]["evidence"][0]["quote"] == "9,000 were ordered"


def test_csv_has_a_header_and_one_row_per_statement(run: Callable, fake, make_statement) -> None:
    fake.rows = [make_statement(text='He said "no",\nthen left'), make_statement(id=13, horizon=None)]
    rows = list(csv.DictReader(io.StringIO(run("said", "--csv").stdout)))
    assert [row["id"] for row in rows] == ["12", "13"]
    assert rows[0]["text"] == 'He said "no",\nthen left'
    assert [row["latest"] for row in rows] == ["2025-12-31", ""]
    assert rows[0]["reports"] == "2"


@pytest.mark.parametrize(("option", "stdout"), [("--json", "[]\n"), ("--jsonl", ""), ("--csv", "id,said_on,")])
def test_no_rows_is_an_answer(run: Callable, fake, option: str, stdout: str) -> None:
    fake.rows = []
    result = run("said", option)
    assert result.exit_code == 0
    assert result.stdout.startswith(stdout)
    assert run("said").stderr == "no statement fits\n"


def test_two_formats_at_once_are_a_usage_error(run: Callable) -> None:
    assert run("said", "--json", "--csv").exit_code == 2


def test_show_gives_every_report_in_context_and_the_outcome(run: Callable, fake, make_statement, make_outcome) -> None:
    fake.rows = [make_statement(outcomes=(make_outcome(),))]
    output = flat(run("show", "12").output)
    assert fake.calls == [("show", {"id": 12})]
    for part in (
        "Report 1 of 2: “A story in Alpha”, Alpha, 2024-12-03 [document 7], indirect, as “De Lang”",
        "https://beta.example/story",
        "He said: At least 100,000 robots will be ordered in 2025.",
        "due 2025-12-31 (“in 2025”)",
        "Outcome: false, known on 2026-01-20, recorded by ana: the annual count",
        "refutes: “The annual count”, Gamma, 2026-01-20 [document 9]",
        "https://count.example/" + "2025/" * 20,
        "“9,000 were ordered”",
    ):
        assert part in output


def test_a_statement_without_speaker_date_or_horizon_is_shown(run: Callable, fake, make_statement) -> None:
    fake.rows = [make_statement(speaker=None, said_on=None, horizon=None, reports=())]
    assert "unknown, undated" in run("show", "12").output
    assert "no date" in run("said").output


def test_scores_show_n_and_the_interval(run: Callable, fake) -> None:
    output = run("scores", "--by", "Solvang", "--topic", "robots", "--min-n", "2").output
    assert fake.calls == [("scores", {"by": "Solvang", "topic": "robots", "min_n": 2})]
    assert "50% (n = 2)" in output
    assert "9% to 91%" in output
    assert "1 true, 1 false" in output
    row = next(csv.DictReader(io.StringIO(run("scores", "--csv").stdout)))
    assert (row["hit_rate"], row["true"], row["late"]) == ("0.5", "1", "0")
