"""kb check: is the record sound?"""

from __future__ import annotations

import typer

from kb.cli.session import session


def check(context: typer.Context) -> None:
    """Check that every stored quotation still fits its document, and every other rule of the record.

    Example: kb check
    """
    with session(context).open() as kb:
        problems = kb.check()
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("no problems found")
