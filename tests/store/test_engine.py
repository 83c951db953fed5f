"""Opening databases: what is made, and what is refused in words that help."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from postgres import Server
from sqlalchemy import CheckConstraint, inspect
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel, select

from kb.errors import NotFoundError, StoreError
from kb.store import corrections, engine, open_store, tables


def test_folder_and_file_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b c%d" / "kb.db"
    open_store(f"sqlite:///{path}").close()
    assert path.is_file()


def test_settings_of_every_connection(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store, store.reading() as session:
        pragmas = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 30_000}


def test_opening_again_changes_nothing_and_needs_no_alembic(sqlite_url: str, tmp_path: Path) -> None:
    open_store(sqlite_url).close()
    before = (tmp_path / "kb.db").read_bytes()
    opening = f"from kb.store import open_store; open_store({sqlite_url!r}).close()"
    code = f"import sys; {opening}; print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
    assert (tmp_path / "kb.db").read_bytes() == before


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_migrations_make_the_tables_of_the_classes(url: str) -> None:
    opts = {"compare_type": differs, "include_object": lambda _, name, *__: "_fts" not in (name or "")}
    with open_store(url) as store, store.reading() as session:
        found = compare_metadata(MigrationContext.configure(session.connection(), opts=opts), SQLModel.metadata)
    assert [
        change for change in found if change[0:1] != ("remove_index",) or not OF_EXPRESSIONS.fullmatch(change[1].name)
    ] == []


def test_the_migrations_make_the_checks_of_the_classes(url: str) -> None:
    with open_store(url) as store, store.reading() as session:
        inspector = inspect(session.connection())
        is_sqlite = inspector.dialect.name == "sqlite"  # PostgreSQL spells conditions its own way
        for table in SQLModel.metadata.sorted_tables:
            made = {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table.name)}
            declared = {c.name: str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)}
            assert (made if is_sqlite else set(made)) == (declared if is_sqlite else set(declared)), table.name


OF_EXPRESSIONS = re.compile("ix_(statement|document)_text|ix_correction_gone")
"""Indexes of texts and of values in JSON, which the classes do not know."""


def differs(context: MigrationContext, _: Any, __: Any, made: TypeEngine[Any], declared: TypeEngine[Any]) -> bool:
    """Whether two column types are of different families; VARCHAR and TEXT are one."""
    return made._type_affinity is not declared.dialect_impl(context.dialect)._type_affinity


def test_the_number_of_a_statement_that_is_gone_is_found_by_an_index(sqlite_url: str) -> None:
    asked = f"SELECT id FROM correction WHERE field = 'statement' AND {corrections.NUMBER['sqlite']} = '12'"
    with open_store(sqlite_url) as store, store.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
    assert "USING INDEX ix_correction_gone" in str(plan)


def test_the_known_revisions_are_the_shipped_ones() -> None:
    scripts = ScriptDirectory(str(Path(engine.__file__).parent / "migrations"))
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == engine.REVISIONS


def test_migrations_import_nothing_of_ours() -> None:
    for path in (Path(engine.__file__).parent / "migrations").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "import kb" not in text
        assert "from kb" not in text


def test_not_a_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, " * 1000)
    with pytest.raises(StoreError, match=r"notes\.txt is not a database"):
        open_store(f"sqlite:///{path}")
    assert path.read_text().startswith("Dear diary")


def test_a_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmark (id)")
    connection.close()
    with pytest.raises(StoreError, match=r"other\.db is a database of another program .*bookmark"):
        open_store(f"sqlite:///{path}")


def test_a_newer_database(url: str) -> None:
    with open_store(url) as store, store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"is newer than this program \(version 9999\)"):
        open_store(url)


def test_a_database_that_cannot_tell_letters_is_refused(postgres: Server) -> None:
    with pytest.raises(StoreError, match=r"UTF8 and the locale C; make one with createdb .*--lc-ctype"):
        open_store(postgres.of_locale("C"))


@pytest.mark.parametrize(
    "url", ["", "mysterydb://host/name", "mysql://host/name", "//", "sqlite:////proc/nowhere/kb.db"]
)
def test_no_database_there(url: str) -> None:
    with pytest.raises(StoreError):
        open_store(url)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_locked_database(sqlite_url: str, tmp_path: Path) -> None:
    with open_store(sqlite_url) as store:
        other = sqlite3.connect(tmp_path / "kb.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with store.reading() as session:
            session.connection().exec_driver_sql("PRAGMA busy_timeout = 10")
        with pytest.raises(StoreError, match="locked by another process"), store.transaction() as session:
            session.exec(select(tables.Speaker))
        other.close()


def test_an_interrupted_migration_leaves_an_empty_database(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate = engine._migrate

    def interrupted(connection: object) -> None:
        migrate(connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "_migrate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_store(url)
    monkeypatch.undo()
    with open_store(url) as store, store.reading() as session:
        assert session.get(tables.Statement, 1) is None


def test_a_transaction_is_kept_as_a_whole_or_not_at_all(url: str) -> None:
    with open_store(url) as store:
        with pytest.raises(ZeroDivisionError), store.transaction() as session:
            _add(session, "Ann") / 0
        with pytest.raises(StoreError, match=r"(?i)check constraint"), store.transaction() as session:
            _add(session, "Bo") and _add(session, "Cy", kind="robot")
        with store.reading() as session:
            assert session.exec(select(tables.Speaker)).all() == []
        with store.transaction() as session:
            _add(session, "Di")
        with store.reading() as session:
            assert session.exec(select(tables.Speaker.name)).all() == ["Di"]


def _add(session: Session, name: str, kind: str = "person") -> int:
    speaker = tables.Speaker(name=name, kind=kind)
    session.add(speaker)
    session.flush()
    return speaker.id


def test_reading_keeps_no_writes_and_sees_one_state(url: str) -> None:
    with open_store(url) as store:
        with store.reading() as session:
            session.add(tables.Speaker(name="Ann", kind="person"))
            session.flush()
        with store.reading() as session:
            assert session.get(tables.Speaker, 1) is None
            with store.transaction() as writing:
                writing.add(tables.Speaker(name="Bo", kind="person"))
            assert session.get(tables.Speaker, 1) is None


def test_a_number_that_no_column_holds_is_found_nowhere(url: str) -> None:
    with open_store(url) as store, pytest.raises(NotFoundError), store.reading() as session:
        session.get(tables.Speaker, 10**40)
