"""kb review, kb accuracy, kb watch, kb token, and queries, on a record in a file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from records import Record
from typer.testing import CliRunner, Result

from kb import reviewing, watching
from kb.app import open_kb
from kb.cli.review_keys import Reviewer
from kb.cli.root import app
from kb.cli.watch import news
from kb.ingest.repeats import link_speakers
from kb.store import Store, open_store, tokens
from kb.store.tables import Statement
from kb.types import StatementRow

Run = Callable[..., Result]


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Record]:
    with open_store(sqlite_url) as store:
        record = Record(store)
        ann = record.speaker("Ann Lee")
        record.said(ann, "boats will sink", on="2025-01-01")
        record.said(ann, "boats will float", on="2025-01-02", kind="claim")
        record.said(None, "robots will sell", on="2025-01-03")
        yield record


@pytest.fixture
def kb(desk: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``kb`` on that record."""
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("KB_USER", "ana")
    return lambda *arguments: CliRunner().invoke(app, ["--db", str(tmp_path / "kb.db"), *arguments])


def ids(result: Result) -> list[int]:
    return [json.loads(line)["id"] for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("boats",), [2, 1]),
        (("boats", "-float"), [1]),
        (("float OR robots",), [3, 2]),
        (("by:ann kind:claim",), [2]),
        (("by:Ann Lee", "sink"), [1]),
        (("boats", "kind:claim", "--by", "ann"), [2]),
        (("boats sink OR float", "--sort", "relevance"), [1, 2]),
    ],
)
def test_said_takes_queries(kb: Run, arguments: tuple[str, ...], expected: list[int]) -> None:
    dashes = ["--"] if "-float" in arguments else []
    assert ids(kb("said", "--jsonl", *dashes, *arguments)) == expected


def test_a_wrong_query_is_shown_with_its_place(kb: Run) -> None:
    result = kb("said", "boats", "knd:claim")
    assert result.exit_code == 2
    first, query, caret = result.stderr.splitlines()
    assert first.startswith("error: column 7: there is no filter knd: did you mean kind?")
    assert (query, caret) == ("boats knd:claim", "      ^")
    twice = kb("predictions", "by:ann", "--by", "bob")
    assert (twice.exit_code, "given twice" in twice.stderr) == (2, True)


def test_facets(kb: Run) -> None:
    rows = [json.loads(line) for line in kb("said", "boats", "--facets", "--jsonl").stdout.splitlines()]
    assert [(row["facet"], row["value"], row["statements"]) for row in rows] == [
        ("speaker", "Ann Lee", 2),
        ("kind", "claim", 1),
        ("kind", "prediction", 1),
        ("year", "2025", 2),
    ]
    assert "by:1" in kb("said", "--facets").stdout


def test_one_judgement_without_questions(kb: Run, desk: Record) -> None:
    assert "statement 1: accepted, Ann Lee" in kb("review", "1", "--accept").stdout
    edited = kb("review", "2", "--to-kind", "opinion", "--horizon", "2027", "--content", "boats will", "--speaker", "")
    assert "statement 2: edited, unknown: “boats will”" in edited.stdout
    assert "statement 3: rejected" in kb("review", "3", "--reject").stdout
    (row,) = (json.loads(line) for line in kb("said", "kind:opinion", "--jsonl").stdout.splitlines())
    assert (row["review"], row["horizon"]["latest"], row["reports"][0]["words"]) == (
        "edited",
        "2027-12-31",
        "boats will",
    )
    (whole, *_) = (json.loads(line) for line in kb("accuracy", "--jsonl").stdout.splitlines())
    assert (whole["n"], whole["accepted"], whole["edits"]) == (
        3,
        1,
        {"content": 1, "horizon": 1, "kind": 1, "speaker": 1, "text": 1},
    )
    assert "33% (6% to 79%)" in kb("accuracy").stdout
    assert "statement 3: machine" in kb("review", "3", "--undo").stdout
    merged = kb("review", "3", "--into", "1")
    assert "statement 1: edited" in merged.stdout
    assert "statement 4: split off, “robots will sell”" in re.sub(
        "statement 3", "statement 4", kb("review", "1", "--split", "2").stdout
    )
    assert next(iter(reviewing.history(desk.store, 2))).made_by == "ana"
    assert "no newer extraction disagrees" in kb("review", "--conflicts").stderr


def linked(desk: Record) -> None:
    """Statement 4 repeats statement 1."""
    longer = "boats will sink near the northern harbour"
    with desk.store.transaction() as session:
        for number in (1, desk.said(1, longer, on="2026-01-01")):
            session.get_one(Statement, number).text = longer
        session.flush()
        link_speakers(session, [1])


def test_a_wrong_link_is_taken_back(kb: Run, desk: Record) -> None:
    linked(desk)
    assert "repeats: statement 1" in kb("show", "4").stdout
    assert kb("review", "4", "--unlink", "1").stdout == "statements 4 and 1 have nothing to do with each other\n"
    assert "repeats" not in kb("show", "4").stdout
    assert (kb("review", "4", "--unlink", "1").exit_code, kb("review", "4", "--undo").exit_code) == (2, 0)
    assert "repeats: statement 1" in kb("show", "4").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("1", "--unlink", "2"), 2, "statements 1 and 2 are not linked"),
        (("1", "--unlink", "99"), 3, "no statement 99"),
        (("1", "--unlink", "x"), 2, "should be a valid integer"),
        (("1", "--accept", "--reject"), 2, "one judgement at a time"),
        (("--accept",), 2, "give the number"),
        (("boats", "--accept"), 2, "give the number"),
        (("99", "--accept"), 3, "no statement 99"),
        (("1", "--split", "7"), 2, "reports 1 to 1"),
        (("1", "--split", "1"), 2, "must leave it a report"),
        (("1", "--content", "whales"), 2, "does not say 'whales'"),
        (("1", "--speaker", "zoe"), 3, "no speaker 'zoe'"),
        (("--order", "x"), 2, "known: doubt"),
    ],
)
def test_judgements_that_cannot_be(kb: Run, arguments: tuple[str, ...], code: int, message: str) -> None:
    result = kb("review", *arguments)
    assert (result.exit_code, message in result.stderr) == (code, True)


def test_without_a_terminal_the_queue_is_listed(kb: Run) -> None:
    assert ids(kb("review", "--jsonl", "--order", "newest")) == [3, 2, 1]
    assert ids(kb("review", "--jsonl", "by:ann", "--limit", "1")) == [1]
    assert "boats will sink" in kb("review", "boats").stdout


def go_through(store_path: Path, keys: str, answers: list[str], capsys: Any) -> tuple[str, list[int]]:
    """Review everything with these keys; what was done, and the numbers of what was shown."""
    shown: list[int] = []
    pressed, given = iter(keys), iter(answers)

    def show(row: StatementRow) -> None:
        shown.append(row.id)

    with open_kb(store_path) as kb:
        reviewer = Reviewer(kb, show=show, key=lambda: next(pressed), ask=lambda _, default: next(given) or default)
        return reviewer.run(reviewing.queue(kb.store, order="newest")), shown


def test_one_by_one_with_the_keyboard(desk: Record, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "kb.db"
    # accept 3, undo, reject it; a key that is none; edit 2: kind, then the content; next; done
    keys, answers = "aur?en", ["opinion", "", "", "boats will", "", ""]
    done, shown = go_through(path, keys, answers, capsys)
    assert done == "4 judgements: 1 accepted, 1 edited, 1 rejected, 1 undone"
    assert shown == [3, 2, 3, 2, 1]
    reviews = {i: reviewing.history(desk.store, i)[-1].new for i in (2, 3)}
    assert reviews[3] == "rejected"
    with open_kb(path) as kb:
        assert (kb.show(2).kind, kb.show(2).text, kb.show(1).review) == ("opinion", "boats will", "machine")


def test_a_number_leads_on_over_two_merges(kb: Run) -> None:
    assert kb("review", "3", "--into", "1").exit_code == 0
    assert kb("review", "1", "--into", "2").exit_code == 0
    for gone in ("1", "3"):
        shown = kb("show", gone)
        assert (shown.exit_code, shown.stdout) == (3, "")
        assert shown.stderr == f"error: statement {gone} was merged into statement 2; look at that one\n"
    assert kb("show", "4").stderr == "error: no statement 4 in the record\n"


def test_the_keyboard_merges_and_says_what_cannot_be(desk: Record, tmp_path: Path, capsys: Any) -> None:
    # split 3 is impossible; merge it into 1 (which then is shown no more than once); quit
    done, shown = go_through(tmp_path / "kb.db", "usmq", ["1", "1"], capsys)
    assert done == "1 judgement: 1 merged"
    assert shown == [3, 2]
    errors = capsys.readouterr().err
    assert "not undone" in errors
    assert "not split: a split of statement 3 must leave it a report" in errors


def test_the_keyboard_unlinks(desk: Record, tmp_path: Path, capsys: Any) -> None:
    linked(desk)
    done, shown = go_through(tmp_path / "kb.db", "llulq", ["one", "1", "1"], capsys)
    assert (done, shown) == ("3 judgements: 1 undone, 2 unlinked", [4, 3, 4, 3])
    assert "not unlinked" in capsys.readouterr().err
    with open_kb(tmp_path / "kb.db") as kb:
        assert kb.show(4).repeats is None


def test_saved_searches(kb: Run, desk: Record) -> None:
    assert (
        kb("watch", "add", "boats", "by:ann", "--name", "ann").stdout == "saved 'ann', which finds 2 statements now\n"
    )
    assert kb("watch", "add", "kind:x").exit_code == 2
    assert json.loads(kb("watch", "list", "--jsonl").stdout)["query"] == "boats by:ann"
    assert ids(kb("watch", "show", "ann", "--jsonl")) == [2, 1]
    desk.said(1, "boats will burn")
    assert list(news(watching.new_hits(desk.store))) == [
        "new in 'ann': 1 statement: kb watch show ann",
        "  4  Ann Lee: boats will burn",
    ]
    assert kb("watch", "remove", "ann").stdout == "removed 'ann'\n"
    assert kb("watch", "show", "ann").exit_code == 3


def test_tokens_are_shown_once_and_kept_as_a_hash(kb: Run, desk: Record) -> None:
    secret = kb("token", "add", "newsroom", "--role", "editor").stdout.strip()
    assert kb("token", "add", "newsroom").exit_code == 2
    assert secret not in kb("token", "list", "--json").stdout

    def known(store: Store) -> object:
        with store.reading() as session:
            return tokens.check(session, secret)

    assert known(desk.store)
    assert kb("token", "revoke", "newsroom").exit_code == 0
    assert known(desk.store) is None
    assert "revoked 20" in kb("token", "list").stdout
    assert kb("token", "revoke", "newsroom").exit_code == 3
