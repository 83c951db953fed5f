"""Every failure that a user can cause, and nothing else.

    KBError                 base: catch this one to catch all of them
    ├── ConfigError         a setting or option has no usable value
    ├── InputError          one input cannot be read: empty, binary, too large, of no known format
    │   └── FetchError      a URL could not be fetched: refused, too large, too slow, gone
    ├── NotFoundError       no statement, speaker, document, source or format with that id or name
    ├── JudgementError      a judgement that contradicts the record: a cyclic merge, an unknown verdict
    ├── StoreError          the database cannot be opened, is locked, or is newer than this program
    └── ExportError         a timeline could not be written

A message says what failed, where, and what to do; the command line prints it on one line. Errors of third-party
libraries are translated at the one module that uses the library and kept as ``__cause__``.
"""

from __future__ import annotations


class KBError(Exception):
    """Base of every error that onrecord raises on purpose."""


class ConfigError(KBError):
    """A setting or option has no usable value."""


class InputError(KBError):
    """One input cannot be read; the others go on."""


class FetchError(InputError):
    """A URL could not be fetched. ``url`` is the address asked for, ``status`` the HTTP status if there was one."""

    def __init__(self, message: str, *, url: str, status: int | None = None) -> None:
        super().__init__(message)
        self.url = url
        self.status = status


class NotFoundError(KBError):
    """Nothing in the record has that id or name."""


class JudgementError(KBError):
    """A judgement that contradicts the record; nothing was stored."""


class StoreError(KBError):
    """The database cannot be used."""


class ExportError(KBError):
    """An export could not be written; no half file is left."""
