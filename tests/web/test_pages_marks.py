"""Cutting a text where marks begin and end: nothing is lost, every mark is where its span is."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kb.web.pages.marks import AROUND, AT_WORD, Mark, paragraphs, pieces, windows
from kb.web.pages.wording import visible

TEXTS = st.text(st.sampled_from("ab é\n🌊\u200d👩\u0301<&"), max_size=80)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(TEXTS)
    spans = draw(st.lists(st.tuples(st.integers(0, len(text) + 2), st.integers(0, len(text) + 2)), max_size=6))
    parts = ("source", "cue", "content")
    return text, [Mark(a, b, parts[i % 3], i // 3) for i, (a, b) in enumerate(spans)]  # type: ignore[arg-type]


@given(marked())
def test_pieces_joined_are_the_text(given_: tuple[str, list[Mark]]) -> None:
    text, marks = given_
    found = list(pieces(text, marks))
    assert "".join(piece.text for piece in found) == text
    assert all(text[piece.start : piece.start + len(piece.text)] == piece.text for piece in found)


@given(marked())
def test_pieces_of_a_part_joined_are_its_spans(given_: tuple[str, list[Mark]]) -> None:
    text, marks = given_
    inside = [mark for mark in marks if mark.start < mark.end <= len(text)]
    for part in ("source", "cue", "content"):
        covered = {i for mark in inside if mark.part == part for i in range(mark.start, mark.end)}
        shown = {i for p in pieces(text, marks) if part in p.parts for i in range(p.start, p.start + len(p.text))}
        assert shown == covered


@given(marked(), st.integers(0, 10))
def test_what_is_hidden_and_what_is_shown_are_the_whole(given_: tuple[str, list[Mark]], around: int) -> None:
    text, marks = given_
    for shown in (windows(text, marks, around), paragraphs(text, marks, around)):
        found = list(pieces(text, marks, shown))
        assert sum(piece.hidden + len(piece.text) for piece in found) == len(text)
        assert all(a[1] < b[0] or a == b for a, b in pairwise(shown))


@given(marked())
def test_no_window_hides_a_mark(given_: tuple[str, list[Mark]]) -> None:
    text, marks = given_
    inside = [mark for mark in marks if mark.start < mark.end <= len(text)]
    shown = windows(text, inside, 0)
    assert all(any(low <= mark.start and mark.end <= high for low, high in shown) for mark in inside)


def test_a_link_leads_to_the_first_content_of_a_statement() -> None:
    marks = [Mark(6, 9, "content", 7), Mark(0, 3, "content", 7), Mark(4, 5, "source", 7)]
    assert [piece.start for piece in pieces("one t two", marks) if piece.opens == (7,)] == [0]


def test_a_long_line_is_shown_near_its_marks() -> None:
    line = "word " * 200_000
    shown = paragraphs(line, [Mark(500_000, 500_004, "content", 1)])
    assert len(shown) == 1
    assert 2 * AROUND <= shown[0][1] - shown[0][0] <= 2 * (AROUND + AT_WORD) + 4


def test_hidden_characters_are_spelled_out_and_emoji_stay() -> None:
    assert visible("a\u202eb\u2066c\x07d") == "a⟦U+202E⟧b⟦U+2066⟧c⟦U+0007⟧d"
    assert visible("👩\u200d🔬 ok\n\tב") == "👩\u200d🔬 ok\n\tב"
