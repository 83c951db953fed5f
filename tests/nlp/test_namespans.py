"""Names as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.nlp.namespans import tidy


def marked(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """``[Ann]`` marks what the encoder tagged as a person."""
    plain, names, start = "", [], 0
    for char in text:
        if char == "[":
            start = len(plain)
        elif char == "]":
            names.append((start, len(plain), "PERSON"))
        else:
            plain += char
    return plain, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Ann Lee] spoke", ["Ann Lee"]),
        ("write to [ann.lee@example.org]", []),
        ('from: "[Ann Lee"<ann@example.org]>', ["Ann Lee"]),
        ("see [Ann_letter.doc] please", []),
        ("at [www.ann.example] now", []),
        ("[“Ann Lee,”] he said", ["Ann Lee"]),
        ("[R.E.] [Glenn] left", ["R.E. Glenn"]),
        ("met A. [Noel Kramer] there", ["A. Noel Kramer"]),
        ('"[Lee], [Ann]" <ann@example.org>', ["Lee, Ann"]),
        ('"Lee, [Ann]" <ann@example.org>', ["Lee, Ann"]),
        ("[Mrs. Ann Lee] spoke", ["Ann Lee"]),
        ("[Sheikh Lee] spoke", ["Sheikh Lee"]),
        ("[Ann], [Bob] and [Cy]", ["Ann", "Bob", "Cy"]),
        ("[...]", []),
    ],
)
def test_tidy(text: str, expected: list[str]) -> None:
    plain, names = marked(text)
    assert [plain[start:end] for start, end, _ in tidy(plain, names)] == expected


def test_a_place_opens_behind_its_side() -> None:
    text = "from central Ashby and South Ashby"
    assert tidy(text, [(5, 18, "GPE"), (23, 34, "GPE")]) == [(13, 18, "GPE"), (23, 34, "GPE")]


@given(st.text(alphabet="Aa.@<>\"', \n:/", max_size=40), st.data())
def test_names_stay_in_order_and_inside(text: str, data: st.DataObject) -> None:
    cuts = sorted(set(data.draw(st.lists(st.integers(0, len(text)), max_size=6))))
    names = [(a, b, "PERSON") for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    found = tidy(text, names)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert found == sorted(found)
