"""The root command: global options, the list of commands, and how errors end."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kb import __version__
from kb.cli import (
    demo,
    documents,
    export,
    extract,
    keeping,
    outcomes,
    questions,
    record,
    review,
    scores,
    serve,
    sources,
    speakers,
    tokens,
    updating,
    watch,
)
from kb.cli.session import Session
from kb.errors import ConfigError, JudgementError, KBError, NotFoundError, QueryError

GLOBAL_OPTIONS = ("--db", "--config")
FAILED, USAGE, NOT_FOUND = 1, 2, 3


def exit_code(error: KBError) -> int:
    """The exit code that tells a script what kind of failure ``error`` is."""
    if isinstance(error, NotFoundError):
        return NOT_FOUND
    return USAGE if isinstance(error, (ConfigError, JudgementError)) else FAILED


def hoist(arguments: list[str]) -> list[str]:
    """``arguments`` with the global options moved to the front, so that ``kb said --db FILE`` works too."""
    front: list[str] = []
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            return [*front, *rest, argument, *remaining]
        if argument in GLOBAL_OPTIONS:
            value = next(remaining, None)
            (rest if value is None else front).append(argument)
            front += [] if value is None else [value]
        elif argument.startswith(tuple(f"{option}=" for option in GLOBAL_OPTIONS)):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


class RootGroup(TyperGroup):
    """The group of all commands; turns every KBError into one line and an exit code."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Accept the global options before and after the command."""
        return super().parse_args(ctx, hoist(args))

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # a closed pipe shows here, where it is handled, not at interpreter exit
        except KBError as error:
            typer.echo(f"error: {' '.join(str(error).split())}", err=True)
            if isinstance(error, QueryError):
                typer.echo(error.marked, err=True)
            raise typer.Exit(exit_code(error)) from error
        return result


app = typer.Typer(
    cls=RootGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help can be searched, copied and read at any width
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"onrecord {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    db: Annotated[
        str | None, typer.Option(envvar="KB_DB", metavar="PATH|URL", help="The database: an SQLite file or a URL.")
    ] = None,
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="A TOML file with settings.")] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """The public record: who said what, where it was reported, what they predicted, and whether it came true.

    Start with: kb demo
    """
    given = context.find_object(Session) or Session()
    # A session made by a caller wins: the demo's commands must never reach the database that KB_DB names.
    context.obj = replace(given, db=given.db or db, config=given.config or config)


app.command("demo")(demo.demo)
app.command("add")(documents.add)
app.command("update")(updating.update)
app.add_typer(sources.app, name="sources")
app.command("extract")(extract.extract)
app.command("said")(questions.said)
app.command("predictions")(questions.predictions)
app.command("show")(questions.show)
app.add_typer(speakers.app, name="speakers")
app.command("evidence")(outcomes.evidence)
app.command("resolve")(outcomes.resolve)
app.command("scores")(scores.scores)
app.command("review")(review.review)
app.command("accuracy")(review.accuracy)
app.add_typer(watch.app, name="watch")
app.add_typer(tokens.app, name="token")
app.command("serve")(serve.serve)
app.command("changes")(keeping.changes)
app.command("reparse")(keeping.reparse)
app.command("export")(export.export)
app.command("import")(record.import_record)
app.command("check")(record.check)
app.command("backup")(record.backup)
app.command("restore")(record.restore)
