"""Words as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text import fold, lower_case, plain_letters, plain_words


def plain(words: str) -> str:
    return plain_words(words, ((0, len(words)),))


def spans_of(text: str, *pieces: str) -> tuple[tuple[int, int], ...]:
    starts = [text.index(piece) for piece in pieces]
    return tuple((start, start + len(piece)) for start, piece in zip(starts, pieces, strict=True))


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("“Motors stayed expensive,”", "Motors stayed expensive"),
        ('"Orders will rise,"', "Orders will rise"),
        ("''We won,''", "We won"),
        ("« Nous allons gagner »", "Nous allons gagner"),
        ("„Es geht“", "Es geht"),
        ("‘It’s the analysts’ view,’", "It’s the analysts’ view"),
        ("“He told us ‘go home’ and we went,”", "He told us ‘go home’ and we went"),
        ('"The "big" one,"', 'The "big" one'),
        ("“Is it over?”", "Is it over?"),
        ("“It works", "It works"),
        ("it works,”", "it works"),
        ("that prices will fall ", "prices will fall"),
        ("that “it works”.", "it works."),
        ("“that we will win,”", "we will win"),
        ("that, in 2025, rates fall", "in 2025, rates fall"),
        (", rates fell —", "rates fell"),
        ("to reach 75 miles (", "to reach 75 miles"),
        ("We ship\n\tin May.", "We ship in May."),
    ],
)
def test_what_stands_around_the_words_goes(printed: str, read: str) -> None:
    assert plain(printed) == read


@pytest.mark.parametrize(
    "words",
    [
        "“Cash first” is not a slogan, it is a budget.",
        "the ruling “disappointing”",
        '"A" and "B"',
        "'Personal Insult' if Blacks Don't Rally",
        "'Twas the night",
        "that success",
        "that is why",
        "that of the firm",
        "-5% next year",
        "…and we go",
        "“,”",
        "",
    ],
)
def test_what_belongs_to_the_words_stays(words: str) -> None:
    assert plain(words) == words


@pytest.mark.parametrize(
    ("text", "pieces", "read"),
    [
        ("“We will,” she said, “win.”", ("“We will,”", "“win.”"), "We will, win."),
        ("“I,” said Mr. Ng, “am out.”", ("“I,”", "“am out.”"), "I, am out."),
        ("“We won,” she said. “They lost.”", ("“We won,”", "“They lost.”"), "We won. They lost."),
        ("“We won!” she said. “They lost,” she added.", ("“We won!”", "“They lost,”"), "We won! They lost"),
        ("The car, she said, is fast.", ("The car", "is fast."), "The car is fast."),
    ],
)
def test_pieces_join_as_one_sentence_or_two(text: str, pieces: tuple[str, ...], read: str) -> None:
    assert plain_words(text, spans_of(text, *pieces)) == read


ODD = st.text(alphabet="ab I.,:;!?-—()\n\"'`“”‘’„«»\u00a0", max_size=60) | st.text(max_size=60)


@given(ODD)
def test_plain_words_are_plain_already(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(ODD, st.lists(st.integers(0, 60), max_size=8))
def test_no_letter_is_lost_or_invented(text: str, cuts: list[int]) -> None:
    bounds = sorted(min(cut, len(text)) for cut in cuts)
    spans = tuple(zip(bounds[::2], bounds[1::2], strict=False))
    letters = "".join(c for start, end in spans for c in text[start:end] if c.isalnum())
    assert "".join(c for c in plain_words(text, spans) if c.isalnum()) in {letters, letters.removeprefix("that")}


@given(st.text())
def test_lower_case_keeps_every_offset(text: str) -> None:
    lower = lower_case(text)
    assert len(lower) == len(text)
    assert all(new in (old, old.lower()) or old == "Σ" for old, new in zip(text, lower, strict=True))


def test_a_letter_that_would_become_two_is_kept() -> None:
    assert lower_case("İzmir WILL Grow") == "İzmir will grow"


@pytest.mark.parametrize(
    "spelling", ["Zoë Brandt", "Zoe\u0308 Brandt", "ZOE BRANDT", "𝗭𝗼𝗲 𝗕𝗿𝗮𝗻𝗱𝘁", "Ｚｏｅ\u00a0 Brandt"]
)
def test_spellings_that_are_matched_as_one(spelling: str) -> None:
    assert fold(spelling) == "zoe brandt"


@given(st.text(st.characters(min_codepoint=0x1D3F0, max_codepoint=0x1D80F)))
def test_plain_letters_keep_every_offset(text: str) -> None:
    assert len(plain_letters(text)) == len(text)


def test_bold_letters_are_plain_and_others_stay() -> None:
    assert plain_letters("𝗕𝘆 𝟮𝟬𝟮𝟳, 𝒷ⓎⅣ™ é") == "By 2027, bⓎⅣ™ é"
