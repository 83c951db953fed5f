"""Revisions, what stands in them, and copies: the same in another record, whatever that record holds already."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from records import NOW, Record, document_data

from kb import KB, open_kb
from kb.store import copies, documents, statements
from kb.types import Attribution, Report, StatementData

STORY = " ".join(f"Ship {number} left the harbour at dawn with {number * 7} crates." for number in range(12))


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], KB]]:
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(open_kb(tmp_path / f"{name}.db"))


def filled(kb: KB) -> None:
    """A document with a revision that says more, and a copy with another figure."""
    record = Record(kb.store)
    record.document(STORY, canonical_url="https://a.test/1")
    said = StatementData(kind="claim", text="the last ship left")
    with kb.store.transaction() as session:
        number = documents.revise(session, 1, document_data(f"{STORY} She says the last ship left."), NOW)
        statement_id = statements.insert(session, None, said, said_on=None)
        start = len(STORY) + len(" She says ")
        found = Attribution(source=(), cue=(), content=((start, start + len(said.text)),), quote_kind="indirect",
                            speaker=None, statement=said, confidence=0.5)  # fmt: skip
        statements.attach(session, statement_id, 1, found, extractor="x", now=NOW, revision=number)
        copy = document_data(STORY.replace("7 crates", "8 crates"), external_id="copy")
        documents.insert(session, 1, copy, NOW, near_duplicate_of=1, differs=["“7” there, “8” here"])


def exported(kb: KB) -> bytes:
    out = io.BytesIO()
    kb.export("jsonl", out)
    return out.getvalue()


def imported(kb: KB, data: bytes, tmp_path: Path) -> Any:
    path = tmp_path / "record.jsonl"
    path.write_bytes(data)
    return kb.import_record(path)


def report(kb: KB) -> Report:
    (found,) = kb.show(1).reports
    return found


def test_everything_arrives_and_copies_are_found_there(opened: Callable[[str], KB], tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    imported(other, exported(one), tmp_path)
    assert exported(other) == exported(one)
    assert (report(other).revision, report(other).words) == (1, "the last ship left")
    assert other.check() == []
    for kb in (one, other):
        with kb.store.reading() as session:
            hashes = copies.sketch(copies.shingles(STORY))
            found = copies.candidates(session, hashes, day=NOW.date().toordinal())
            assert [(candidate.id, candidate.story) for candidate in found] == [(1, 1), (2, 2)]
    again = imported(other, exported(one), tmp_path)
    assert (again.added, again.conflicts) == ({}, ())


def test_revisions_of_two_records_are_numbered_anew(opened: Callable[[str], KB], tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    Record(other.store).document(STORY, canonical_url="https://a.test/1")
    with other.store.transaction() as session:
        documents.revise(session, 1, document_data("Nothing left."), NOW)
    imported(other, exported(one), tmp_path)
    assert (report(other).revision, report(other).last_revision) == (2, 2)
    assert other.check() == []
    assert imported(other, exported(one), tmp_path).added == {}


def test_lines_of_an_earlier_version_are_read(opened: Callable[[str], KB], tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    record = Record(one.store)
    record.said(record.speaker("Ann"), "it will rain")
    with one.store.transaction() as session:
        documents.revise(session, 1, document_data("It will not."), NOW)
    lines = [json.loads(line) for line in exported(one).splitlines()]
    for line in lines:
        for part in (line, *line.get("revisions", ()), *line.get("reports", ())):
            for later in ("differs", "reason" if part is not line else "", "revision"):
                part.pop(later, None)
    imported(other, b"\n".join(json.dumps(line).encode() for line in lines), tmp_path)
    assert exported(other) == exported(one)
