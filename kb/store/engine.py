"""Opening a database: connection settings, migrations, and errors told in our own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from kb.errors import NotFoundError, StoreError

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
"""Every migration that this program knows, oldest first; known here so that opening need not import Alembic."""

WRITING = {"kb_writing": True}
"""Execution option of connections that will write: on SQLite they take the lock when they begin, not half-way."""

READING = {"sqlite": {}, "postgresql": {"isolation_level": "REPEATABLE READ"}}
"""Execution options, by database, under which all queries of a transaction see one state."""

BUSY_MILLISECONDS = 30_000
"""How long a writer waits for another: an ingest of a long document holds the lock for well under a second."""

PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",  # with WAL a power cut may lose the last transactions, never the file
    "PRAGMA foreign_keys = ON",
)

DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}

KNOWN_URLS = "give a path, sqlite:///PATH or postgresql://HOST/NAME"

# What the databases say (a part of it, lower case), and what we say.
REFUSALS = (
    ("not a database", "is not a database; give another path, or move the file away"),
    ("malformed", "is damaged; restore a backup"),
    ("locked", "is locked by another process; wait until that one is done"),
    ("unable to open", "cannot be opened; is it a file, and may this user read and write it and its folder?"),
    ("readonly", "is read-only for this user"),
    ("disk is full", "cannot be written: the disk is full"),
)


def open_engine(url: str) -> Engine:
    """An engine on an up-to-date database; a missing SQLite file is made, with its folder.

    Raises StoreError: no such database, not a database, one of another program, newer than this program, locked.
    """
    parsed = _parse(url)
    where = name_of(parsed)
    with translating(where):
        engine = _create(parsed)
        with ExitStack() as unless_it_opens:
            unless_it_opens.callback(engine.dispose)
            _bring_up_to_date(engine, where)
            unless_it_opens.pop_all()
    return engine


def name_of(url: URL) -> str:
    """What messages call a database: the path of its file, or its URL without the password."""
    return url.database or ":memory:" if url.get_backend_name() == "sqlite" else url.render_as_string()


@contextmanager
def translating(where: str) -> Iterator[None]:
    """Turn what a database driver raises inside the block into a StoreError about ``where``.

    A number that no column can hold is an id that nothing has: NotFoundError.
    """
    try:
        yield
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())
        if "out of range" in said:
            raise NotFoundError("no record has so large a number") from error
        for part, meaning in REFUSALS:
            if part in said.lower():
                raise StoreError(f"{where} {meaning}") from error
        raise StoreError(f"{where}: {said}") from error
    except OverflowError as error:
        if "SQLite" not in str(error):
            raise
        raise NotFoundError("no record has so large a number") from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"{url!r} is no database; {KNOWN_URLS}") from error
    parsed = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
    if parsed.get_backend_name() not in READING:
        raise StoreError(f"{name_of(parsed)!r} is no database that this program knows; {KNOWN_URLS}")
    return parsed


def _create(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return _create_server_engine(url)
    if url.database and url.database != ":memory:":
        folder = Path(url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make the folder {folder} of the database: {error.strerror}") from error
    engine = create_engine(url)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_server_engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"{url.render_as_string()} needs the package {error.name}: pip install 'onrecord[postgres]'"
        ) from error


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver's guesses
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("kb_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _bring_up_to_date(engine: Engine, where: str) -> None:
    with engine.connect() as connection:
        version = _version(connection, where)
    if version != REVISIONS[-1]:
        writing = engine.execution_options(**WRITING)
        with writing.connect() as connection, _free_to_rebuild(connection), connection.begin():
            _check_letters(connection, where)
            _migrate(connection)


@contextmanager
def _free_to_rebuild(connection: Connection) -> Iterator[None]:
    """Let a migration make a table anew that others refer to; SQLite heeds this outside of transactions only.

    https://www.sqlite.org/lang_altertable.html#otheralter
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _version(connection: Connection, where: str) -> str | None:
    """The migration that the database is at, None for an empty one. Raises StoreError for one that is not ours."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables and connection.dialect.name == "sqlite":
            raise StoreError(f"{where} is a database of another program (it has a table {tables[0]!r})")
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version is not None and version not in REVISIONS:
        raise StoreError(f"{where} is newer than this program (version {version}): update with pip install -U onrecord")
    return version


def _check_letters(connection: Connection, where: str) -> None:
    """Raise StoreError for a PostgreSQL database that cannot tell letters from other signs: full-text search would take
    “Robots for a word."""
    if connection.dialect.name == "sqlite":
        return
    query = "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
    encoding, locale = connection.execute(text(query)).one()
    if encoding != "UTF8" or locale in ("C", "POSIX"):
        advice = "make one with createdb --template=template0 --encoding=UTF8 --lc-ctype=C.UTF-8 NAME"
        raise StoreError(f"{where} has the encoding {encoding} and the locale {locale}; {advice}")


def _migrate(connection: Connection) -> None:
    """Run every missing migration in the transaction of ``connection``. Alembic is slow to import, so only here."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
