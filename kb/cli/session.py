"""What every command receives: the settings, and a way to open the record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kb.config import Settings, load_settings

if TYPE_CHECKING:
    from kb.app import KB

Opener = Callable[[Settings], "AbstractContextManager[KB]"]


def open_record(settings: Settings) -> AbstractContextManager[KB]:
    """Open the record by the one composition root, imported only now."""
    from kb.app import open_kb

    return open_kb(settings)


@dataclass(frozen=True)
class Session:
    """The global options of one run; settings are read when a command first needs them, so that help always works."""

    db: str | None = None
    config: Path | None = None
    opener: Opener = open_record

    @cached_property
    def settings(self) -> Settings:
        """Settings with the global options applied. Raises ConfigError."""
        return load_settings(file=self.config, db=self.db)

    def open(self, **changes: Any) -> AbstractContextManager[KB]:
        """The record that the settings name. ``changes`` are settings of this run."""
        return self.opener(replace(self.settings, **changes))


def session(context: typer.Context) -> Session:
    """The session that the root command put into ``context``."""
    found = context.find_object(Session)
    assert found is not None, "the root command always creates a session"
    return found
