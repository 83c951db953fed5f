"""How good a speaker's predictions are: hit rate with an interval, and squared error of stated probabilities. Pure."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable

from kb.types import Scorecard, StatementRow, Verdict

HITS: frozenset[Verdict] = frozenset({"true", "mostly"})
SCORED: frozenset[Verdict] = HITS | {"late", "false"}
"""The rest (unclear, void, unverifiable) is counted and shown, but says nothing for or against the speaker."""

Z_95 = 1.959964
"""The 97.5 % point of the normal distribution: a two-sided 95 % interval."""


def wilson(hits: int, n: int, z: float = Z_95) -> tuple[float, float] | None:
    """Interval in which the true rate behind ``hits`` of ``n`` lies; None when n is 0.

    Wilson's score interval (E. B. Wilson, JASA 22, 1927, 209-212): unlike the textbook interval it stays within 0 to
    1 and is not empty when all or none are hits, which is usual with the few predictions a speaker has.
    """
    if n == 0:
        return None
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} hits of {n}")
    rate = hits / n
    scale = 1 + z * z / n
    middle = (rate + z * z / (2 * n)) / scale
    margin = z * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) / scale
    # The ends are exact where all or none are hits; floating point would miss them by a hair.
    low = 0.0 if hits == 0 else middle - margin
    high = 1.0 if hits == n else middle + margin
    return low, high


def brier(pairs: Iterable[tuple[float, bool]]) -> float | None:
    """Mean of (probability - outcome)^2: 0 is perfect, 0.25 always says 50 %, 1 is always wrong; None without pairs.

    The one-sided form for yes-or-no outcomes; Brier's own (Monthly Weather Review 78, 1950, 1-3) sums over both
    outcomes and is twice this.
    """
    errors = [(probability - happened) ** 2 for probability, happened in pairs]
    return math.fsum(errors) / len(errors) if errors else None


def scorecard(speaker: str, rows: Iterable[StatementRow], today: dt.date) -> Scorecard:
    """The record of ``speaker`` over ``rows``: predictions and commitments that no reviewer rejected.

    The last outcome of each counts. A prediction is due once ``today`` has reached the last day of its horizon,
    whether or not it is resolved.
    """
    predictions = [row for row in rows if row.kind in ("prediction", "commitment") and row.review != "rejected"]
    counts = Counter(row.outcome.verdict for row in predictions if row.outcome)
    hits = sum(counts[verdict] for verdict in HITS)
    scored = sum(counts[verdict] for verdict in SCORED)
    low, high = wilson(hits, scored) or (None, None)
    return Scorecard(
        speaker=speaker,
        predictions=len(predictions),
        due=sum(_is_due(row, today) for row in predictions),
        counts=dict(counts),
        hits=hits,
        scored=scored,
        hit_rate=hits / scored if scored else None,
        low=low,
        high=high,
        brier=brier(pair for row in predictions if (pair := _probability_and_outcome(row))),
    )


def _is_due(row: StatementRow, today: dt.date) -> bool:
    return row.horizon is not None and row.horizon.latest is not None and row.horizon.latest <= today


def _probability_and_outcome(row: StatementRow) -> tuple[float, bool] | None:
    """The middle of the stated probability range and whether it happened; None when either is missing."""
    if row.p_low is None or row.p_high is None or row.outcome is None or row.outcome.verdict not in SCORED:
        return None
    return (row.p_low + row.p_high) / 2, row.outcome.verdict in HITS
