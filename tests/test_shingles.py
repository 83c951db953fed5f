"""Sketches of texts: copies and excerpts share hashes in proportion, strangers hardly any."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.shingles import LEAST_HASHES, LEAST_WORDS, SAMPLED, is_copy, shingles, sketch

WORDS = [f"w{number}" for number in range(2000)]


def made(words: int, seed: int = 1) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)


def copied(a: list[str], b: list[str]) -> bool:
    one_way = is_copy(shingles(" ".join(a)), shingles(" ".join(b)))
    assert one_way == is_copy(shingles(" ".join(b)), shingles(" ".join(a)))
    return one_way


def test_copies_and_excerpts_whatever_stands_around_them() -> None:
    whole, other = made(600), made(600, 2)
    assert copied(whole, whole)
    assert copied(whole, whole[200:300])
    assert copied(whole, [*other[:40], *whole[200:300], *other[50:90]])
    assert copied([*other[:40], *whole], [*whole, *other[50:90]])
    assert copied(whole, [word if n % 15 else "edited" for n, word in enumerate(whole)])


def test_what_is_no_copy() -> None:
    whole, other = made(600), made(600, 2)
    assert not copied(whole, other)
    assert not copied(whole, [*whole[:240], *other[:360]])  # a background of 40 %
    assert not copied(whole, [word if n % 6 else "edited" for n, word in enumerate(whole)])
    assert not copied(whole, [*whole[:47], *other[:10]])  # a quotation that both print
    assert not copied(whole, whole[: LEAST_WORDS - 1])


def test_short_texts_have_no_shingles() -> None:
    assert shingles(" ".join(made(LEAST_WORDS - 1))) == ()
    assert len(sketch(shingles(" ".join(made(LEAST_WORDS))))) == LEAST_HASHES


def test_what_outlets_put_around_a_story_is_left_out() -> None:
    story = " ".join(made(60))
    around = f"LONDON, May 5 (Reuters) - {story}\n\nReporting by Ann Poe and Bo Quist\nEditing by Cy Rand\n© 2026 Paper"
    assert shingles(around) == shingles(story)
    assert shingles(story.upper().replace(" ", "\n")) == shingles(story)


@settings(max_examples=25)
@given(st.integers(1, 10_000))
def test_an_excerpt_shares_hashes_with_the_whole(seed: int) -> None:
    whole = made(800, seed)
    excerpt = sketch(shingles(" ".join(whole[100:500])))
    shared = set(excerpt) & set(sketch(shingles(" ".join(whole))))
    assert len(shared) >= min(len(excerpt), 400 // SAMPLED) / 3
    assert len(set(excerpt) & set(sketch(shingles(" ".join(made(800, seed + 1)))))) <= 1
