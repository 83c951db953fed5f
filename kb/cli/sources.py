"""kb sources: what is polled, and how that goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.options import OutputOptions, grouped
from kb.cli.output import View, counted, emit
from kb.cli.session import session
from kb.cli.views import new_table
from kb.types import SourceRow

if TYPE_CHECKING:
    from rich.table import Table

app = typer.Typer(no_args_is_help=True, help="List, pause, resume and remove sources on the network.")

Name = Annotated[str, typer.Argument(metavar="SOURCE", help="Number, name or address.")]


@app.command("list")
@grouped
def list_sources(
    context: typer.Context,
    *,
    failing: Annotated[bool, typer.Option("--failing", help="Only those whose last poll failed, or paused.")] = False,
    output: OutputOptions,
) -> None:
    """List the sources that kb update polls, with how they are doing.

    When each was polled last and is polled next, how many documents it gave, how many pages wait to be fetched, and why
    the last poll failed.

    Example: kb sources list
    """
    with session(context).open() as kb:
        rows = kb.sources()
    emit([row for row in rows if not failing or row.health != "ok"], source_view(), output)


@app.command()
def pause(context: typer.Context, source: Name) -> None:
    """Poll a source no more until it is resumed.

    Example: kb sources pause https://example.org/feed.xml
    """
    with session(context).open() as kb:
        typer.echo(f"paused {kb.pause_source(source)}")


@app.command()
def resume(context: typer.Context, source: Name) -> None:
    """Poll a source again that was paused, by a person or after failures.

    Example: kb sources resume https://example.org/feed.xml
    """
    with session(context).open() as kb:
        typer.echo(f"resumed {kb.resume_source(source)}; the next kb update polls it")


@app.command()
def remove(context: typer.Context, source: Name) -> None:
    """Forget a source. What it brought stays in the record.

    Example: kb sources remove https://example.org/feed.xml
    """
    with session(context).open() as kb:
        name, kept = kb.remove_source(source)
    typer.echo(f"removed {name}; {counted(kept, 'document')} of it stay in the record" if kept else f"removed {name}")


def source_view() -> View[SourceRow]:
    """Sources, with what a person looks for first: which ones do not work."""

    def table(rows: Sequence[SourceRow]) -> Table:
        table = new_table("id", "source", "documents", "last poll", "next poll", "health")
        for row in rows:
            name = row.name if row.name == row.url else f"{row.name}\n{row.url}"
            table.add_row(
                str(row.id), name, documents(row), minute(row.last_polled_at) or "never", next_poll(row), health(row)
            )
        return table

    return View(
        table=table,
        columns={
            "id": lambda row: row.id,
            "kind": lambda row: row.kind,
            "name": lambda row: row.name,
            "url": lambda row: row.url,
            "health": lambda row: row.health,
            "documents": lambda row: row.documents,
            "waiting": lambda row: row.waiting,
            "last_polled_at": lambda row: row.last_polled_at,
            "news_at": lambda row: row.news_at,
            "next_poll_at": lambda row: row.next_poll_at,
            "every_minutes": every_minutes,
            "error_count": lambda row: row.error_count,
            "last_error": lambda row: row.last_error,
            "inactive_because": lambda row: row.inactive_because,
        },
        extra={"health": lambda row: row.health, "every": every_minutes},
        nothing="no source: kb add URL registers a feed or a page",
    )


def documents(row: SourceRow) -> str:
    """How many it gave, and how many pages are still to come."""
    return f"{row.documents}\n{row.waiting} waiting" if row.waiting else str(row.documents)


def next_poll(row: SourceRow) -> str:
    """When it is polled next."""
    return "" if not row.active else minute(row.next_poll_at) or "now"


def health(row: SourceRow) -> str:
    """How it is doing, and why."""
    if not row.active:
        return f"paused: {row.inactive_because}" if row.inactive_because else "paused"
    if row.error_count:
        return f"failed {row.error_count} in a row: {row.last_error}"
    return "ok" if row.last_polled_at else "new"


def every_minutes(row: SourceRow) -> int | None:
    """About how often it is polled."""
    return round(row.every.total_seconds() / 60) if row.every else None


def minute(moment: dt.datetime | None) -> str:
    """A moment to the minute, UTC; empty without one."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
