"""kb update: polling sources for what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer

from kb.cli.documents import NoRaw, raw_settings
from kb.cli.output import counted, progress_bar
from kb.cli.session import session
from kb.cli.stopping import STOPPED, stoppable
from kb.cli.watch import news
from kb.errors import ConfigError
from kb.types import SourceResult, SourceRow

NOTHING_TO_POLL = "nothing to poll: kb add URL registers a feed or a page"


def update(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(metavar="NAME|URL", help="Only this source, due or not.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every source, due or not.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep running, and poll sources as they fall due.")] = False,
    no_raw: NoRaw = False,
) -> None:
    """Poll the sources that are due for what is new.

    How often a source is due follows from how often it has news: every ten minutes to once a day. One line is printed
    per source; a source that fails does not stop the others. Ctrl-C finishes the document under way; the exit code is
    then 130, or 0 with --watch, which ends in no other way.

    Example: kb update
    """
    if watch and (source or everything):
        raise ConfigError("--watch polls what falls due; leave out --source and --all")
    counts = Counter[str]()
    with stoppable() as stop, session(context).open(**raw_settings(no_raw)) as kb:
        with progress_bar("polling") as bar:
            polled = (
                kb.watch(stop) if watch else kb.update(source=source, all=everything, stop=stop, announce=bar.announce)
            )
            for result in polled:
                bar.advance()
                counts["polled"] += 1
                counts["failed"] += bool(result.status == "failed" or result.failed)
                typer.echo(source_line(result))
        overdue, due = kb.due()
        found = kb.watched()
        typer.echo(summary(counts, kb.sources(), stopped=stop.is_set()))
    for line in news(found):
        typer.echo(line)
    if overdue or due:
        typer.echo(f"{overdue} overdue, {due} due within 30 days: kb predictions --due 30d")
    if stop.is_set() and not watch:
        typer.echo("stopped; the next kb update goes on from here", err=True)
        raise typer.Exit(STOPPED)
    if counts["failed"] and not watch:
        raise typer.Exit(1)


def source_line(result: SourceResult) -> str:
    """What polling one source brought."""
    counts = f"{result.added} added, {result.changed} changed, {result.unchanged} unchanged, {result.failed} failed"
    waiting = f", {counted(result.waiting, 'page')} waiting" if result.waiting else ""
    reason = f" ({' '.join(result.reason.split())})" if result.reason else ""
    return f"{result.source}: {result.status}: {counts}{waiting}{reason}"


def summary(counts: Counter[str], rows: Sequence[SourceRow], *, stopped: bool) -> str:
    """How many sources were polled; without any, when the next one is due."""
    active = [row for row in rows if row.active]
    if counts["polled"] or stopped:
        return f"{counted(counts['polled'], 'source')}, {counts['failed']} with failures"
    if not active:
        return NOTHING_TO_POLL
    upcoming = min((row.next_poll_at for row in active if row.next_poll_at), default=None)
    when = f" before {upcoming:%Y-%m-%d %H:%M} UTC" if upcoming else ""
    return f"nothing is due{when}; kb update --all polls everything now"
