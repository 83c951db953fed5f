"""kb extract: what it prints, and what becomes of inputs that cannot be read."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.cli.extract import decode, document_of, extraction, json_pieces, read_bytes
from kb.cli.output import json_line, progress_bar
from kb.errors import InputError
from kb.types import Attribution, DocumentData, Horizon, Quantity, Role, SpeakerMention, StatementData

TEXT = "“At least 2.5 million robots will be sold in 2025,” said De Lang of Acme.\r\n"
FOUND = Attribution(
    source=((57, 64),),
    cue=((52, 56),),
    content=((1, 49),),
    quote_kind="direct",
    speaker=SpeakerMention(name="De Lang", kind="person", role=Role(title="head", organisation="Acme")),
    statement=StatementData(
        kind="prediction",
        text="At least 2.5 million robots will be sold in 2025",
        strength="certain",
        horizon=Horizon(
            earliest=dt.date(2025, 1, 1),
            latest=dt.date(2025, 12, 31),
            precision="year",
            phrase="in 2025",
            rule="in-year",
            start=41,
            end=48,
        ),
        quantity=Quantity(comparator=">=", value=2_500_000.0, unit="robots"),
    ),
    confidence=0.931251,
)
NOTHING_KNOWN = Attribution(
    source=(),
    cue=(),
    content=((0, 4), (8, 9)),
    quote_kind="indirect",
    speaker=None,
    statement=StatementData(kind="claim", text="x"),
    confidence=1.0,
)
UNKNOWN = replace(NOTHING_KNOWN, unknown_because="no source is named")
FINDINGS = {"De Lang": FOUND, "Nobody": UNKNOWN}


class FakeExtractor:
    def pipe(self, documents: Iterable[DocumentData]) -> Iterator[tuple[DocumentData, tuple[Attribution, ...]]]:
        for document in documents:
            yield document, tuple(found for word, found in FINDINGS.items() if word in document.text)


@pytest.fixture
def extract(run: Callable, monkeypatch: pytest.MonkeyPatch) -> Callable:
    import kb.nlp

    monkeypatch.setattr(kb.nlp, "load_extractor", lambda settings: FakeExtractor())
    return lambda *arguments: run("extract", *arguments)


def test_the_object_is_the_contract() -> None:
    printed = json.loads(json.dumps(extraction(document_of("a.txt", TEXT, None), (FOUND,)), default=str))
    assert printed == {
        "file": "a.txt",
        "text_sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "attributions": [
            {
                "source": [[57, 64]],
                "cue": [[52, 56]],
                "content": [[1, 49]],
                "quote_kind": "direct",
                "speaker": "De Lang",
                "speaker_kind": "person",
                "role": "head of Acme",
                "unknown_because": None,
                "kind": "prediction",
                "strength": "certain",
                "p_low": None,
                "p_high": None,
                "horizon": {
                    "earliest": "2025-01-01",
                    "latest": "2025-12-31",
                    "precision": "year",
                    "phrase": "in 2025",
                    "rule": "in-year",
                    "strict_latest": None,
                },
                "quantity": {"comparator": ">=", "value": 2500000, "unit": "robots"},
                "confidence": 0.9313,
            }
        ],
    }


def test_what_is_unknown_is_null() -> None:
    (printed,) = extraction(document_of("a", "text", None), (NOTHING_KNOWN,))["attributions"]
    nulls = {key for key, value in printed.items() if value is None}
    optional = {"speaker", "speaker_kind", "role", "strength", "p_low", "p_high", "horizon", "quantity"}
    assert nulls == optional | {"unknown_because"}
    assert printed["content"] == ((0, 4), (8, 9))


def test_a_range_keeps_its_upper_end() -> None:
    ranged = StatementData(kind="claim", text="x", quantity=Quantity(comparator="range", value=2.5, high=3.0, unit="%"))
    found = Attribution(
        source=(), cue=(), content=((0, 1),), quote_kind="indirect", speaker=None, statement=ranged, confidence=1
    )
    (printed,) = extraction(document_of("a", "text", None), (found,))["attributions"]
    assert printed["quantity"] == {"comparator": "range", "value": 2.5, "unit": "%", "high": 3}


def test_a_line_is_the_object_in_pieces() -> None:
    document = document_of("a.txt", TEXT, None)
    for found in ((), (FOUND,), (FOUND, NOTHING_KNOWN)):
        assert "".join(json_pieces(document, found)) == json_line(extraction(document, found)) + "\n"


def test_results_come_before_the_next_input_is_read(extract: Callable, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("nothing quoted here")
    printed = extract("--jsonl", str(tmp_path / "a.txt"), str(tmp_path / "missing")).output.splitlines()
    assert json.loads(printed[0])["file"].endswith("a.txt")
    assert printed[1].startswith("failed: ")


def written_to(screen: int) -> Iterator[bytes]:
    """All that a closed terminal was given: it comes in pieces, and on Linux it ends with an error."""
    with contextlib.suppress(OSError):
        while piece := os.read(screen, 65_536):
            yield piece


def test_what_is_printed_beside_a_progress_bar_goes_to_its_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pty = pytest.importorskip("pty")
    screen, terminal = pty.openpty()
    with os.fdopen(terminal, "w", encoding="utf-8") as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        monkeypatch.setenv("TERM", "xterm")
        with progress_bar("reading") as bar:
            bar.announce(1)
            print("a result")
    shown = b"".join(written_to(screen))
    os.close(screen)
    assert capsys.readouterr().out == "a result\n"
    assert b"reading" in shown


def test_an_unknown_speaker_says_why(extract: Callable, tmp_path: Path) -> None:
    (printed,) = extraction(document_of("a", "text", None), (UNKNOWN,))["attributions"]
    assert printed["unknown_because"] == "no source is named"
    (tmp_path / "a.txt").write_text("Nobody named.")
    assert "unknown: no source is" in extract(str(tmp_path / "a.txt")).stdout


def test_one_object_per_input_in_order(extract: Callable, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    (tmp_path / "empty.txt").write_bytes(b"")
    names = [str(tmp_path / "a.txt"), str(tmp_path / "empty.txt")]
    result = extract("--jsonl", *names)
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, result.stderr) == (0, "")
    assert [o["file"] for o in objects] == names
    assert [len(o["attributions"]) for o in objects] == [1, 0]
    ((start, end),) = objects[0]["attributions"][0]["source"]
    assert (tmp_path / "a.txt").read_bytes().decode()[start:end] == "De Lang"


def test_the_table_shows_words_and_due_date(extract: Callable, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    output = extract(str(tmp_path / "a.txt")).stdout
    for part in ("a.txt: 1 statement\n", "De Lang", "prediction", "direct", "robots will be", "2025-12-31", "0.93"):
        assert part in output


def test_control_characters_do_not_reach_the_terminal(extract: Callable, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("“\x1b[31mAt least 2.5 million robots will be sold,” said De Lang of Acme.")
    output = extract(str(tmp_path / "a.txt")).stdout
    assert "At least" in output
    assert "\x1b" not in output


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04\x00\x00", "NUL byte at offset 4"),
        (b"caf\xe9 au lait", "not UTF-8: invalid byte at offset 3"),
        (b"a \xe2\x80", "not UTF-8: invalid byte at offset 2"),
        (None, "No such file or directory"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_the_rest_goes_on(
    extract: Callable, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    bad, good = tmp_path / "bad.txt", tmp_path / "good.txt"
    good.write_text("nothing quoted here")
    if content is not None:
        bad.write_bytes(content)
    result = extract("--jsonl", str(bad), str(good))
    assert result.exit_code == 1
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == [str(good)]
    assert result.stderr.startswith(f"failed: {bad}: ")
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_folder_and_too_much_are_input_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Is a directory"):
        read_bytes(str(tmp_path), 10)
    (tmp_path / "long").write_bytes(b"x" * 11)
    with pytest.raises(InputError, match="larger than 10 bytes"):
        read_bytes(str(tmp_path / "long"), 10)
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes("a\0b", 10)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_text_is_exactly_as_read(text: str) -> None:
    document = document_of("a", decode(text.encode(), "a"), None)
    assert document.text == text
    assert document.text_sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_said_on_is_the_day_that_horizons_count_from() -> None:
    assert document_of("a", "text", dt.date(2024, 12, 3)).said_on == dt.date(2024, 12, 3)
    assert document_of("a", "text", None).said_on is None


def test_a_bad_day_is_a_usage_error(extract: Callable) -> None:
    assert extract("a.txt", "--said-on", "2024").exit_code == 2
