"""kb scores: how good speakers are at foretelling."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, get_args

import typer

from exports.files import open_output
from kb.cli.options import OutputOptions, day_option, grouped
from kb.cli.questions import PAGE, emit_page
from kb.cli.score_views import score_view
from kb.cli.session import session
from kb.errors import ConfigError
from kb.types import ScorePart

PLOTS = (".svg", ".png")


def plot_file(text: str) -> Path:
    """Check that ``text`` names a file of a kind that can be drawn."""
    path = Path(text)
    if path.suffix.lower() not in PLOTS:
        raise ConfigError(f"{text!r} must end in {' or '.join(PLOTS)}")
    return path


@grouped
def scores(
    context: typer.Context,
    *,
    by: Annotated[str | None, typer.Option(metavar="SPEAKER", help="Id, name or part of a name.")] = None,
    topic: Annotated[str | None, typer.Option(metavar="WORDS", help="Only predictions about this.")] = None,
    per: Annotated[
        ScorePart | None, typer.Option(metavar="PART", help=f"One line for every {', '.join(get_args(ScorePart))}.")
    ] = None,
    min_n: Annotated[int, typer.Option(min=0, metavar="N", help="Only those with so many scored outcomes.")] = 0,
    as_of: Annotated[dt.date | None, day_option("The scores as they stood on that day.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="At most so many lines.")] = None,
    plot: Annotated[
        Path | None, typer.Option(parser=plot_file, metavar="FILE", help="Also draw them, as .svg or .png.")
    ] = None,
    output: OutputOptions,
) -> None:
    """Show how speakers' predictions turned out.

    With n and a 95 % interval beside every rate. Outcomes that are unclear, void or unverifiable count neither for nor
    against; a prediction that was repeated counts once. Ranked by the lower end of the interval, from 5 outcomes on.

    Example: kb scores --min-n 5 --plot scores.svg
    """
    most = PAGE + 1 if output.is_table and limit is None else limit
    with session(context).open() as kb:
        cards = kb.scores(by=by, topic=topic, min_n=min_n, per=per, as_of=as_of, limit=most)
        if plot:
            with open_output(plot) as out:
                kb.plot_scores(cards, out, format=plot.suffix.lower().removeprefix("."))
    emit_page(cards, score_view(), output, limit)
