"""kb evidence, kb resolve: what may settle a prediction, and recording how it turned out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, get_args

import typer

from kb.cli.options import OutputOptions, day_option, grouped, verdict
from kb.cli.output import counted, emit
from kb.cli.score_views import evidence_view
from kb.cli.session import session
from kb.types import Verdict


@grouped
def evidence(
    context: typer.Context,
    *,
    statement_id: Annotated[int, typer.Argument(metavar="ID", help="The prediction's number.")],
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many passages.")] = 5,
    output: OutputOptions,
) -> None:
    """Suggest later passages that may settle a prediction.

    From documents published after it was said, with figures compared where there are any. Nothing is resolved by it:
    kb resolve does that.

    Example: kb evidence 12
    """
    with session(context).open() as kb:
        emit(kb.suggest_evidence(statement_id, limit=limit), evidence_view(), output)


def resolve(
    context: typer.Context,
    statement_id: Annotated[int, typer.Argument(metavar="ID", help="The statement's number.")],
    verdict: Annotated[
        str,
        typer.Argument(parser=verdict, metavar="VERDICT", help=f"How it turned out: {', '.join(get_args(Verdict))}."),
    ],
    evidence: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DOC:QUOTE|URL",
            help="A document's number and its words, or an address: URL|words|date; repeatable.",
        ),
    ] = None,
    known_on: Annotated[dt.date | None, day_option("The day the outcome became known; default: today.")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why this verdict.")] = "",
) -> None:
    """Record how a prediction turned out, with evidence.

    The verdict is about what was foretold: for "a 30 % chance of rain" and "rain is unlikely", true means that it
    rained. late: it came true after the due date. void: its condition never held. Outcomes are never overwritten: a
    second one is added and counts from then on. Commitments have outcomes too.

    Example: kb resolve 12 true --evidence "7:The 1,000th machine left the factory" --known-on 2024-06-20
    """
    with session(context).open() as kb:
        outcome = kb.resolve(statement_id, verdict, evidence=tuple(evidence or ()), known_on=known_on, reason=reason)
    evidenced = f"{counted(len(outcome.evidence), 'piece')} of evidence"
    typer.echo(f"statement {statement_id}: {outcome.verdict}, known on {outcome.known_on}, {evidenced}")
