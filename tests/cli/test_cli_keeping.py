"""kb changes, kb reparse, kb show of copies and revisions: on a record of files, with nothing to extract."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kb import open_kb
from kb.cli.root import app
from kb.cli.session import Session
from kb.types import Attribution, DocumentData

FIRST = "The port will order 40 ferries.\n\n“We are ready,” said the mayor.\n\nGulls are loud."
SECOND = "Updated 3 pm\n\nThe port will order 50 ferries.\n\n“We are not ready,” said the mayor.\n\nBoats are quiet."
CHANGED = """document 1 (“Ferries”), revision 1, changed, seen {day}: 1 quotation, 1 number, 2 sentences
- “We are ready,” said the mayor.
+ “We are not ready,” said the mayor.
- The port will order 40 ferries.
+ The port will order 50 ferries.
- Gulls are loud.
+ Boats are quiet.
"""


class Silent:
    """Finds nothing."""

    version = "silent"

    def pipe(self, documents: Iterable[DocumentData], /) -> Iterator[tuple[DocumentData, tuple[Attribution, ...]]]:
        return ((document, ()) for document in documents)


@pytest.fixture
def kb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run ``kb`` on a record in a file."""
    monkeypatch.setenv("COLUMNS", "100")

    def invoke(*arguments: str) -> Result:
        session = Session(db=str(tmp_path / "kb.db"), opener=lambda settings: open_kb(settings, extractor=Silent))
        return CliRunner().invoke(app, list(arguments), obj=session)

    return invoke


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return tmp_path / "note.txt"


def write(path: Path, text: str) -> str:
    path.write_text(f"---\ntitle: Ferries\n---\n{text}")
    return str(path)


def test_changes_and_reading_again(kb: Callable[..., Result], note: Path) -> None:
    assert kb("changes").stderr == "no document was changed\n"
    assert kb("add", write(note, FIRST)).exit_code == 0
    assert kb("add", write(note, SECOND)).stdout == "1 item: 1 changed\n"
    (row, *_), rows = (json.loads(kb("changes", "1", "--json").stdout) for _ in range(2))
    assert kb("changes").stdout == CHANGED.format(day=row["seen_at"][:10])
    assert [change["kind"] for change in rows] == ["quotation", "number", "sentence", "sentence"]
    assert kb("changes", "1", "--csv").stdout.startswith("document,title,publisher,url,revision,seen_at,reason,kind,")
    assert kb("changes", "--since", "2999-01-01").stdout == ""
    assert (kb("changes", "7").exit_code, kb("changes", "--since", "May").exit_code) == (3, 2)
    assert kb("reparse").stdout == "1 item: 1 unchanged\n"
    assert kb("reparse", "--source", "nobody").exit_code == 3
    assert kb("check").stdout == "no problems found\n"


def test_without_bytes_there_is_nothing_to_read_again(kb: Callable[..., Result], note: Path) -> None:
    assert kb("add", write(note, FIRST), "--no-raw").exit_code == 0
    assert kb("reparse").stdout.startswith("no stored bytes to read again")


def test_copies_are_told_and_not_printed_again(run: Callable[..., Result], fake: Any) -> None:
    (row,) = fake.rows
    first, second = row.reports
    copies = [replace(second, document_id=n, words=first.words, copy_of=7) for n in range(8, 17)]
    fake.rows = [replace(row, reports=(first, *copies))]
    shown = run("show", "12").stdout
    assert "10 reports, 1 independent: 9 copies of document 7" in shown
    assert shown.count("a copy of document 7") == 9
    assert shown.count("in context:") == 1
    assert "10 reports, 1 independent: " in run("said").stdout
    assert '"independent_reports": 1' in run("said", "--json").stdout


def test_what_became_of_the_words_is_told(run: Callable[..., Result], fake: Any) -> None:
    (row,) = fake.rows
    first, second = row.reports
    other = "“40” there, “50” here"
    fake.rows = [
        replace(
            row,
            reports=(
                replace(first, last_revision=2, gone_in=2),
                replace(second, document_id=8, copy_of=7, differs=(other,), revision=1, last_revision=3),
            ),
        )
    ]
    shown = run("show", "12").stdout
    assert "no longer in revision 2: kb changes 7" in shown
    assert f"like document 7, but {other}" in shown
    assert "added in revision 1\nstill there in revision 3" in shown
    assert "independent" not in shown
