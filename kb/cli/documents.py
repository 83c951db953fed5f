"""kb add, kb update: bringing documents into the record."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from kb.cli.output import Bar, counted, progress_bar
from kb.cli.session import session
from kb.types import Author, ItemResult, SourceResult

NOTHING_TO_POLL = "nothing to poll: kb add URL registers a feed or a page"


class Tally:
    """Counts of a batch, kept while it runs."""

    def __init__(self) -> None:
        self.by_status: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.found: Counter[str] = Counter()

    def count(self, result: ItemResult, bar: Bar) -> None:
        """Take in one result; a failed item is reported at once."""
        bar.advance()
        self.by_status[result.status] += 1
        self.found.update(statements=result.statements, predictions=result.predictions)
        if result.status == "failed":
            named = result.item in result.reason
            bar.complain(f"failed: {result.reason}" if named else f"failed: {result.item}: {result.reason}")
        if result.status == "skipped":
            self.skipped[result.reason] += 1

    def summary(self) -> str:
        """One line, and one more for what was left out."""
        statuses = ", ".join(f"{count} {status}" for status, count in sorted(self.by_status.items()))
        line = f"{counted(self.by_status.total(), 'item')}: {statuses or 'nothing to read'}"
        if self.found["statements"]:
            found = counted(self.found["statements"], "attribution")
            line += f"; {found} found, {self.found['predictions']} of predictions"
        reasons = ", ".join(f"{count} x {reason}" for reason, count in self.skipped.most_common())
        return f"{line}\nskipped: {reasons}" if reasons else line


def add(
    context: typer.Context,
    targets: Annotated[list[str], typer.Argument(metavar="URL|PATH", help="Addresses, files or folders.")],
    kind: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="What plain text is: article, post or transcript; or the name of a format."),
    ] = None,
    speaker: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who speaks, where the document does not tell.")
    ] = None,
) -> None:
    """Read feeds, pages, posts, transcripts, files and folders.

    The format is detected. Sources are registered, so that kb update can poll them. What was read before and has not
    changed is left alone.

    Example: kb add https://example.org/feed.xml interviews/ Shares.csv
    """
    tally = Tally()
    author = Author(name=speaker) if speaker else None
    with session(context).open() as kb, progress_bar("reading") as bar:
        for result in kb.add(targets, kind=kind, speaker=author, announce=bar.announce):
            tally.count(result, bar)
    typer.echo(tally.summary())
    if tally.by_status["failed"]:
        raise typer.Exit(1)


def update(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(metavar="NAME|URL", help="Only this source.")] = None,
) -> None:
    """Poll every source for what is new.

    One line is printed per source; a source that fails does not stop the others.

    Example: kb update
    """
    failed = polled = 0
    with session(context).open() as kb, progress_bar("polling") as bar:
        for result in kb.update(source=source, announce=bar.announce):
            bar.advance()
            polled += 1
            failed += bool(result.status == "failed" or result.failed)
            typer.echo(source_line(result))
        overdue, due = kb.due()
    typer.echo(f"{counted(polled, 'source')}, {failed} with failures" if polled else NOTHING_TO_POLL)
    if overdue or due:
        typer.echo(f"{overdue} overdue, {due} due within 30 days: kb predictions --due 30d")
    if failed:
        raise typer.Exit(1)


def source_line(result: SourceResult) -> str:
    """What polling one source brought."""
    counts = f"{result.added} added, {result.changed} changed, {result.unchanged} unchanged, {result.failed} failed"
    reason = f" ({' '.join(result.reason.split())})" if result.reason else ""
    return f"{result.source}: {result.status}: {counts}{reason}"
