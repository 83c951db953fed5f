"""Tense around a time phrase, marked with brackets."""

from __future__ import annotations

import pytest

from kb.dates.tense import Tense, only_compares, tense_around


def split(marked: str) -> tuple[str, int, int]:
    start, end = marked.index("["), marked.index("]") - 1
    return marked.replace("[", "").replace("]", ""), start, end


@pytest.mark.parametrize(
    ("marked", "tense"),
    [
        ("the company said [on monday] that profit will rise", "past"),
        ("the company said that profit will rise [on monday]", "future"),
        ("[on monday], the company said profit will rise", "past"),
        ("the vote will be held [on monday]", "future"),
        ("the vote was held [on monday]", "past"),
        ("they held a vote [on monday]", "perhaps-past"),
        ("the company [on monday] announced a plan", "perhaps-past"),
        ("to rule [soon] on a case brought by the state", None),
        ("sales rose, and [in march] they'll fall", "future"),
        ("a crowded rally [on monday]", None),
        ("a planned rally [on monday]", "future"),
        ("the united states [on monday]", None),
        ("he was expected to leave [in march]", "future"),
        ("he was tired. the shop closes [in march]", "future"),
        ("the price has risen, he said. [in march] it may fall", "future"),
        ("[in march]", None),
    ],
)
def test_tense_around(marked: str, tense: Tense | None) -> None:
    assert tense_around(*split(marked)) == tense


@pytest.mark.parametrize(
    ("marked", "compares"),
    [
        ("the first rise [in two years]", True),
        ("the biggest fall in sales [in two years]", True),
        ("it fell for the first time [in two years]", True),
        ("it will be finished [in two years]", False),
        ("the first factory. it opens [in two years]", False),
    ],
)
def test_comparisons(marked: str, compares: bool) -> None:
    plain, start, _ = split(marked)
    assert only_compares(plain, start) is compares
