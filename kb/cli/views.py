"""How each kind of row looks: as a table, as CSV columns, as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from exports.wording import outlet, quoted
from kb.cli.output import View, counted
from kb.testable import testability
from kb.types import MergeRow, RoleRow, SayingRow, SpeakerRow, StatementKind, StatementRow

if TYPE_CHECKING:
    from rich.console import JustifyMethod
    from rich.table import Table
    from rich.text import Text

FORWARD: tuple[StatementKind, ...] = ("prediction", "commitment")
"""The kinds that fall due."""
MAX_WIDTHS = {"said": 20, "speaker": 24, "outcomes": 24}
"""Columns that must not crowd out the others; their cells wrap."""
NUMBERS = ("id", "statements", "predictions", "documents")


def new_table(*headers: str) -> Table:
    """A table without vertical lines, as wide as its content; cells wrap, the widest first, and are never cut."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for header in headers:
        justify: JustifyMethod = "right" if header in NUMBERS else "left"
        table.add_column(header, justify=justify, overflow="fold", max_width=MAX_WIDTHS.get(header))
    return table


def utc_today() -> dt.date:
    """The day on which statuses are judged by default; every date of the record is UTC."""
    return dt.datetime.now(dt.UTC).date()


def due(row: StatementRow) -> str:
    """The last day on which a prediction can come true; "no date" for a vague one, nothing for other statements."""
    if row.kind not in FORWARD:
        return ""
    return str(row.horizon.latest) if row.horizon and row.horizon.latest else "no date"


def statement_view(today: dt.date, *, kinds: bool = False) -> View[StatementRow]:
    """Statements, with the status that each prediction has on ``today``; with ``kinds``, the table tells the kind."""
    from kb.ask import status_of

    def status(row: StatementRow) -> str:
        return status_of(row, today) if row.kind in FORWARD else ""

    def table(rows: Sequence[StatementRow]) -> Table:
        table = new_table("id", "said", "words", "kind, due" if kinds else "due")
        for row in rows:
            standing = (row.kind if kinds else "", due(row), verdict(row) or status(row))
            table.add_row(
                str(row.id),
                f"{row.said_on or 'undated'}\n{row.speaker or 'unknown'}",
                described(row),
                "\n".join(filter(None, standing)),
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
            "testability": lambda row: testability(row).score if row.kind in FORWARD else None,
            "lacks": lambda row: " | ".join(testability(row).reasons),
            "repeats": lambda row: row.repeats,
            "slips": lambda row: row.slips,
            "contradicts": lambda row: row.contradicts,
            "strength": lambda row: row.strength,
            "p_low": lambda row: row.p_low,
            "p_high": lambda row: row.p_high,
            "p_scale": lambda row: row.p_scale,
            "review": lambda row: row.review,
            "reports": lambda row: len(row.reports),
            "independent_reports": lambda row: row.independent,
            "urls": lambda row: " ".join(report.url for report in row.reports if report.url),
        },
        extra={
            "status": status,
            "verdict": verdict,
            "testability": lambda row: testability(row) if row.kind in FORWARD else None,
            "independent_reports": lambda row: row.independent,
        },
        nothing="no statement fits",
    )


def described(row: StatementRow) -> Text:
    """What was said and who reported it; of a prediction how testable it is, and what its speaker said before."""
    from rich.text import Text

    notes = [*testability_line(row), *before_lines(row), *(dates_line(row.thread) if row.thread else ())]
    return Text("\n").join([words_and_reports(row), *(Text(note, style="dim") for note in notes)])


def testability_line(row: StatementRow) -> Iterator[str]:
    """How testable a prediction is and what it lacks; nothing for other statements."""
    if row.kind in FORWARD:
        found = testability(row)
        lacks = f": {', '.join(found.reasons)}" if found.reasons else ""
        yield f"testability {found.score:.1f}{lacks}"


def before_lines(row: StatementRow) -> Iterator[str]:
    """What its speaker had said before that it repeats, moves or contradicts."""
    said_before = {"repeats": row.repeats, "moves to a later date": row.slips, "may contradict": row.contradicts}
    for what, other in said_before.items():
        if other is not None:
            yield f"{what}: statement {other}"


def dates_line(thread: Sequence[SayingRow]) -> Iterator[str]:
    """Every date that was foretold, with when that was; not that of the opposite."""
    moved = (saying for saying in thread if saying.slips or not saying.contradicts)
    dates = (f"{saying.latest or 'no date'} (said {saying.said_on or 'undated'})" for saying in moved)
    yield f"due {', then '.join(dates)}"


def words_and_reports(row: StatementRow) -> Text:
    """What was said, in quotation marks where these are the speaker's own words, and below it who reported it."""
    from rich.text import Text

    outlets = "; ".join(dict.fromkeys(map(outlet, row.reports)))
    number = counted(len(row.reports), "report")
    number += f", {row.independent} independent" if row.independent < len({r.document_id for r in row.reports}) else ""
    reports = f"{number}: {outlets}" if outlets else "no report"
    return Text.assemble(quoted(row), "\n", (reports, "dim"))


def verdict(row: StatementRow) -> str:
    """The verdict that counts now, or nothing."""
    return row.outcome.verdict if row.outcome else ""


def speaker_view() -> View[SpeakerRow]:
    """Speakers, with their latest role and every name they go by."""

    def table(rows: Sequence[SpeakerRow]) -> Table:
        table = new_table("id", "speaker", "statements", "role and other names")
        for row in rows:
            lines = (latest_role(row) or row.kind, *other_names(row))
            table.add_row(str(row.id), row.name, str(row.statements), "\n".join(lines))
        return table

    return View(
        table=table,
        columns={
            "id": lambda row: row.id,
            "name": lambda row: row.name,
            "kind": lambda row: row.kind,
            "role": latest_role,
            "aliases": lambda row: " | ".join(row.aliases),
            "accounts": lambda row: " | ".join(row.accounts),
            "statements": lambda row: row.statements,
            "wikidata_id": lambda row: row.wikidata_id,
            "watched": lambda row: row.watched,
        },
        extra={},
        nothing="no speaker fits",
    )


def other_names(row: SpeakerRow) -> Iterator[str]:
    """A line for the spellings that are not the name itself, and one for the accounts, where there are any."""
    others = [alias for alias in row.aliases if alias != row.name]
    if others:
        yield f"also written: {', '.join(others)}"
    if row.accounts:
        yield f"accounts: {', '.join(row.accounts)}"


def latest_role(row: SpeakerRow) -> str:
    """The role that documents gave last, or nothing."""
    return role_line(max(row.roles, key=lambda role: role.last_seen or "")) if row.roles else ""


def role_line(role: RoleRow) -> str:
    """A role as people write it."""
    return " of ".join(part for part in (role.title, role.organisation) if part)


def merge_line(merge: MergeRow) -> str:
    """A judgement that two speakers are one, with who made it, and below it why."""
    undone = f", undone {merge.undone_at:%Y-%m-%d}" if merge.undone_at else ""
    reason = f"\n  {merge.reason}" if merge.reason else ""
    return (
        f"merge {merge.id}: {merge.from_name} ({merge.from_id}) into {merge.into_name} ({merge.into_id}), "
        f"{merge.made_at:%Y-%m-%d} by {merge.made_by}{undone}{reason}"
    )
