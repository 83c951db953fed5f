"""Copies of a record in SQLite: consistent while others write, checked before they replace anything."""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from kb.errors import ConfigError, StoreError
from kb.store.check import check
from kb.store.engine import BUSY_MILLISECONDS
from kb.store.store import open_store


def back_up(url: str, target: Path) -> None:
    """Write a copy of the database to ``target``, which appears, replacing what was there, once it is complete.

    Raises ConfigError: not SQLite; StoreError: cannot be read or written, ``target`` is the database itself.
    """
    source = database_path(url)
    if not source.exists():
        raise StoreError(f"{source} does not exist: there is nothing to back up")
    if target.exists() and target.samefile(source):
        raise StoreError(f"{target} is the database itself; give another path")
    with _translating(f"cannot back up to {target}"), _appearing(target) as part:
        _copy(source, part)
        _sync(part)


def restore(backup: Path, url: str, *, replace: bool = False) -> None:
    """Put a backup in the place of the database.

    Raises ConfigError: not SQLite; StoreError: unsound, or in the way of another record.

    ``replace``: overwrite the record that is there; programs that have it open see the restored one.
    """
    target = database_path(url)
    if target.exists() and target.stat().st_size and not replace:
        raise StoreError(f"{target} exists; back it up and give --replace to overwrite it")
    with _checked_copy(backup) as (copy, problems):
        if problems:
            raise StoreError(f"{backup} is not sound, nothing was restored: {problems[0]}")
        with _translating(f"cannot restore to {target}"):
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                _copy(copy, target)
                return
            with _appearing(target) as part:
                _copy(copy, part)
                _sync(part)


def check_backup(backup: Path) -> list[str]:
    """What is wrong with a backup, which is left as it is; empty when it is sound. Raises StoreError: no record."""
    with _checked_copy(backup) as (_, problems):
        return problems


def database_path(url: str) -> Path:
    """The file of an SQLite database. Raises ConfigError for a server's."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        name = parsed.render_as_string()
        raise ConfigError(f"{name} is no SQLite file: use pg_dump and pg_restore, or kb export jsonl and kb import")
    return Path(parsed.database)


@contextmanager
def _checked_copy(backup: Path) -> Iterator[tuple[Path, list[str]]]:
    """A copy in a temporary folder, brought up to date, and what is wrong with it."""
    if not backup.is_file():
        raise StoreError(f"{backup} is no file")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        with _translating(f"cannot read {backup}"):
            _copy(backup, copy)
        with open_store(f"sqlite:///{copy}") as store:
            problems = check(store)
        yield copy, problems


def _copy(source: Path, target: Path) -> None:
    """SQLite's own copying: one state of ``source``, however many write to it."""
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as read:
        read.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        if not read.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise StoreError(f"{source} is an empty database")
        with closing(sqlite3.connect(target)) as written:
            written.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            read.backup(written)


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A path to write to; it becomes ``target`` at the end of the block, or is removed."""
    if target.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    part = target.resolve().with_name(f".onrecord-{secrets.token_hex(8)}.part")
    try:
        yield part
        part.replace(target.resolve())
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """One file without a journal beside it, on the disk."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def _translating(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StoreError(f"{what}: {reason}") from error
