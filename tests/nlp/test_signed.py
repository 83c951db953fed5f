"""Quotations that a name behind a dash signs."""

import pytest

from kb.nlp.drafts import Draft
from kb.nlp.quotes import quotations
from kb.nlp.signed import signed


def found(text: str, *drafts: Draft, named: str = "") -> list[tuple[str, str]]:
    """Source and content words."""
    names = [(text.index(named), text.index(named) + len(named), "PERSON")] if named else []
    read = signed(text, drafts, quotations(text), names)
    return [(" | ".join(text[a:b] for a, b in draft.source), draft.words(text)) for draft in read]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("“Stay calm and build.” — Ana Ruiz", "Ana Ruiz"),
        ("* “Stay calm and build” —Ana Ruiz.\n* More", "Ana Ruiz"),
        ("“Stay calm and build.” - Ana Ruiz, CEO of Kestrel", "Ana Ruiz, CEO of Kestrel"),
        ("“Stay calm and build.” – Piet de Vries (Rabo Research)", "Piet de Vries (Rabo Research)"),
        ("“Stay calm and build,” -- Ana Ruiz in a note to clients", "Ana Ruiz"),
        ("“Stay calm and build.”\n— Ana Ruiz\n", "Ana Ruiz"),
    ],
)
def test_who_signs(text: str, source: str) -> None:
    ((who, words),) = found(text)
    assert (who, words.strip("“”,")) == (source, words.strip("“”,"))
    assert words.startswith("“Stay calm")


@pytest.mark.parametrize(
    "text",
    [
        "He said “stay calm and build” — Ana Ruiz left.",
        "“Stay calm and build” — Ana Ruiz said it twice.",
        "The shares fell “by a whole lot” - Friday",
        "“By a whole lot” - Friday",
        "“War and Peace” — Leo Tolstoy is read",
        "“Anna Karenina” — Leo Tolstoy",
        "“Stay calm and build” — and so on",
    ],
)
def test_what_is_no_signature(text: str) -> None:
    assert found(text) == []


def test_one_name_signs_where_the_encoder_saw_it() -> None:
    text = "“Know what you are.” — Plato"
    assert found(text) == []
    assert found(text, named="Plato") == [("Plato", "“Know what you are.”")]


def test_what_else_was_made_of_it_is_gone() -> None:
    text = "Sources tell it rains.\n“Stay calm and build.” — Ana Ruiz"
    rains, quoted = (13, 22), (23, 45)
    wrong = Draft(source=((0, 7),), cue=((8, 12),), content=(quoted,), confidence=1)
    mixed = Draft(source=((0, 7),), cue=((8, 12),), content=(rains, quoted), confidence=1, kind_scores={"other": 1.0})
    said, quotation = signed(text, [wrong, mixed], quotations(text), [])
    assert (said.content, quotation.content) == ((rains,), (quoted,))
    assert quotation.kind_scores == {"other": 1.0}
