"""kb add: bringing documents into the record."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Annotated

import typer

from kb.cli.choosing import Chooser, checked
from kb.cli.options import day_option
from kb.cli.output import Bar, counted, progress_bar
from kb.cli.session import session
from kb.types import Author, ItemResult

NoRaw = Annotated[
    bool, typer.Option("--no-raw", help="Do not keep the bytes that documents are read from, which kb reparse needs.")
]

UNDECIDED = 2
"""Exit code when a page names feeds and nobody chose; that of every other missing option."""


class Tally:
    """Counts of a batch, kept while it runs."""

    def __init__(self) -> None:
        self.by_status: Counter[str] = Counter()
        self.left: dict[str, Counter[str]] = {"skipped": Counter(), "waiting": Counter()}
        """Why items were skipped, or wait for their pages."""
        self.found: Counter[str] = Counter()

    def count(self, result: ItemResult, bar: Bar) -> None:
        """Take in one result; a failed item is reported at once."""
        bar.advance()
        self.by_status[result.status] += 1
        self.found.update(statements=result.statements, predictions=result.predictions)
        if result.status == "failed":
            named = result.item in result.reason
            bar.complain(f"failed: {result.reason}" if named else f"failed: {result.item}: {result.reason}")
        if result.status in self.left:
            self.left[result.status][result.reason] += 1

    def summary(self) -> str:
        """One line, and one more each for what was left out, what waits and what was only registered."""
        statuses = ", ".join(f"{count} {status}" for status, count in sorted(self.by_status.items()))
        line = f"{counted(self.by_status.total(), 'item')}: {statuses or 'nothing to read'}"
        if self.found["statements"]:
            found = counted(self.found["statements"], "attribution")
            line += f"; {found} found, {self.found['predictions']} of predictions"
        lines = [line]
        for status, reasons in self.left.items():
            named = ", ".join(f"{count} x {reason}" for reason, count in reasons.most_common())
            lines += [f"{status}: {named}"] if named else []
        lines += ["kb update reads what was registered"] if self.by_status["registered"] else []
        return "\n".join(lines)


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
    date: Annotated[
        dt.date | None, day_option("The day of what does not tell its own; next year counts from it.")
    ] = None,
    feed: Annotated[
        str | None, typer.Option(metavar="N|all", help="Which feed of a page that is no article but names some.")
    ] = None,
    no_raw: NoRaw = False,
) -> None:
    """Read feeds, pages, posts, transcripts, files and folders.

    The format is detected. Sources are registered, so that kb update can poll them. What was read before and has not
    changed is left alone. Of a home page its feeds are added; of a list of feeds (OPML) every feed is registered.

    Example: kb add https://example.org/feed.xml interviews/ Shares.csv
    """
    feed = checked(feed)
    tally = Tally()
    author = Author(name=speaker) if speaker else None
    with session(context).open(**raw_settings(no_raw)) as kb, progress_bar("reading") as bar:
        choose = Chooser(feed, bar)
        for result in kb.add(targets, kind=kind, speaker=author, date=date, choose=choose, announce=bar.announce):
            tally.count(result, bar)
    typer.echo(tally.summary())
    if choose.undecided:
        raise typer.Exit(UNDECIDED)
    if tally.by_status["failed"]:
        raise typer.Exit(1)


def raw_settings(no_raw: bool) -> dict[str, bool]:
    """What ``--no-raw`` changes in the settings of this run."""
    return {"keep_raw": False} if no_raw else {}
