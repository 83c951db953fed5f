"""Where timelines go: one module per format, each takes timeline entries and writes bytes.

To add a format, write a module with a ``write`` function of the shape of ``Export`` and add a line to ``EXPORTS``.
A module reads no clock and no settings, so the same entries give the same bytes whatever order they come in.
Statements are identified by their fingerprint, which is equal across databases; row ids never leave the store.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import BinaryIO, Protocol, cast

from kb.errors import NotFoundError
from kb.types import TimelineEntry

EXPORTS: dict[str, str] = {
    "csv": "exports.csv_",
    "html": "exports.html_",
    "ics": "exports.ics",
    "json": "exports.json_",
}
"""Name of a format -> module that writes it, imported when it is first asked for."""


class Export(Protocol):
    """What every format module is."""

    def write(self, entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
        """Write ``entries``, in the order of ``exports.rows.in_order``, to ``out``, which stays open.

        Returns the number of items written; fewer than entries when the format leaves some out, and its docstring
        says which. Without entries the result is a valid, empty file.
        """
        ...


def load_export(name: str) -> Export:
    """The module that writes the format ``name``. Raises NotFoundError for an unknown one."""
    if name not in EXPORTS:
        raise NotFoundError(f"no export format {name!r}; known formats: {', '.join(sorted(EXPORTS))}")
    return cast("Export", import_module(EXPORTS[name]))
