"""What the words of a name show."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.nlp.knownnames import settled

Name = tuple[int, int, str]

WORDS = [
    "Ashby",
    "New",
    "York",
    "Texas",
    "Bank",
    "of",
    "the",
    "Department",
    "Inc.",
    "'s",
    "Pizza",
    "U.S.",
    "\n",
    "said",
    "NATO",
]


def marked(text: str) -> tuple[str, list[Name]]:
    """``[GPE Ashby Texas]`` marks what the encoder tagged as a place."""
    plain, names = "", []
    for outside, label, name in re.findall(r"([^\[]*)(?:\[(\w+) ([^\]]*)\])?", text):
        plain += outside
        if label:
            names.append((len(plain), len(plain) + len(name), label))
        plain += name
    return plain, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # borders
        ("from [GPE Ashby Texas] to here", "GPE Ashby; GPE Texas"),
        ("in [GPE San Orlo Ca] for a day", "GPE San Orlo; GPE Ca"),
        ("in [GPE New Mexico] today", "GPE New Mexico"),
        ("in [GPE South Texas] today", "GPE South Texas"),
        ("[PERSON Ann Ashby Accenture] left", "PERSON Ann Ashby; ORG Accenture"),
        ("in the [GPE Gaza] strip", "GPE Gaza strip"),
        ("in the [GPE Gulf] of [GPE Mexico] today", "GPE Gulf of Mexico"),
        ("the [ORG Ashby] Provisional Authority said", "ORG Ashby Provisional Authority"),
        ("the [ORG Ashby] [ORG Provisional Authority] said", "ORG Ashby Provisional Authority"),
        ("ate at [PERSON Ann Ashby]'s Bakery today", "ORG Ann Ashby's Bakery"),
        ("asked [PERSON Ann Ashby]'s Department today", "PERSON Ann Ashby"),
        ("asked [GPE Ashby]'s Council today", "GPE Ashby"),
        ("the [PERSON Ashby] Administration wants", "PERSON Ashby"),
        (
            "the [GPE U.S.] Department of Housing and Urban Growth said",
            "ORG U.S. Department of Housing and Urban Growth",
        ),
        ("sued [ORG Ashby], Inc. today", "ORG Ashby, Inc."),
        ("sued [ORG Ashby] in May", "ORG Ashby"),
        ("the Law Offices of [PERSON Ann Ashby] said", "ORG Law Offices of Ann Ashby"),
        ("a friend of [PERSON Ann Ashby] said", "PERSON Ann Ashby"),
        ("[ORG ASHBY FOODS] HOLDINGS RESULTS\nIt grew.", "ORG ASHBY FOODS"),
        # labels
        ("the [GPE Iraqi] army and [ORG Palestinians] there", "MISC Iraqi; MISC Palestinians"),
        ("[PERSON Christian] went home", "PERSON Christian"),
        ("said that [PERSON Israel] would", "GPE Israel"),
        ("said that [ORG West Bank] towns", "GPE West Bank"),
        ("but [PERSON Houston] said so", "PERSON Houston"),
        ("but [ORG Houston] said so", "GPE Houston"),
        ("[PERSON Sam Lebanon] spoke, and [PERSON Lebanon] left", "PERSON Sam Lebanon; PERSON Lebanon"),
        ("from [GPE Hamas] and [PERSON Xinhua] on", "ORG Hamas; ORG Xinhua"),
        ("with [ORG Internet Explorer] open", "MISC Internet Explorer"),
        ("on [GPE Java] and on [GPE Venus] then", "GPE Java; MISC Venus"),
        ("at [GPE Ashby Road] today", "MISC Ashby Road"),
        ("the [GPE Ashby Post] says", "ORG Ashby Post"),
        # what the encoder overlooked
        ("as Russia and NATO said to the UN", "GPE Russia; ORG NATO; ORG UN"),
        ("went to New York University in Texas", "ORG New York University; GPE Texas"),
        ("Us too, and UBS/Reuters, google, Google.com, Google-owned", ""),
        ("TELL US\nto go", ""),
        ("NOTHING NEW IN RUSSIA\nIt is cold.", "GPE RUSSIA"),
        ("as Houston and Bloomberg said", ""),
    ],
)
def test_settled(text: str, expected: str) -> None:
    plain, names = marked(text)
    assert "; ".join(f"{label} {plain[start:end]}" for start, end, label in settled(plain, names)) == expected


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.data())
def test_names_stay_in_order_and_apart(parts: list[str], data: st.DataObject) -> None:
    text = " ".join(parts)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    words = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if text[a:b].strip()]
    found = settled(text, [(a, b, data.draw(st.sampled_from(["PERSON", "ORG", "GPE", "MISC"]))) for a, b in words])
    borders = [border for start, end, _ in found for border in (start, end)]
    assert borders == sorted(borders)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
