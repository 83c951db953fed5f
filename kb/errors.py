"""Every failure that a user can cause, and nothing else.

    KBError                 base: catch this one to catch all of them
    ├── ConfigError         a setting or option has no usable value
    │   └── QueryError      a query cannot be read; knows the place
    ├── InputError          one input cannot be read: empty, binary, too large, of no known format
    │   └── FetchError      a URL could not be fetched: refused, too large, too slow, gone
    ├── NotFoundError       no statement, speaker, document, source or format with that id or name
    ├── JudgementError      a judgement that contradicts the record: a cyclic merge, an unknown verdict
    │   └── ConflictError   somebody else judged the same statement meanwhile
    ├── StoreError          the database cannot be opened, is locked, or is newer than this program
    └── ExportError         a timeline could not be written

A message says what failed, where, and what to do; the command line prints it on one line. Errors of third-party
libraries are translated at the one module that uses the library and kept as ``__cause__``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence


class KBError(Exception):
    """Base of every error that onrecord raises on purpose."""


class ConfigError(KBError):
    """A setting or option has no usable value."""


class QueryError(ConfigError):
    """A query cannot be read. ``query`` is the whole of it, ``column`` where it goes wrong, from 0."""

    def __init__(self, message: str, *, query: str, column: int) -> None:
        super().__init__(f"column {column + 1}: {message}")
        self.query = query
        self.column = column

    @property
    def marked(self) -> str:
        """The query, and a caret under the place."""
        return f"{self.query}\n{' ' * self.column}^"


class InputError(KBError):
    """One input cannot be read; the others go on."""


class FetchError(InputError):
    """A URL could not be fetched.

    ``url`` is the address asked for, ``status`` the HTTP status if there was one, ``final_url`` the address that
    answered with it, ``retry_after`` how long its host asks to be left alone; None where nothing was said.
    """

    def __init__(
        self,
        message: str,
        *,
        url: str,
        status: int | None = None,
        final_url: str | None = None,
        retry_after: dt.timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.url = url
        self.status = status
        self.final_url = final_url
        self.retry_after = retry_after


class NotFoundError(KBError):
    """Nothing in the record has that id or name.

    For a speaker, ``name`` is what nobody is called and ``suggested`` the known name most like it; for a statement that
    was merged away, ``into`` is the number of the one that it went into. None elsewhere.
    """

    def __init__(
        self, message: str, *, name: str | None = None, suggested: str | None = None, into: int | None = None
    ) -> None:
        super().__init__(message)
        self.name = name
        self.suggested = suggested
        self.into = into


class JudgementError(KBError):
    """A judgement that contradicts the record; nothing was stored."""


class ConflictError(JudgementError):
    """Somebody else judged the same statement meanwhile; nothing was stored.

    ``changes`` says what they changed, one line each.
    """

    def __init__(self, message: str, *, changes: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.changes = tuple(changes)


class StoreError(KBError):
    """The database cannot be used."""


class ExportError(KBError):
    """An export could not be written; no half file is left."""
