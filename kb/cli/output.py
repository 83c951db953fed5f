"""Printing: rows as a table, JSON, JSON lines or CSV; messages; a progress bar."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kb.cli.options import OutputOptions

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress, TaskID

T = TypeVar("T")


def console(*, stderr: bool = False) -> Console:
    """A console that prints text as it is: no markup, emoji codes or highlighting inside what people said."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def plain(value: Any) -> Any:
    """``value`` in types that JSON has: dataclasses as objects, dates in ISO 8601, tuples as arrays."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def counted(number: int, noun: str) -> str:
    """``1 statement``, ``2 statements``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def json_line(value: Any) -> str:
    """``value`` as JSON on one line."""
    return json.dumps(plain(value), ensure_ascii=False)


@dataclass(frozen=True)
class View(Generic[T]):
    """How rows of one kind are shown."""

    table: Callable[[Sequence[T]], RenderableType]
    columns: Mapping[str, Callable[[T], object]]
    """CSV columns, in order."""
    extra: Mapping[str, Callable[[T], object]]
    """JSON keys beside the fields of the row: what the row implies but does not hold."""
    nothing: str = "nothing found"
    """Said on stderr when there are no rows."""

    def record(self, row: T) -> dict[str, Any]:
        """The row as a JSON object."""
        return {**plain(row), **{key: plain(read(row)) for key, read in self.extra.items()}}


def emit(rows: Iterable[T], view: View[T], output: OutputOptions) -> None:
    """Print ``rows`` on stdout in the format that was asked for."""
    if output.as_jsonl:
        for row in rows:
            print(json_line(view.record(row)))
    elif output.as_json:
        print(json.dumps([view.record(row) for row in rows], ensure_ascii=False, indent=2))
    elif output.as_csv:
        _emit_csv(rows, view)
    else:
        _emit_table(list(rows), view)


def _emit_csv(rows: Iterable[T], view: View[T]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(view.columns)
    for row in rows:
        writer.writerow(plain(read(row)) for read in view.columns.values())


def _emit_table(rows: Sequence[T], view: View[T]) -> None:
    if rows:
        console().print(view.table(rows), crop=False)  # what does not fit runs over; nothing is cut
    else:
        print(view.nothing, file=sys.stderr)


class Bar:
    """A progress bar on stderr; silent where stderr is no terminal."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def announce(self, total: int) -> None:
        """Say how many items there are in all; may be said again when more are found."""
        self._progress.update(self._task, total=total)

    def advance(self) -> None:
        """One more item is done."""
        self._progress.advance(self._task)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the bar off the screen, so that something can be asked there."""
        self._progress.stop()
        yield
        self._progress.start()

    def complain(self, message: str) -> None:
        """Print one line on stderr, above the bar."""
        self._progress.console.print(" ".join(message.split()), soft_wrap=True)


@contextmanager
def progress_bar(label: str) -> Iterator[Bar]:
    """A bar for a batch whose size is not known yet."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    errors = console(stderr=True)
    errors.soft_wrap = True  # lines printed above the bar stay whole
    with Progress(
        *columns,
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
        redirect_stdout=sys.stdout.isatty(),  # else what goes to a file would be printed above the bar
    ) as progress:
        yield Bar(progress, progress.add_task(label, total=None))
