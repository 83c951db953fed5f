"""kb speakers: one person is one speaker, and a merge can be undone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from kb.cli.detail import speaker_detail
from kb.cli.options import OutputOptions, grouped
from kb.cli.output import counted, emit
from kb.cli.session import session
from kb.cli.suggestions import suggestion_view
from kb.cli.views import merge_line, speaker_view

app = typer.Typer(no_args_is_help=True, help="List, show, merge, unmerge, suggest and import speakers.")

Speaker = Annotated[str, typer.Argument(metavar="SPEAKER", help="Id or name.")]


@app.command("list")
@grouped
def list_speakers(
    context: typer.Context,
    *,
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="Part of a name or spelling.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Also those of whom no statement is listed.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Only people to watch, with or without statements.")] = False,
    output: OutputOptions,
) -> None:
    """List speakers, the most quoted first.

    With their latest role and every name they go by. Speakers without statements are left out unless --all, --watch or
    WORDS ask for them.

    Example: kb speakers list delangue
    """
    with session(context).open() as kb:
        rows = kb.speakers(" ".join(words) if words else None, watched=watch)
    emit([row for row in rows if row.statements or words or everybody or watch], speaker_view(), output)


@app.command("show")
@grouped
def show_speaker(context: typer.Context, *, speaker: Speaker, output: OutputOptions) -> None:
    """Show one speaker with every spelling, role and merge.

    Roles stand in the order they were first seen, each with the dates and the first document that give it; merges with
    who made them and why.

    Example: kb speakers show "Clément Delangue"
    """
    view = replace(speaker_view(), table=lambda rows: speaker_detail(rows[0]))
    with session(context).open() as kb:
        emit([kb.speaker(speaker)], view, output)


@app.command()
def merge(
    context: typer.Context,
    from_speaker: Annotated[str, typer.Argument(metavar="FROM", help="The speaker to merge: id or name.")],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The speaker to keep: id or name.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why the two are one; kept with the merge.")] = "",
) -> None:
    """Record that two speakers are one.

    Nothing is lost, and the merge can be undone.

    Example: kb speakers merge "Clem Delangue" "Clément Delangue" --reason "same LinkedIn account"
    """
    with session(context).open() as kb:
        typer.echo(merge_line(kb.merge(from_speaker, into, reason=reason)))


@app.command()
def unmerge(
    context: typer.Context,
    merge_id: Annotated[int, typer.Argument(metavar="MERGE", help="The number that the merge was given.")],
) -> None:
    """Undo a merge.

    Its number is printed by kb speakers show.

    Example: kb speakers unmerge 3
    """
    with session(context).open() as kb:
        kb.unmerge(merge_id)
    typer.echo(f"merge {merge_id} undone")


@app.command()
@grouped
def suggest(
    context: typer.Context,
    *,
    speaker: Annotated[
        str | None, typer.Argument(metavar="SPEAKER", help="Id or name, which may be new to the record.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many suggestions.")] = 20,
    output: OutputOptions,
) -> None:
    """Suggest speakers who may be one, with reasons.

    Without SPEAKER, any two of the record. Nothing is merged; pairs that were parted by kb speakers unmerge are not
    suggested again.

    Example: kb speakers suggest "C. Delangue"
    """
    with session(context).open() as kb:
        emit(kb.suggest_merges(speaker, limit=limit), suggestion_view(), output)


@app.command("import")
def import_list(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A CSV file in UTF-8.")],
) -> None:
    """Import a list of people to watch.

    The first line of the file is: name,aliases,handles,role,organisation,wikidata id (and kind, if some are
    organisations). Only the name must be filled in; several aliases or handles have | between them, and a handle has
    its channel before it, as x:sama. People whom the record knows keep what it knows of them. A file with an error
    changes nothing.

    Example: kb speakers import people.csv
    """
    with session(context).open() as kb:
        statuses = Counter(result.status for result in kb.import_speakers(file))
    counts = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    typer.echo(f"{counted(statuses.total(), 'speaker')} to watch: {counts}")


@app.command()
def alias(
    context: typer.Context,
    speaker: Speaker,
    text: Annotated[str, typer.Argument(metavar="SPELLING", help="The spelling to add.")],
) -> None:
    """Add a spelling by which documents name a speaker.

    Example: kb speakers alias "Clément Delangue" "C. Delangue"
    """
    if not text.strip():
        raise typer.BadParameter("it is empty", param_hint="SPELLING")
    with session(context).open() as kb:
        kb.alias(speaker, text)
    typer.echo(f"“{text}” is now a spelling of {speaker}")
