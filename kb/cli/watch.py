"""kb watch: saved searches."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from kb.cli.options import OutputOptions, grouped, query_of
from kb.cli.output import counted, emit
from kb.cli.review_views import watch_view
from kb.cli.session import session
from kb.cli.views import statement_view, utc_today
from kb.query import parse
from kb.types import WatchHits

app = typer.Typer(no_args_is_help=True, help="Save searches; kb update lists what is new in each.")

SHOWN = 20
"""New statements of one search that kb update prints; kb watch show has all."""

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name or number.")]


def news(found: Sequence[WatchHits]) -> Iterator[str]:
    """What saved searches found that they had not found before, a line for each statement."""
    for hits in found:
        if hits.problem:
            yield f"saved search {hits.watch.name!r}: {hits.problem}"
            continue
        name = shlex.quote(hits.watch.name)
        yield f"new in {hits.watch.name!r}: {counted(len(hits.rows), 'statement')}: kb watch show {name}"
        yield from (f"  {row.id}  {row.speaker or 'unknown'}: {row.text}" for row in hits.rows[:SHOWN])


@app.command()
def add(
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="As kb said takes it.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call it; default: the query.")] = None,
) -> None:
    """Save a search.

    What it finds now is no news; every statement that it finds later is listed once, by the next kb update.

    Example: kb watch add "by:Delangue kind:prediction" --name delangue
    """
    from kb import watching

    with session(context).open() as kb:
        row = watching.add(kb.store, query_of(query), name=name, now=dt.datetime.now(dt.UTC))
    typer.echo(f"saved {row.name!r}, which finds {counted(row.hits, 'statement')} now")


@app.command("list")
@grouped
def list_watches(context: typer.Context, *, output: OutputOptions) -> None:
    """List saved searches.

    Example: kb watch list
    """
    from kb import watching

    with session(context).open() as kb:
        emit(watching.rows(kb.store), watch_view(), output)


@app.command()
@grouped
def show(context: typer.Context, *, name: Name, output: OutputOptions) -> None:
    """List everything that a saved search finds.

    Example: kb watch show delangue
    """
    from kb import watching

    with session(context).open() as kb:
        rows = kb.said(parse(watching.one(kb.store, name).query, today=utc_today()))
        emit(rows, statement_view(utc_today(), kinds=True), output)


@app.command()
def remove(context: typer.Context, name: Name) -> None:
    """Forget a saved search.

    Example: kb watch remove delangue
    """
    from kb import watching

    with session(context).open() as kb:
        typer.echo(f"removed {watching.remove(kb.store, name).name!r}")
