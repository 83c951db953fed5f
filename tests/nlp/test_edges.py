"""Where contents begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy import blank

import kb.nlp.contents  # noqa: F401  (the component)
from kb.nlp.drafts import Draft, drafts_of
from kb.nlp.edges import trimmed


def begun(text: str) -> str:
    """The content of a text in which a bar ends what the encoder found."""
    end = text.index("|")
    ((start, end),) = trimmed(text.replace("|", ""), ((0, end),))
    return text.replace("|", "")[start:end]


@pytest.mark.parametrize(
    ("found", "content"),
    [
        ("up from $|4.6 billion.", "up from $4.6 billion"),
        ("up from $4.6| billion.", "up from $4.6 billion"),
        ("up from €4|.6bn, he said", "up from €4.6bn"),
        ("it fell by 20|% in May", "it fell by 20%"),
        ("it fell by 20| per cent in May", "it fell by 20 per cent"),
        ("it fell by 20| in May", "it fell by 20"),
        ("it fell in 2026|. 30 million people", "it fell in 2026"),
        ("half of $|", "half of $"),
    ],
)
def test_no_content_ends_within_an_amount(found: str, content: str) -> None:
    assert begun(found) == content


def edges(text: str) -> str:
    ((start, end),) = trimmed(text, ((0, len(text)),))
    return text[start:end]


@pytest.mark.parametrize(
    "time",
    [
        "in 2023",
        "in late 2023",
        "on Tuesday",
        "Tuesday night",
        "last month",
        "earlier this week",
        "two years ago",
        "on 3 December 2024",
        "on Dec. 3, 2024,",
        "in March of last year",
        "yesterday",
        "at the time",
        "on Monday, two days earlier,",
        "in the 1990s",
    ],
)
def test_the_time_of_saying_is_no_part_of_what_was_said(time: str) -> None:
    assert edges(f"{time} that rates will fall") == "that rates will fall"


@pytest.mark.parametrize(
    "content",
    [
        "in 2023 rates fell",
        "in 2023 that success",
        "in an interview that it works",
        "“In 2023 that was it”",
        "this year’s growth that nobody saw",
    ],
)
def test_other_openings_stay(content: str) -> None:
    assert edges(content) == content


def test_punctuation_beside_a_content_is_left_to_its_sentence() -> None:
    assert edges(", rates fell by 2 points ( ") == "rates fell by 2 points"
    assert edges("“Rates fell,”") == "“Rates fell,”"


def test_spans_of_punctuation_go_unless_nothing_else_is_there() -> None:
    text = "rates, fell"
    assert trimmed(text, ((0, 5), (5, 7), (7, 11))) == ((0, 5), (7, 11))
    assert trimmed(text, ((5, 7),)) == ((5, 7),)
    assert trimmed(text, ()) == ()


@given(st.text(alphabet="ain 2023thtoday,;( \n“”", max_size=40), st.lists(st.integers(0, 40), max_size=6))
def test_trimmed_spans_lie_in_the_old_ones(text: str, cuts: list[int]) -> None:
    bounds = sorted({min(cut, len(text)) for cut in cuts})
    spans = tuple(zip(bounds[::2], bounds[1::2], strict=False))
    new = trimmed(text, spans)
    assert all(any(a <= start < end <= b for a, b in spans) for start, end in new)
    assert trimmed(text, new) == new


def test_the_component_trims_drafts() -> None:
    nlp = blank("en")
    nlp.add_pipe("contents")
    doc = nlp.make_doc("He said in 2023 that it works.")
    doc._.drafts = [Draft(source=((0, 2),), cue=((3, 7),), content=((8, 29),), confidence=1.0)]
    assert drafts_of(nlp(doc))[0].content == ((16, 29),)
