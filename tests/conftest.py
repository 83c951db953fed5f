"""A store in a temporary file, and one on a PostgreSQL server of our own: what holds of one must hold of the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import Server, running_server
from records import Record

from kb.store import Store, open_store


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on: each test that uses ``url``, ``store`` or ``record`` runs on both."""
    return str(request.param)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Where nothing is yet."""
    return f"sqlite:///{tmp_path / 'kb.db'}"


@pytest.fixture
def url(database: str, request: pytest.FixtureRequest) -> str:
    """Where nothing is yet."""
    if database == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres").nothing())


@pytest.fixture
def store(database: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    is_sqlite = database == "sqlite"
    url = request.getfixturevalue("sqlite_url") if is_sqlite else request.getfixturevalue("postgres").record()
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def record(store: Store) -> Record:
    return Record(store)
