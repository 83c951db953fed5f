"""A throw-away PostgreSQL server for tests, on a socket of its own."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kb.store import open_store
from kb.store.tables import SQLModel

NEEDED = "KB_TEST_POSTGRES" in os.environ
"""Set in continuous integration, where a missing server fails; elsewhere it skips."""

PLACES = (*map(Path, os.get_exec_path()), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
"""Debian keeps the programs of a server off the path."""

LOCALE = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
"""Most servers sort words as people do, not by their bytes as SQLite does."""

SETTINGS = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=30"
"""No network; nothing is to survive."""

SERVE = """
programs=$1 folder=$2 settings=$3; shift 3
"$programs/initdb" -D "$folder/data" --username=kb --auth=trust --no-sync "$@" >"$folder/initdb" 2>&1 &&
    "$programs/pg_ctl" -D "$folder/data" -w -o "$settings" -l "$folder/log" start >"$folder/start" 2>&1 &&
    echo ready || cat "$folder"/initdb "$folder"/start "$folder"/log
exec >&-
cat >/dev/null
"$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1
rm -rf "$folder"
"""
"""Runs a server until standard input is closed, which the end of the tests does even when they are killed."""


class Server:
    """A running server with two databases, emptied for every test: making one takes half a second."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("nothing", "record"):
            self._run("postgres", f"CREATE DATABASE {name}")
        open_store(self._url("record")).close()

    def nothing(self) -> str:
        """The URL of a database that has nothing in it, no tables even."""
        self._run("nothing", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        return self._url("nothing")

    def record(self) -> str:
        """The URL of a record that has nothing in it."""
        tables = ", ".join(SQLModel.metadata.tables)
        # A replica fires no triggers, which here refuse to forget outcomes.
        self._run("record", "SET session_replication_role = replica", f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        return self._url("record")

    def of_locale(self, locale: str) -> str:
        """The URL of a new database that sorts and tells letters by ``locale``."""
        self._run("postgres", f"CREATE DATABASE of_locale TEMPLATE template0 LOCALE_PROVIDER libc LOCALE '{locale}'")
        return self._url("of_locale")

    def _url(self, name: str) -> str:
        return f"postgresql://kb@/{name}?host={self._folder}"

    def _run(self, database: str, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self._url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server for as long as the block, or this process, lasts; skips the test where none is installed."""
    programs = next((place for place in PLACES if (place / "initdb").exists()), None)
    if programs is None:
        complain = pytest.fail if NEEDED else pytest.skip
        complain("no PostgreSQL server is installed: apt-get install postgresql")
    folder, user = _own_folder()
    arguments = [SERVE, "sh", str(programs), str(folder), f"-k {folder} {SETTINGS}", *LOCALE]
    with subprocess.Popen(
        ["sh", "-c", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/", start_new_session=True, **user
    ) as shell:
        assert shell.stdout
        try:
            for line in shell.stdout:
                if line == b"ready\n":
                    yield Server(folder)
                    return
                print(line.decode(), end="")  # pytest shows it
            pytest.fail("PostgreSQL did not start")
        finally:
            shell.communicate()  # closes what the shell reads: it stops the server


def _own_folder() -> tuple[Path, dict[str, Any]]:
    """A folder with a short name, as sockets need, and the unprivileged user who owns it: PostgreSQL refuses root."""
    folder = Path(tempfile.mkdtemp(prefix="kb", dir="/tmp"))
    if os.geteuid() != 0:
        return folder, {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    owner = names.get("postgres") or names["nobody"]
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return folder, {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
