"""Figures: what one found later says of one foretold."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.figures import bounds, spoken, verdict_of
from kb.types import Quantity


def q(comparator: str, value: float, high: float | None = None) -> Quantity:
    return Quantity(comparator=comparator, value=value, unit="robots", high=high)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "foretold", "direction"),
    [
        (q("=", 120), q(">=", 100), "supports"),
        (q("=", 100), q(">=", 100), "supports"),
        (q("=", 100), q(">", 100), "refutes"),
        (q("=", 99), q(">=", 100), "refutes"),
        (q(">", 90), q(">=", 100), "neutral"),
        (q(">", 100), q(">", 100), "supports"),
        (q("<", 90), q(">=", 100), "refutes"),
        (q("=", 50), q("<=", 60), "supports"),
        (q("=", 60), q("<", 60), "refutes"),
        (q("=", 95), q("~", 100), "supports"),
        (q("=", 80), q("~", 100), "refutes"),
        (q("=", 7), q("range", 5, 10), "supports"),
        (q("range", 5, 20), q("range", 5, 10), "neutral"),
        (q("=", 5), q("=", 5), "supports"),
        (q("=", 6), q("=", 5), "refutes"),
    ],
)
def test_what_a_figure_says_of_another(found: Quantity, foretold: Quantity, direction: str) -> None:
    assert verdict_of(found, foretold) == direction


QUANTITIES = st.builds(q, st.sampled_from(["=", ">", ">=", "<", "<=", "~"]), st.integers(-50, 50).map(float))


@given(QUANTITIES, QUANTITIES)
def test_a_figure_refutes_only_what_it_excludes(found: Quantity, foretold: Quantity) -> None:
    (low, high), (least, most) = bounds(found), bounds(foretold)
    apart = high < least or most < low
    direction = verdict_of(found, foretold)
    assert direction == "refutes" if apart else direction != "refutes" or found.value == foretold.value
    assert direction != "supports" or (least <= low and high <= most)


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (q(">=", 100000), "at least 100,000 robots"),
        (q("range", 1.5, 2), "1.5 to 2 robots"),
        (q("~", 1e6), "about 1,000,000 robots"),
        (Quantity(comparator="=", value=3, unit=""), "3"),
    ],
)
def test_figures_as_people_say_them(quantity: Quantity, words: str) -> None:
    assert spoken(quantity) == words


def test_open_ends_have_no_bound() -> None:
    assert bounds(q(">", 1)) == (1, math.inf)
    assert bounds(q("<", 1)) == (-math.inf, 1)
