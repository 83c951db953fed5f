"""Cleaning a document keeps every turn on its own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import InputError
from kb.ingest.prepare import Moved, move_turns, prepare
from kb.text import clean_text, sha256
from kb.types import Author, RawDocument, Turn

ODD = st.text(
    alphabet=st.sampled_from('ab é😀\u0301“”"\r\n\t \u00a0\u2028\u2029\x00\x1c\x85\u202e\ufeff\ud83d'), max_size=40
)


def document(text: str, **fields: object) -> RawDocument:
    return RawDocument(external_id="1", kind="file", text=text, **fields)  # type: ignore[arg-type]


def visible(text: str) -> str:
    return "".join(c for c in clean_text(text) if not c.isspace())


def test_text_is_cleaned_and_hashed() -> None:
    data = prepare(document("\ufeffOne.\r\n\r\n\r\n\r\nTwo. \n"))
    assert data.text == "One.\n\nTwo."
    assert data.text_sha256 == sha256("One.\n\nTwo.")


@pytest.mark.parametrize("text", ["", " \r\n\t", "\x00\ufeff"])
def test_a_document_without_text_is_an_input_error(text: str) -> None:
    with pytest.raises(InputError, match="Empty page"):
        prepare(document(text, title="Empty page"))


def test_what_cannot_be_stored_is_cleaned_everywhere() -> None:
    author = Author(name="Ana\x00", handle="x:\ud83dana")
    odd = {"title": "A\ud83dB\x00", "url": "https://a.example/\x00", "notes": ("quotes \x00\ud83d",)}
    raw = prepare(document("Hi.", speaker=author, **odd)).raw
    assert raw.notes == ("quotes \ufffd",)
    assert (raw.title, raw.url) == ("A\ufffdB", "https://a.example/")
    assert raw.speaker == Author(name="Ana", handle="x:\ufffdana")


def test_turns_follow_their_words_through_cleaning() -> None:
    raw = "\ufeffANA:  Prices\r\nwill fall. \r\nBO: \x00No."
    ana, bo = Author(name="Ana"), Author(name="Bo")
    turns = (Turn(raw.index("Prices"), raw.index("BO:"), ana), Turn(raw.index("\x00No"), len(raw), bo))
    data = prepare(document(raw, turns=turns))
    words = [(data.text[t.start : t.end], t.speaker) for t in data.turns]
    assert words == [("Prices\nwill fall.", ana), ("No.", bo)]


def test_times_follow_their_words_through_cleaning() -> None:
    raw = "\ufeffANA:  Prices\r\nwill fall. \r\nBO: \x00No.\r\n "
    times = ((raw.index("Prices"), 4), (raw.index("\x00No"), 9), (len(raw), 12))
    data = prepare(document(raw, times=times))
    assert [(data.text[offset:], second) for offset, second in data.times] == [
        ("Prices\nwill fall.\nBO: No.", 4),
        ("No.", 9),
        ("", 12),
    ]


def test_a_turn_of_white_space_is_left_out() -> None:
    assert prepare(document("  one  ", turns=(Turn(0, 2, None), Turn(2, 5, None)))).turns == (Turn(0, 3, None),)


@given(st.lists(ODD, min_size=1, max_size=5))
def test_every_turn_keeps_its_visible_characters(pieces: list[str]) -> None:
    raw, turns = "", []
    for piece in pieces:
        turns.append(Turn(len(raw), len(raw) + len(piece), None))
        raw += piece
    clean = clean_text(raw)
    kept = [clean[t.start : t.end] for t in move_turns(tuple(turns), Moved(raw, clean))]
    assert ["".join(c for c in k if not c.isspace()) for k in kept] == [v for p in pieces if (v := visible(p))]
