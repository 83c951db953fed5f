"""What of the contents is said: works and furniture are not, two joined quotations are two statements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy import blank

import kb.nlp.contents  # noqa: F401  (the component)
from kb.nlp.drafts import Draft, drafts_of
from kb.nlp.quotes import quoted_spans

NLP = blank("en")
NLP.add_pipe("contents")


def contents(text: str, source: str, cue: str, content: str) -> list[str]:
    """The contents of what the component makes of one draft."""

    def spans(words: str) -> tuple[tuple[int, int], ...]:
        return ((text.index(words), text.index(words) + len(words)),) if words else ()

    doc = NLP.make_doc(text)
    doc._.drafts = [Draft(source=spans(source), cue=spans(cue), content=spans(content), confidence=1.0)]
    return [draft.words(text) for draft in drafts_of(NLP(doc))]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ann said “rates will fall” and “we will wait”.", ["“rates will fall”", "“we will wait”"]),
        ("Ann said “rates will fall”, and “we will wait”.", ["“rates will fall”", "“we will wait”"]),
        ('Ann said "rates are high," and "we cut them."', ['"rates are high,"', '"we cut them."']),
        ("Ann said “rates” and “prices” fell.", ["“rates” and “prices” fell"]),
        ("Ann said “rates will fall” and that was all.", ["“rates will fall” and that was all"]),
        ("Ann said “it rains and it pours”.", ["“it rains and it pours”"]),
    ],
)
def test_two_whole_quotations_joined_by_and_are_two_statements(text: str, parts: list[str]) -> None:
    assert contents(text, "Ann", "said", text.removeprefix("Ann said ").removesuffix(".")) == parts


LONG = "“It fell.\n\n“It rose,” she said. “It stayed.”\n\nOthers differ."


def completed(text: str, *contents: tuple[str, ...]) -> list[list[str]]:
    """The content words of drafts with these contents."""
    spans = [tuple((text.index(words), text.index(words) + len(words)) for words in content) for content in contents]
    doc = NLP.make_doc(text)
    doc._.drafts = [Draft(source=(), cue=(), content=content, confidence=1.0) for content in spans]
    return [[text[a:b] for a, b in draft.content] for draft in drafts_of(NLP(doc))]


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ([("“It rose,”",)], [["“It fell.", "“It rose,”"]]),
        ([("It rose",)], [["“It fell.", "It rose"]]),
        ([("“It rose,”", "“It stayed.”")], [["“It fell.", "“It rose,”", "“It stayed.”"]]),
        ([("“It fell.",), ("“It rose,”",)], [["“It fell."], ["“It rose,”"]]),
        ([("“It stayed.”",)], [["“It stayed.”"]]),
    ],
)
def test_a_quotation_of_several_paragraphs_is_one_content(
    contents: list[tuple[str, ...]], expected: list[list[str]]
) -> None:
    assert completed(LONG, *contents) == expected


@pytest.mark.parametrize(
    ("cue", "content", "kept"),
    [
        ("read", "“War and Peace”", False),
        ("is titled", "“The Long Tuesday”", False),
        ("read", "“War and Peace” with care", True),
        ("said", "“War and Peace”", True),
        ("read", "“This is the end.”", True),
    ],
)
def test_a_work_that_is_named_is_not_said(cue: str, content: str, kept: bool) -> None:
    assert bool(contents(f"She {cue} {content}.", "She", cue, content)) is kept


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Related posts: Vane says no", False),
        ("Read more: Vane says no", False),
        ("Photo: Vane says no", False),
        ("Related firms: Vane says no", True),
        ("Vane says no", True),
    ],
)
def test_links_and_credits_of_a_page_are_not_said(line: str, kept: bool) -> None:
    assert bool(contents(f"A plan.\n{line}\nThe end.", "Vane", "says", "no")) is kept


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("'The plan won't work,' said Ann.", "'The plan won't work,'"),
        ("Ann said: 'It's the workers' plan.'", "'It's the workers' plan.'"),
        ("Ann asked, 'Why not?' and left.", "'Why not?'"),
    ],
)
def test_straight_single_marks_quote(text: str, quotation: str) -> None:
    assert [text[slice(*span)] for span in quoted_spans(text)] == [quotation]


@pytest.mark.parametrize(
    "text",
    ["Ann's plan is the workers' plan.", "Rock 'n' roll.", "'Tis late, she said.", "It's the '90s.", "Get 'em, boys!"],
)
def test_apostrophes_do_not(text: str) -> None:
    assert quoted_spans(text) == []


@given(st.text(alphabet="ab '\"“”,. and", max_size=80))
def test_parting_makes_no_words_and_keeps_the_order(said: str) -> None:
    text = f"Ann said {said}"
    parts = contents(text, "Ann", "said", said) if said and said not in "Ann said " else []
    at = 0
    for part in parts:
        at = text.index(part, at) + len(part)
