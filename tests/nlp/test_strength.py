"""Strength of predictions and commitments, and the probabilities that their words name."""

import pytest
from spacy import blank

from kb.config import SCALES
from kb.nlp.drafts import Draft, drafts_of
from kb.nlp.rules import rules
from kb.nlp.strength import NO_GROUP, read_probability, read_strength
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
        ("a 70-percent chance", 0.7, 0.7, "stated"),
        ("a two-thirds chance", 0.6667, 0.6667, "stated"),
        ("a probability of 0.7", 0.7, 0.7, "stated"),
        ("my p(doom) is 20 percent", 0.2, 0.2, "stated"),
        ("raised the odds of recession from 20% to 35%", 0.35, 0.35, "stated"),
        ("I’d say 80% that we win", 0.8, 0.8, "stated"),
        ("a greater than 50% chance", 0.5, 1.0, "stated"),
        ("less than a 10 percent chance", 0.0, 0.1, "stated"),
        ("a 20% rise is likely", 0.55, 0.8, ICD),
        ("it is not very likely", 0.2, 0.45, ICD),
        ("it won’t be likely", 0.2, 0.45, ICD),
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
        "a probability of 20% growth that nobody knows",
        "a 30% higher chance",
        "a 50-50 joint venture",
        "not unlikely",
        "likely voters are asked",
        "it is the most likely outcome",
        "more likely than not",
        "no chance",
    ],
)
def test_words_that_name_no_probability(text: str) -> None:
    assert read_probability(text) is None


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("almost certain", {"ICD 203": (0.95, 0.99), "Kent": (0.87, 0.99), "IPCC": (0.95, 1), "EFSA": (0.99, 1)}),
        ("very likely", {"ICD 203": (0.8, 0.95), "Kent": None, "IPCC": (0.9, 1), "EFSA": (0.9, 0.95)}),
        ("probably", {"ICD 203": (0.55, 0.8), "Kent": (0.63, 0.87), "IPCC": (0.66, 1), "EFSA": (0.66, 0.9)}),
        ("more likely than not", {"ICD 203": None, "Kent": None, "IPCC": (0.5, 1), "EFSA": (0.5, 1)}),
        ("an even chance", {"ICD 203": (0.45, 0.55), "Kent": (0.4, 0.6), "IPCC": (0.33, 0.66), "EFSA": (0.33, 0.66)}),
        ("unlikely", {"ICD 203": (0.2, 0.45), "Kent": None, "IPCC": (0, 0.33), "EFSA": (0.1, 0.33)}),
        ("probably not", {"ICD 203": (0.2, 0.45), "Kent": (0.2, 0.4), "IPCC": (0, 0.33), "EFSA": (0.1, 0.33)}),
        ("it could", {"ICD 203": None, "Kent": None, "IPCC": None, "EFSA": None}),
    ],
)
def test_phrases_mean_what_the_named_scale_says(text: str, ranges: dict[str, tuple[float, float] | None]) -> None:
    assert set(ranges) == set(SCALES)
    for scale, expected in ranges.items():
        found = read_probability(text, scale)
        assert (found and (found.low, found.high, found.scale)) == (expected and (*expected, scale))


def test_every_scale_gives_ranges_to_known_groups() -> None:
    groups = {group["name"] for group in rules("scales")["group"]} - {NO_GROUP}
    assert set(rules("scales")["scale"]) == set(SCALES)
    for ranges in rules("scales")["scale"].values():
        assert set(ranges) <= groups
        assert all(0 <= low < high <= 100 for low, high in ranges.values())


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
        ("said", "it isn’t likely to pass", "unlikely"),
        ("said", "it is almost certainly not going to pass", "unlikely"),
        ("said", "it is not unlikely", "possible"),
        ("said", "it remains to be seen", "possible"),
        ("said", "remote work will grow", "certain"),
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


def test_the_scale_is_a_setting_of_the_component() -> None:
    nlp = blank("en")
    nlp.add_pipe("strength", config={"scale": "Kent"})
    doc = nlp.make_doc("it will probably pass")
    doc._.drafts = [Draft(source=(), cue=(), content=((0, 21),), confidence=1.0, kind="prediction")]
    (draft,) = drafts_of(nlp(doc))
    assert (draft.p_low, draft.p_high, draft.p_scale) == (0.63, 0.87, "Kent")
