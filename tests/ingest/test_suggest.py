"""Who may be one: suggestions with their reasons, and what is never suggested."""

from __future__ import annotations

import pytest
from records import NOW, Record

from kb.errors import NotFoundError
from kb.ingest.suggest import suggest, suggest_for
from kb.store import speakers
from kb.types import Role, SpeakerKind, SpeakerMention, StatementData, SuggestionRow


@pytest.fixture
def delangue(record: Record) -> int:
    speaker_id = record.speaker("Clément Delangue")
    give_role(record, speaker_id, "chief executive", "Hugging Face")
    return speaker_id


def give_role(record: Record, speaker_id: int, title: str, organisation: str, seen: str = "2024-12-03") -> None:
    document_id = record.document(f"{title} of {organisation}")
    with record.store.transaction() as session:
        role = Role(title=title, organisation=organisation)
        speakers.add_role(session, speaker_id, role, seen=seen, document_id=document_id)


def asked(record: Record, name: str | int, limit: int = 20) -> dict[str, tuple[str, ...]]:
    """Reasons by candidate, in the order suggested."""
    with record.store.reading() as session:
        return {row.candidate: row.reasons for row in suggest_for(session, str(name), limit=limit)}


def unasked(record: Record) -> list[SuggestionRow]:
    with record.store.reading() as session:
        return suggest(session, limit=20)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("clement delange", "similar spelling (97 %)"),
        ("Clem Delangue", "similar spelling (89 %)"),
        ("C. Delangue", "“C.” may stand for Clement"),
        ("De Lang", "the surname, and nothing but the surname"),
    ],
)
def test_a_name_that_is_new(record: Record, delangue: int, name: str, reason: str) -> None:
    record.speaker("Sam Altman")
    assert asked(record, name) == {"Clément Delangue": (reason,)}


def test_forms_of_a_given_name_and_acronyms(record: Record) -> None:
    record.speaker("Robert Ferrand")
    with record.store.transaction() as session:
        speakers.create(session, SpeakerMention(name="International Monetary Fund", kind="organisation"))
    assert asked(record, "Bob Ferrand") == {"Robert Ferrand": ("Bob and Robert are forms of one name",)}
    assert list(asked(record, "IMF")) == ["International Monetary Fund"]


def test_shared_roles_organisations_accounts_and_documents_are_reasons(record: Record, delangue: int) -> None:
    other = record.speaker("Delange")
    give_role(record, other, "CEO", "Hugging Face, Inc.")
    both = record.document("Robots will sell. Boats will sink.")
    for speaker_id, words in ((delangue, "Robots will sell"), (other, "Boats will sink")):
        data = StatementData(kind="claim", text=words)
        record.report(record.said(speaker_id, words), data, both)
    with record.store.transaction() as session:
        for speaker_id in (delangue, other):
            speakers.add_alias(session, speaker_id, "x:clem", origin="handle")
    expected = (
        "the surname, and nothing but the surname",
        "the same account: x:clem",
        "the same role: CEO of Hugging Face, Inc.",
        f"quoted in the same document: {both}",
    )
    assert asked(record, other) == {"Clément Delangue": expected}
    (row,) = unasked(record)
    assert {row.speaker_id, row.candidate_id} == {delangue, other}


def test_what_speaks_against_is_told(record: Record) -> None:
    banker, rower = record.speaker("Ana Petrova"), record.speaker("Ana Petrova")
    give_role(record, banker, "chair", "North Bank")
    give_role(record, rower, "captain", "Rowing Club")
    with record.store.transaction() as session:
        speakers.add_alias(session, banker, "x:ana", origin="handle")
        speakers.add_alias(session, rower, "x:rows", origin="handle")
    reasons = (
        "the same name",
        "but at the same time chair of North Bank and captain of Rowing Club",
        "but two accounts: x:ana and x:rows",
    )
    assert asked(record, banker) == {"Ana Petrova": reasons}
    assert [row.reasons for row in unasked(record)] == [reasons]
    with record.store.reading() as session:
        assert [row.candidate_id for row in suggest_for(session, "Ana Petrova", limit=9)] == [banker, rower]


def test_a_surname_alone_is_suggested_only_when_asked_for(record: Record, delangue: int) -> None:
    other = record.speaker("Delange")
    assert unasked(record) == []
    assert list(asked(record, other)) == ["Clément Delangue"]


def test_nothing_is_suggested_that_a_person_has_judged(record: Record, delangue: int) -> None:
    other = record.speaker("Clement Delange")
    assert len(unasked(record)) == 1
    merge_id = record.merge(other, delangue)
    assert unasked(record) == []
    with record.store.transaction() as session:
        speakers.unmerge(session, merge_id, now=NOW)
    assert unasked(record) == []
    assert asked(record, other) == asked(record, delangue) == {}


@pytest.mark.parametrize("kind", ["group", "organisation"])
def test_a_person_is_no_group_and_no_organisation(record: Record, kind: SpeakerKind) -> None:
    person = record.speaker("Mercy Booker")
    with record.store.transaction() as session:
        speakers.create(session, SpeakerMention(name="Mercy Booker", kind=kind))
    assert asked(record, person) == {}
    assert unasked(record) == []


def test_people_of_different_wikidata_entries_are_two(record: Record) -> None:
    one, other = record.speaker("Ana Petrova"), record.speaker("Anna Petrova")
    assert len(unasked(record)) == 1
    with record.store.transaction() as session:
        speakers.watch(session, one, wikidata_id="Q1")
        speakers.watch(session, other, wikidata_id="Q2")
    assert unasked(record) == []


def test_limits_and_unknown_names(record: Record) -> None:
    for number in range(5):
        record.speaker(f"Ana {'BCDEF'[number]}. Petrova")
    assert len(asked(record, "Ana Petrova", limit=3)) == 3
    assert asked(record, "Zebedee Quill") == asked(record, "???") == asked(record, "") == {}
    with pytest.raises(NotFoundError):
        asked(record, 99)
