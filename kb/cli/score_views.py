"""How scorecards and suggested evidence look: as a table, as CSV columns, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from exports.wording import VERDICTS
from kb.cli.output import View
from kb.cli.views import new_table
from kb.types import Ends, Scorecard, SuggestedEvidence, Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

PLAIN = ("rank", "speaker", "part", "predictions", "due", "scored", "hits", "hit_rate", "low", "high", "shrunk")
FORECAST = ("brier", "log", "skill")


def score_view() -> View[Scorecard]:
    """Scorecards: counts, hit rate with its interval, and n beside every rate."""

    def table(rows: Sequence[Scorecard]) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        warnings = [f"{_name(row)}: {warning}" for row in rows for warning in row.warnings]
        return Group(_table(rows), *(Text(line, style="dim") for line in warnings))

    return View(
        table=table,
        columns={
            **{name: attrgetter(name) for name in PLAIN},
            "forecasts": lambda row: row.forecasts.n if row.forecasts else 0,
            **{f"{score}_{end}": partial(_end, score, end) for score in FORECAST for end in ("low", "mid", "high")},
            **{v: partial(_count, v) for v in VERDICTS},
            "warnings": lambda row: " | ".join(row.warnings),
        },
        extra={"brier": lambda row: row.brier},
        nothing="no speaker with predictions fits",
    )


def _table(rows: Sequence[Scorecard]) -> Table:
    headers = ("rank", "speaker", "foretold", "outcomes", "hit rate and\n95 % interval", "probabilities")
    table = new_table(*headers)
    for row in rows:
        outcomes = ", ".join(f"{row.counts[v]} {v}" for v in VERDICTS if row.counts.get(v))
        table.add_row(
            str(row.rank or ""),
            _name(row),
            f"{row.predictions}\n{row.due} due",
            outcomes or "none",
            hit_rate(row),
            forecasts(row),
        )
    return table


def _name(row: Scorecard) -> str:
    return f"{row.speaker}, {row.part}" if row.part else row.speaker


def hit_rate(row: Scorecard) -> str:
    """The share of hits with n, below it the interval, and the share drawn towards everybody's."""
    if not row.scored:
        return "n = 0"
    interval = f"{percent(row.low)} to {percent(row.high)}"
    return f"{percent(row.hit_rate)} (n = {row.scored})\n{interval}\nshrunk {percent(row.shrunk)}"


def forecasts(row: Scorecard) -> str:
    """Scores of stated probabilities: at their middle, and in brackets at their lower and upper ends."""
    if row.forecasts is None:
        return ""
    lines = [f"n = {row.forecasts.n}", f"Brier {_ends(row.forecasts.brier)}", f"log {_ends(row.forecasts.log)}"]
    if row.forecasts.skill:
        lines.append(f"skill {_ends(row.forecasts.skill)}")
    return "\n".join(lines)


def _ends(score: Ends) -> str:
    at_middle = f"{score.mid:.3f}"
    return at_middle if score.low == score.mid == score.high else f"{at_middle} ({score.low:.3f}, {score.high:.3f})"


def _end(score: str, end: str, row: Scorecard) -> float | None:
    ends: Ends | None = getattr(row.forecasts, score) if row.forecasts else None
    value: float | None = getattr(ends, end) if ends else None
    return value


def _count(verdict: Verdict, row: Scorecard) -> int:
    return row.counts.get(verdict, 0)


def percent(share: float | None) -> str:
    """A share between 0 and 1 as a whole percentage."""
    return "" if share is None else f"{share:.0%}"


def evidence_view() -> View[SuggestedEvidence]:
    """Passages that may settle a prediction, each with what it says of the figures and why it was found."""

    def table(rows: Sequence[SuggestedEvidence]) -> Table:
        table = new_table("document", "published", "passage")
        for row in rows:
            where = "\n".join(filter(None, (f"{row.published_at:%Y-%m-%d}", row.publisher)))
            notes = filter(None, (row.comparison, "; ".join(row.reasons)))
            table.add_row(str(row.document_id), where, "\n".join([f"“{' '.join(row.passage.split())}”", *notes]))
            table.add_section()
        return table

    plain_columns = ("document_id", "published_at", "publisher", "title", "url", "passage", "start", "end")
    return View(
        table=table,
        columns={
            **{name: attrgetter(name) for name in (*plain_columns, "score", "direction", "comparison")},
            "reasons": lambda row: " | ".join(row.reasons),
        },
        extra={},
        nothing="no later document says anything like it",
    )
