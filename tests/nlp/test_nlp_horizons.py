"""Which words give a statement its horizon."""

import datetime as dt

import pytest
from spacy import blank

from kb.dates import find_horizon
from kb.nlp.drafts import Draft, Setting, drafts_of
from kb.nlp.horizons import make_horizons
from kb.types import Horizon, StatementKind

SAID = dt.date(2024, 12, 3)


def horizon_of(
    text: str, content: str, *, kind: StatementKind = "prediction", inherited: Horizon | None = None
) -> Horizon | None:
    nlp = blank("en")
    horizons = make_horizons(nlp, "horizons")
    doc = nlp.make_doc(text)
    start = text.index(content)
    doc._.setting = Setting(said_on=SAID)
    doc._.drafts = [
        Draft(source=(), cue=(), content=((start, start + len(content)),), confidence=1.0, kind=kind, horizon=inherited)
    ]
    return drafts_of(horizons(doc))[0].horizon


def phrase(horizon: Horizon | None) -> str | None:
    return horizon and horizon.phrase


def test_the_content_comes_first() -> None:
    horizon = horizon_of("By 2026, she said, it will close in 2025.", "it will close in 2025")
    assert horizon is not None
    assert (horizon.phrase, horizon.latest) == ("in 2025", dt.date(2025, 12, 31))
    assert "it will close in 2025"[horizon.start : horizon.end] == "in 2025"


@pytest.mark.parametrize(
    ("text", "content", "expected"),
    [
        ("By 2027, she said, “the deal will close.”", "“the deal will close.”", "By 2027"),
        ("“The deal will close” by 2027, she said.", "“The deal will close”", "by 2027"),
        ("On Friday she said “the deal will close.”", "“the deal will close.”", None),
        ("“The deal will close,” she said on Friday.", "“The deal will close,”", None),
        ("He leaves by 2027. “The deal will close.”", "“The deal will close.”", None),
        ("“The deal will close.” By 2027 he leaves.", "“The deal will close.”", None),
        ("By 2027\n“The deal will close.”", "“The deal will close.”", None),
    ],
)
def test_the_sentence_around_counts_only_when_it_is_a_deadline(text: str, content: str, expected: str | None) -> None:
    assert phrase(horizon_of(text, content)) == expected


def test_an_inherited_horizon_gives_way_to_dates_only() -> None:
    inherited = find_horizon("predictions for 2025", SAID)
    assert phrase(horizon_of("It will close.", "It will close.", inherited=inherited)) == "for 2025"
    assert phrase(horizon_of("It will close soon.", "It will close soon.", inherited=inherited)) == "for 2025"
    assert phrase(horizon_of("It will close by 2026.", "It will close by 2026.", inherited=inherited)) == "by 2026"


def test_a_claim_has_none() -> None:
    assert horizon_of("It closed in 2025.", "It closed in 2025.", kind="claim") is None
