"""Scores: known values, the edges of small numbers, and what counts for whom."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kb.scores import (
    CLIP,
    LEAST_IN_BIN,
    SCORED,
    Foretold,
    Pool,
    brier,
    calibration,
    log_score,
    place,
    pool,
    scorecard,
    skill,
    wilson,
)
from kb.types import Judged, Verdict

TODAY = dt.date(2026, 1, 1)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def made(
    verdict: Verdict = "true",
    *,
    number: int = 1,
    p: tuple[float, float] | None = None,
    latest: str | None = "2025-12-31",
    known_on: str = "2026-01-01",
) -> Judged:
    return Judged(
        statement_id=number,
        speaker_id=1,
        verdict=verdict,
        known_on=dt.date.fromisoformat(known_on),
        said_on="2024-12-03",
        latest=dt.date.fromisoformat(latest) if latest else None,
        p_low=p[0] if p else None,
        p_high=p[1] if p else None,
    )


def card(judged: Sequence[Judged], *, predictions: int | None = None, due: int = 0, others: Sequence[Judged] = ()):
    foretold = Foretold(predictions=len(judged) if predictions is None else predictions, due=due, today=TODAY)
    return scorecard("Dana Whitlock", judged, foretold, everybody=pool([*judged, *others]))


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 1, 0, 0.79), (1, 1, 0.21, 1), (3, 4, 0.30, 0.95), (6, 10, 0.31, 0.83), (60, 100, 0.50, 0.69),
        (10, 10, 0.72, 1),
    ],
)  # fmt: skip
def test_wilson_gives_published_values(hits: int, n: int, low: float, high: float) -> None:
    interval = wilson(hits, n)
    assert interval is not None
    assert interval == pytest.approx((low, high), abs=0.006)


def test_wilson_of_nothing_is_unknown() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("hits", "n"), [(2, 1), (-1, 3)])
def test_wilson_refuses_impossible_counts(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="hits of"):
        wilson(hits, n)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_rate_and_mirrors(counts: tuple[int, int]) -> None:
    hits, n = counts
    interval, mirrored = wilson(hits, n), wilson(n - hits, n)
    assert interval is not None
    assert mirrored is not None
    assert 0 <= interval[0] <= hits / n <= interval[1] <= 1
    assert interval[0] == pytest.approx(1 - mirrored[1])


@given(st.integers(1, 100), st.integers(2, 20))
def test_more_of_the_same_narrows_the_interval(n: int, times: int) -> None:
    few, many = wilson(n, 2 * n), wilson(n * times, 2 * n * times)
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]


@pytest.mark.parametrize(
    ("pairs", "score"),
    [
        ([], None),
        ([(1.0, True)], 0.0),
        ([(1.0, False)], 1.0),
        ([(0.5, True), (0.5, False)], 0.25),
        ([(0.7, True), (0.7, False)], (0.09 + 0.49) / 2),
    ],
)
def test_brier(pairs: list[tuple[float, bool]], score: float | None) -> None:
    assert brier(pairs) == (None if score is None else pytest.approx(score))


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_brier_stays_between_0_and_1(pairs: list[tuple[float, bool]]) -> None:
    score = brier(pairs)
    assert score is not None
    assert 0 <= score <= 1


# --- equal to the libraries that statisticians use ---------------------------------------------------------------

SLOW_IMPORT = settings(deadline=None)
"""For the first example, which imports a library."""
COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
PAIRS = st.lists(st.tuples(st.integers(0, 97).map(lambda k: k / 97), st.booleans()), min_size=1, max_size=60)
"""Ninety-sevenths, because none is the edge of a bin."""


@SLOW_IMPORT
@given(COUNTS)
@example((0, 1))
@example((1, 1))
@example((10, 10))
def test_wilson_equals_statsmodels(counts: tuple[int, int]) -> None:
    from statsmodels.stats.proportion import proportion_confint

    assert wilson(*counts) == pytest.approx(proportion_confint(*counts, method="wilson"), abs=1e-12)


@SLOW_IMPORT
@given(PAIRS)
@example([(1.0, True)])
@example([(1.0, True), (0.0, False)])
def test_brier_and_log_score_equal_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    from sklearn.metrics import brier_score_loss, log_loss

    stated, happened = [p for p, _ in pairs], [outcome for _, outcome in pairs]
    assert brier(pairs) == pytest.approx(brier_score_loss(happened, stated, pos_label=True, labels=[False, True]))
    clipped = [min(max(p, CLIP), 1 - CLIP) for p in stated]
    assert log_score(pairs) == pytest.approx(-log_loss(happened, clipped, labels=[False, True]))


@SLOW_IMPORT
@given(PAIRS)
def test_skill_against_the_own_rate_equals_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    from sklearn.metrics import d2_brier_score

    happened = [outcome for _, outcome in pairs]
    assume(len(set(happened)) == 2)
    expected = d2_brier_score(happened, [p for p, _ in pairs], pos_label=True, labels=[False, True])
    assert skill(pairs, sum(happened) / len(happened)) == pytest.approx(expected)


@SLOW_IMPORT
@given(PAIRS)
def test_unjoined_bins_equal_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    from sklearn.calibration import calibration_curve

    happened, stated = calibration_curve([o for _, o in pairs], [p for p, _ in pairs], pos_label=True, n_bins=10)
    bins = calibration(pairs, least=1)
    assert [b.stated for b in bins] == pytest.approx(stated)
    assert [b.happened for b in bins] == pytest.approx(happened)


@given(PAIRS)
def test_bins_are_joined_until_each_has_enough(pairs: list[tuple[float, bool]]) -> None:
    bins = calibration(pairs)
    assert sum(b.n for b in bins) == len(pairs)
    assert all(b.n >= LEAST_IN_BIN for b in bins) or len(bins) == 1
    assert all(below.high <= above.low for below, above in pairwise(bins))
    assert all(b.low <= b.stated <= b.high for b in bins)
    assert all(b.interval == wilson(round(b.happened * b.n), b.n) for b in bins)


# --- probabilities -----------------------------------------------------------------------------------------------


def test_nothing_has_no_score() -> None:
    assert (brier([]), log_score([]), skill([], 0.5), calibration([])) == (None, None, None, ())
    assert card([]).forecasts is None


def test_no_mistake_is_infinitely_bad() -> None:
    assert log_score([(1.0, False)]) == pytest.approx(math.log(CLIP))
    assert log_score([(1.0, True)]) == pytest.approx(math.log(1 - CLIP))


def test_skill_is_what_is_saved_of_the_error_of_always_saying_the_base_rate() -> None:
    assert skill([(1.0, True), (0.0, False)], 0.5) == 1
    assert skill([(0.5, True), (0.5, False)], 0.5) == 0
    assert skill([(0.0, True)], 0.5) == -3
    assert skill([(1.0, True)], 1.0) is None


def test_ranges_are_scored_at_both_ends_and_in_the_middle() -> None:
    judged = [
        made("true", p=(0.6, 0.8)),
        made("late", p=(0.2, 0.2)),
        made("void", p=(0.9, 0.9)),
        made("false"),
    ]
    found = card(judged).forecasts
    assert found is not None
    assert found.n == 2
    ends = [(0.4**2 + 0.2**2) / 2, (0.3**2 + 0.2**2) / 2, (0.2**2 + 0.2**2) / 2]
    assert [found.brier.low, found.brier.mid, found.brier.high] == pytest.approx(ends)
    assert card(judged).brier == found.brier.mid
    assert found.pairs == ((0.7, True), (0.2, False))
    assert found.bins == ()


def test_the_base_rate_is_that_of_everybody_else() -> None:
    others = [made("true", p=(0.5, 0.5)), made("true", p=(0.5, 0.5)), made("true", p=(0.5, 0.5)), made("false")]
    own = card([made("false", p=(0.1, 0.1))], others=[*others, made("false", p=(0.5, 0.5))]).forecasts
    assert own is not None
    assert own.skill is not None
    assert own.skill.mid == pytest.approx(1 - 0.1**2 / 0.75**2)


# --- scorecards --------------------------------------------------------------------------------------------------


def test_a_scorecard_counts_hits_against_misses_only() -> None:
    found = card([made(verdict, number=i) for i, verdict in enumerate((*VERDICTS, "true"))])
    assert (found.predictions, found.hits, found.scored) == (8, 3, 5)
    assert found.hit_rate == pytest.approx(0.6)
    assert (found.low, found.high) == wilson(3, 5)
    assert found.counts == {**dict.fromkeys(VERDICTS, 1), "true": 2}


@pytest.mark.parametrize(
    ("verdict", "p", "hit"),
    [
        ("true", None, True),
        ("false", None, False),
        ("true", (0.6, 0.9), True),
        ("late", (0.6, 0.9), False),
        ("true", (0.2, 0.45), False),
        ("false", (0.2, 0.45), True),
        ("late", (0.1, 0.1), True),
        ("true", (0.5, 0.5), True),
    ],
)
def test_less_than_half_says_that_it_will_not_happen(verdict: Verdict, p: tuple[float, float], hit: bool) -> None:
    assert card([made(verdict, p=p)]).hits == hit


def test_a_scorecard_of_nobody_has_no_rate() -> None:
    found = card([])
    assert (found.predictions, found.due, found.scored, found.warnings) == (0, 0, 0, ())
    assert (found.hit_rate, found.low, found.high, found.brier, found.shrunk) == (None,) * 5


@given(st.lists(st.sampled_from(VERDICTS)))
def test_a_scorecard_adds_up(verdicts: list[Verdict]) -> None:
    found = card([made(verdict) for verdict in verdicts])
    assert sum(found.counts.values()) == found.predictions == len(verdicts)
    assert found.scored == sum(found.counts.get(verdict, 0) for verdict in SCORED)


def test_few_outcomes_are_drawn_towards_everybody() -> None:
    others = [made("true"), made("true"), made("true"), made("false")]
    assert card([made("true")], others=others).shrunk == pytest.approx((1 + 5 * 0.75) / 6)
    assert card([made("true")]).shrunk == pytest.approx((1 + 5 * 0.5) / 6)
    many = card([made("true")] * 1000, others=others).shrunk
    assert many == pytest.approx(1, abs=0.01)


def test_speakers_are_placed_by_the_lower_end_once_they_have_enough() -> None:
    pools = {
        "ten of ten": Pool(10, 10),
        "five of five": Pool(5, 5),
        "sixty of hundred": Pool(60, 100),
        "none of five": Pool(0, 5),
        "four of four": Pool(4, 4),
        "nothing": Pool(),
    }
    expected = ["ten of ten", "five of five", "sixty of hundred", "none of five", "four of four", "nothing"]
    lows = [wilson(10, 10), wilson(5, 5), wilson(60, 100)]
    assert [low for low, _ in filter(None, lows)] == sorted((low for low, _ in filter(None, lows)), reverse=True)
    assert sorted(pools, key=lambda name: place(pools[name])) == expected


def test_warnings_tell_what_may_mislead() -> None:
    judged = [made("true", known_on="2025-03-01"), made("false", latest=None), made("void")]
    found = card(judged, predictions=9, due=6)
    assert found.warnings == (
        "n = 2 is too few to rank; 5 are needed",
        "1 of 2 were known before their last day: what is still open may end otherwise",
        "4 of 6 due have no outcome: only resolved ones are scored",
    )
    assert card([made("true")] * 5, predictions=5, due=5).warnings == ()
