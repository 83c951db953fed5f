"""Whom a mention means."""

from __future__ import annotations

from typing import Any

import pytest

from kb.ingest.people import NEW, Identity, common_role, identify, names_of
from kb.store.speakers import StoredSpeaker
from kb.types import Role, SpeakerMention

HUGGING_FACE = Role(title="chief executive", organisation="Hugging Face")


def stored(number: int, *aliases: str, roles: tuple[Role, ...] = (), **fields: Any) -> StoredSpeaker:
    fields = {"root_id": number, "kind": "person"} | fields
    return StoredSpeaker(id=number, name=aliases[0], aliases=aliases, roles=roles, **fields)


def mention(name: str, role: Role | None = None, **fields: Any) -> SpeakerMention:
    return SpeakerMention(name=name, role=role, **{"kind": "person"} | fields)


DELANGUE = stored(1, "Clément Delangue", "linkedin:clemdelangue", roles=(HUGGING_FACE,))


@pytest.mark.parametrize(
    ("who", "known", "expected"),
    [
        (mention("Clement DELANGUE"), [DELANGUE], 1),
        (mention("Dr. Clément Delangue"), [DELANGUE], 1),
        (mention("clem", handle="linkedin:ClemDelangue"), [DELANGUE], 1),
        (mention("Delangue"), [DELANGUE, stored(2, "Delangue")], None),
        (mention("Delangue"), [stored(2, "Clément Delangue", "Delangue", given=("Delangue",))], 2),
        (mention("Clément Delangue", kind="organisation"), [DELANGUE], None),
        (mention("Acme Inc.", kind="organisation"), [stored(3, "acme", kind="organisation")], 3),
        (mention("some analysts", kind="group"), [stored(4, "Some analysts", kind="group")], 4),
        (mention("Clément Delangue"), [], None),
    ],
)  # fmt: skip
def test_handle_and_full_name_identify(who: SpeakerMention, known: list[StoredSpeaker], expected: int | None) -> None:
    assert identify(who, known) == (Identity(speaker_id=expected) if expected else NEW)


def test_a_member_of_a_cluster_is_found_under_its_own_id() -> None:
    misspelt = stored(5, "Clement Delange", root_id=1)
    assert identify(mention("Clement Delange"), [DELANGUE, misspelt]).speaker_id == 5


def test_namesakes_are_told_apart_by_role_or_not_at_all() -> None:
    banker = stored(1, "Ana Petrova", roles=(Role(title="chair", organisation="North Bank"),))
    rower = stored(2, "Ana Petrova", roles=(Role(title="captain", organisation="the rowing club"),))
    at_bank = mention("Ana Petrova", Role(title="chairwoman", organisation="North Bank plc"))
    assert identify(at_bank, [banker, rower]).speaker_id == 1
    assert identify(mention("Ana Petrova"), [banker, rower]) == NEW


def test_similar_spelling_in_the_same_role_is_merged_with_a_reason() -> None:
    found = identify(mention("Clement Delange", Role(title="CEO", organisation="Hugging Face")), [DELANGUE])
    assert found == Identity(
        merge_with=1, reason="similar spelling (97 %) and the same role: chief executive of Hugging Face"
    )


@pytest.mark.parametrize(
    "who",
    [
        mention("Clement Delange"),
        mention("Clement Delange", Role(title="CEO", organisation="Mistral")),
        mention("Clement Delange", Role(title="chief scientist", organisation="Hugging Face")),
        mention("Clement Delange", Role(title="CEO")),
        mention("Thomas Wolf", Role(title="CEO", organisation="Hugging Face")),
    ],
    ids=["no role", "other organisation", "other title", "no organisation", "other name"],
)
def test_similar_spelling_alone_merges_nothing(who: SpeakerMention) -> None:
    assert identify(who, [DELANGUE]) == NEW


def test_nothing_is_merged_where_two_clusters_fit() -> None:
    unmerged = stored(2, "Clement Delangu", roles=(HUGGING_FACE,))
    assert identify(mention("Clement Delange", HUGGING_FACE), [DELANGUE, unmerged]) == NEW


@pytest.mark.parametrize(
    ("who", "leads"),
    [
        (mention("Clément Delangue", HUGGING_FACE), True),
        (mention("Clement Delangue", HUGGING_FACE, handle="x:clem"), True),
        (mention("Clement Delangue", HUGGING_FACE), False),
    ],
)
def test_the_better_name_leads_the_cluster(who: SpeakerMention, leads: bool) -> None:
    assert identify(who, [stored(2, "Clement Delange", roles=(HUGGING_FACE,))]).leads is leads


@pytest.mark.parametrize("name", ["De Lang", "Delangue", "Clem Delangue"])
def test_a_short_form_in_the_same_role_is_merged(name: str) -> None:
    assert identify(mention(name, HUGGING_FACE), [DELANGUE]).merge_with == 1


def test_the_full_name_finds_its_short_form_and_leads() -> None:
    found = identify(mention("Clément Delangue", HUGGING_FACE), [stored(2, "De Lang", roles=(HUGGING_FACE,))])
    assert (found.merge_with, found.leads) == (2, True)


def test_two_people_of_one_surname_stay_two() -> None:
    assert identify(mention("Thomas Delangue", HUGGING_FACE), [DELANGUE]) == NEW


def test_a_surname_needs_a_title_as_well() -> None:
    assert identify(mention("Delangue", Role(organisation="Hugging Face")), [DELANGUE]) == NEW


def test_other_spellings_of_the_document_count() -> None:
    who = mention("Monsieur D.", HUGGING_FACE, spellings=("Clemen Delangue",))
    assert identify(who, [DELANGUE]).merge_with == 1


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
def test_roles(a: Role, b: Role, same: bool) -> None:
    assert (common_role(a, [b]) == b) is same


def test_names_with_and_without_what_surrounds_them() -> None:
    assert list(names_of(mention("Prof. Dr. Eva Lind", spellings=("E. Lind",)))) == [
        "Prof. Dr. Eva Lind", "Eva Lind", "E. Lind"]  # fmt: skip
    assert list(names_of(mention("Acme, Inc.", kind="organisation"))) == ["Acme, Inc.", "Acme"]
