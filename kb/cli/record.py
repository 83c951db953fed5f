"""The record as a whole: is it sound, a copy of it, another one taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb.cli.session import session

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="A backup made by kb backup.")]


def check(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A backup; default: the record itself.")] = None,
) -> None:
    """Check that the record, or a backup of it, is sound.

    Every stored quotation must equal the words at its place in the document, and every other rule must hold. A backup
    is left as it is.

    Example: kb check
    """
    if file is None:
        with session(context).open() as kb:
            problems = kb.check()
    else:
        from kb.app import check_backup

        problems = check_backup(file)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("no problems found")


def import_record(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What kb export jsonl wrote; may end in .gz.")],
) -> None:
    """Take in a record that was exported as jsonl.

    What is there stays; the same file again changes nothing. Judgements of both records are kept, and where they
    disagree a line says which one counts.

    Example: kb import record.jsonl
    """
    with session(context).open() as kb:
        result = kb.import_record(file)
    added = [_counted(number, what) for what, number in sorted(result.added.items())]
    changed = f"; {result.changed} changed" if result.changed else ""
    typer.echo(f"added: {', '.join(added) or 'nothing'}{changed}")
    for conflict in result.conflicts:
        typer.echo(f"conflict: {conflict}")


def _counted(number: int, what: str) -> str:
    what = "piece of evidence" if what == "evidence" else what
    head, of, tail = what.partition(" of ")
    return f"{number} {head}{'' if number == 1 else 's'}{of}{tail}"


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
) -> None:
    """Copy the database to a file, even while others write to it.

    Example: kb backup record-2025-01-31.db
    """
    with session(context).open() as kb:
        kb.backup(file)
    typer.echo(f"backed up to {file}; verify it with: kb check {file}")


def restore(
    context: typer.Context,
    file: BackupFile,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the record that is there.")] = False,
) -> None:
    """Check a backup and put it in the place of the database.

    Example: kb restore record-2025-01-31.db --replace
    """
    from kb.app import restore_backup

    settings = session(context).settings
    restore_backup(settings, file, replace=replace)
    typer.echo(f"restored {settings.db} from {file}")
