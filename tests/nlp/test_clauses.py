"""Telling clauses from noun phrases without a tagger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.nlp.clauses import Clauses, holds_clause


@pytest.mark.parametrize(
    "text",
    [
        "prices will fall",
        "that prices will fall",
        "We’re late",
        "it’s over",
        "there is no plan",
        "the firm makes chips",
        "the firm that won is small",
        "what we want is peace",
        "if they can do that, she’ll stay",
        "when asked, he left the room",
        "prices dropped in May",
        "Okoye hid the losses",
        "the price of a robot, they said, fell",
        "robots need repair",
        "which could change everything",
        "because the models leave things out",
        "last year we grew fast",
        "“Voters ‘think this guy’s right,’” he said",
        "But the plant supports the whole town",
        "he may go in May",
    ],
)
def test_clauses(text: str) -> None:
    assert holds_clause(text)


@pytest.mark.parametrize(
    "text",
    [
        "more warehouse robots",
        "that success",
        "what else comes with them",
        "how the system is rigged",
        "the firm that won",
        "an engineer who recently left the firm and sold his house",
        "the people we met",
        "the will of the people",
        "the plan made in May by the bank",
        "robots ordered by the firm",
        "the plant’s first year",
        "her plans for the summer",
        "to have been late",
        "sales in May 2024",
        "the idea that the plant would close",
        "",
        "…",
    ],
)
def test_phrases(text: str) -> None:
    assert not holds_clause(text)


@given(st.text(alphabet="ab th,.'’“ \n-2é", max_size=80) | st.text(max_size=80))
def test_main_verbs_are_among_the_verbs(text: str) -> None:
    clauses = Clauses(text)
    assert clauses.main <= set(clauses.verbs)
    assert holds_clause(text) == bool(clauses.main)


@pytest.mark.parametrize("words", ["quickly ", "that ", "and he ", "what is ", "the people we ", "if, "])
def test_long_runs_of_one_word_are_read(words: str) -> None:
    assert len(Clauses(words * 20_000).verbs) <= 20_000
