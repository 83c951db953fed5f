"""kb export: the record as a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from kb.cli.options import Day, FilterOptions, Words, grouped
from kb.cli.session import session
from kb.errors import ExportError
from kb.types import PredictionStatus, StatementKind


@grouped
def export(
    context: typer.Context,
    *,
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help="csv, json, html or ics.")],
    words: Words = None,
    kind: Annotated[StatementKind | None, typer.Option(help="What the statement is.")] = None,
    due_before: Day = None,
    status: Annotated[PredictionStatus | None, typer.Option(help="How the prediction stands.")] = None,
    file: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Default: stdout.")] = None,
    chosen: FilterOptions,
) -> None:
    """Write statements, due dates and outcomes as csv, json, an html timeline or an ics calendar.

    Example: kb export html --by Delangue -o timeline.html
    """
    filters = chosen.filters(words, kind=kind, due_before=due_before, status=status)
    with session(context).open() as kb:
        if file is None:
            kb.export(format_name, sys.stdout.buffer, filters)
            return
        with replacing(file) as out:
            count = kb.export(format_name, out, filters)
    typer.echo(f"{count} entries written to {file}")


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` only once it is complete. Raises ExportError."""
    special = path.exists() and not path.is_file()  # a device or a pipe is written to, never replaced
    part = path if special else path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror}; choose another file with -o") from error
    finally:
        if not special:
            part.unlink(missing_ok=True)
