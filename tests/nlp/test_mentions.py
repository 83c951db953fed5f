"""Names in a text, from the spans that the encoder marked."""

import re

import pytest

from kb.nlp.mentions import find_mentions


def found(text: str, **marked: str) -> list[tuple[str, str]]:
    """Text and label of every mention; ``marked`` gives what the encoder saw, by label, names apart by ``|``."""
    spans: list[tuple[int, int, str]] = []
    for label, names in marked.items():
        for match in re.finditer("|".join(rf"(?<!\w){re.escape(name)}" for name in names.split("|")), text):
            if not any(start < match.end() and match.start() < end for start, end, _ in spans):
                spans.append((*match.span(), label))
    return [(mention.text, mention.label) for mention in find_mentions(text, spans)]


@pytest.mark.parametrize(
    ("text", "seen", "name"),
    [
        ("He met Abdel Fattah al-Sisi there.", "al-Sisi", "Abdel Fattah al-Sisi"),
        ("He met Yahya al-Sinwar there.", "Yahya al", "Yahya al-Sinwar"),
        ("He met President al-Sisi there.", "al-Sisi", "al-Sisi"),
        ("He met Henri d'Arcy there.", "Henri", "Henri d'Arcy"),
    ],
)
def test_arabic_and_french_articles_belong_to_surnames(text: str, seen: str, name: str) -> None:
    assert found(text, PERSON=seen) == [(name, "PERSON")]


@pytest.mark.parametrize("office", ["Prime Minister", "Vice President", "Judge"])
def test_offices_are_nobodys_names(office: str) -> None:
    assert "PERSON" not in dict(found(f"He met the {office} there.", PERSON=office)).values()


def test_a_common_noun_behind_an_article_is_no_person() -> None:
    assert dict(found("It is in the 14th Amendment, says the Amendment.", PERSON="Amendment")) == {"Amendment": ""}
    assert found("He saw Page and met Page.", PERSON="Page") == [("Page", "PERSON")] * 2


def test_an_organisations_short_name_is_no_person_unless_somebody_has_it() -> None:
    assert found("Halcyon Bank fell. Then Halcyon rose.", ORG="Halcyon Bank", PERSON="Halcyon")[1] == ("Halcyon", "ORG")
    text = "Dover Bank fell. Then Ida Dover left, and Dover came back."
    assert found(text, ORG="Dover Bank", PERSON="Ida Dover|Dover")[-1] == ("Dover", "PERSON")
