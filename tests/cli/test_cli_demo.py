"""The demo: its documents, and the story it tells with the real pipeline."""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.cli.demo import DATABASE, prepare_folder
from kb.errors import StoreError

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "kb" / "demo"
DOCUMENTS = sorted(path for path in (DEMO / "documents").rglob("*") if path.is_file())
PREDICTIONS = (
    "first large public protest over AI will take place",
    "large company will see its market value fall by half or more because of AI",
    "at least 100,000 personal AI robots will be pre-ordered",
    "China will start to lead the AI race",
    "AI will bring big breakthroughs for biology and chemistry",
    "potential of AI for growth and jobs will begin to show",
)
HOSTS_OF_POSTS = {"www.linkedin.com", "twitter.com", "platform.twitter.com", "schema.org", "purl.org", "www.w3.org"}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {path.name: " ".join(path.read_text(encoding="utf-8").split()) for path in DOCUMENTS}


@pytest.mark.parametrize("prediction", PREDICTIONS)
def test_each_prediction_is_posted_and_reported_twice(texts: dict[str, str], prediction: str) -> None:
    reported = {name for name, text in texts.items() if prediction.casefold() in text.casefold()}
    assert "Shares.csv" in reported
    assert len(reported) >= 3


def test_the_documents_spell_him_in_every_way(texts: dict[str, str]) -> None:
    everything = " ".join(texts.values())
    for spelling in ("Clément Delangue", "Clem Delangue", "Clement Delange", "De Lang "):
        assert spelling in everything


def test_every_document_is_described(texts: dict[str, str]) -> None:
    readme = (DEMO / "README.md").read_text(encoding="utf-8")
    assert [name for name in texts if name not in readme] == []


def test_invented_pages_have_addresses_that_cannot_exist(texts: dict[str, str]) -> None:
    hosts = {host for text in texts.values() for host in re.findall(r"https?://([^/\"\s<,]+)", text)}
    assert {host for host in hosts if not host.endswith(".example")} <= HOSTS_OF_POSTS


def test_ids_of_posts_hold_their_dates(texts: dict[str, str]) -> None:
    (status,) = re.findall(r"stevenheidel/status/(\d+)", texts["ccn-article.html"])
    # X counts milliseconds from 4 November 2010, in the bits above the lowest 22; LinkedIn from 1970.
    posted = dt.datetime.fromtimestamp(((int(status) >> 22) + 1288834974657) / 1000, dt.UTC)
    assert posted.date() == dt.date(2024, 11, 21)
    (share,) = re.findall(r"share%3A(\d+)", texts["Shares.csv"])
    shared = dt.datetime.fromtimestamp((int(share) >> 22) / 1000, dt.UTC)
    assert f"{shared:%Y-%m-%d %H:%M:%S}," in texts["Shares.csv"]


def test_a_second_demo_starts_afresh_and_touches_nothing_else(tmp_path: Path) -> None:
    prepare_folder(tmp_path)
    (tmp_path / DATABASE).write_text("old")
    (tmp_path / "kb.db").write_text("mine")
    (tmp_path / "documents" / "podcast.vtt").write_text("changed")
    prepare_folder(tmp_path)
    assert not (tmp_path / DATABASE).exists()
    assert (tmp_path / "kb.db").read_text() == "mine"
    copied = {path.name for path in (tmp_path / "documents").rglob("*") if path.is_file()}
    assert copied == {path.name for path in DOCUMENTS}
    assert (tmp_path / "documents" / "podcast.vtt").read_bytes() == (DEMO / "documents" / "podcast.vtt").read_bytes()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="choose another --folder"):
        prepare_folder(tmp_path / "file")


def test_a_failing_command_ends_the_demo_with_its_reason(run: Callable, fake, tmp_path: Path) -> None:
    fake.error = StoreError("the database is locked")
    result = run("demo", "--folder", str(tmp_path))
    assert result.exit_code == 1
    assert result.stderr == "error: the database is locked\n"
    assert result.stdout.endswith(f"$ kb add {tmp_path / 'documents'}\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    return {**clean, "COLUMNS": "120", "KB_DB": f"onrecord-demo/{DATABASE}", "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def told(folder: Path, environment: dict[str, str]) -> str:
    """What kb demo prints."""
    command = [sys.executable, "-m", "kb", "demo"]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert (result.returncode, "Traceback" in result.stderr) == (0, False), result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def ask(folder: Path, environment: dict[str, str], told: str) -> Callable[..., str]:
    """Ask the demo's record after the demo."""

    def ask(*arguments: str) -> str:
        command = [sys.executable, "-m", "kb", *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout

    return ask


def rows(text: str) -> list[dict[str, object]]:
    import json

    return list(map(json.loads, text.splitlines()))


def test_he_is_one_speaker_with_every_spelling(ask: Callable[..., str]) -> None:
    (speaker,) = rows(ask("speakers", "list", "delang", "--jsonl"))
    assert speaker["name"] == "Clément Delangue"
    assert {"Clement Delange", "De Lang", "Clem Delangue"} <= set(speaker["aliases"])  # type: ignore[arg-type]


@pytest.mark.parametrize("prediction", PREDICTIONS)
def test_each_prediction_is_there_once_with_every_report(ask: Callable[..., str], prediction: str) -> None:
    found = [
        row
        for row in rows(ask("predictions", "--by", "Delangue", "--due-before", "2026-01-01", "--jsonl"))
        if prediction.casefold() in str(row["text"]).casefold()
    ]
    assert len(found) == 1
    assert found[0]["horizon"]["latest"] == "2025-12-31"  # type: ignore[index]
    assert len(found[0]["reports"]) >= 3  # type: ignore[arg-type]
    assert found[0]["outcomes"] == []


def test_two_predictions_are_resolved_with_evidence(ask: Callable[..., str]) -> None:
    resolved = rows(ask("predictions", "--by", "Solvang", "--status", "resolved", "--jsonl"))
    assert sorted(str(row["verdict"]) for row in resolved) == ["false", "true"]
    for row in resolved:
        assert row["outcomes"][0]["evidence"][0]["quote"]  # type: ignore[index]
    (card,) = rows(ask("scores", "--by", "Solvang", "--jsonl"))
    assert (card["hits"], card["scored"]) == (1, 2)


def test_the_demo_ends_with_two_files(folder: Path, told: str) -> None:
    for name in ("timeline.html", "predictions.ics"):
        path = folder / "onrecord-demo" / name
        assert path.stat().st_size > 1000
        assert str(path) in told
    assert "BEGIN:VCALENDAR" in (folder / "onrecord-demo" / "predictions.ics").read_text(encoding="utf-8")


def test_the_other_voices_are_there(ask: Callable[..., str]) -> None:
    assert "2024-11-21" in ask("said", "--by", "Heidel", "--csv")
    assert "authoritarian" in ask("said", "--by", "Altman", "--csv")
    assert "Clément Delangue" in ask("said", "Tiananmen", "--csv")


def test_asking_never_loads_the_model(folder: Path, environment: dict[str, str], told: str) -> None:
    code = (
        "import sys; from kb.cli import main\n"
        "try: main()\n"
        "finally: print(*(m for m in ('spacy', 'onnxruntime', 'trafilatura', 'httpx') if m in sys.modules), 'loaded')"
    )
    command = [sys.executable, "-c", code, "said", "robots"]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "loaded"


README = (ROOT / "README.md").read_text(encoding="utf-8")
SESSION = re.findall(r"^\$ (kb .+)$", README, re.MULTILINE)


def test_the_readme_shows_the_main_commands() -> None:
    assert {shlex.split(command)[1] for command in SESSION} >= {"predictions", "show", "scores"}


@pytest.mark.parametrize("command", SESSION)
def test_readme_commands_run(ask: Callable[..., str], command: str) -> None:
    words = shlex.split(command)[1:]
    if words[0] != "demo":
        ask(*words)


TRANSCRIPT = README[README.index("$ export KB_DB=") : README.index("```", README.index("$ export KB_DB="))]
ANSWERED = [tuple(part.split("\n", 1)) for part in re.split(r"^\$ ", TRANSCRIPT, flags=re.MULTILINE)[2:]]
"""(command, output) of the session in the README; "[...]" stands for the rest of an output."""
CHANGING = re.compile(r"\d{4}-\d\d-\d\d(?= by onrecord)|^ ?\d+(?=  )|\(\d+\)|^\d+(?= entries)", re.MULTILINE)
"""The day, and what counts how much was found: where a processor rounds otherwise, a doubtful attribution may go."""


@pytest.mark.parametrize(("command", "shown"), ANSWERED, ids=[command for command, _ in ANSWERED])
def test_the_readme_shows_what_its_commands_print(
    folder: Path, environment: dict[str, str], told: str, command: str, shown: str
) -> None:
    words = [sys.executable, "-m", "kb", *shlex.split(command)[1:]]
    narrow = {**environment, "COLUMNS": "80"}
    result = subprocess.run(words, cwd=folder, env=narrow, capture_output=True, text=True, check=True)
    printed = "\n".join(map(str.rstrip, result.stdout.splitlines()))
    expected, rest, _ = shown.partition("[...]")
    length = len(expected.rstrip()) if rest else None
    assert CHANGING.sub("#", printed.rstrip()[:length]) == CHANGING.sub("#", expected.rstrip())


def test_the_readme_snippet_runs(folder: Path, environment: dict[str, str], told: str) -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    command = [sys.executable, "-c", snippet]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert "robots" in result.stdout
