"""Whom a pronoun stands for when the candidates are given."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.nlp.antecedents import Discourse
from kb.nlp.clues import Clues, Pronoun
from kb.nlp.entities import group
from kb.nlp.mentions import find_mentions
from kb.nlp.rules import rules

CASES = tomllib.loads((Path(__file__).parent.parent / "data/speakers/pronouns.toml").read_text(encoding="utf-8"))[
    "case"
]
GENDERS = {"he": "m", "his": "m", "him": "m", "she": "f", "her": "f"}


def discourse_of(text: str, names: list[str]) -> Discourse:
    found = [(text.index(name), text.index(name) + len(name), "PERSON") for name in names]
    return Discourse(text, group(find_mentions(text, found)))


def pronoun_of(marked: str) -> tuple[str, Pronoun]:
    before, word, after = marked.replace("]]", "[[").split("[[")
    return before + word + after, Pronoun(len(before), len(before) + len(word), GENDERS[word.lower()])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))
def test_choice_between_two_names(case: dict[str, Any]) -> None:
    text, pronoun = pronoun_of(case["text"])
    discourse = discourse_of(text, case["names"])
    candidates = [
        discourse.names.entity_of[discourse.names.overlapping(text.index(n), len(text))] for n in case["names"]
    ]
    chosen = discourse.choice(candidates, pronoun, speaks=False)
    assert chosen is not None
    assert chosen.name == case["means"]
    assert discourse.choice(candidates[::-1], pronoun, speaks=False) is chosen


def test_nobody_is_chosen_from_nobody() -> None:
    assert discourse_of("He left.", []).choice([], Pronoun(0, 2, "m")) is None


def test_a_source_is_nobody_who_was_last_named_far_before() -> None:
    text = "Ana Lim sang. " + "It rained on. " * 30 + "She left."
    discourse = discourse_of(text, ["Ana Lim"])
    pronoun = Pronoun(len(text) - 9, len(text) - 6, "f")
    ana = discourse.names.entity_of[discourse.names.mentions[0]]
    assert discourse.person(pronoun) is None
    assert discourse.choice([ana], pronoun, speaks=False) is ana


WORDS = "Ana Lim Berg she her him . , and who said told when ( ) “ ” 's in her, asked _".split()


@given(st.lists(st.sampled_from([*WORDS, "\n"]), max_size=25))
def test_every_clue_of_any_text_is_read(words: list[str]) -> None:
    text = " ".join(["Ana Lim", *words, "she", "Nora Berg"])
    discourse = discourse_of(text, ["Ana Lim", "Nora Berg"])
    at = text.rindex("she")
    entities = list(dict.fromkeys(discourse.names.entity_of.values()))
    for entity in entities:
        found = [name for name, _ in discourse.clues.of(entity, Pronoun(at, at + 3, "f"), entities)]
        assert len(found) == len(set(found))


def test_clues_weigh_what_the_data_file_says() -> None:
    text = "Ana Lim slept. She woke."
    discourse = discourse_of(text, ["Ana Lim"])
    (ana,) = dict.fromkeys(discourse.names.entity_of.values())
    clues: Clues = discourse.clues
    pronoun = Pronoun(15, 18, "f")
    weights = rules("antecedents")["weights"]
    expected = sum(weights.get(name, 0.0) * value for name, value in clues.of(ana, pronoun, [ana]))
    assert clues.points(ana, pronoun, [ana]) == pytest.approx(expected)
    assert {"back 1": 1, "earlier: subject": 1, "gender shown": True}.items() <= dict(
        clues.of(ana, pronoun, [ana])
    ).items()
