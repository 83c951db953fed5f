"""Databases as older versions of this program left them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine

from kb.store import engine


@contextmanager
def database_of(version: str, url: str) -> Iterator[Connection]:
    """A new database of that version, to be filled inside the block."""
    made = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    config = Config()
    config.set_main_option("script_location", str(Path(engine.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with made.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        yield connection
    made.dispose()
