"""Sentence borders, with exact offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.nlp.sentences import sentences


@pytest.mark.parametrize(
    "expected",
    [
        ["It works.", "It will stay."],
        ["Mr. Ng met Dr. Abara at 5 p.m. Tuesday.", "They spoke."],
        ["J. R. Okoye of Acme Inc. paid $1.5 million.", "He left."],
        ["He lives in the U.S. Army base.", "She does not."],
        ["We moved to the U.S.", "It was hard."],
        ["Is it so?", "“Yes!”", "Good."],
        ["Well... it depends.", "Perhaps…", "Who knows?!"],
        ["no capitals here.", "we go on, e.g. like this."],
        ["“Really?” he asked.", "See No. 5 for more."],
        ["We grew in 2024.", "2025 will be better."],
        ["They said no.", "Apple said yes."],
        ["Done 🚀", "We ship in May :)", "It works."],
        ["We ❤️ New York.", "They love it."],
        ["Rates fell.[1]", "Jobs grew.[2][3]"],
        ["So do I.", "🚀 Off we go!", "Done"],
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    text = " ".join(expected)
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == expected


def test_a_missing_space_hides_no_sentence() -> None:
    text = "We ship it.Then we use Node.js on quelmark.Example"
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == [
        "We ship it.",
        "Then we use Node.js on quelmark.Example",
    ]


def test_a_line_end_ends_a_sentence_and_the_range_is_kept() -> None:
    text = "Before. One\ntwo three. After."
    assert [text[start:end] for start, end in sentences(text, 8, 22)] == ["One", "two three."]


@given(st.text(alphabet='aB1 .?!…\n"”’()', max_size=120))
def test_sentences_keep_every_visible_character_in_order(text: str) -> None:
    spans = sentences(text, 0, len(text))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
