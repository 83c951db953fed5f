"""How each kind of row looks: as a table, as CSV columns, as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kb.cli.output import View
from kb.types import MergeRow, Report, RoleRow, Scorecard, SpeakerRow, StatementKind, StatementRow, Verdict

if TYPE_CHECKING:
    from rich.table import Table

VERDICTS: tuple[Verdict, ...] = ("true", "mostly", "late", "false", "unclear", "void", "unverifiable")

FORWARD: tuple[StatementKind, ...] = ("prediction", "commitment")
"""The kinds that fall due."""
MAX_WIDTHS = {"said": 20, "reports": 20, "speaker": 24, "also written": 30, "outcomes": 24}
"""Columns that must not crowd out the words; their cells wrap."""


def new_table(*headers: str) -> Table:
    """A table without vertical lines whose cells wrap and are never cut; ``words`` takes the room that is left."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for header in headers:
        table.add_column(
            header, ratio=1 if header == "words" else None, overflow="fold", max_width=MAX_WIDTHS.get(header)
        )
    table.expand = "words" in headers
    return table


def utc_today() -> dt.date:
    """The day on which statuses are judged by default; every date of the record is UTC."""
    return dt.datetime.now(dt.UTC).date()


def due(row: StatementRow) -> str:
    """The last day on which a prediction can come true; "no date" for a vague one, nothing for other statements."""
    if row.kind not in FORWARD:
        return ""
    return str(row.horizon.latest) if row.horizon and row.horizon.latest else "no date"


def statement_view(today: dt.date) -> View[StatementRow]:
    """Statements, with the status that each prediction has on ``today``."""
    from kb.ask import status_of

    def status(row: StatementRow) -> str:
        return status_of(row, today) if row.kind in FORWARD else ""

    def table(rows: Sequence[StatementRow]) -> Table:
        table = new_table("id", "said", "words", "due", "reports")
        for row in rows:
            table.add_row(
                str(row.id),
                f"{row.said_on or 'undated'}\n{row.speaker or 'unknown'}",
                row.text,
                f"{due(row)}\n{verdict(row) or status(row)}".strip(),
                f"{len(row.reports)}\n{', '.join(outlets(row))}",
            )
            table.add_section()
        return table

    return View(
        table=table,
        columns={
            "id": lambda row: row.id,
            "said_on": lambda row: row.said_on,
            "speaker": lambda row: row.speaker,
            "kind": lambda row: row.kind,
            "text": lambda row: row.text,
            "earliest": lambda row: row.horizon and row.horizon.earliest,
            "latest": lambda row: row.horizon and row.horizon.latest,
            "precision": lambda row: row.horizon and row.horizon.precision,
            "status": status,
            "verdict": verdict,
            "strength": lambda row: row.strength,
            "p_low": lambda row: row.p_low,
            "p_high": lambda row: row.p_high,
            "review": lambda row: row.review,
            "reports": lambda row: len(row.reports),
            "urls": lambda row: " ".join(report.url for report in row.reports if report.url),
        },
        extra={"status": status, "verdict": verdict},
        nothing="no statement fits",
    )


def outlets(row: StatementRow) -> list[str]:
    """Who reported the statement, each once, in the order of the reports."""
    return list(dict.fromkeys(map(outlet, row.reports)))


def outlet(report: Report) -> str:
    """A report's publisher, else its host, else its title."""
    host = urlsplit(report.url or "").hostname or ""
    return report.publisher or host.removeprefix("www.") or report.title or f"document {report.document_id}"


def verdict(row: StatementRow) -> str:
    """The verdict that counts now, or nothing."""
    return row.outcome.verdict if row.outcome else ""


def speaker_view() -> View[SpeakerRow]:
    """Speakers, with their spellings and latest role."""

    def table(rows: Sequence[SpeakerRow]) -> Table:
        table = new_table("id", "speaker", "kind", "role", "also written", "statements")
        for row in rows:
            role = role_line(row.roles[-1]) if row.roles else ""
            table.add_row(str(row.id), row.name, row.kind, role, other_spellings(row), str(row.statements))
        return table

    return View(
        table=table,
        columns={
            "id": lambda row: row.id,
            "name": lambda row: row.name,
            "kind": lambda row: row.kind,
            "role": lambda row: role_line(row.roles[-1]) if row.roles else "",
            "aliases": lambda row: " | ".join(row.aliases),
            "statements": lambda row: row.statements,
        },
        extra={},
        nothing="no speaker fits",
    )


def other_spellings(row: SpeakerRow) -> str:
    """The aliases that are not the name itself."""
    return ", ".join(alias for alias in row.aliases if alias != row.name)


def role_line(role: RoleRow) -> str:
    """A role as people write it."""
    return " of ".join(part for part in (role.title, role.organisation) if part)


def merge_line(merge: MergeRow) -> str:
    """A judgement that two speakers are one, with who made it and why."""
    undone = f", undone {merge.undone_at:%Y-%m-%d}" if merge.undone_at else ""
    reason = f": {merge.reason}" if merge.reason else ""
    return (
        f"merge {merge.id}: {merge.from_name} ({merge.from_id}) into {merge.into_name} ({merge.into_id}), "
        f"{merge.made_at:%Y-%m-%d} by {merge.made_by}{reason}{undone}"
    )


def score_view() -> View[Scorecard]:
    """Scorecards: counts, hit rate with its interval, and n beside every rate."""

    def table(rows: Sequence[Scorecard]) -> Table:
        table = new_table("speaker", "predictions", "due", "outcomes", "hit rate", "95 % interval", "Brier")
        for row in rows:
            outcomes = ", ".join(f"{row.counts[v]} {v}" for v in VERDICTS if row.counts.get(v))
            table.add_row(
                row.speaker,
                str(row.predictions),
                str(row.due),
                outcomes or "none",
                f"{percent(row.hit_rate)} (n = {row.scored})" if row.scored else "n = 0",
                f"{percent(row.low)} to {percent(row.high)}" if row.scored else "",
                "" if row.brier is None else f"{row.brier:.3f}",
            )
        return table

    plain_columns = ("speaker", "predictions", "due", "scored", "hits", "hit_rate", "low", "high", "brier")
    return View(
        table=table,
        columns={
            **{name: attrgetter(name) for name in plain_columns},
            **{v: partial(_count, v) for v in VERDICTS},
        },
        extra={},
        nothing="no speaker has that many predictions",
    )


def _count(verdict: Verdict, row: Scorecard) -> int:
    return row.counts.get(verdict, 0)


def percent(share: float | None) -> str:
    """A share between 0 and 1 as a whole percentage."""
    return "" if share is None else f"{share:.0%}"
