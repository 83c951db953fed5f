"""Where timelines go: one module per format, each takes rows and writes bytes.

To add a format, write a module with a ``write`` function of the shape of ``Export`` and add a line to ``EXPORTS``, or
name it in the entry-point group ``onrecord.exports`` of a package of your own (docs/exports.md has an example).
A module reads no clock and no settings, so the same rows give the same bytes.
Statements are identified by their fingerprint, which is equal across databases; row ids never leave the store.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Protocol, cast

from exports.wording import web_link
from kb.errors import ConfigError, ExportError, NotFoundError
from kb.types import TimelineEntry

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

EXPORTS: dict[str, str] = {
    "atom": "exports.atom",
    "bundle": "exports.bundle",
    "claimreview": "exports.claimreview",
    "csv": "exports.csv_",
    "html": "exports.html_",
    "ics": "exports.ics",
    "json": "exports.json_",
    "jsonfeed": "exports.jsonfeed",
    "jsonl": "exports.jsonl",
    "md": "exports.md",
    "opml": "exports.opml",
    "parquet": "exports.parquet",
    "prov": "exports.prov",
    "rss": "exports.rss",
    "sqlite": "exports.sqlite",
    "timelinejs": "exports.timelinejs",
    "vis-timeline": "exports.vis_timeline",
    "webannotation": "exports.webannotation",
}
"""Name of a format -> module that writes it, imported when it is first asked for."""

PLUGINS = "onrecord.exports"
"""Group of entry points that name modules of further formats."""

Rows = Literal["entries", "context", "record", "all"]
"""What a format is given: timeline entries; these with the paragraphs around the words of each report; lines of the
whole record (``kb.store.dump``); or both entries and, as the argument ``record``, lines."""

Tell = Callable[[str], None]
"""Takes what whoever asked for an export should know: one line."""


def say_nothing(_line: str) -> None:
    """The ``Tell`` of nobody."""


class Export(Protocol):
    """What every format module is.

    A module may have a constant ``ROWS``; without it, it is given timeline entries. Further keyword-only parameters of
    ``write``, all with defaults, are the options of the format, but for ``tell`` (a ``Tell``): a format that leaves
    out what was asked for tells it there.
    """

    def write(self, entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
        """Write ``entries``, in the order of ``exports.rows.in_order``, to ``out``, which stays open.

        Returns the number of items written; fewer than entries when the format leaves some out, and its docstring
        says which. Without entries the result is a valid, empty file.
        """
        ...


def formats() -> list[str]:
    """The names of all formats, plugins included."""
    return sorted({*EXPORTS, *(plugin.name for plugin in _plugins())})


def load_export(name: str) -> Export:
    """The module that writes the format ``name``; a plugin cannot replace one of ours.

    Raises NotFoundError for an unknown one, ExportError for a plugin that cannot be loaded.
    """
    if name in EXPORTS:
        return cast("Export", import_module(EXPORTS[name]))
    for plugin in _plugins().select(name=name):
        return _load_plugin(plugin)
    raise NotFoundError(f"no export format {name!r}; known formats: {', '.join(formats())}")


def rows_of(export: Export) -> Rows:
    """What ``export`` is to be given."""
    rows: Rows = getattr(export, "ROWS", "entries")
    return rows


def check_options(name: str, export: Export, options: Mapping[str, Any]) -> None:
    """Raise ConfigError for an option that the format does not have, and for a ``link`` that leads nowhere."""
    parameters = inspect.signature(export.write).parameters.values()
    known = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY} - {"title", "record", "tell"}
    for option in sorted(set(options) - known):
        has = f"its options: {', '.join(sorted(known))}" if known else "it has none"
        raise ConfigError(f"the format {name} has no option {option!r}; {has}")
    if (link := options.get("link")) and web_link(link) is None:
        raise ConfigError(f"the link {link!r} is no address on the web; write https://example.org/timeline")


def tells(export: Export) -> bool:
    """Whether the format says what it leaves out."""
    return "tell" in inspect.signature(export.write).parameters


def _plugins() -> EntryPoints:
    from importlib.metadata import entry_points

    return entry_points(group=PLUGINS)


def _load_plugin(plugin: EntryPoint) -> Export:
    try:
        export = plugin.load()
        if not callable(export.write):
            raise TypeError("its write is not a function")
    except (ImportError, AttributeError, TypeError) as error:
        raise ExportError(f"cannot load the export format {plugin.name} from {plugin.value}: {error}") from error
    return cast("Export", export)
