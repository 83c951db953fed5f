"""kb check: is the record sound?"""

from __future__ import annotations

import typer

from kb.cli.session import session


def check(context: typer.Context) -> None:
    """Check that the record is sound.

    Every stored quotation must equal the words at its place in the document, and every other rule must hold.

    Example: kb check
    """
    with session(context).open() as kb:
        problems = kb.check()
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("no problems found")
