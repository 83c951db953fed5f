"""kb export: the record as a file."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from exports import EXPORTS
from exports.files import open_output, standard_output
from kb.cli.options import DueBefore, FilterOptions, Status, Words, grouped
from kb.cli.session import session
from kb.errors import ConfigError
from kb.types import ChartKind, Filters, StatementKind

if TYPE_CHECKING:
    from kb.app import KB

BINARY = ("bundle", "parquet", "sqlite")
"""Formats that a terminal cannot show."""

KINDS: tuple[StatementKind, ...] = get_args(StatementKind)
CHARTS: tuple[ChartKind, ...] = get_args(ChartKind)
IMAGES: dict[str, Literal["svg", "png"]] = {"": "svg", ".svg": "svg", ".png": "png"}
"""Ending of a file -> what is drawn."""

ITEMS = {"bundle": "files", "jsonl": "lines", "opml": "sources", "claimreview": "statements", "prov": "statements"}
"""What formats count that do not count entries."""

Feed = Literal["new", "due", "outcomes"]
KIND = f"claim, prediction, commitment, opinion, question or other; for a chart {', '.join(CHARTS)}."


@grouped
def export(
    context: typer.Context,
    *,
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help=f"{', '.join(sorted([*EXPORTS, 'chart']))}.")],
    words: Words = None,
    kind: Annotated[Literal[StatementKind, ChartKind] | None, typer.Option(metavar="KIND", help=KIND)] = None,
    due_before: DueBefore = None,
    status: Status = None,
    document: Annotated[
        list[int] | None, typer.Option(metavar="ID", help="Reported by this document; give it as often as you like.")
    ] = None,
    spreadsheet: Annotated[bool, typer.Option("--spreadsheet", help="csv: no cell is a formula, for Excel.")] = False,
    todo: Annotated[bool, typer.Option("--todo", help="ics: tasks instead of events.")] = False,
    feed: Annotated[
        Feed | None, typer.Option(metavar="FEED", help="atom, rss, jsonfeed: new (default), due or outcomes.")
    ] = None,
    link: Annotated[
        str | None, typer.Option(metavar="URL", help="atom, rss, jsonfeed, claimreview: where it will be published.")
    ] = None,
    slides: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="timelinejs: at most so many slides; default: 50.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write; default: standard output.")
    ] = None,
    chosen: FilterOptions,
) -> None:
    """Write a timeline, or the whole record, to a file.

    It holds statements, due dates and outcomes; a calendar holds due dates only. A file is replaced only once the new
    one is complete. With md, a FILE without an ending is a folder that gets a page per speaker; jsonl and bundle hold
    what kb import needs.

    Example: kb export html --by Delangue -o timeline.html
    """
    status = status or ("due" if feed == "due" else None)
    kinds = [known for known in KINDS if known == kind]
    filters = chosen.filters(words, kind=kinds, due_before=due_before, status=status)
    filters = replace(filters, documents=tuple(document or ()))
    if format_name == "chart":
        _chart(context, kind, file, filters)
        return
    if kind in CHARTS:
        raise ConfigError(f"--kind {kind} is for charts: kb export chart --kind {kind}")
    options = {"spreadsheet": spreadsheet, "todo": todo, "feed": feed, "link": link, "slides": slides}
    if file is None and format_name in BINARY and sys.stdout.isatty():
        raise ConfigError(f"{format_name} is no text; give --output FILE")
    with session(context).open() as kb:
        count = _write(kb, format_name, file, filters, {name: value for name, value in options.items() if value})
    if file:
        what = "pages" if _is_folder(format_name, file) else ITEMS.get(format_name, "entries")
        typer.echo(f"{count} {what} written to {file}")
    if not count:
        _note("nothing on the record matches")


def _chart(context: typer.Context, kind: str | None, file: Path | None, filters: Filters) -> None:
    chart = next((known for known in CHARTS if known == kind), None)
    image = IMAGES.get(file.suffix.lower() if file else "")
    if chart is None:
        raise ConfigError(f"say which chart: --kind {', '.join(CHARTS)}")
    if image is None:
        raise ConfigError("a chart is drawn as .svg or .png")
    with session(context).open() as kb, open_output(file) if file else standard_output() as out:
        count = kb.chart(chart, out, filters, format=image)
    if file:
        typer.echo(f"{chart} of {count} written to {file}")
    if not count:
        _note("nothing on the record can be drawn")


def _write(kb: KB, format_name: str, file: Path | None, filters: Filters, options: dict[str, Any]) -> int:
    if file and _is_folder(format_name, file):
        return kb.export_pages(file, filters)
    with open_output(file) if file else standard_output() as out:
        return kb.export(format_name, out, filters, options=options, tell=_note)


def _note(line: str) -> None:
    typer.echo(f"note: {line}", err=True)


def _is_folder(format_name: str, file: Path) -> bool:
    return format_name == "md" and not file.suffix
