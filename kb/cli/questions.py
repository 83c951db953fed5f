"""kb said, kb predictions, kb show: asking the record."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

import typer

from kb.cli.detail import statement_detail
from kb.cli.options import DueBefore, FilterOptions, Kind, OutputOptions, Status, Words, day_option, grouped, span
from kb.cli.output import View, emit
from kb.cli.review_views import facet_rows, facet_view
from kb.cli.session import session
from kb.cli.views import statement_view, utc_today
from kb.errors import ConfigError
from kb.types import Filters, Sort

T = TypeVar("T")

PAGE = 200
"""Rows that a table shows unless asked for more: nobody reads further, and a large record would fill the terminal for
minutes. Formats for programs hold everything."""


def page(filters: Filters, output: OutputOptions) -> Filters:
    """``filters`` with a limit where a table would grow without one; one more row tells that there are more."""
    return replace(filters, limit=PAGE + 1) if output.is_table and filters.limit is None else filters


def emit_page(rows: Sequence[T], view: View[T], output: OutputOptions, limit: int | None) -> None:
    """Print ``rows``, of a table without a ``limit`` the first page, and say so when that is not all."""
    cut = output.is_table and limit is None and len(rows) > PAGE
    emit(rows[:PAGE] if cut else rows, view, output)
    if cut:
        print(f"the first {PAGE}; --limit shows more, --csv everything", file=sys.stderr)


@grouped
def said(
    context: typer.Context,
    *,
    words: Words = None,
    kind: Kind = None,
    sort: Annotated[Sort, typer.Option(metavar="ORDER", help="date, or relevance: best match first.")] = "date",
    facets: Annotated[
        bool, typer.Option("--facets", help="Count speakers, outlets, kinds, years and verdicts instead.")
    ] = False,
    chosen: FilterOptions,
    output: OutputOptions,
) -> None:
    """List who said what, newest first.

    Each statement is listed once, however often it was reported; quotation marks mean the speaker's own words.

    Example: kb said 'robots OR "self-driving cars" by:Delangue kind:prediction since:2024-12'
    """
    filters = chosen.filters(words, kind=kind)
    with session(context).open() as kb:
        if facets:
            counted = kb.facets(filters)
            emit(facet_rows(counted), facet_view(), output)
            if not counted.complete:
                print(f"of the newest {counted.counted:,} statements that fit; there are more", file=sys.stderr)
            return
        rows = kb.said(page(filters, output), sort=sort)
        emit_page(rows, statement_view(utc_today(), kinds=True), output, chosen.limit)


@dataclass(frozen=True, kw_only=True)
class PredictionOptions:
    """Filters of predictions alone."""

    due: Annotated[
        dt.timedelta | None,
        typer.Option(parser=span, metavar="30d", help="Overdue or due by then, promises too; repeats left out."),
    ] = None
    testable: Annotated[bool, typer.Option("--testable", help="Those of which it can be told if they came true.")] = (
        False
    )
    slipped: Annotated[
        bool, typer.Option("--slipped", help="Those whose date was moved, with every date; promises too.")
    ] = False
    as_of: Annotated[
        dt.date | None,
        day_option("As far as it was said and known on that day, judged on it; default: today.", "--as-of", "--today"),
    ] = None

    def narrow(self, filters: Filters) -> Filters:
        """``filters`` with these."""
        day = self.as_of or utc_today()
        try:
            due_by = day + self.due if self.due is not None else None
        except OverflowError as error:
            raise ConfigError(f"no calendar has a day so long after {day}") from error
        return replace(filters, due_by=due_by, testable=self.testable, slipped=self.slipped, as_of=self.as_of)


@grouped
def predictions(
    context: typer.Context,
    *,
    words: Words = None,
    kind: Kind = None,
    due_before: DueBefore = None,
    status: Status = None,
    only: PredictionOptions,
    chosen: FilterOptions,
    output: OutputOptions,
) -> None:
    """List predictions, when they fall due and how they stand.

    overdue: the last day has passed without an outcome. due: the last day is within a month. open: due later, or no
    date. resolved: an outcome is recorded. Each has a testability from 0 to 1 with what it lacks.

    Example: kb predictions --by Delangue --due 30d --testable
    """
    filters = only.narrow(chosen.filters(words, kind=kind, due_before=due_before, status=status))
    day = only.as_of or utc_today()
    with session(context).open() as kb:
        rows = kb.predictions(page(filters, output), today=day)
        emit_page(rows, statement_view(day, kinds=only.due is not None or only.slipped), output, chosen.limit)


@grouped
def show(
    context: typer.Context,
    *,
    statement_id: Annotated[int, typer.Argument(metavar="ID", help="The number that listings show.")],
    output: OutputOptions,
) -> None:
    """Show one statement in full.

    Every report of it in its context, its outcomes and their evidence, and what else its speaker foretold of the same.

    Example: kb show 12
    """
    view = statement_view(utc_today())
    in_full = replace(view, table=lambda rows: statement_detail(rows[0], status=str(view.extra["status"](rows[0]))))
    with session(context).open() as kb:
        emit([kb.show(statement_id)], in_full, output)
