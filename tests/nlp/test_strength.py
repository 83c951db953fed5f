"""Strength of predictions and commitments, and the probabilities that their words name."""

import pytest
from spacy import blank

from kb.nlp.drafts import Draft, drafts_of
from kb.nlp.strength import read_probability, read_strength
from kb.types import StatementKind

ICD = "ICD 203"


@pytest.mark.parametrize(
    ("text", "low", "high", "scale"),
    [
        ("a 70 % chance of rain", 0.7, 0.7, "stated"),
        ("a 60-70% chance that it passes", 0.6, 0.7, "stated"),
        ("a seventy percent probability", 0.7, 0.7, "stated"),
        ("I’m 90% sure that it passes", 0.9, 0.9, "stated"),
        ("the odds of a recession are 40 percent", 0.4, 0.4, "stated"),
        ("a one in five chance", 0.2, 0.2, "stated"),
        ("nine times out of ten it works", 0.9, 0.9, "stated"),
        ("it is 50-50", 0.5, 0.5, "stated"),
        ("almost certain to win", 0.95, 0.99, ICD),
        ("it is very likely", 0.8, 0.95, ICD),
        ("it will probably pass", 0.55, 0.8, ICD),
        ("an even chance", 0.45, 0.55, ICD),
        ("it isn’t likely", 0.2, 0.45, ICD),
        ("it will probably not pass", 0.2, 0.45, ICD),
        ("highly unlikely", 0.05, 0.2, ICD),
        ("almost no chance", 0.01, 0.05, ICD),
    ],
)
def test_probabilities(text: str, low: float, high: float, scale: str) -> None:
    assert read_probability(text) == (low, high, scale)


@pytest.mark.parametrize(
    "text",
    [
        "it could, may or might pass; it is possible",
        "more likely than before",
        "110% sure",
        "win 30% of the votes",
        "two in five companies",
        "very unlikely here, but likely there",
    ],
)
def test_words_that_name_no_probability(text: str) -> None:
    assert read_probability(text) is None


@pytest.mark.parametrize(
    ("cue", "content", "strength"),
    [
        ("said", "prices will fall", "certain"),
        ("promised", "to ship in May", "certain"),
        ("expects", "prices to fall", "likely"),
        ("said", "I think prices will fall", "likely"),
        ("said", "prices could fall", "possible"),
        ("fears", "prices will fall", "possible"),
        ("doubts", "prices will fall", "unlikely"),
        ("said", "I don’t think it will pass", "unlikely"),
        ("said", "there is no doubt that prices will fall", "certain"),
        ("said", "the vote on 5 May 2026 will pass", "certain"),
    ],
)
def test_strength(cue: str, content: str, strength: str) -> None:
    assert read_strength(cue, content) == strength


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("prediction", "a 97% chance that it passes", ("certain", 0.97, 0.97, "stated")),
        ("prediction", "a 30% chance that it passes", ("unlikely", 0.3, 0.3, "stated")),
        ("commitment", "we will likely ship in May", ("likely", 0.55, 0.8, ICD)),
        ("prediction", "prices might fall", ("possible", None, None, None)),
        ("claim", "it is likely true", (None, None, None, None)),
    ],
)
def test_component(kind: StatementKind, content: str, expected: tuple[object, ...]) -> None:
    nlp = blank("en")
    nlp.add_pipe("strength")
    doc = nlp.make_doc(content)
    doc._.drafts = [Draft(source=(), cue=(), content=((0, len(content)),), confidence=1.0, kind=kind)]
    (draft,) = drafts_of(nlp(doc))
    assert (draft.strength, draft.p_low, draft.p_high, draft.p_scale) == expected
