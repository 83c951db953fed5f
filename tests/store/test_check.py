"""Every kind of damage is found and named; a sound record gives no line."""

from __future__ import annotations

import pytest
from records import Record

from kb.store.check import check

DAMAGE = [
    ("UPDATE attribution SET words = 'other' WHERE id = 1", "attribution 1 in document 1: the words"),
    ("UPDATE attribution SET content_spans = '[[0, 999]]' WHERE id = 1", "content span lies outside"),
    ("UPDATE attribution SET cue_spans = '[[3, 3]]' WHERE id = 1", "cue span lies outside"),
    ("UPDATE attribution SET speaker_text = 'Bo' WHERE id = 1", "the source words"),
    ("DELETE FROM attribution WHERE id = 1", "statement 1: no document reports it"),
    (
        "INSERT INTO revision (document_id, number, text, text_sha256, seen_at) VALUES (1, 1, 't', 'x', '2025-01-01')",
        "revision 1 of document 1",
    ),
    ("UPDATE attribution SET revision = 3 WHERE id = 1", "the document has no revision 3"),
    ("UPDATE speaker SET merged_into = 3 WHERE id = 1", "speaker 1: merged into 3, but the merges say 2"),
    ("UPDATE merge SET undone_at = '2025-01-01'", "speaker 1: merged into 2, but the merges say None"),
    ("INSERT INTO merge VALUES (9, 2, 1, '2025-01-01', 'a', '', NULL)", "merges: some join speakers"),
]

DAMAGED_FILE = [
    ("INSERT INTO body (sha256, size, packed) VALUES ('x', 1, x'1f8b')", "stored bytes x: they do not have their hash"),
    ("DROP TRIGGER document_text_stays; UPDATE document SET text_sha256 = 'x' WHERE id = 1", "document 1: its text"),
    ("PRAGMA foreign_keys = OFF; DELETE FROM document WHERE id = 1", "attribution: 1 rows point to no document"),
    ("DROP TRIGGER statement_fts_update; UPDATE statement SET text = 'other' WHERE id = 1", "statement_fts: "),
    ("DROP TRIGGER document_fts_delete; DELETE FROM document WHERE id = 2", "document_fts: "),
]


@pytest.mark.parametrize(("damage", "problem"), DAMAGE)
def test_damage_is_named(record: Record, damage: str, problem: str) -> None:
    sound(record)
    with record.store.transaction() as session:
        session.connection().exec_driver_sql(damage)
    problems = check(record.store)
    assert any(problem in line for line in problems), problems


@pytest.mark.parametrize(("damage", "problem"), DAMAGED_FILE)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_damage_that_only_a_file_can_have_is_named(record: Record, damage: str, problem: str) -> None:
    sound(record)
    connection = record.store._engine.raw_connection()
    for change in damage.split("; "):
        connection.execute(change)
    connection.close()
    problems = check(record.store)
    assert any(problem in line for line in problems), problems


def sound(record: Record) -> None:
    """Fill ``record`` with something that can be damaged."""
    record.said(record.speaker("Ann"), "it will rain")
    record.document("nothing said")
    record.merge(1, record.speaker("Bo"))
    record.speaker("Cy")
    assert check(record.store) == []
