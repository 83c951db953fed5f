"""The store: one database, and transactions on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlmodel import Session

from kb.store.engine import READING, WRITING, name_of, open_engine, translating


class Store:
    """An open database. Everything else in ``kb.store`` works on the sessions it hands out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._name = name_of(engine.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose writes are kept as a whole at the end of the block, or not at all when it raises.

        On SQLite one such block runs at a time; others wait. Raises StoreError when the database refuses.
        """
        with translating(self._name), Session(self._engine.execution_options(**WRITING)) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the record throughout and keeps no writes. Raises StoreError."""
        engine = self._engine.execution_options(**READING[self._engine.dialect.name])
        with translating(self._name), Session(engine) as session:
            yield session

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()


def open_store(url: str) -> Store:
    """Open a database (``sqlite:///path`` or ``postgresql://...``), made or migrated when it needs to be.

    Raises StoreError when that cannot be done.
    """
    return Store(open_engine(url))
