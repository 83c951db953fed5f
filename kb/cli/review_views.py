"""How the review desk looks: a statement in its context, figures of accuracy, conflicts, facets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, get_args

from kb.cli.output import View, counted
from kb.cli.views import before_lines, due, new_table
from kb.types import AccuracyRow, ConflictRow, FacetName, Facets, Report, StatementRow, WatchRow

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

STYLES = {"content": "bold reverse", "source": "underline", "cue": "italic underline"}
"""Marks that also tell apart without colours."""


def under_review(row: StatementRow) -> RenderableType:
    """A statement as a reviewer needs it: what was read, and every report with source, cue and content marked."""
    from rich.console import Group
    from rich.text import Text

    read = ", ".join(filter(None, (row.kind, due(row) and f"due {due(row)}", row.review)))
    lines = [
        Text(f"{row.id}  {row.speaker or 'nobody knows who'}, {row.said_on or 'undated'}", style="bold"),
        *map(Text, (read, *before_lines(row))),
    ]
    for number, report in enumerate(row.reports, start=1):
        where = report.publisher or report.title or f"document {report.document_id}"
        told = f"report {number} of {len(row.reports)}: {where}, {report.quote_kind}, {report.confidence:.0%} sure"
        lines += [Text(), Text(told, style="dim"), marked(report)]
    return Group(*lines)


def marked(report: Report) -> Text:
    """The context of a report, its source, cue and content marked where they stand."""
    from rich.text import Text

    text = Text(report.context)
    for name, style in STYLES.items():
        for start, end in getattr(report, name):
            text.stylize(style, start - report.context_start, end - report.context_start)
    return text


def accuracy_view() -> View[AccuracyRow]:
    """How often extractions were right, with n and an interval beside every figure."""

    def table(rows: Sequence[AccuracyRow]) -> Table:
        table = new_table("of", "reviewed", "accepted", "edited", "rejected", "precision (95 %)", "edits")
        for row in rows:
            name = row.name if row.part != "quote" else f"{row.name} quotes"
            interval = f"{row.precision:.0%} ({row.low:.0%} to {row.high:.0%})"
            counts = map(str, (row.n, row.accepted, row.edited, row.rejected))
            table.add_row(
                name, *counts, interval, ", ".join(f"{number} {field}" for field, number in row.edits.items())
            )
        return table

    names = ("part", "name", "n", "accepted", "edited", "rejected", "precision", "low", "high")
    return View(
        table=table,
        columns={
            **{name: attrgetter(name) for name in names},
            "edits": lambda row: " | ".join(f"{field} {number}" for field, number in row.edits.items()),
        },
        extra={"n": attrgetter("n")},
        nothing="nothing is reviewed yet: kb review",
    )


def conflict_view() -> View[ConflictRow]:
    """Where people and a newer extraction disagree."""

    def table(rows: Sequence[ConflictRow]) -> Table:
        table = new_table("id", "statement", "field", "you say", "found since")
        for row in rows:
            found = f"{row.machine}\n{row.extractor}, {row.found_at:%Y-%m-%d}"
            table.add_row(str(row.statement_id), row.text, row.field, row.person, found)
        return table

    names = ("statement_id", "text", "document_id", "field", "person", "machine", "extractor", "found_at")
    return View(
        table=table,
        columns={name: attrgetter(name) for name in names},
        extra={},
        nothing="no newer extraction disagrees",
    )


def watch_view() -> View[WatchRow]:
    """Saved searches."""

    def table(rows: Sequence[WatchRow]) -> Table:
        table = new_table("id", "name", "query", "found")
        for row in rows:
            table.add_row(str(row.id), row.name, row.query, counted(row.hits, "statement"))
        return table

    names = ("id", "name", "query", "made_at", "hits")
    return View(
        table=table,
        columns={name: attrgetter(name) for name in names},
        extra={},
        nothing="no saved searches: kb watch add",
    )


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One value of one facet."""

    facet: FacetName
    value: str
    query: str
    """The filter that leaves only these."""
    statements: int


def facet_rows(facets: Facets) -> list[FacetRow]:
    """Every value of every facet."""
    names: tuple[FacetName, ...] = get_args(FacetName)
    return [FacetRow(name, one.value, one.query, one.count) for name in names for one in getattr(facets, name)]


def facet_view() -> View[FacetRow]:
    """What statements have in common, with the filter that leaves only these."""

    def table(rows: Sequence[FacetRow]) -> Table:
        table = new_table("facet", "value", "statements", "filter")
        before = ""
        for row in rows:
            table.add_row("" if row.facet == before else row.facet, row.value, str(row.statements), row.query)
            before = row.facet
        return table

    names = ("facet", "value", "query", "statements")
    columns = {name: attrgetter(name) for name in names}
    return View(table=table, columns=columns, extra={}, nothing="no statement fits")
