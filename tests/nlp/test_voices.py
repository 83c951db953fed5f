"""Whose words stand where."""

from hypothesis import given
from hypothesis import strategies as st

from kb.nlp.voices import Voices
from kb.types import Author

ANA, BEN = Author(name="Ana Lim"), Author(name="Ben Roe")
TEXT = "A talk\n\nANA: Rain.\nBEN -- host\n\nSnow."
SPOKEN = [(ANA, (13, 18)), (BEN, (32, 37))]
VOICES = Voices(TEXT, SPOKEN)


def test_words_and_labels() -> None:
    assert [VOICES.at(at) for at in (0, 8, 13, 17, 18, 32)] == [None, None, ANA, ANA, None, BEN]
    assert [VOICES.labelled(at) for at in (0, 8, 13, 19, 26, 36)] == [None, ANA, None, BEN, BEN, None]


def test_nothing_is_cut_where_nobody_is_known_to_speak() -> None:
    assert VOICES.cut(((0, 37),), 0) == ((0, 37),)
    assert Voices(TEXT, []).cut(((0, 37),), 13) == ((0, 37),)


def test_a_label_keeps_to_its_turn() -> None:
    assert VOICES.cut(((14, 16), (20, 37)), 19) == ((32, 37),)


SPANS = st.lists(st.tuples(st.integers(0, 37), st.integers(0, 37)).map(lambda p: (min(p), max(p))), max_size=4)


@given(SPANS.map(tuple), st.integers(0, 37))
def test_what_is_cut_lies_in_one_stretch(spans: tuple[tuple[int, int], ...], offset: int) -> None:
    author = VOICES.at(offset) or VOICES.labelled(offset)
    cut = VOICES.cut(spans, offset)
    if author is None:
        assert cut == spans
    else:
        assert all(VOICES.at(start) == VOICES.at(end - 1) == author for start, end in cut)
