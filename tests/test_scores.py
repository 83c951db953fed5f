"""Scores: known values, the edges of small numbers, and what counts for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.scores import SCORED, brier, scorecard, wilson
from kb.types import Horizon, OutcomeRow, StatementRow, Verdict

TODAY = dt.date(2026, 1, 1)


def statement(
    number: int = 1, *, verdict: Verdict | None = None, due: str | None = None, p: tuple[float, float] | None = None
) -> StatementRow:
    horizon = Horizon(
        earliest=None,
        latest=dt.date.fromisoformat(due) if due else None,
        precision="year",
        phrase="by then",
        rule="by-year",
        start=0,
        end=7,
    )
    row = StatementRow(
        id=number,
        fingerprint=str(number),
        speaker_id=1,
        speaker="Dana Whitlock",
        kind="prediction",
        text="It will rain.",
        said_on="2024-12-03",
        strength="certain",
        p_low=p[0] if p else None,
        p_high=p[1] if p else None,
        horizon=horizon,
        quantity=None,
        review="machine",
    )
    return replace(row, outcomes=(outcome(verdict),)) if verdict else row


def outcome(verdict: Verdict) -> OutcomeRow:
    return OutcomeRow(
        id=1,
        verdict=verdict,
        known_on=dt.date(2025, 12, 31),
        recorded_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        recorded_by="user",
        method="human",
        reason="",
    )


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


def test_scorecard_counts_hits_against_misses_only() -> None:
    verdicts: list[Verdict] = ["true", "true", "mostly", "late", "false", "unclear", "void", "unverifiable"]
    card = scorecard("Dana Whitlock", [statement(i, verdict=v) for i, v in enumerate(verdicts)], TODAY)
    assert (card.predictions, card.hits, card.scored) == (8, 3, 5)
    assert card.hit_rate == pytest.approx(0.6)
    assert (card.low, card.high) == wilson(3, 5)
    assert card.counts == {"true": 2, "mostly": 1, "late": 1, "false": 1, "unclear": 1, "void": 1, "unverifiable": 1}


def test_scorecard_of_nobody_has_no_rate() -> None:
    card = scorecard("Nobody", [], TODAY)
    assert (card.predictions, card.due, card.scored) == (0, 0, 0)
    assert (card.hit_rate, card.low, card.high, card.brier) == (None, None, None, None)


def test_due_is_the_last_day_reached() -> None:
    days = ["2025-12-31", "2026-01-01", "2026-01-02", None]
    card = scorecard("Dana Whitlock", [statement(due=day) for day in days], TODAY)
    assert card.due == 2


def test_only_predictions_and_commitments_that_no_reviewer_rejected_count() -> None:
    rows = [
        statement(1, verdict="true"),
        replace(statement(2, verdict="true"), kind="commitment"),
        replace(statement(3, verdict="true"), kind="claim"),
        replace(statement(4, verdict="false"), review="rejected"),
    ]
    card = scorecard("Dana Whitlock", rows, TODAY)
    assert (card.predictions, card.hits, card.scored) == (2, 2, 2)


def test_the_last_outcome_counts() -> None:
    row = replace(statement(), outcomes=(outcome("false"), outcome("true")))
    assert scorecard("Dana Whitlock", [row], TODAY).counts == {"true": 1}


def test_brier_uses_the_middle_of_stated_ranges_of_scored_statements() -> None:
    rows = [
        statement(1, verdict="true", p=(0.6, 0.8)),
        statement(2, verdict="late", p=(0.2, 0.2)),
        statement(3, verdict="void", p=(0.9, 0.9)),
        statement(4, verdict="false"),
        statement(5, p=(0.1, 0.1)),
    ]
    assert scorecard("Dana Whitlock", rows, TODAY).brier == pytest.approx((0.3**2 + 0.2**2) / 2)


@given(st.lists(st.sampled_from(["true", "mostly", "late", "false", "unclear", "void", "unverifiable", None])))
def test_scorecard_adds_up(verdicts: list[Verdict | None]) -> None:
    card = scorecard("Dana Whitlock", [statement(verdict=verdict) for verdict in verdicts], TODAY)
    assert card.predictions == len(verdicts)
    assert sum(card.counts.values()) == sum(verdict is not None for verdict in verdicts)
    assert card.scored == sum(card.counts.get(verdict, 0) for verdict in SCORED)
