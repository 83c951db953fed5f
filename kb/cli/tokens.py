"""kb token: keys to the HTTP API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.options import OutputOptions, grouped
from kb.cli.output import View, emit
from kb.cli.session import session
from kb.cli.views import new_table
from kb.types import TokenRole, TokenRow

if TYPE_CHECKING:
    from rich.table import Table

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke keys to the HTTP API.")


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The person or program that will use it.")],
    role: Annotated[TokenRole, typer.Option(metavar="ROLE", help="reader, or editor who may write.")] = "reader",
) -> None:
    """Make a token and print it, once: the record keeps only its hash.

    Example: kb token add newsroom --role editor
    """
    from kb.store import tokens

    with session(context).open() as kb, kb.store.transaction() as writing:
        _, secret = tokens.add(writing, name, role, now=dt.datetime.now(dt.UTC))
    typer.echo(secret)
    typer.echo("keep it now: it is not shown again", err=True)


@app.command("list")
@grouped
def list_tokens(context: typer.Context, *, output: OutputOptions) -> None:
    """List tokens, revoked ones among them.

    Example: kb token list
    """
    from kb.store import tokens

    with session(context).open() as kb, kb.store.reading() as reading:
        emit(tokens.rows(reading), token_view(), output)


@app.command()
def revoke(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME", help="Name or number.")]
) -> None:
    """Let a token open nothing from now on.

    Example: kb token revoke newsroom
    """
    from kb.store import tokens

    with session(context).open() as kb, kb.store.transaction() as writing:
        row = tokens.revoke(writing, name, now=dt.datetime.now(dt.UTC))
    typer.echo(f"revoked {row.name!r}")


def token_view() -> View[TokenRow]:
    """Tokens, without their secrets, which nobody has."""

    def table(rows: Sequence[TokenRow]) -> Table:
        table = new_table("id", "name", "role", "made", "")
        for row in rows:
            revoked = f"revoked {row.revoked_at:%Y-%m-%d}" if row.revoked_at else ""
            table.add_row(str(row.id), row.name, row.role, f"{row.made_at:%Y-%m-%d}", revoked)
        return table

    names = ("id", "name", "role", "made_at", "revoked_at")
    return View(
        table=table, columns={name: attrgetter(name) for name in names}, extra={}, nothing="no tokens: kb token add"
    )
