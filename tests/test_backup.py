"""Backups: consistent while others write, checked, restored whole or not at all."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from records import NOW, document_data

from kb import open_kb
from kb.app import KB, check_backup, restore_backup
from kb.config import Settings
from kb.errors import ConfigError, StoreError
from kb.store import documents, sources, statements
from kb.types import Attribution, StatementData

WORDS = "Ten ports will open"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(db=str(tmp_path / "kb.db"))


@pytest.fixture
def backup(tmp_path: Path, settings: Settings) -> Path:
    """A backup of a record of one statement."""
    path = tmp_path / "backup.db"
    with open_kb(settings) as kb:
        add(kb, WORDS)
        kb.backup(path)
    return path


def add(kb: KB, words: str) -> None:
    """A statement, its document and its report, in one transaction."""
    data = StatementData(kind="claim", text=words)
    found = Attribution(
        source=(), cue=(), content=((0, len(words)),), quote_kind="indirect", speaker=None, statement=data, confidence=1
    )
    with kb.store.transaction() as session:
        source_id = sources.register(session, "file", name="test", url="/test")
        document_id = documents.insert(session, source_id, document_data(words, external_id=words), NOW)
        statement_id = statements.insert(session, None, data, said_on=None)
        statements.attach(session, statement_id, document_id, found, extractor="test", now=NOW)


def words(settings: Settings) -> list[str]:
    with open_kb(settings) as kb:
        return [row.text for row in kb.said()]


def test_a_backup_is_one_sound_file(backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()
    assert check_backup(backup) == []
    assert backup.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(("backup", "."))) == ["backup.db"]


def test_it_is_consistent_while_the_record_is_written_to(settings: Settings, tmp_path: Path) -> None:
    stop = threading.Event()
    with open_kb(settings) as kb:
        add(kb, WORDS)

        def write() -> None:
            number = 0
            while not stop.is_set():
                add(kb, f"Port {number} opens")
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(5):
                kb.backup(tmp_path / f"{number}.db")
        finally:
            stop.set()
            writer.join()
        assert kb.check() == []
    assert [check_backup(tmp_path / f"{number}.db") for number in range(5)] == [[]] * 5


def test_it_is_restored_where_there_is_nothing(backup: Path, tmp_path: Path) -> None:
    elsewhere = Settings(db=str(tmp_path / "new" / "kb.db"))
    restore_backup(elsewhere, backup)
    assert words(elsewhere) == [WORDS]


def test_it_replaces_a_record_only_when_told_to(backup: Path, settings: Settings) -> None:
    with open_kb(settings) as kb:
        add(kb, "and something else")
    with pytest.raises(StoreError, match=r"kb\.db exists.*--replace"):
        restore_backup(settings, backup)
    assert len(words(settings)) == 2
    restore_backup(settings, backup, replace=True)
    assert words(settings) == [WORDS]


def test_who_has_the_record_open_sees_the_restored_one(backup: Path, settings: Settings) -> None:
    with open_kb(settings) as kb:
        add(kb, "and something else")
        restore_backup(settings, backup, replace=True)
        assert [row.text for row in kb.said()] == [WORDS]
        assert kb.check() == []


def test_an_unsound_backup_is_told_and_not_restored(backup: Path, settings: Settings) -> None:
    connection = sqlite3.connect(backup)
    connection.execute("DROP TRIGGER IF EXISTS document_text_is_final")
    connection.execute("UPDATE attribution SET words = 'invented'")
    connection.commit()
    connection.close()
    (problem,) = check_backup(backup)
    assert "are not the stored ones" in problem
    with pytest.raises(StoreError, match=r"not sound, nothing was restored: attribution 1"):
        restore_backup(settings, backup, replace=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is an empty database"), (b"not a database" * 100, "is not a database"), (None, "is no file")],
)
def test_what_is_no_backup(content: bytes | None, message: str, tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "other.db"
    if content is not None:
        path.write_bytes(content)
    for act in (check_backup, lambda file: restore_backup(settings, file)):
        with pytest.raises(StoreError, match=message):
            act(path)
    assert not Path(settings.db).exists()


def test_a_damaged_backup_is_refused(backup: Path, settings: Settings) -> None:
    data = bytearray(backup.read_bytes())
    data[4096:12288] = b"\xff" * 8192
    backup.write_bytes(data)
    with pytest.raises(StoreError):
        restore_backup(settings, backup, replace=True)
    assert words(settings) == [WORDS]


@pytest.mark.parametrize("name", ["missing/backup.db", ".", "kb.db"])
def test_an_impossible_place_leaves_nothing_behind(name: str, settings: Settings, tmp_path: Path) -> None:
    with open_kb(settings) as kb:
        add(kb, WORDS)
        with pytest.raises(StoreError):
            kb.backup(tmp_path / name)
        assert kb.check() == []
    assert not [path for path in tmp_path.iterdir() if not path.name.startswith("kb.db")]


def test_a_database_on_a_server_has_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="use pg_dump"):
        restore_backup(Settings(db="postgresql://host/name"), tmp_path / "backup.db")
