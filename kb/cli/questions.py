"""kb said, kb predictions, kb show, kb scores: asking the record."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated

import typer

from kb.cli.detail import statement_detail
from kb.cli.options import DueBefore, FilterOptions, Kind, OutputOptions, Status, Words, day_option, grouped
from kb.cli.output import emit
from kb.cli.session import session
from kb.cli.views import score_view, statement_view, utc_today


@grouped
def said(
    context: typer.Context,
    *,
    words: Words = None,
    kind: Kind = None,
    chosen: FilterOptions,
    output: OutputOptions,
) -> None:
    """List who said what, newest first.

    Each statement is listed once, however often it was reported; quotation marks mean the speaker's own words.

    Example: kb said robots --by Delangue --since 2024-12
    """
    with session(context).open() as kb:
        emit(kb.said(chosen.filters(words, kind=kind)), statement_view(utc_today(), kinds=True), output)


@grouped
def predictions(
    context: typer.Context,
    *,
    words: Words = None,
    due_before: DueBefore = None,
    status: Status = None,
    today: Annotated[dt.date | None, day_option("The day on which they are judged; default: today.")] = None,
    chosen: FilterOptions,
    output: OutputOptions,
) -> None:
    """List predictions, when they fall due and how they stand.

    overdue: the last day has passed without an outcome. due: the last day is within a month. open: due later, or no
    date. resolved: an outcome is recorded.

    Example: kb predictions --by Delangue --due-before 2026-01-01 --status overdue
    """
    day = today or utc_today()
    with session(context).open() as kb:
        rows = kb.predictions(chosen.filters(words, due_before=due_before, status=status), today=day)
        emit(rows, statement_view(day), output)


@grouped
def show(
    context: typer.Context,
    *,
    statement_id: Annotated[int, typer.Argument(metavar="ID", help="The number that listings show.")],
    output: OutputOptions,
) -> None:
    """Show one statement in full.

    Every report of it in its context, its outcomes and their evidence.

    Example: kb show 12
    """
    view = statement_view(utc_today())
    in_full = replace(view, table=lambda rows: statement_detail(rows[0], status=str(view.extra["status"](rows[0]))))
    with session(context).open() as kb:
        emit([kb.show(statement_id)], in_full, output)


@grouped
def scores(
    context: typer.Context,
    *,
    by: Annotated[str | None, typer.Option(metavar="SPEAKER", help="Id, name or part of a name.")] = None,
    topic: Annotated[str | None, typer.Option(metavar="WORDS", help="Only predictions about this.")] = None,
    min_n: Annotated[int, typer.Option(min=0, metavar="N", help="Only speakers with so many scored outcomes.")] = 0,
    output: OutputOptions,
) -> None:
    """Show how speakers' predictions turned out.

    With n and a 95 % interval beside every rate. Outcomes that are unclear, void or unverifiable count neither for nor
    against.

    Example: kb scores --min-n 5
    """
    with session(context).open() as kb:
        emit(kb.scores(by=by, topic=topic, min_n=min_n), score_view(), output)
