"""kb resolve: recording how a prediction turned out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from kb.cli.options import day_option
from kb.cli.output import counted
from kb.cli.session import session
from kb.types import Verdict


def resolve(
    context: typer.Context,
    statement_id: Annotated[int, typer.Argument(metavar="ID", help="The statement's number.")],
    verdict: Annotated[
        Verdict,
        typer.Argument(metavar="VERDICT", help="How it turned out."),
    ],
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="DOC:QUOTE|URL", help="A document's number and its words, or an address; repeatable."),
    ] = None,
    known_on: Annotated[dt.date | None, day_option("The day the outcome became known; default: today.")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why this verdict.")] = "",
) -> None:
    """Record how a prediction turned out, with evidence.

    Commitments have outcomes too. Outcomes are never overwritten: a second one is added and counts from then on.

    Example: kb resolve 12 true --evidence "7:The 1,000th machine left the factory" --known-on 2024-06-20
    """
    with session(context).open() as kb:
        outcome = kb.resolve(statement_id, verdict, evidence=tuple(evidence or ()), known_on=known_on, reason=reason)
    evidenced = f"{counted(len(outcome.evidence), 'piece')} of evidence"
    typer.echo(f"statement {statement_id}: {outcome.verdict}, known on {outcome.known_on}, {evidenced}")
