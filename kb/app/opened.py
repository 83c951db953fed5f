"""An open record: what everything that can be done with it stands on."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from kb.app.wiring import Wiring, now
from kb.config import Settings
from kb.query import parse
from kb.store import Store
from kb.types import Filters


class Opened:
    """Settings, the store, and what is wired to it."""

    def __init__(self, settings: Settings, wiring: Wiring) -> None:
        self.settings = settings
        self._wiring = wiring

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def store(self) -> Store:
        """Where the record is kept."""
        return self._wiring.store

    def close(self) -> None:
        """Give the database back, and end the processes that read pages."""
        self._wiring.close()

    def acting_as(self, user: str) -> Self:
        """The same open record, in which ``user`` makes the judgements. It is closed with this one, not by itself."""
        other = copy.copy(self)
        other.settings = replace(self.settings, user=user)
        return other


def filters_of(filters: Filters | str | None, keywords: dict[str, Any]) -> Filters:
    """Filters from an object, or from a query; keywords win."""
    given = parse(filters, today=utc_today()) if isinstance(filters, str) else filters or Filters()
    return replace(given, **keywords)


def utc_today() -> dt.date:
    """The current day, UTC."""
    return now().date()
