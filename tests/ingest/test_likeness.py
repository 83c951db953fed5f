"""Names and roles: how alike they are, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ingest.likeness import WHOLE, is_whole, likeness
from kb.ingest.roles import common_role, contradiction, seen_as
from kb.store.speakers import keys_of
from kb.text import name_parts, organisation_key
from kb.types import Role, SpeakerKind

PERSONS = [
    ("Clément Delangue", "CLEMENT DELANGUE", "the same name"),
    ("Jean-Luc Moreau", "Jean Luc Moreau", "the same name"),
    ("Prof. Dr. Eva Lind", "Eva Lind", "the same name"),
    ("Ursula von der Leyen", "Ursula Vonderleyen", "the same name"),
    ("𝐂lem Delangue", "Clem Delangue", "the same name"),
    ("Ursula Leyen", "Ursula von der Leyen", "similar spelling (79 %)"),
    ("Anne Slaughter", "Anne-Marie Slaughter", "similar spelling (84 %)"),
    ("Clement Delange", "Clément Delangue", "similar spelling (97 %)"),
    ("Donald J. Trump", "Donald Trump", "similar spelling (96 %)"),
    ("Stephen Heidell", "Steven Heidel", "similar spelling (85 %)"),
    ("M. Okafor", "Mira Okafor", "“M.” may stand for Mira"),
    ("Bob Ferrand", "Robert Ferrand", "Bob and Robert are forms of one name"),
    ("De Lang", "Clément Delangue", "the surname, and nothing but the surname"),
    ("Delangue", "Delangue", "the same single name"),
    ("Delangue", "Altman", None),
    ("Thomas Delangue", "Clément Delangue", None),
    ("Ana Petrova", "Anna Petrova", "similar spelling (95 %)"),
    ("Jack Altman", "Zack Altman", None),
    ("John A. Smith", "John B. Smith", None),
    ("A. Smith", "B. Smith", None),
]
ORGANISATIONS = [
    ("The Acme Corp.", "ACME", "the same name"),
    ("HuggingFace", "Hugging Face", "the same name"),
    ("IMF", "International Monetary Fund", "“IMF” are the first letters of “International Monetary Fund”"),
    (
        "F.B.I.",
        "Federal Bureau of Investigation",
        "“F.B.I.” are the first letters of “Federal Bureau of Investigation”",
    ),
    ("Tidewheel", "Tide Whele", "similar spelling (89 %)"),
    ("Acme", "Bolt", None),
]


@pytest.mark.parametrize(("a", "b", "reason"), PERSONS)
def test_persons(a: str, b: str, reason: str | None) -> None:
    found = likeness(a, b, "person")
    assert (found.reason if found else None) == reason
    assert found == likeness(b, a, "person")


@pytest.mark.parametrize(("a", "b", "reason"), ORGANISATIONS)
def test_organisations(a: str, b: str, reason: str | None) -> None:
    found = likeness(a, b, "organisation")
    assert (found.reason if found else None) == reason


LIKE: list[tuple[str, str, SpeakerKind]] = [(a, b, "person") for a, b, why in PERSONS if why and "forms" not in why]
LIKE += [(a, b, "organisation") for a, b, why in ORGANISATIONS if why]


@pytest.mark.parametrize(("a", "b", "kind"), LIKE)
def test_like_names_share_a_key(a: str, b: str, kind: SpeakerKind) -> None:
    assert keys_of(a.removeprefix("Prof. Dr. "), kind) & keys_of(b, kind)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ursula von der Leyen", ("ursula", "von der leyen")),
        ("Martin Luther King Jr.", ("martin luther", "king")),
        ("De Lang", ("", "de lang")),
        ("Pelé", ("", "pele")),
        ("...", ("", "")),
    ],
)
def test_parts_of_names(name: str, parts: tuple[str, str]) -> None:
    given_names, surname = name_parts(name)
    assert (" ".join(given_names), " ".join(surname)) == parts


@pytest.mark.parametrize(("name", "whole"), [("Mr. Comey", False), ("Al Gore", True), ("J. Comey", True)])
def test_a_surname_with_an_honorific_is_a_surname(name: str, whole: bool) -> None:
    assert is_whole(name) is whole


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_strings_can_be_compared(a: str, b: str) -> None:
    for kind in ("person", "organisation"):
        assert likeness(a, b, kind) == likeness(b, a, kind)
        assert keys_of(a, kind) == keys_of(a.upper().lower(), kind) or not a.isascii()


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (
            Role(title="co-founder and CEO", organisation="The Acme Corp"),
            Role(title="founder", organisation="Acme"),
            True,
        ),
        (Role(organisation="Acme"), Role(title="founder", organisation="Acme"), True),
        (Role(title="founder"), Role(title="founder"), False),
        (Role(title="CTO", organisation="Acme"), Role(title="CEO", organisation="Acme"), False),
    ],
)
def test_common_roles(a: Role, b: Role, same: bool) -> None:
    assert (common_role(a, seen_as(b, None)) is not None) is same


def test_roles_of_one_time_contradict_each_other() -> None:
    bank, club = Role(title="chair", organisation="North Bank"), Role(title="captain", organisation="Rowing Club")
    near, far = seen_as(club, "2024-06"), seen_as(club, "2025")
    assert contradiction(seen_as(bank, "2024-01-15"), near) == (seen_as(bank, "2024-01-15")[0], near[0])
    assert contradiction(seen_as(bank, "2024-01-15"), far) is None
    assert contradiction((), near) is None


def test_keys_of_organisations_and_whole_names() -> None:
    assert organisation_key("The Café Co.") == organisation_key("cafe")
    assert likeness("Mira Okafor", "M. Okafor", "person").score >= WHOLE  # type: ignore[union-attr]
    assert keys_of("analysts", "group") == set()
