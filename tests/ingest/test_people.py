"""Whom a mention means."""

from __future__ import annotations

from typing import Any

import pytest

from kb.ingest.people import NEW, Identity, identify, names_of
from kb.store.candidates import StoredSpeaker
from kb.types import Role, RoleRow, SpeakerMention

HUGGING_FACE = RoleRow(title="chief executive", organisation="Hugging Face", first_seen="2024", last_seen="2024")


def stored(number: int, *aliases: str, roles: tuple[RoleRow, ...] = (), **fields: Any) -> StoredSpeaker:
    fields = {"root_id": number, "kind": "person"} | fields
    return StoredSpeaker(id=number, name=aliases[0], aliases=aliases, roles=roles, **fields)


def mention(name: str, role: Role | None = None, **fields: Any) -> SpeakerMention:
    return SpeakerMention(name=name, role=role, **{"kind": "person"} | fields)


def held(title: str, organisation: str, seen: str | None = None) -> RoleRow:
    return RoleRow(title=title, organisation=organisation, first_seen=seen, last_seen=seen)


DELANGUE = stored(
    1, "Clément Delangue", "linkedin:clemdelangue", roles=(HUGGING_FACE,), handles=("linkedin:clemdelangue",)
)


@pytest.mark.parametrize(
    ("who", "known", "expected"),
    [
        (mention("Clement DELANGUE"), [DELANGUE], 1),
        (mention("Dr. Clément Delangue"), [DELANGUE], 1),
        (mention("Clément De-Langue"), [DELANGUE], 1),
        (mention("The HuggingFace Inc.", kind="organisation"), [stored(3, "Hugging Face", kind="organisation")], 3),
        (mention("clem", handle="linkedin:ClemDelangue"), [DELANGUE], 1),
        (mention("Delangue"), [DELANGUE, stored(2, "Delangue")], None),
        (mention("Mr. Delangue"), [stored(2, "Mr. Delangue", "Delangue")], None),
        (mention("De Lang"), [stored(2, "De Lang")], None),
        (mention("Al Gore"), [stored(2, "Al Gore")], 2),
        (mention("Delangue"), [stored(2, "Clément Delangue", "Delangue", given=("Delangue",))], 2),
        (mention("Clément Delangue", kind="organisation"), [DELANGUE], None),
        (mention("Acme Inc.", kind="organisation"), [stored(3, "acme", kind="organisation")], 3),
        (mention("some analysts", kind="group"), [stored(4, "Some analysts", kind="group")], None),
        (mention("Clément Delangue"), [], None),
    ],
)  # fmt: skip
def test_handle_and_full_name_identify(who: SpeakerMention, known: list[StoredSpeaker], expected: int | None) -> None:
    assert identify(who, known) == (Identity(speaker_id=expected) if expected else NEW)


def test_a_member_of_a_cluster_is_found_under_its_own_id() -> None:
    misspelt = stored(5, "Clement Delange", root_id=1)
    assert identify(mention("Clement Delange"), [DELANGUE, misspelt]).speaker_id == 5


def test_namesakes_are_told_apart_by_role_or_not_at_all() -> None:
    banker = stored(1, "Ana Petrova", roles=(held("chair", "North Bank"),))
    rower = stored(2, "Ana Petrova", roles=(held("captain", "the rowing club"),))
    at_bank = mention("Ana Petrova", Role(title="chairwoman", organisation="North Bank plc"))
    assert identify(at_bank, [banker, rower]).speaker_id == 1
    assert identify(mention("Ana Petrova"), [banker, rower]) == NEW


@pytest.mark.parametrize(
    ("title", "organisation", "seen", "expected"),
    [
        ("captain", "the rowing club", "2024-03-01", None),
        ("captain", "the rowing club", None, None),
        ("captain", "the rowing club", "2026-01-01", 1),
        ("former captain", "the rowing club", "2024-03-01", 1),
        ("captain", None, "2024-03-01", 1),
        ("director", "North Bank Europe", "2024-03-01", 1),
        ("director", "NB", "2024-03-01", 1),
    ],
)
def test_a_role_elsewhere_at_the_same_time_keeps_namesakes_apart(
    title: str, organisation: str | None, seen: str | None, expected: int | None
) -> None:
    banker = stored(1, "Ana Petrova", roles=(held("chair", "North Bank", "2024-01-15"),))
    who = mention("Ana Petrova", Role(title=title, organisation=organisation))
    assert identify(who, [banker], seen=seen).speaker_id == expected


def test_whom_a_person_merged_may_have_one_more_role() -> None:
    both = (held("chair", "North Bank", "2024-01-15"), held("captain", "the rowing club", "2024-02-01"))
    who = mention("Ana Petrova", Role(title="author", organisation="Quill Press"))
    assert identify(who, [stored(1, "Ana Petrova", roles=both)], seen="2024-03-01").speaker_id == 1


def test_another_account_on_the_same_channel_is_somebody_else() -> None:
    known = [stored(1, "Ana Petrova", "x:ana", handles=("x:ana",))]
    assert identify(mention("Ana Petrova", handle="x:notana"), known) == NEW
    assert identify(mention("Ana Petrova", handle="linkedin:ana"), known).speaker_id == 1


def test_a_name_that_a_person_gave_goes_before_others() -> None:
    known = [stored(1, "Ana Petrova"), stored(2, "Ana P.", "Ana Petrova", given=("Ana Petrova",))]
    assert identify(mention("Ana Petrova"), known).speaker_id == 2


def test_a_speakers_own_name_goes_before_another_ones_alias() -> None:
    known = [stored(1, "Clément Delangue", "Clement Delange"), stored(2, "Clement Delange")]
    assert identify(mention("Clement Delange"), known).speaker_id == 2


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


def test_a_known_speaker_who_turns_out_to_have_the_role_is_merged_unless_a_person_parted_the_two() -> None:
    who, misspelt = mention("Clement Delange", HUGGING_FACE), stored(2, "Clement Delange")
    found = identify(who, [DELANGUE, misspelt])
    assert (found.speaker_id, found.merge_with) == (2, 1)
    parted = stored(1, "Clément Delangue", roles=(HUGGING_FACE,), apart=frozenset({2}))
    assert identify(who, [parted, misspelt]) == Identity(speaker_id=2)


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


@pytest.mark.parametrize("name", ["Clem Delangue", "C. Delangue", "Clement De Lang"])
def test_another_form_of_the_name_in_the_same_role_is_merged(name: str) -> None:
    assert identify(mention(name, HUGGING_FACE), [DELANGUE]).merge_with == 1


@pytest.mark.parametrize("name", ["De Lang", "Delangue", "Mr. Delangue", "Delangue Jr."])
def test_a_bare_surname_is_never_merged(name: str) -> None:
    assert identify(mention(name, HUGGING_FACE), [DELANGUE]) == NEW


def test_the_full_name_finds_its_short_form_and_leads() -> None:
    found = identify(mention("Clem Delangue", HUGGING_FACE), [stored(2, "C. Delangue", roles=(HUGGING_FACE,))])
    assert (found.merge_with, found.leads) == (2, True)


def test_two_people_of_one_surname_stay_two() -> None:
    assert identify(mention("Thomas Delangue", HUGGING_FACE), [DELANGUE]) == NEW


def test_likeness_needs_a_title_as_well() -> None:
    assert identify(mention("Clem Delangue", Role(organisation="Hugging Face")), [DELANGUE]) == NEW


def test_other_spellings_of_the_document_count() -> None:
    who = mention("Monsieur D.", HUGGING_FACE, spellings=("Clemen Delangue",))
    assert identify(who, [DELANGUE]).merge_with == 1


def test_names_with_and_without_what_surrounds_them() -> None:
    assert list(names_of(mention("Prof. Dr. Eva Lind", spellings=("E. Lind",)))) == [
        "Prof. Dr. Eva Lind", "Eva Lind", "E. Lind"]  # fmt: skip
    assert list(names_of(mention("Acme, Inc.", kind="organisation"))) == ["Acme, Inc.", "Acme"]
