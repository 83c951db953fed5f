"""kb export: the record as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from exports.files import open_output
from kb.cli.options import DueBefore, FilterOptions, Kind, Status, Words, grouped
from kb.cli.session import session


@grouped
def export(
    context: typer.Context,
    *,
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help="csv, json, html or ics.")],
    words: Words = None,
    kind: Kind = None,
    due_before: DueBefore = None,
    status: Status = None,
    file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write; default: standard output.")
    ] = None,
    chosen: FilterOptions,
) -> None:
    """Write a timeline as csv, json, html or ics.

    It holds statements, due dates and outcomes; ics, a calendar, holds due dates only. A file is replaced only once
    the new one is complete.

    Example: kb export html --by Delangue -o timeline.html
    """
    filters = chosen.filters(words, kind=kind, due_before=due_before, status=status)
    with session(context).open() as kb:
        if file is None:
            kb.export(format_name, sys.stdout.buffer, filters)
            return
        with open_output(file) as out:
            count = kb.export(format_name, out, filters)
    typer.echo(f"{count} entries written to {file}")
