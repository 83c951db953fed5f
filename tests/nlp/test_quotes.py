"""Quotations in running text, and quote kinds on hand-made drafts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy import blank
from spacy.language import Language

from kb.nlp.drafts import Draft, drafts_of
from kb.nlp.quotes import quoted_spans, snap_to_quotes


def quotations(text: str) -> list[str]:
    return [text[start:end] for start, end in quoted_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She said, “It works,” and left.", ["“It works,”"]),
        ('She said, "It works," and left.', ['"It works,"']),
        ("''It works,'' she said. ''It does.''", ["''It works,''", "''It does.''"]),
        ("Elle a dit « ça marche » hier.", ["« ça marche »"]),
        ("Sie sagte: „Es geht“ und ging.", ["„Es geht“"]),
        ("Sie sagte: »Es geht« und ging.", ["»Es geht«"]),
        ("Hon sade ”det går” i går.", ["”det går”"]),
        ("He said:“No space.”", ["“No space.”"]),
        ("“He told us ‘go home’ and we went,” she said.", ["“He told us ‘go home’ and we went,”"]),
        ("‘It’s the analysts’ view,’ he said.", ["‘It’s the analysts’ view,’"]),
        ('"The "big" one," he said.', ['"The "big" one,"']),
        ('“Mixed marks happen," he said.', ['“Mixed marks happen,"']),
        ('A 5" screen and "hello" on it.', ['"hello"']),
        ("They say 'it'll take us a year', or two.", ["'it'll take us a year'"]),
        ("The workers' union, the boys' club.", []),
        ("No marks, it’s plain.", []),
        ("", []),
    ],
)
def test_quotations_of_every_style(text: str, expected: list[str]) -> None:
    assert quotations(text) == expected


def test_an_unpaired_mark_costs_only_itself() -> None:
    text = 'Stray " mark and "one" here.\n\n“Never closed, said A.\n\nThen “two” and\n“three”.'
    assert quotations(text) == ['"one"', "“two”", "“three”"]


def test_an_unpaired_mark_spares_quotations_after_it() -> None:
    assert quotations('He said "foo. Then "bar" came, and "baz".') == ['"bar"', '"baz"']


def test_each_paragraph_of_a_long_quotation_is_one() -> None:
    text = "He said: “We grew.\n\n“We hired.\n\n“We will do more,” he said. “Soon.”"
    assert quotations(text) == ["“We grew.", "“We hired.", "“We will do more,”", "“Soon.”"]


def test_a_hard_wrapped_quotation_is_one() -> None:
    assert quotations('"We will ship\nthe product in\nMay," she said.') == ['"We will ship\nthe product in\nMay,"']


@given(st.text(alphabet="ab .,\n\"'“”‘’„«»‹›`", max_size=200))
def test_quotations_are_in_order_apart_and_inside(text: str) -> None:
    spans = quoted_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("mark", ["“", "”", '"', "''", "« ", "‘a "])
def test_ten_thousand_marks_are_read(mark: str) -> None:
    assert len(quoted_spans(f"{mark}x " * 10_000)) <= 5_000


@pytest.mark.parametrize(
    ("inner", "snapped"),
    [
        ("It works", "“It works,”"),
        ("“It works", "“It works,”"),
        (" “It works,” s", " “It works,” s"),
        ("works", "works"),
        ("It", "It"),
    ],
)
def test_snapping_takes_nearly_covered_quotations(inner: str, snapped: str) -> None:
    text = "Yes: “It works,” she said."
    start = text.index(inner)
    begin, end = snap_to_quotes(text, (start, start + len(inner)))
    assert text[begin:end] == snapped


@pytest.fixture
def nlp() -> Language:
    nlp = blank("en")
    nlp.add_pipe("quote_kinds")
    return nlp


@pytest.mark.parametrize(
    ("text", "content", "kind"),
    [
        ("“It works,” she said. “It does.”", ["“It works,”", "“It does.”"], "direct"),
        ("She said that “it works”.", ["that “it works”."], "direct"),
        ("She said “it works well”.", ["it works"], "direct"),
        ("She said it “works”.", ["it “works”"], "mixed"),
        ("She said it works.", ["it works"], "indirect"),
        ("She said — “it works” — that", ["— “it works” —"], "direct"),
    ],
)
def test_quote_kind(nlp: Language, text: str, content: list[str], kind: str) -> None:
    spans = tuple((text.index(words), text.index(words) + len(words)) for words in content)
    doc = nlp.make_doc(text)
    doc._.drafts = [Draft(source=(), cue=(), content=spans, confidence=0.9)]
    assert drafts_of(nlp(doc))[0].quote_kind == kind


def test_self_stays_self(nlp: Language) -> None:
    doc = nlp.make_doc("“Cash first” is a budget.")
    doc._.drafts = [Draft(source=(), cue=(), content=((0, 12),), confidence=1.0, quote_kind="self")]
    assert drafts_of(nlp(doc))[0].quote_kind == "self"
