"""What every format offers, and formats of other packages.

A format is a module, or an object with the same names. ``sources.FORMATS`` lists ours; a package offers more under the
entry-point group ``onrecord.sources`` (docs/sources.md has an example).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol

from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped

PLUGINS = "onrecord.sources"
"""Group of entry points that name further formats."""
MISTAKES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What wrong code of somebody else's raises; it must not stop what other formats read."""


class Format(Protocol):
    """One way in which documents are written down."""

    NAME: str
    """What the user types to force the format: ``feed``, ``page``, ``x`` ..."""

    def matches(self, payload: Payload) -> bool:
        """Whether the content looks like this format. Cheap: looks at the head, never at the name."""

    def read(self, payload: Payload) -> Iterator[RawDocument | Skipped]:
        """Documents in the order of the payload; an item that gives none is ``Skipped`` and the rest goes on.

        Raises InputError when the payload as a whole is not of this format.
        """


class Plugin:
    """A format of another package, whose mistakes become errors that name it."""

    def __init__(self, origin: str, format_: Any) -> None:
        self.NAME: str = format_.NAME
        self._origin = origin
        self._format = format_

    def matches(self, payload: Payload) -> bool:
        """As the plugin says; not when it fails, which is logged."""
        try:
            return bool(self._format.matches(payload))
        except MISTAKES as error:
            _log().warning("the source plugin %s cannot look at %s: %s", self._origin, payload.name, _said(error))
            return False

    def read(self, payload: Payload) -> Iterator[RawDocument | Skipped]:
        """As the plugin reads; raises InputError where it fails."""
        try:
            for item in self._format.read(payload):
                if not isinstance(item, (RawDocument, Skipped)):
                    raise TypeError(f"it gave {type(item).__name__}, neither RawDocument nor Skipped")
                yield item
        except MISTAKES as error:
            raise InputError(f"the source plugin {self._origin} failed on {payload.name}: {_said(error)}") from error


def plugins(taken: frozenset[str]) -> tuple[Plugin, ...]:
    """The formats of other packages. One that cannot be loaded, or has a name of ``taken``, is left out, with a line in
    the log."""
    return _load(taken, tuple(sys.path))


@lru_cache(maxsize=1)  # asked for every payload; looking through all installed packages takes milliseconds
def _load(taken: frozenset[str], path: tuple[str, ...]) -> tuple[Plugin, ...]:
    loaded: dict[str, Plugin] = {}
    for entry in sorted(entry_points(group=PLUGINS), key=lambda entry: (entry.name, entry.value)):
        try:
            plugin = _plugin(entry)
            if plugin.NAME in taken or plugin.NAME in loaded:
                raise ValueError(f"there is already a format {plugin.NAME!r}")
        except MISTAKES as error:
            _log().warning("the source plugin %s = %s is left out: %s", entry.name, entry.value, _said(error))
        else:
            loaded[plugin.NAME] = plugin
    return tuple(loaded.values())


def _plugin(entry: EntryPoint) -> Plugin:
    format_ = entry.load()
    if isinstance(format_, type):
        format_ = format_()
    if not isinstance(getattr(format_, "NAME", None), str):
        raise TypeError("it has no NAME, or one that is no text")
    for function in ("matches", "read"):
        if not callable(getattr(format_, function, None)):
            raise TypeError(f"it has no function {function}")
    return Plugin(f"{entry.name} = {entry.value}", format_)


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _log() -> logging.Logger:
    return logging.getLogger("onrecord")
