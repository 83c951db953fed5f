"""Testability: what a prediction lacks, and whether it can be told if it came true."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from kb import testable
from kb.types import Horizon, Quantity, StatementRow

YEAR = Horizon(
    earliest=dt.date(2026, 1, 1),
    latest=dt.date(2026, 12, 31),
    precision="year",
    phrase="in 2026",
    rule="t",
    start=0,
    end=7,
)
ROBOTS = Quantity(comparator=">=", value=100000, unit="robots")
ROW = StatementRow(
    id=1,
    fingerprint="f",
    speaker_id=1,
    speaker="Ann Lee",
    kind="prediction",
    text="At least 100,000 robots will be sold in 2026",
    said_on="2025-01-01",
    strength="certain",
    p_low=None,
    p_high=None,
    horizon=YEAR,
    quantity=ROBOTS,
    review="machine",
)
SOON = replace(YEAR, earliest=None, latest=None, precision="vague", phrase="soon")


@pytest.mark.parametrize(
    ("changes", "reasons", "enough"),
    [
        ({}, (), True),
        ({"quantity": None}, ("no number",), True),
        ({"horizon": None}, ("no date",), False),
        ({"horizon": SOON}, ("no date",), False),
        ({"text": "It will be sold in 2026"}, ("no clear subject",), True),
        ({"text": "They will be sold in 2026", "quantity": None}, ("no number", "no clear subject"), True),
        ({"text": "They will be sold in 2026 if it rains", "quantity": None},
         ("no number", "no clear subject", "conditional"), False),
        ({"text": "Unless it rains, robots will sell in 2026"}, ("conditional",), True),
        ({"text": "Robots might sell in 2026"}, ("hedged beyond test",), False),
        ({"text": "Robots will sell in 2026", "strength": "possible"}, ("hedged beyond test",), False),
        ({"text": "Robots could sell in 2026", "strength": "possible", "p_low": 0.3, "p_high": 0.3}, (), True),
        ({"text": "There is a 70 % chance that robots will sell in 2026"}, (), True),
        ({"text": "It is likely that they will sell in 2026"}, ("no clear subject",), True),
        ({"text": "There will be a protest about robots in 2026"}, (), True),
        ({"text": "Elections on 3 May 2026 will be about robots"}, (), True),
        ({"text": "It will be done in 2026", "kind": "commitment"}, (), True),
    ],
)  # fmt: skip
def test_what_a_prediction_lacks(changes: dict, reasons: tuple[str, ...], enough: bool) -> None:
    found = testable.testability(replace(ROW, **changes))
    assert (found.reasons, found.testable) == (reasons, enough)
    assert found.score == pytest.approx(1 - sum(testable.COST[reason] for reason in reasons))
    assert enough == (found.score >= testable.LEAST)


@pytest.mark.parametrize("kind", ["claim", "opinion", "question", "other"])
def test_what_foretells_nothing_is_not_testable(kind: str) -> None:
    found = testable.testability(replace(ROW, kind=kind))
    assert (found.score, found.reasons, found.testable) == (0, (), False)


def test_a_score_is_never_negative() -> None:
    worst = replace(ROW, text="It might be if it rains", horizon=None, quantity=None)
    assert testable.testability(worst).score == 0
