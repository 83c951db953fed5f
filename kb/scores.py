"""How good a speaker's predictions are: hit rate with an interval, errors of stated probabilities, calibration. Pure.

A verdict tells whether what was foretold came about: for "a 30 % chance of rain" and "rain is unlikely" that is rain.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.types import CalibrationBin, Ends, ForecastScore, Judged, Scorecard, Verdict

HITS: frozenset[Verdict] = frozenset({"true", "mostly"})
SCORED: frozenset[Verdict] = HITS | {"late", "false"}
"""The rest (unclear, void, unverifiable) is counted and shown, but says nothing for or against the speaker."""

Z_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution: a two-sided 95 % interval."""

CLIP = 0.001
"""Probabilities nearer to 0 or 1 count as this in the log score, else one mistake makes it infinite; Metaculus allows
0.1 % to 99.9 %."""

BINS = 10
LEAST_IN_BIN = 5
"""Neighbouring bins are joined until each has so many: a share of fewer says little."""

LEAST_RANKED = 5
"""Scored predictions from which on a speaker is ranked: 5 of 5 have an interval from 57 %, 3 of 3 one from 44 %."""

PRIOR_N = 5
"""Everybody's hit rate weighs like so many predictions in a shrunk one: as many as it takes to be ranked."""

Pair = tuple[float, bool]
"""A probability, and whether what it was given to came about."""


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


def shrunk(hits: int, n: int, everybody: float) -> float:
    """The hit rate as if ``PRIOR_N`` more predictions had come true as often as everybody's: (k + C m) / (n + C)."""
    return (hits + PRIOR_N * everybody) / (n + PRIOR_N)


def brier(pairs: Sequence[Pair]) -> float | None:
    """Mean of (probability - outcome)^2: 0 is perfect, 0.25 always says 50 %, 1 is always wrong; None without pairs.

    The one-sided form for yes-or-no outcomes; Brier's own (Monthly Weather Review 78, 1950, 1-3) sums over both
    outcomes and is twice this.
    """
    errors = [(probability - happened) ** 2 for probability, happened in pairs]
    return math.fsum(errors) / len(errors) if errors else None


def log_score(pairs: Sequence[Pair]) -> float | None:
    """Mean natural logarithm of the probability given to what happened: 0 is perfect; None without pairs."""
    given = (probability if happened else 1 - probability for probability, happened in pairs)
    logs = [math.log(min(max(probability, CLIP), 1 - CLIP)) for probability in given]
    return math.fsum(logs) / len(logs) if logs else None


def skill(pairs: Sequence[Pair], base: float) -> float | None:
    """How much of the Brier score of always saying ``base`` is saved: 1 is perfect, 0 no better, negative worse.

    None without pairs, or where ``base`` was right every time.
    """
    error = brier(pairs)
    happened = sum(outcome for _, outcome in pairs)
    reference = happened * (1 - base) ** 2 + (len(pairs) - happened) * base**2
    return 1 - error * len(pairs) / reference if error is not None and reference else None


def calibration(pairs: Sequence[Pair], *, bins: int = BINS, least: int = LEAST_IN_BIN) -> tuple[CalibrationBin, ...]:
    """Bins of equal width over 0 to 1 that have a probability, neighbours joined until each has ``least`` of them.

    What is left over at the upper end joins the last bin, so only a single bin can have fewer. A probability on an
    edge belongs to the bin below, as in scikit-learn.
    """
    groups: list[tuple[float, float, list[Pair]]] = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [pair for pair in pairs if (low < pair[0] or number == 0) and pair[0] <= high]
        if groups and len(groups[-1][2]) < least:
            below, _, held = groups.pop()
            groups.append((below, high, held + inside))
        elif inside:
            groups.append((low, high, inside))
    if len(groups) > 1 and len(groups[-1][2]) < least:
        _, high, left = groups.pop()
        low, _, held = groups.pop()
        groups.append((low, high, held + left))
    return tuple(_bin(low, high, held) for low, high, held in groups)


def _bin(low: float, high: float, pairs: Sequence[Pair]) -> CalibrationBin:
    happened = sum(outcome for _, outcome in pairs)
    n = len(pairs)
    interval = wilson(happened, n)
    assert interval is not None, "bins without a probability are left out"
    stated = math.fsum(p for p, _ in pairs) / n
    return CalibrationBin(low=low, high=high, n=n, stated=stated, happened=happened / n, interval=interval)


def forecast_score(judged: Sequence[Judged], base: float) -> ForecastScore | None:
    """Scores of those that have a probability and a verdict that counts; None when there are none.

    Too few for one full bin have no bins. ``base``: how often what others give a probability comes about.
    """
    ranges = [(j.p_low, j.p_high, j.verdict in HITS) for j in judged if j.verdict in SCORED]
    known = [(low, high, happened) for low, high, happened in ranges if low is not None and high is not None]
    if not known:
        return None
    ends = (
        [(low, happened) for low, _, happened in known],
        [((low + high) / 2, happened) for low, high, happened in known],
        [(high, happened) for _, high, happened in known],
    )
    error, log = _at(brier, ends), _at(log_score, ends)
    assert error, "there are pairs"
    assert log, "there are pairs"
    saved = _at(lambda pairs: skill(pairs, base), ends)
    bins = calibration(ends[1]) if len(known) >= LEAST_IN_BIN else ()
    return ForecastScore(n=len(known), brier=error, log=log, skill=saved, bins=bins, pairs=tuple(ends[1]))


def _at(score: Callable[[Sequence[Pair]], float | None], ends: Sequence[Sequence[Pair]]) -> Ends | None:
    if ends[0] == ends[2]:  # no probability is a range
        low = mid = high = score(ends[1])
    else:
        low, mid, high = map(score, ends)
    return None if low is None or mid is None or high is None else Ends(low=low, mid=mid, high=high)


def is_hit(judged: Judged) -> bool:
    """Whether the speaker was right: it came about, or it did not and had been given less than 50 %."""
    expected = judged.p_low is None or judged.p_high is None or judged.p_low + judged.p_high >= 1
    return (judged.verdict in HITS) == expected


@dataclass(frozen=True, slots=True)
class Pool:
    """Counts over many predictions: what a speaker is compared with."""

    hits: int = 0
    scored: int = 0
    happened: int = 0
    """Of those with a probability."""
    stated: int = 0
    """Scored ones with a probability."""

    def __add__(self, other: Pool) -> Pool:
        return Pool(
            self.hits + other.hits,
            self.scored + other.scored,
            self.happened + other.happened,
            self.stated + other.stated,
        )

    def without(self, own: Pool) -> Pool:
        """The pool but for one speaker's part of it."""
        return Pool(
            self.hits - own.hits, self.scored - own.scored, self.happened - own.happened, self.stated - own.stated
        )

    @property
    def hit_rate(self) -> float:
        """One half where nothing is known."""
        return self.hits / self.scored if self.scored else 0.5

    @property
    def base_rate(self) -> float:
        """How often what was given a probability came about; one half where nothing is known."""
        return self.happened / self.stated if self.stated else 0.5


def pool(judged: Iterable[Judged]) -> Pool:
    """Counts over ``judged``."""
    scored = [j for j in judged if j.verdict in SCORED]
    stated = [j.verdict in HITS for j in scored if j.p_low is not None]
    return Pool(sum(map(is_hit, scored)), len(scored), sum(stated), len(stated))


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """How many predictions there are, resolved or not, and how many of them had reached their last day by ``today``."""

    predictions: int
    due: int
    today: dt.date


def scorecard(
    speaker: str,
    judged: Sequence[Judged],
    foretold: Foretold,
    *,
    everybody: Pool | None = None,
    part: str | None = None,
    rank: int | None = None,
) -> Scorecard:
    """The record of ``speaker``: ``judged`` holds each resolved prediction once, with the verdict that counts.

    ``everybody``: all speakers, this one among them; None when nobody else is known. ``rank`` is left out where too few
    are scored.
    """
    if not judged:
        return Scorecard(speaker=speaker, part=part, predictions=foretold.predictions, due=foretold.due)
    own = pool(judged)
    others = (everybody or own).without(own)
    low, high = wilson(own.hits, own.scored) or (None, None)
    return Scorecard(
        speaker=speaker,
        part=part,
        rank=rank if own.scored >= LEAST_RANKED else None,
        predictions=foretold.predictions,
        due=foretold.due,
        counts=dict(Counter(j.verdict for j in judged)),
        hits=own.hits,
        scored=own.scored,
        hit_rate=own.hits / own.scored if own.scored else None,
        low=low,
        high=high,
        shrunk=shrunk(own.hits, own.scored, others.hit_rate) if own.scored else None,
        forecasts=forecast_score(judged, others.base_rate) if own.stated else None,
        warnings=tuple(_warnings(judged, own.scored, foretold)) if own.scored else (),
    )


def _warnings(judged: Sequence[Judged], scored: int, foretold: Foretold) -> Iterator[str]:
    """Why the scores may mislead: few outcomes, early ones, due predictions that nobody resolved."""
    early = sum(j.verdict in SCORED and j.latest is not None and j.known_on < j.latest for j in judged)
    resolved = sum(j.latest is not None and j.latest <= foretold.today for j in judged)
    if scored < LEAST_RANKED:
        yield f"n = {scored} is too few to rank; {LEAST_RANKED} are needed"
    if early and foretold.predictions > len(judged):
        yield f"{early} of {scored} were known before their last day: what is still open may end otherwise"
    if foretold.due > resolved:
        yield f"{foretold.due - resolved} of {foretold.due} due have no outcome: only resolved ones are scored"


def place(own: Pool) -> tuple[float, int]:
    """What speakers are ordered by, the best first: the lower end of the interval, for those with enough scored, then
    the number scored."""
    interval = wilson(own.hits, own.scored) if own.scored >= LEAST_RANKED else None
    return -interval[0] if interval else 1.0, -own.scored
