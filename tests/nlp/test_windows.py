"""Windows: every wordpiece points back into the text, and no window is too long."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from kb.nlp.encoder import Encoder
from kb.nlp.windows import LAYOUT, QUOTES, SHAPES, WINDOW, Piece, Window, windows


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Encoder().tokenizer


def features(text: str, tokenizer: Tokenizer) -> list[tuple[str, str, str, str]]:
    """(word, shape, quotation state, layout) of the first wordpiece of each word."""
    return [
        (text[window.pieces[a].start : window.pieces[b - 1].end], *named(window.pieces[a]))
        for window in windows(text, tokenizer)
        for a, b in window.words
    ]


def named(piece: Piece) -> tuple[str, str, str]:
    return SHAPES[piece.shape], QUOTES[piece.quote], LAYOUT[piece.layout]


def test_features_give_back_what_lower_casing_lost(tokenizer: Tokenizer) -> None:
    text = "NASA said: “McKay left in 2024.”\nGood\r\n\r\nBye"
    assert features(text, tokenizer) == [
        ("NASA", "upper", "outside", "paragraph"),
        ("said", "lower", "outside", "within"),
        (":", "other", "outside", "within"),
        ("“", "other", "mark", "within"),
        ("McKay", "mixed", "inside", "within"),
        ("left", "lower", "inside", "within"),
        ("in", "lower", "inside", "within"),
        ("2024", "digit", "inside", "within"),
        (".", "other", "inside", "within"),
        ("”", "other", "mark", "within"),
        ("Good", "title", "outside", "line"),
        ("Bye", "title", "outside", "paragraph"),
    ]


def test_an_unpaired_mark_costs_only_its_line(tokenizer: Tokenizer) -> None:
    states = {word: quote for word, _, quote, _ in features('an "open mark\nnext line', tokenizer)}
    assert states["mark"] == "inside"
    assert states["next"] == "outside"


def test_long_lines_are_cut_behind_a_sentence(tokenizer: Tokenizer) -> None:
    text = "This sentence has exactly eight words in it. " * 100
    cut = list(windows(text, tokenizer))
    assert len(cut) > 1
    assert all(text[window.pieces[-1].start] == "." for window in cut)


def test_a_word_without_end_is_cut_anywhere(tokenizer: Tokenizer) -> None:
    cut = list(windows("ab" * 20_000, tokenizer))
    assert max(map(len, cut)) <= WINDOW


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("aB1 .\"“”'’\r\n\t—é😀\u0301中\u200d\x00"), max_size=700))
def test_pieces_are_in_order_and_inside_the_text(tokenizer: Tokenizer, text: str) -> None:
    end = 0
    for window in windows(text, tokenizer):
        assert 3 <= len(window) <= WINDOW
        for piece in window.pieces:
            assert end <= piece.start <= piece.end <= len(text) or piece.start < end <= piece.end
            end = piece.end


def test_columns_have_special_wordpieces_around() -> None:
    window = Window((Piece(2054, 0, 4, True, 1, 0, 2),))
    assert window.columns() == ([101, 2054, 102], [0, 1, 0], [0, 0, 0], [0, 2, 0])
