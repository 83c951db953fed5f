"""The one composition root: ``open_kb`` wires the record to concrete sources, the language pipeline and exports.

``KB`` is what can be done with an open record, one module for each subject: ``documents`` come in, ``questions`` are
answered, ``exporting`` writes files and takes them in, ``judging`` records what people say. All of them stand on
``opened``; ``wiring`` makes what they need.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from kb.app.documents import Documents
from kb.app.exporting import Exporting
from kb.app.judging import Judging
from kb.app.questions import Questions
from kb.app.wiring import Wiring
from kb.config import Settings, load_settings
from kb.ingest.pipeline import Extractor
from kb.store import backup, open_store

__all__ = ["KB", "check_backup", "open_kb", "restore_backup"]


class KB(Documents, Questions, Exporting, Judging):
    """The record and everything that can be done with it. Filters are given as one object, as keywords, or both."""


def open_kb(settings: Settings | str | Path | None = None, *, extractor: Callable[[], Extractor] | None = None) -> KB:
    """Open the record, made or migrated when it needs to be. Close it, or use it as a context manager.

    A path or database URL alone is enough; None takes the user's settings. ``extractor``, the bundled one unless given,
    is called once, when there is something to extract. Raises ConfigError, StoreError.
    """
    if not isinstance(settings, Settings):
        settings = load_settings(db=None if settings is None else str(settings))
    store = open_store(settings.db_url)
    return KB(settings, Wiring(settings, store, extractor or partial(_bundled_extractor, settings)))


def restore_backup(settings: Settings, file: str | Path, *, replace: bool = False) -> None:
    """Put a backup in the place of the database that ``settings`` name.

    Raises ConfigError: not SQLite; StoreError: unsound, or in the way. Then nothing has changed.
    """
    backup.restore(Path(file), settings.db_url, replace=replace)


def check_backup(file: str | Path) -> list[str]:
    """What is wrong with a backup, one line each; empty when it is sound. Raises StoreError when it is no record."""
    return backup.check_backup(Path(file))


def _bundled_extractor(settings: Settings) -> Extractor:
    from kb.nlp import load_extractor

    return load_extractor(settings)
