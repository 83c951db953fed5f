"""Formats of other packages, by the example in the documentation."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from reading import payload, read, read_one

import sources
from kb.errors import InputError
from sources.files import payloads

DOCS = Path(__file__).parents[2] / "docs" / "sources.md"
HEARING = {
    "hearing": "Energy Committee",
    "date": "2026-02-03",
    "turns": [
        {"who": "Dana Whitlock", "says": "We will ship in 2027."},
        {"who": "The Chair", "says": "Thank you."},
        {},
    ],
}


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, *entry_points: str) -> None:
    """A package in ``folder`` that offers these, as pip would leave it."""
    info = folder / "hearings-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hearings\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[onrecord.sources]\n" + "\n".join(entry_points))
    monkeypatch.syspath_prepend(str(folder))


def write(folder: Path, name: str, code: str) -> None:
    (folder / f"{name}.py").write_text(code, encoding="utf-8")


@pytest.fixture
def modules() -> Iterator[None]:
    """Modules that a test imports are forgotten after it."""
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        if name in ("hearings", "broken"):
            del sys.modules[name]


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modules: None) -> str:
    """The example, installed."""
    code = re.search(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert code
    write(tmp_path, "hearings", code[1])
    install(tmp_path, monkeypatch, "hearing = hearings:Hearings")
    return code[1]


def test_the_example_is_short_and_reads_what_it_says(example: str) -> None:
    assert len(example.splitlines()) <= 32
    assert sources.detect(payload(json.dumps(HEARING))) == "hearing"
    skipped, document = read(json.dumps(HEARING), "committee.json")
    assert getattr(document, "title", None) == "Energy Committee"
    turns = getattr(document, "turns", ())
    assert [turn.speaker.name for turn in turns] == ["Dana Whitlock", "The Chair"]
    assert [getattr(document, "text", "")[turn.start : turn.end] for turn in turns] == [
        "We will ship in 2027.",
        "Thank you.",
    ]
    assert getattr(skipped, "reason", None) == "turn without words"


@pytest.mark.usefixtures("example")
def test_a_plugin_can_be_named_and_is_listed() -> None:
    assert list(sources.read_documents(payload(json.dumps(HEARING)), kind="hearing"))
    with pytest.raises(InputError, match=r"known: .*hearing"):
        list(sources.read_documents(payload("x"), kind="podcast"))


@pytest.mark.usefixtures("example")
def test_everything_else_is_read_as_before() -> None:
    assert read_one("We expect growth.").text == "We expect growth."
    assert sources.detect(payload("<!doctype html><p>x")) == "page"
    assert {format_.NAME for format_ in sources.FORMATS} & {"hearing"} == set()


@pytest.mark.usefixtures("example")
def test_files_of_the_plugins_format_are_read_from_folders(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(HEARING))
    (found,) = payloads(folder, payload("x").fetched_at, 10_000)
    assert sources.detect(found) == "hearing"  # type: ignore[arg-type]


GOOD = "NAME = 'broken'\ndef matches(payload): return payload.data.startswith(b'BROKEN')\n"


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import no_such_module", "No module named 'no_such_module'"),
        ("def", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("def matches(payload): return True\ndef read(payload): return []", "it has no NAME"),
        (GOOD, "it has no function read"),
        (GOOD.replace("'broken'", "'feed'") + "def read(payload): return []", "there is already a format 'feed'"),
    ],
)
def test_one_that_cannot_be_loaded_is_named_once_and_the_rest_goes_on(
    code: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, "broken", code)
    install(tmp_path, monkeypatch, "broken = broken")
    assert sources.detect(payload("We expect growth.")) == "text"
    assert sources.detect(payload("We expect more growth.")) == "text"
    (message,) = caplog.messages
    assert message.startswith("the source plugin broken = broken is left out: ")
    assert words in message


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def read(payload):\n    yield 1 / 0", "ZeroDivisionError"),
        ("def read(payload): return None", "TypeError"),
        ("def read(payload): return ['text']", "it gave str, neither RawDocument nor Skipped"),
        ("from kb.errors import InputError\ndef read(payload): raise InputError('no good')", "no good"),
    ],
)
def test_one_that_fails_while_reading_is_an_error_of_that_input(
    code: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "broken", GOOD + code)
    install(tmp_path, monkeypatch, "broken = broken")
    with pytest.raises(InputError, match=words):
        read("BROKEN")
    assert read_one("We expect growth.").text == "We expect growth."


@pytest.mark.usefixtures("modules")
def test_one_that_fails_while_looking_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write(
        tmp_path,
        "broken",
        "NAME = 'broken'\ndef matches(payload): return payload.nothing\ndef read(payload): return []",
    )
    install(tmp_path, monkeypatch, "broken = broken")
    assert sources.detect(payload("We expect growth.")) == "text"
    assert "the source plugin broken = broken cannot look at input: AttributeError" in caplog.text


def test_every_format_is_documented() -> None:
    text = DOCS.read_text("utf-8")
    assert [format_.NAME for format_ in sources.FORMATS if f"`{format_.NAME}`" not in text] == []
