"""``kb export chart``: a timeline or moved dates as a picture, and the two of ``exports.score_plots`` one by one.

SVG or PNG; the same rows give the same bytes under one version of matplotlib, which is an extra.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO, Literal

from exports.rows import in_order, links_in_order, statements_in_order
from exports.score_plots import (
    LEAST_HEIGHT,
    MOST_LINES,
    NO_DATE,
    ROW,
    STYLE,
    WIDTH,
    draw_hit_rates,
    draw_reliability,
)
from exports.vis_timeline import days_of
from exports.wording import UNKNOWN_SPEAKER, VERDICTS, shorten
from kb.errors import ExportError
from kb.text import clean_text
from kb.types import Scorecard, StatementRow, TimelineEntry

ScoreKind = Literal["calibration", "hitrate"]
"""Charts of scorecards."""
EntryKind = Literal["timeline", "slips"]
"""Charts of timeline entries."""
Image = Literal["svg", "png"]
Axes = Any
"""matplotlib's own type takes no dates, which its methods do."""

LABEL_WIDTH = 60
"""Characters of a statement beside its line."""

LOWEST = 2.0
"""Inches: the least height of a picture of lines."""

MARKS: dict[str, tuple[str, str]] = {
    "true": ("P", "#1d6136"),
    "mostly": ("p", "#1d6136"),
    "late": ("D", "#744c00"),
    "false": ("X", "#97271c"),
    "unclear": ("s", "#57524a"),
    "void": ("_", "#57524a"),
    "unverifiable": ("v", "#57524a"),
}
"""Verdict -> marker and colour; no two verdicts differ by colour alone."""


def write_scores(kind: ScoreKind, cards: Sequence[Scorecard], out: BinaryIO, *, title: str, image: Image) -> int:
    """Draw scorecards, hit rates of the first ``MOST_LINES``; returns how many are drawn.

    Raises ExportError without matplotlib.
    """
    every = [card for card in cards if card.scored]
    scored = every[:MOST_LINES]
    if kind == "calibration":
        _draw(out, lambda axes: draw_reliability(axes, cards), title=title, image=image, lines=0)
        return sum(card.forecasts is not None for card in cards)
    title = _first(title, len(scored), len(every))
    _draw(out, lambda axes: draw_hit_rates(axes, scored), title=title, image=image, lines=len(scored))
    return len(scored)


def write_entries(kind: EntryKind, entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str, image: Image) -> int:
    """Draw a timeline; returns how many statements are drawn. Raises ExportError without matplotlib.

    ``timeline``: statements with a date, a line each. ``slips``: chains of predictions whose date was moved, when it
    was said against when it was due. Of either the first ``MOST_LINES``; the title says so when there are more.
    """
    ordered = in_order(entries)
    if kind == "slips":
        moved = _chains(ordered)
        chains = moved[:MOST_LINES]
        title = _first(title, len(chains), len(moved))
        _draw(out, lambda axes: _draw_slips(axes, chains), title=title, image=image, lines=0)
        return sum(map(len, chains))
    dated = [row for row in statements_in_order(ordered) if row.said_on]
    rows = dated[:MOST_LINES]
    title = _first(title, len(rows), len(dated))
    _draw(out, lambda axes: _draw_timeline(axes, rows), title=title, image=image, lines=len(rows))
    return len(rows)


def _first(title: str, drawn: int, total: int) -> str:
    return f"{title} (the first {drawn} of {total:,})" if drawn < total else title


def _draw(out: BinaryIO, draw: Callable[[Axes], None], *, title: str, image: Image, lines: int) -> None:
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise ExportError(f"charts need the package {error.name}: pip install 'onrecord[charts]'") from error
    with rc_context(STYLE):
        figure = Figure(
            figsize=(WIDTH, max(LOWEST, ROW * lines + 1.5) if lines else LEAST_HEIGHT), layout="constrained"
        )
        draw(figure.subplots())
        figure.suptitle(_plain(title), x=0.01, ha="left", parse_math=False)
        figure.savefig(out, format=image, metadata={**NO_DATE[image], "Title": _plain(title)})


def _draw_timeline(axes: Axes, rows: Sequence[StatementRow]) -> None:
    for place, row in enumerate(rows):
        said, said_to = days_of(row.said_on or "")
        axes.plot([said, said_to], [place, place], color="C0", linewidth=5, alpha=0.4, solid_capstyle="round")
        axes.plot([said], [place], color="C0", marker="o", markersize=5)
        if row.horizon and row.horizon.latest:
            opens, due = row.horizon.earliest or row.horizon.latest, row.horizon.latest
            axes.plot([said, due], [place, place], color="0.75", linewidth=1, zorder=0)
            axes.plot([opens, due], [place, place], color="0.45", linewidth=3, alpha=0.6, zorder=1)
            axes.plot([due], [place], color="0.3", marker="|", markersize=11)
        if row.outcome:
            marker, colour = MARKS[row.outcome.verdict]
            axes.plot([row.outcome.known_on], [place], color=colour, marker=marker, markersize=7, zorder=3)
            axes.annotate(
                VERDICTS[row.outcome.verdict][0],
                (row.outcome.known_on, place),
                (5, 5),
                textcoords="offset points",
                fontsize=7,
                color=colour,
            )
    labels = [shorten(f"{row.speaker or UNKNOWN_SPEAKER}: {row.text}", LABEL_WIDTH) for row in rows]
    axes.set_yticks(range(len(rows)), [_plain(label) for label in labels], parse_math=False, fontsize=8)
    axes.set(
        ylim=(max(len(rows), 1) - 0.5, -0.5), xlabel="● said    ▬ can come true    | last day    ✚ known, by verdict"
    )
    _when(axes, rows)


def _draw_slips(axes: Axes, chains: Sequence[Sequence[StatementRow]]) -> None:
    for chain in chains:
        said = [days_of(row.said_on or "")[0] for row in chain]
        due = [row.horizon.latest for row in chain if row.horizon and row.horizon.latest]
        axes.plot(said, due, marker="o", linewidth=1.2)
        label = _plain(shorten(f"{chain[-1].speaker or UNKNOWN_SPEAKER}: {chain[-1].text}", LABEL_WIDTH))
        axes.annotate(label, (said[-1], due[-1]), (6, 3), textcoords="offset points", fontsize=8, parse_math=False)
    axes.set(xlabel="said", ylabel="last day")
    if chains:
        days = sorted(days_of(row.said_on or "")[0] for chain in chains for row in chain)
        axes.plot([days[0], days[-1]], [days[0], days[-1]], color="0.7", linewidth=1, linestyle="--")
        axes.annotate(
            "due when said", (days[-1], days[-1]), (6, -4), textcoords="offset points", fontsize=8, color="0.4"
        )
        axes.margins(x=0.3, y=0.1)
    else:
        _when(axes, chains, "no date was moved")


def _when(axes: Axes, drawn: Sequence[Any], otherwise: str = "no statement with a date") -> None:
    """Say that there is nothing where there is nothing."""
    if not drawn:
        axes.set(xticks=[], yticks=[], xlabel="", ylabel="")
        axes.text(0.5, 0.5, otherwise, ha="center", color="0.4", transform=axes.transAxes)


def _chains(ordered: list[TimelineEntry]) -> list[list[StatementRow]]:
    """Predictions joined by slips, the first one first; each chain has at least two, all with both dates."""
    rows = {row.fingerprint: row for row in statements_in_order(ordered)}
    dated = {key for key, row in rows.items() if row.said_on and row.horizon and row.horizon.latest}
    links = [(later, earlier) for later, relation, earlier in links_in_order(ordered) if relation == "slips"]
    before = {later: earlier for later, earlier in links if later in dated and earlier in dated}
    chains = []
    for last in [key for key in rows if key in before and key not in before.values()]:
        chain = [last]
        while chain[-1] in before and before[chain[-1]] not in chain:
            chain.append(before[chain[-1]])
        chains.append([rows[key] for key in reversed(chain)])
    return chains


def _plain(text: str) -> str:
    return " ".join(clean_text(text).split())
