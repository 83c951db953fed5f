"""Sources that the encoder missed, beside their cues."""

import re

import pytest

from kb.nlp.drafts import Draft
from kb.nlp.mentions import MentionIndex, find_mentions
from kb.nlp.subjects import subject


def found(marked: str, *persons: str, content: str = "") -> str:
    """The subject of the cue in [[double brackets]]; "" for none."""
    start = marked.index("[[")
    text = marked.replace("[[", "").replace("]]", "")
    cue = (start, start + len(re.findall(r"\[\[(.*?)\]\]", marked)[0]))
    at = text.index(content) if content else 0
    draft = Draft(source=(), cue=(cue,), content=((at, at + len(content)),) if content else (), confidence=1.0)
    names = [(*match.span(), "PERSON") for name in persons for match in re.finditer(name, text)]
    span = subject(text, draft, MentionIndex(find_mentions(text, names)))
    return text[slice(*span)] if span else ""


@pytest.mark.parametrize(
    ("marked", "source"),
    [
        ("Prices fall by 2026, Ida Brandt [[predicted]].", "Ida Brandt"),
        ("Prices fall, Sen. Ida Brandt\xa0[[said in March]].", "Sen. Ida Brandt"),
        ("Sen. Ida Brandt (D-Ohio) [[said]] no.", "Sen. Ida Brandt"),
        ("Ida Brandt, a lawyer, [[said]] no.", "Ida Brandt"),
        ("“We go,” [[said]] Ida Brandt.", "Ida Brandt"),
        ("Prices fall, he [[also said]].", "he"),
        ("It was Ida Brandt who [[said]] no.", "who"),
        ("Prices fall, the New York businessman [[said]].", "the New York businessman"),
        ("Foreign policy analysts [[doubt]] it.", "analysts"),
        ("The company [[says]] no.", "The company"),
        ("China’s foreign ministry [[called]] it bullying.", "China’s foreign ministry"),
        ("Ida Brandt [[is worried about]] that.", "Ida Brandt"),
        ("The union disagrees. Its secretary, Ida Brandt, [[said]] no.", "Its secretary, Ida Brandt,"),
        ("The union disagrees. Its secretary [[said]] no.", "Its secretary"),
    ],
)
def test_who_stands_beside_the_cue(marked: str, source: str) -> None:
    assert found(marked, "Ida Brandt") == source


@pytest.mark.parametrize(
    "marked",
    [
        "Ida Brandt [[is expected]] to go.",
        "Ida Brandt [[has been harshly criticized for]] it.",
        "Ida Brandt\n[[Claiming]] that it rains.",
        "Ida Brandt left, [[saying]] no.",
        "It rains, [[said]] nobody.",
        "Engineers near Ida Brandt [[compared]] notes.",
        "Engineers in the company [[compared]] notes.",
        "The table [[says]] no.",
        "On the table, Ida Brandt, [[says]] no.",
        "This was [[said]] before.",
        "[[Reportedly]] it rains.",
    ],
)
def test_where_nobody_does(marked: str) -> None:
    assert found(marked, "Ida Brandt") == ""


def test_words_of_the_content_are_no_subject() -> None:
    assert found("He likes Ida Brandt [[said]] she.", "Ida Brandt", content="He likes Ida Brandt") == ""
