"""kb review, kb accuracy: judging what was extracted."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.options import FilterOptions, Kind, OutputOptions, Words, grouped
from kb.cli.output import console, emit
from kb.cli.review_keys import KEYS, Reviewer
from kb.cli.review_views import accuracy_view, conflict_view, under_review
from kb.cli.session import session
from kb.cli.views import statement_view, utc_today
from kb.errors import ConfigError
from kb.types import Edit, Spans, StatementKind, StatementRow

if TYPE_CHECKING:
    from kb.app import KB
    from kb.reviewing import Order

QUEUE = 50
"""Statements taken from the queue at once, unless --limit says otherwise."""


@dataclass(frozen=True, kw_only=True)
class JudgementOptions:
    """What is said of one statement."""

    accept: Annotated[bool, typer.Option("--accept", help="It is right as it stands.")] = False
    reject: Annotated[bool, typer.Option("--reject", help="It is no statement: leave it out everywhere.")] = False
    undo: Annotated[bool, typer.Option("--undo", help="Take back the last judgement.")] = False
    speaker: Annotated[str | None, typer.Option(metavar="SPEAKER", help="Who said it: id or name; '': unknown.")] = None
    new_speaker: Annotated[str | None, typer.Option(metavar="NAME", help="Who said it, new to the record.")] = None
    to_kind: Annotated[StatementKind | None, typer.Option(metavar="KIND", help="What kind it is.")] = None
    horizon: Annotated[
        str | None, typer.Option(metavar="DATE", help="When due: 2027, 2026-06, 2026-01..2026-06, vague or none.")
    ] = None
    content: Annotated[str | None, typer.Option(metavar="WORDS", help="What was said, exactly; ... for a gap.")] = None
    source: Annotated[str | None, typer.Option(metavar="WORDS", help="The words that name the speaker.")] = None
    cue: Annotated[str | None, typer.Option(metavar="WORDS", help="The words that say that it was said.")] = None
    report: Annotated[int, typer.Option(min=1, metavar="N", help="Which report the words are in.")] = 1
    split: Annotated[
        str | None, typer.Option(metavar="N,N", help="These reports are of another statement; as kb show counts.")
    ] = None
    into: Annotated[int | None, typer.Option(metavar="ID", help="It is the same statement as this one.")] = None
    unlink: Annotated[
        int | None, typer.Option(metavar="ID", help="It does not repeat, move or contradict this one, nor the reverse.")
    ] = None

    @property
    def edits(self) -> bool:
        """Whether anything of the statement changes."""
        given = (self.speaker, self.new_speaker, self.to_kind, self.horizon, self.content, self.source, self.cue)
        return any(value is not None for value in given)

    def given(self) -> list[str]:
        """The judgements that are asked for; there must be one at most."""
        asked = {"accept": self.accept, "reject": self.reject, "undo": self.undo, "edit": self.edits,
                 "split": self.split is not None, "into": self.into is not None,
                 "unlink": self.unlink is not None}  # fmt: skip
        return [name for name, wanted in asked.items() if wanted]


@grouped
def review(
    context: typer.Context,
    *,
    what: Words = None,
    kind: Kind = None,
    order: Annotated[str, typer.Option(metavar="ORDER", help="doubt, confidence or newest first.")] = "doubt",
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Where a newer extraction found something else than you said.")
    ] = False,
    judgement: JudgementOptions,
    chosen: FilterOptions,
    output: OutputOptions,
) -> None:
    """Judge what was extracted, one by one or by number.

    On a terminal each statement is shown in its context, the most doubtful first; one key judges it. A query or filters
    choose which. With a number and options, one judgement without questions. What people say is never undone by a new
    extraction, and kb review ID --undo takes it back.

    Example: kb review 12 --speaker "Clément Delangue" --horizon 2027
    """
    asked = judgement.given()
    if len(asked) > 1:
        raise ConfigError(f"one judgement at a time: give only one of {', '.join(asked)}")
    number = what[0] if what and len(what) == 1 and what[0].isascii() and what[0].isdigit() else None
    if asked and number is None:
        raise ConfigError("give the number of the statement that you judge: kb review ID")
    with session(context).open() as kb:
        if conflicts:
            from kb import reviewing

            emit(reviewing.conflicts(kb.store), conflict_view(), output)
        elif number is not None and asked:
            _judge(kb, int(number), asked[0], judgement)
        elif number is not None:
            _one_by_one(kb, [kb.show(int(number))], output)
        else:
            _one_by_one(kb, _queue(kb, chosen, what, kind=kind, order=order), output)


def _queue(
    kb: KB, chosen: FilterOptions, words: list[str] | None, *, kind: list[str] | None, order: str
) -> list[StatementRow]:
    from kb import reviewing

    orders: dict[str, Order] = {"doubt": "doubt", "confidence": "confidence", "newest": "newest"}
    if order not in orders:
        raise ConfigError(f"unknown order {order!r}; known: {', '.join(orders)}")
    filters = chosen.filters(words, kind=kind)
    return reviewing.queue(kb.store, filters, order=orders[order], limit=chosen.limit or QUEUE)


def _one_by_one(kb: KB, rows: list[StatementRow], output: OutputOptions) -> None:
    """Ask on a terminal; elsewhere list what there is to review."""
    if not output.is_table or not sys.stdin.isatty() or not rows:
        emit(rows, statement_view(utc_today(), kinds=True), output)
        return
    reviewer = Reviewer(kb, show=lambda row: console().print(under_review(row)), key=typer.getchar, ask=_ask)
    typer.echo(KEYS)
    typer.echo(reviewer.run(rows))


def _ask(question: str, default: str) -> str:
    return str(typer.prompt(question, default=default, show_default=bool(default)))


def _judge(kb: KB, statement_id: int, what: str, judgement: JudgementOptions) -> None:
    from kb import reviewing

    row = kb.show(statement_id)
    by, now = kb.settings.user, dt.datetime.now(dt.UTC)
    if what == "edit":
        change = edit_of(kb, row, judgement)
        row = reviewing.edit(kb.store, row.id, change, version=row.version, by=by, now=now)
    elif what == "split":
        reports = numbered(row, judgement.split or "")
        row, new = reviewing.split(kb.store, row.id, reports, version=row.version, by=by, now=now)
        typer.echo(f"statement {new.id}: split off, “{new.text}”")
    elif what == "into":
        row = reviewing.merge(kb.store, row.id, judgement.into or 0, version=row.version, by=by, now=now)
    elif what == "unlink":
        row = reviewing.unlink(kb.store, row.id, judgement.unlink or 0, version=row.version, by=by, now=now)
        typer.echo(f"statements {row.id} and {judgement.unlink} have nothing to do with each other")
        return
    else:
        judge = {"accept": reviewing.accept, "reject": reviewing.reject, "undo": reviewing.undo}[what]
        row = judge(kb.store, row.id, version=row.version, by=by, now=now)
    typer.echo(f"statement {row.id}: {row.review}, {row.speaker or 'unknown'}: “{row.text}”")


def numbered(row: StatementRow, numbers: str) -> list[int]:
    """The ids of reports by their numbers, as listings count them. Raises ConfigError."""
    found = []
    for number in numbers.replace(",", " ").split():
        if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(row.reports)):
            raise ConfigError(f"statement {row.id} has reports 1 to {len(row.reports)}, not {number!r}")
        found.append(row.reports[int(number) - 1].id)
    return found


def edit_of(kb: KB, row: StatementRow, judgement: JudgementOptions) -> Edit:
    """What the options change; words are looked up in the report's document. Raises ConfigError, JudgementError."""
    from kb import reviewing

    (report_id,) = numbered(row, str(judgement.report))
    report = row.reports[judgement.report - 1]
    text = kb.text_of(report) if any((judgement.content, judgement.source, judgement.cue)) else ""

    def spans(words: str | None) -> Spans | None:
        return words if words is None else reviewing.spans_of(text, words, near=report.content[0][0]) if words else ()

    return Edit(
        speaker=judgement.speaker,
        new_speaker=judgement.new_speaker,
        kind=judgement.to_kind,
        horizon=judgement.horizon,
        report=report_id,
        content=spans(judgement.content),
        source=spans(judgement.source),
        cue=spans(judgement.cue),
    )


@grouped
def accuracy(
    context: typer.Context,
    *,
    query: Words = None,
    kind: Kind = None,
    chosen: FilterOptions,
    output: OutputOptions,
) -> None:
    """Show how often extractions were right, by the reviews.

    Precision is the share accepted unchanged, with its 95 % Wilson interval. Doubtful statements are reviewed first, so
    it is lower than that of the whole record; kb review --order newest reviews without choosing.

    Example: kb accuracy --in TechCrunch
    """
    from kb import reviewing

    with session(context).open() as kb:
        emit(reviewing.accuracy(kb.store, chosen.filters(query, kind=kind)), accuracy_view(), output)
