"""Subjects, objects and possessors, guessed without a parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.nlp.syntax import Syntax


def place(text: str, words: str) -> tuple[Syntax, int, int]:
    start = text.index(words)
    return Syntax(text), start, start + len(words)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Ana Lim sleeps.", "subject"),
        ("Rain fell, and then Ana Lim also slept.", "subject"),
        ("Ana Lim (born 1950) slept.", "subject"),
        ("When Ana Lim, the singer, asked them, they sang.", "subject"),
        ("The mother of Ana Lim slept.", "inner subject"),
        ("Ana Lim and her dog.", "opener"),
        ("They saw Ana Lim.", "object"),
        ("Songs by film critic Ana Lim.", "oblique"),
        ("They sang to Mr. Ana Lim.", "oblique"),
        ("We like Ana Lim's dog.", "possessor"),
        ("Berg and Ana Lim.", "joined"),
        ("The singer, Ana Lim.", "beside a comma"),
        ("We met his wife Ana Lim.", "relative"),
        ("Berg's friend Ana Lim.", "owned"),
    ],
)
def test_position(text: str, position: str) -> None:
    syntax, start, end = place(text, "Ana Lim")
    assert syntax.position(start, end) == position


@pytest.mark.parametrize(
    ("text", "pronoun", "case"),
    [
        ("There she sang.", "she", "subject"),
        ("We saw him.", "him", "object"),
        ("We saw her.", "her", "object"),
        ("We told her that it rains.", "her", "object"),
        ("We saw her dog.", "her", "possessive"),
        ("We saw his.", "his", "possessive"),
        ("I met the woman.", "the woman", "subject"),
    ],
)
def test_case(text: str, pronoun: str, case: str) -> None:
    syntax, start, end = place(text, pronoun)
    assert syntax.case(start, end) == case


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("Ana slept", 1),
        ("Ana has often slept and he sings", 2),
        ("Ana buys songs from friends", 1),
        ("a song by Ana", 0),
    ],
)
def test_verbs(text: str, verbs: int) -> None:
    assert Syntax(text).verbs(0, len(text)) == verbs


def test_one_clause_ends_at_a_mark_or_a_conjunction() -> None:
    one, comma, when = "Ana saw her", "Ana slept, her", "Ana slept when she"
    assert [Syntax(text).is_one_clause(3, len(text) - 3) for text in (one, comma, when)] == [True, False, False]


@pytest.mark.parametrize(("text", "speaks"), [("So he said", True), ("So said he", True), ("So he slept", False)])
def test_who_speaks_stands_beside_a_verb_of_speech(text: str, speaks: bool) -> None:
    syntax, start, end = place(text, "he")
    assert syntax.speaks(start, end) == speaks


@given(st.text(alphabet="aA .,'’(“\nésd", max_size=40), st.data())
def test_any_place_of_any_text_has_a_position(text: str, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    syntax = Syntax(text)
    assert syntax.position(start, end)
    assert syntax.case(start, end) in ("subject", "object", "possessive")
    assert syntax.verbs(start, end) <= len(text.split())
