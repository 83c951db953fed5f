"""kb changes, kb reparse: what was changed in documents, and reading stored bytes again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from exports.wording import web_host
from kb.cli.documents import Tally
from kb.cli.options import OutputOptions, day_option, grouped
from kb.cli.output import View, counted, emit, progress_bar
from kb.cli.session import session
from kb.types import ChangeRow

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

NO_BYTES = "no stored bytes to read again; they are kept unless --no-raw or keep_raw = false says otherwise"
READING_AGAIN = "read otherwise by the parsers of today"


@grouped
def changes(
    context: typer.Context,
    output: OutputOptions,
    document: Annotated[int | None, typer.Argument(metavar="[DOC]", help="Number of a document.")] = None,
    since: Annotated[dt.date | None, day_option("Changes seen on that day or later.")] = None,
) -> None:
    """Show what was changed in documents once published.

    Quotations come first, then numbers. Layout, and notes on when a page was updated, are no change.

    Example: kb changes --since 2025-01-01
    """
    with session(context).open() as kb:
        emit(kb.changes(document, since=since), change_view(), output)


def reparse(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(metavar="NAME|URL", help="Only documents of this source.")] = None,
    since: Annotated[dt.date | None, day_option("Only bytes that arrived on that day or later.")] = None,
) -> None:
    """Read stored bytes again with today's parsers.

    The network is not needed. A document that is read otherwise now gets a revision; every other one stays as it is.

    Example: kb reparse --since 2025-01-01
    """
    tally = Tally()
    with session(context).open() as kb, progress_bar("reading again") as bar:
        for result in kb.reparse(source=source, since=since, announce=bar.announce):
            tally.count(result, bar)
    typer.echo(tally.summary() if tally.by_status else NO_BYTES)
    if tally.by_status["failed"]:
        raise typer.Exit(1)


def change_view() -> View[ChangeRow]:
    """What was changed, under a heading for every text that has changes."""
    return View(
        table=_texts,
        columns={
            "document": lambda row: row.document_id,
            "title": lambda row: row.title,
            "publisher": lambda row: row.publisher,
            "url": lambda row: row.url,
            "revision": lambda row: row.revision,
            "seen_at": lambda row: row.seen_at,
            "reason": lambda row: row.reason,
            "kind": lambda row: row.kind,
            "removed": lambda row: row.removed,
            "added": lambda row: row.added,
        },
        extra={},
        nothing="no document was changed",
    )


def _texts(rows: Sequence[ChangeRow]) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    lines: list[Text] = []
    for _, group in groupby(rows, key=lambda row: (row.document_id, row.revision)):
        changed = list(group)
        lines += [Text()] if lines else []
        lines += [Text(_heading(changed), style="bold"), *(line for row in changed for line in _change(row))]
    return Group(*lines)


def _heading(rows: Sequence[ChangeRow]) -> str:
    first = rows[0]
    outlet = first.publisher or (web_host(first.url) if first.url else None)
    title = ", ".join(filter(None, (f"“{first.title}”" if first.title else None, outlet)))
    kinds = (kind for kind in ("title", "quotation", "number", "sentence"))
    counts = ((sum(row.kind == kind for row in rows), kind) for kind in kinds)
    what = ", ".join(counted(number, kind) for number, kind in counts if number)
    how = READING_AGAIN if first.reason == "parser" else "changed"
    name = f"document {first.document_id}" + (f" ({title})" if title else "")
    return f"{name}, revision {first.revision}, {how}, seen {first.seen_at:%Y-%m-%d}: {what}"


def _change(row: ChangeRow) -> Iterator[Text]:
    """The sentence as it was after a minus, as it is after a plus; what differs stands out on a terminal."""
    if row.removed is not None:
        yield _marked("- ", row.removed, row.added, "red")
    if row.added is not None:
        yield _marked("+ ", row.added, row.removed, "green")


def _marked(mark: str, words: str, other: str | None, colour: str) -> Text:
    from rich.text import Text

    line = Text(mark + words)
    if other is None:
        line.stylize(colour)
        return line
    own = words.split(" ")
    ends = [len(mark) + sum(map(len, own[:n])) + n for n in range(len(own) + 1)]
    for how, i, j, _, _ in SequenceMatcher(None, own, other.split(" "), autojunk=False).get_opcodes():
        if how != "equal" and i < j:
            line.stylize(f"bold {colour}", ends[i], ends[j] - 1)
    return line
