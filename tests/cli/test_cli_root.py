"""The whole command: help, global options, errors and exit codes, and what is never imported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kb import __version__
from kb.cli.root import GLOBAL_OPTIONS, app, hoist
from kb.cli.session import Session
from kb.config import Settings
from kb.errors import ConfigError, ExportError, FetchError, InputError, JudgementError, NotFoundError, StoreError

GUIDE = Path(__file__).parents[2] / "docs" / "guide.md"
HEAVY = ("spacy", "onnxruntime", "tokenizers", "trafilatura", "httpx", "feedparser")


def commands() -> Iterator[list[str]]:
    root = typer.main.get_command(app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        yield from ([name, child] for child in inner) if inner else [[name]]


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_help_teaches_by_example(run: Callable, command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert f"Example: kb {' '.join(command)}" in result.output


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_is_in_the_guide(command: list[str]) -> None:
    assert f"kb {' '.join(command)}" in GUIDE.read_text(encoding="utf-8")


def test_every_contracted_command_exists() -> None:
    asking = "said predictions show evidence speakers scores review accuracy watch serve token".split()
    keeping = "demo add update sources extract changes reparse resolve export import check backup restore".split()
    assert {command[0] for command in commands()} == {*asking, *keeping}


def test_version(run: Callable) -> None:
    assert run("--version").output == f"onrecord {__version__}\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFoundError("no statement 9"), 3),
        (ConfigError("unknown setting"), 2),
        (JudgementError("a cyclic merge"), 2),
        (StoreError("the database is locked"), 1),
        (InputError("empty"), 1),
        (FetchError("gone", url="https://a.example", status=404), 1),
        (ExportError("disk full"), 1),
    ],
)
def test_an_error_is_one_line_and_a_code(run: Callable, fake, error: Exception, code: int) -> None:
    fake.error = error
    result = run("said")
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr == f"error: {error}\n"


def test_an_error_message_with_line_breaks_stays_one_line(run: Callable, fake) -> None:
    fake.error = StoreError("locked\nby another\n  program")
    assert run("check").stderr == "error: locked by another program\n"


def test_an_interrupt_ends_quietly(run: Callable, fake) -> None:
    fake.error = KeyboardInterrupt()
    result = run("said")
    assert (result.exit_code, result.output) == (130, "")


def test_a_closed_pipe_ends_quietly() -> None:
    process = subprocess.Popen([sys.executable, "-m", "kb", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr as stderr:
        assert stderr.read() == b""
    assert process.wait() != 120  # what Python ends with when flushing fails at exit


@pytest.mark.parametrize("arguments", [["nonsense"], ["show", "twelve"], ["said", "--kind", "x"], ["said", "--no"]])
def test_usage_errors_end_with_2(run: Callable, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_unusable_settings_end_with_2_but_help_still_works(run: Callable, tmp_path: Path) -> None:
    settings = tmp_path / "kb.toml"
    settings.write_text("colour = 'red'")
    result = run("--config", str(settings), "extract", "-")
    assert result.exit_code == 2
    assert "unknown setting 'colour'" in result.stderr
    assert run("--config", str(settings), "extract", "--help").exit_code == 0


def test_summaries_of_commands_are_not_cut(run: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert "..." not in run("--help").output.replace("[ARGS]...", "")
    assert "..." not in run("speakers", "--help").output.replace("[ARGS]...", "")


def test_the_callers_database_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch, fake) -> None:
    """The demo runs commands on its own database; those that read KB_DB must not."""
    monkeypatch.setenv("KB_DB", "mine.db")
    opened: list[str] = []

    @contextmanager
    def opener(settings: Settings) -> Iterator[Any]:
        opened.append(settings.db)
        yield fake

    for db in (None, "demo.db"):
        CliRunner().invoke(app, ["check"], obj=Session(db=db, opener=opener))
    assert opened == ["mine.db", "demo.db"]


def test_global_options_may_follow_the_command() -> None:
    assert hoist(["said", "a", "--db", "x.db", "--json"]) == ["--db", "x.db", "said", "a", "--json"]
    assert hoist(["said", "--db=x.db"]) == ["--db=x.db", "said"]
    assert hoist(["said", "--", "--db", "x"]) == ["said", "--", "--db", "x"]
    assert hoist(["said", "--db"]) == ["said", "--db"]


@given(st.lists(st.sampled_from(["said", "word", "--by", "--", *GLOBAL_OPTIONS, "--db=x", "é"])))
def test_hoisting_loses_and_invents_nothing(arguments: list[str]) -> None:
    assert sorted(hoist(arguments)) == sorted(arguments)


def python(code: str, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, **options)  # type: ignore[call-overload, no-any-return]


REPORT_HEAVY = f"""
import sys
from kb.cli import main
try:
    main()
finally:
    print("imported:", *(m for m in {HEAVY!r} if m in sys.modules))
"""


def test_help_imports_nothing_heavy() -> None:
    result = python(REPORT_HEAVY, "--help")
    assert result.stdout.endswith("imported:\n")
    assert "sqlalchemy" not in result.stdout


def test_python_m_kb_is_the_same_command() -> None:
    result = subprocess.run([sys.executable, "-m", "kb", "--version"], capture_output=True, text=True, check=True)
    assert result.stdout == f"onrecord {__version__}\n"
