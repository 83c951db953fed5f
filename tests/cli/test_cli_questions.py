"""Asking: what is passed on, and how rows are printed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kb.types import AllOf, Ends, Filters, ForecastScore, Phrase, SayingRow


def flat(text: str) -> str:
    return " ".join(text.split())


def test_said_passes_every_filter(run: Callable, fake) -> None:
    result = run(
        *["said", "personal", "robots", "--by", "De Lang", "--about", "AI", "--in", "Alpha", "--kind", "claim"],
        *["--since", "2024", "--until", "2024-12", "--limit", "5"],
    )
    assert result.exit_code == 0
    wanted = Filters(
        text=AllOf((Phrase("personal"), Phrase("robots"))),
        by="De Lang",
        about="AI",
        outlet="Alpha",
        kind="claim",
        since="2024",
        until="2024-12",
        limit=5,
    )
    assert fake.calls == [("said", {"filters": wanted})]


def test_names_and_kinds_are_given_as_often_as_one_likes(run: Callable, fake) -> None:
    run("said", *["--by", "Ann", "--by", "Bob", "--in", "A", "--in", "B", "--kind", "claim", "--kind", "opinion"])
    wanted = Filters(by=("Ann", "Bob"), outlet=("A", "B"), kind=("claim", "opinion"))
    assert fake.calls == [("said", {"filters": replace(wanted, limit=201)})]
    fake.calls.clear()
    run("said", "--kind", "claim, opinion")
    assert fake.calls == [("said", {"filters": Filters(kind=("claim", "opinion"), limit=201)})]
    assert "unknown kind 'opnion'" in run("said", "--kind", "claim,opnion").stderr


def test_predictions_pass_their_own_filters_and_the_day(run: Callable, fake) -> None:
    day = dt.date(2026, 2, 1)
    asked = ["--due-before", "2026-01-01", "--status", "overdue", "--kind", "commitment", "--testable", "--slipped"]
    for option in ("--as-of", "--today"):
        run("predictions", *asked, "--due", "2w", option, str(day), "--limit", "5")
    wanted = Filters(
        due_before=dt.date(2026, 1, 1),
        due_by=dt.date(2026, 2, 15),
        status="overdue",
        kind="commitment",
        testable=True,
        slipped=True,
        as_of=day,
        limit=5,
    )
    assert fake.calls == [("predictions", {"filters": wanted, "today": day})] * 2


@pytest.mark.parametrize("due", ["30", "d", "-3d", "1.5w", "30 d", "99999d", "٣d", "9999y"])
def test_a_length_of_time_that_is_none_is_a_usage_error(run: Callable, fake, due: str) -> None:
    result = run("predictions", "--due", due)
    assert (result.exit_code, fake.calls) == (2, [])


def test_a_table_has_one_page_and_says_that_there_is_more(run: Callable, fake, make_statement) -> None:
    fake.rows = [make_statement(id=number) for number in range(201)]
    result = run("predictions")
    assert fake.calls[-1][1]["filters"].limit == 201
    assert "200" not in result.stdout
    assert result.stderr == "the first 200; --limit shows more, --csv everything\n"
    assert len(run("predictions", "--jsonl").stdout.splitlines()) == 201
    assert fake.calls[-1][1]["filters"].limit is None


def test_a_prediction_shows_how_testable_it_is_and_what_was_said_before(run: Callable, fake, make_statement) -> None:
    thread = (
        SayingRow(id=11, text="robots", said_on="2024-01-01", latest=dt.date(2024, 12, 31)),
        SayingRow(id=12, text="robots", said_on="2024-12-03", latest=dt.date(2025, 12, 31), slips=11),
        SayingRow(id=13, text="no robots", said_on="2025-12-03", latest=dt.date(2026, 12, 31), contradicts=12),
    )
    fake.rows = [make_statement(slips=11, contradicts=8, thread=thread)]
    for command in (("predictions", "--slipped"), ("show", "12")):
        output = flat(run(*command).output)
        assert "testability 0.9: no number" in output
        assert "moves to a later date: statement 11" in output
        assert "may contradict: statement 8" in output
    assert "due 2024-12-31 (said 2024-01-01), then 2025-12-31 (said 2024-12-03)" in flat(run("predictions").output)
    assert "12 2024-12-03, due 2025-12-31 (this one), moves the date of 11: robots" in flat(run("show", "12").output)
    assert "13 2025-12-03, due 2026-12-31, may contradict 12: no robots" in flat(run("show", "12").output)
    assert "2026-12-31" not in flat(run("predictions").output)
    (record,) = json.loads(run("predictions", "--json").stdout)
    assert record["testability"] == {"score": 0.9, "reasons": ["no number"]}
    (row,) = csv.DictReader(io.StringIO(run("predictions", "--csv").stdout))
    assert (row["testability"], row["lacks"], row["slips"]) == ("0.9", "no number", "11")


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


def test_show_tells_where_in_the_recording(run: Callable, fake, make_statement) -> None:
    row = make_statement()
    heard = replace(
        row.reports[0], at_seconds=3723, moment_url="https://alpha.example/41.mp3#t=3723", notes=("heard by a machine",)
    )
    fake.rows = [replace(row, reports=(heard, replace(row.reports[1], at_seconds=0)))]
    output = run("show", "12").output
    assert "in the recording from 1:02:03\nhttps://alpha.example/41.mp3#t=3723\n" in output
    assert "in the recording from 0:00:00\n" in output
    assert output.count("note: heard by a machine\n") == 1
    told = json.loads(run("show", "12", "--json").output)[0]["reports"][0]
    assert (told["at_seconds"], told["moment_url"]) == (3723, heard.moment_url)


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
    asked = {"by": "Solvang", "topic": "robots", "min_n": 2, "per": None, "as_of": None, "limit": 201}
    assert fake.calls == [("scores", asked)]
    assert "50% (n = 2)" in output
    assert "9% to 91%" in output
    assert "1 true, 1 false" in output
    row = next(csv.DictReader(io.StringIO(run("scores", "--csv").stdout)))
    assert (row["hit_rate"], row["true"], row["late"]) == ("0.5", "1", "0")


def test_scores_show_probabilities_parts_and_warnings(run: Callable, fake) -> None:
    ends = Ends(low=0.1, mid=0.2, high=0.3)
    card = replace(
        fake.cards[0],
        part="2024",
        rank=1,
        shrunk=0.51,
        forecasts=ForecastScore(n=7, brier=ends, log=Ends(low=-0.5, mid=-0.5, high=-0.5), skill=None),
        warnings=("n = 2 is too few to rank; 5 are needed",),
    )
    fake.cards = [card]
    output = flat(run("scores", "--per", "year", "--as-of", "2025-06-30", "--limit", "3").output)
    asked = {"by": None, "topic": None, "min_n": 0, "per": "year", "as_of": dt.date(2025, 6, 30), "limit": 3}
    assert fake.calls == [("scores", asked)]
    for part in ("Brier 0.200 (0.100, 0.300)", "log -0.500", "n = 7", "shrunk 51%"):
        assert part in output
    assert "Marit Solvang, 2024: n = 2 is too few to rank; 5 are needed" in output
    row = next(csv.DictReader(io.StringIO(run("scores", "--csv").stdout)))
    assert (row["brier_low"], row["skill_mid"], row["rank"], row["part"]) == ("0.1", "", "1", "2024")
    assert json.loads(run("scores", "--jsonl").stdout)["brier"] == 0.2


def test_scores_are_drawn_into_a_file(run: Callable, fake, tmp_path: Path) -> None:
    assert run("scores", "--plot", str(tmp_path / "a.PNG")).exit_code == 0
    assert (tmp_path / "a.PNG").read_bytes() == b"drawn"
    assert fake.calls[-1] == ("plot_scores", {"cards": 1, "format": "png"})
    assert run("scores", "--plot", str(tmp_path / "a.pdf")).exit_code == 2


def test_suggested_evidence_spells_the_comparison_out(run: Callable, fake) -> None:
    output = flat(run("evidence", "12", "--limit", "3").output)
    assert fake.calls == [("suggest_evidence", {"id": 12, "limit": 3})]
    for part in ("“In all, 9,000 were ordered.”", "2026-01-20", "Gamma", "predicted at least 100,000 robots: refutes"):
        assert part in output
    row = next(csv.DictReader(io.StringIO(run("evidence", "12", "--csv").stdout)))
    assert (row["document_id"], row["start"], row["direction"]) == ("9", "10", "refutes")
