"""Scorecards as a picture, SVG or PNG: how often stated probabilities came about, and hit rates with their intervals.

The same cards give the same bytes. matplotlib is an extra, imported when something is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from kb.errors import ExportError
from kb.scores import calibration
from kb.types import Scorecard

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, ROW, LEAST_HEIGHT = 10.0, 0.3, 4.5
"""Inches: the picture's width, and the height of a line and of everything."""
MOST_LINES = 40
"""Speakers drawn; more cannot be read."""
DOTS_PER_INCH = 120

STYLE: Any = {
    "svg.hashsalt": "onrecord",  # else the ids in an SVG are random
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",  # comes with matplotlib, so it is the same everywhere
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.dpi": DOTS_PER_INCH,
}
NO_DATE = {"svg": {"Date": None, "Creator": "onrecord"}, "png": {"Software": "onrecord"}}


def write(cards: Sequence[Scorecard], out: BinaryIO, *, format: str) -> None:  # noqa: A002
    """Draw ``cards``, the first ``MOST_LINES`` that have a hit rate, as ``svg`` or ``png``.

    Raises ExportError without matplotlib.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ExportError(f"plots need the package {error.name}: pip install 'onrecord[charts]'") from error
    scored = [card for card in cards if card.scored][:MOST_LINES]
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, max(LEAST_HEIGHT, ROW * len(scored) + 1.5)), layout="constrained")
        left, right = figure.subplots(1, 2)
        draw_reliability(left, cards)
        draw_hit_rates(right, scored)
        figure.savefig(out, format=format, metadata=NO_DATE[format])


def draw_reliability(axes: Axes, cards: Sequence[Scorecard]) -> None:
    """A point for each bin of probabilities, over all cards, with its n and interval; on the diagonal is perfect."""
    bins = calibration([pair for card in cards if card.forecasts for pair in card.forecasts.pairs])
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, linestyle="--")
    for bin_ in bins:
        low, high = bin_.interval
        axes.plot([bin_.stated, bin_.stated], [low, high], color="C0", linewidth=1.5)
        axes.plot([bin_.stated], [bin_.happened], color="C0", marker="o")
        axes.annotate(f"n = {bin_.n}", (bin_.stated, bin_.happened), (6, -10), textcoords="offset points", fontsize=8)
    axes.set(title="Stated probabilities", xlabel="stated", ylabel="came about", xlim=(0, 1), ylim=(-0.02, 1.02))
    if not bins:
        axes.text(0.5, 0.5, "no probabilities", ha="center", color="0.4")


def draw_hit_rates(axes: Axes, cards: Sequence[Scorecard]) -> None:
    """A line for each card, the best on top: hit rate, 95 % interval and n."""
    names = [f"{card.speaker}{f', {card.part}' if card.part else ''} (n = {card.scored})" for card in cards]
    for place, card in enumerate(cards):
        axes.plot([card.low or 0, card.high or 0], [place, place], color="C0", linewidth=1.5)
        axes.plot([card.hit_rate or 0], [place], color="C0", marker="o")
    axes.set_yticks(range(len(cards)), names, parse_math=False)
    axes.set(title="Hit rate, 95 % interval", xlim=(-0.02, 1.02), ylim=(max(len(cards), 1) - 0.5, -0.5))
    if not cards:
        axes.text(0.5, 0, "no outcomes", ha="center", color="0.4")
