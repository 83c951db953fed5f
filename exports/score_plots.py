"""Scorecards as a picture, SVG or PNG: how often stated probabilities came about, and hit rates with their intervals.

The same cards give the same bytes. matplotlib is an extra, imported when something is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from kb.errors import ExportError
from kb.scores import LEAST_IN_BIN, LEAST_RANKED, calibration
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
NO_DATE: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": "onrecord"},
    "png": {"Software": "onrecord"},
}

"""Metadata without the day of drawing."""

FIRM, FEW = "C0", "0.6"
"""Colours: of what enough outcomes stand behind, and of the rest."""


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
    """A point for each bin of probabilities, over all cards, with its n and interval; on the diagonal is perfect.

    Strokes at the bottom are the single probabilities.
    """
    pairs = [pair for card in cards if card.forecasts for pair in card.forecasts.pairs]
    for bin_ in calibration(pairs):
        _draw_share(axes, (bin_.stated, bin_.happened), bin_.interval, n=bin_.n)
    axes.set_title("How often stated probabilities came about", loc="left", fontsize=10)
    axes.set(xlabel="stated", ylabel="came about", xlim=(-0.02, 1.02), ylim=(-0.04, 1.02), aspect="equal")
    axes.xaxis.set_major_formatter(percent)
    axes.yaxis.set_major_formatter(percent)
    if pairs:
        axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, linestyle="--", zorder=0)
        axes.plot([stated for stated, _ in pairs], [-0.03] * len(pairs), "|", color="0.4", markersize=6, alpha=0.5)
    else:
        axes.text(0.5, 0.5, "no probabilities", ha="center", color="0.4")


def _draw_share(axes: Axes, at: tuple[float, float], interval: tuple[float, float], *, n: int) -> None:
    colour = FIRM if n >= LEAST_IN_BIN else FEW
    axes.plot([at[0], at[0]], interval, color=colour, linewidth=1.5)
    axes.plot([at[0]], [at[1]], color=colour, marker="o")
    axes.annotate(f"n = {n}", at, (6, -10), textcoords="offset points", fontsize=8)


def draw_hit_rates(axes: Axes, cards: Sequence[Scorecard]) -> None:
    """A line for each card, the best on top: hit rate, 95 % interval and n; grey where n is too few to rank."""
    names = [f"{card.speaker}{f', {card.part}' if card.part else ''} (n = {card.scored})" for card in cards]
    for place, card in enumerate(cards):
        colour = FIRM if card.scored >= LEAST_RANKED else FEW
        axes.plot([card.low or 0, card.high or 0], [place, place], color=colour, linewidth=1.5)
        axes.plot([card.hit_rate or 0], [place], color=colour, marker="o")
    axes.set_yticks(range(len(cards)), names, parse_math=False)
    axes.set_title("Hit rate and 95 % interval", loc="left", fontsize=10)
    axes.set(xlim=(-0.02, 1.02), ylim=(max(len(cards), 1) - 0.5, -0.5), xlabel=f"grey: n below {LEAST_RANKED}")
    axes.xaxis.set_major_formatter(percent)
    if not cards:
        axes.text(0.5, 0, "no outcomes", ha="center", color="0.4")


def percent(share: float, _place: float = 0) -> str:
    """How an axis names a share."""
    return f"{share * 100:.0f} %"
