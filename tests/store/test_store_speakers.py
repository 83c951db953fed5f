"""Speakers: found by name, merged and parted again without loss."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import NOW, Record
from sqlmodel import select

from kb.errors import JudgementError, NotFoundError
from kb.store import candidates, speaker_rows, speakers, statement_rows, tables
from kb.store.check import check
from kb.text import exact_key, person_keys, spelling_key
from kb.types import Role, SpeakerMention


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Clément Delangue", "clement  DELANGE", True),
        ("De Lang", "Delangue", True),
        ("Steven Heidel", "Stephen Heidell", True),
        ("Sam Altman", "Sam Altmann", True),
        ("Sam Altman", "Dario Amodei", False),
        ("Ai", "Ae", False),
        ("Bo Lee", "Bao Liu", True),
        ("Lee", "Li", False),
    ],
)
def test_spelling_keys(one: str, other: str, same: bool) -> None:
    assert (spelling_key(one) == spelling_key(other)) is same


def test_candidates_by_name_key_handle_and_organisation(record: Record) -> None:
    clement, other = record.speaker("Clément Delangue"), record.speaker("Clement Delange", "De Lang")
    record.speaker("Sam Altman")
    document_id = record.document("text")
    with record.store.transaction() as session:
        dana = speakers.create(session, SpeakerMention(name="Dana Whitlock", kind="person", handle="x:danawhitlock"))
        speakers.add_alias(session, clement, "Clem", origin="user")
        role = Role(title="CEO", organisation="Hugging Face, Inc.")
        speakers.add_role(session, other, role, seen="2024", document_id=document_id)
        assert candidates.named(session, [exact_key("clement de-langue", "person")]) == {clement}
        assert candidates.given(session, ["clem", "de lang"]) == {clement}
        assert candidates.given(session, ["x:danawhitlock"]) == {dana}
        assert {i for i, _ in candidates.alike(session, person_keys("C. Delangue"))} == {clement, other}
        assert candidates.alike(session, []) == []
        assert [name for _, name in candidates.colleagues(session, "HuggingFace")] == ["De Lang", "Clement Delange"]
        speakers.merge(session, other, clement, made_by="ann", reason="", now=NOW)
        assert {i for i, _ in candidates.colleagues(session, "hugging face")} == {clement, other}
        found = candidates.load(session, [other, clement])
    assert [(s.id, s.root_id, s.given) for s in found] == [(clement, clement, ("Clem",)), (other, clement, ())]
    assert {(r.title, r.first_seen) for s in found for r in s.roles} == {("CEO", "2024")}


def test_whom_a_person_parted_is_known(record: Record) -> None:
    ann, bo, cy = record.speaker("Ann Lee"), record.speaker("Bo Lee"), record.speaker("Cy Lee")
    _unmerge(record, record.merge(ann, bo))
    record.merge(bo, cy)
    with record.store.reading() as session:
        assert [s.apart for s in candidates.load(session, [ann, bo, cy])] == [{cy}, {ann}, {ann}]


def test_aliases_are_kept_once_and_a_persons_word_is_noted(record: Record) -> None:
    speaker_id = record.speaker("Clément Delangue", "Clement Delangue", "Delangue")
    with record.store.transaction() as session:
        changes = [
            speakers.add_alias(session, speaker_id, "DELANGUE"),
            speakers.add_alias(session, speaker_id, "\u0301"),
            speakers.add_alias(session, speaker_id, "delangue", origin="user"),
            speakers.add_alias(session, speaker_id, "delangue", origin="import"),
        ]
        assert changes == [False, False, True, False]
        found = list(session.exec(select(tables.Alias.text, tables.Alias.origin)))
    assert found == [("Clément Delangue", "text"), ("Delangue", "user")]


def test_the_evidence_of_a_role_is_its_earliest_document(record: Record) -> None:
    ann, role = record.speaker("Ann Lee"), Role(title="CEO", organisation="Acme")
    late, early = record.document("late"), record.document("early", title="The start", publisher="Daily")
    with record.store.transaction() as session:
        given = [
            speakers.add_role(session, ann, role, seen=None, document_id=None),
            speakers.add_role(session, ann, role, seen="2024-05-02", document_id=late),
            speakers.add_role(session, ann, role, seen="2024-03-01", document_id=early),
            speakers.add_role(session, ann, role, seen="2024-04-01", document_id=late),
        ]
        assert given == [True, True, True, False]
        (row,) = next(speaker_rows.load(session, [ann])).roles
    assert (row.document_id, row.document_title, row.publisher) == (early, "The start", "Daily")
    assert (row.first_seen, row.last_seen) == ("2024-03-01", "2024-05-02")


def test_a_watched_speaker_has_one_wikidata_entry(record: Record) -> None:
    ann = record.speaker("Ann Lee")
    with record.store.transaction() as session:
        assert [speakers.watch(session, ann, wikidata_id=entry) for entry in (None, "Q1", "Q1")] == [True, True, False]
        with pytest.raises(JudgementError, match=r"Ann Lee \(1\) is Q1 on Wikidata, not Q2"):
            speakers.watch(session, ann, wikidata_id="Q2")


@pytest.mark.parametrize(
    ("from_id", "into_id", "error"),
    [
        (1, 1, JudgementError),
        (1, 2, JudgementError),
        (2, 1, JudgementError),
        (1, 9, NotFoundError),
        (9, 1, NotFoundError),
    ],
)
def test_merges_that_make_no_sense(record: Record, from_id: int, into_id: int, error: type[Exception]) -> None:
    record.speaker("Ann")
    record.speaker("Bo")
    record.merge(1, 2)
    with pytest.raises(error):
        record.merge(from_id, into_id)
    assert check(record.store) == []


def test_unmerging_twice_or_nothing(record: Record) -> None:
    merge_id = record.merge(record.speaker("Ann"), record.speaker("Bo"))
    with record.store.transaction() as session:
        speakers.unmerge(session, merge_id, now=NOW)
    for wrong, error in ((merge_id, JudgementError), (99, NotFoundError)):
        with pytest.raises(error), record.store.transaction() as session:
            speakers.unmerge(session, wrong, now=NOW)


def test_undoing_a_merge_keeps_the_later_ones(record: Record) -> None:
    ann, bo, cy = record.speaker("Ann"), record.speaker("Bo"), record.speaker("Cy")
    first = record.merge(ann, bo)
    record.merge(ann, cy)
    assert _roots(record) == {ann: cy, bo: cy, cy: cy}
    with record.store.transaction() as session:
        speakers.unmerge(session, first, now=NOW)
    assert _roots(record) == {ann: cy, bo: bo, cy: cy}


ACTIONS = st.one_of(
    st.tuples(st.just("merge"), st.integers(0, 4), st.integers(0, 4)),
    st.tuples(st.just("unmerge"), st.integers(0, 6), st.just(0)),
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the replay is Python, whatever keeps the rows
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTIONS, max_size=12))
def test_any_merges_and_unmerges_leave_what_the_surviving_judgements_give(
    record: Record, actions: list[tuple[str, int, int]]
) -> None:
    """Every statement has the speaker of a replay, undoing a merge restores what was before, and nothing is lost."""
    five = [record.speaker(name, f"{name} II") for name in ("Ann", "Bo", "Cy", "Di", "Ed")]
    said = {record.said(speaker, f"boats float {speaker}"): speaker for speaker in five}
    surviving: dict[int, tuple[int, int]] = {}
    made: list[int] = []
    for action, a, b in actions:
        before = _roots(record)
        if action == "merge" and before[five[a]] == before[five[b]]:
            with pytest.raises(JudgementError):
                record.merge(five[a], five[b])
        elif action == "merge":
            _unmerge(record, record.merge(five[a], five[b]))
            assert _roots(record) == before
            made.append(record.merge(five[a], five[b]))
            surviving[made[-1]] = (five[a], five[b])
        elif a < len(made) and made[a] in surviving:
            _unmerge(record, made[a])
            del surviving[made[a]]
        roots = _replayed(list(surviving.values()), five)
        assert _whose(record, said) == {statement: roots[speaker] for statement, speaker in said.items()}
        assert _names(record, five) == {
            root: sorted(name for one in five if roots[one] == root for name in _own_names(record, one))
            for root in roots.values()
        }
    assert check(record.store) == []


def _roots(record: Record) -> dict[int, int]:
    with record.store.reading() as session:
        return {speaker.id: speaker.merged_into or speaker.id for speaker in session.exec(select(tables.Speaker))}


def _unmerge(record: Record, merge_id: int) -> None:
    with record.store.transaction() as session:
        speakers.unmerge(session, merge_id, now=NOW)


def _replayed(pairs: list[tuple[int, int]], ids: list[int]) -> dict[int, int]:
    """Whose name each speaker goes by after these merges, the slow and obvious way."""
    root = {i: i for i in ids}
    for from_id, into_id in pairs:
        loser, winner = root[from_id], root[into_id]
        root = {i: winner if r == loser else r for i, r in root.items()}
    return root


def _whose(record: Record, statements: dict[int, int]) -> dict[int, int | None]:
    with record.store.reading() as session:
        return {id_: statement_rows.get(session, id_).speaker_id for id_ in statements}


def _names(record: Record, ids: list[int]) -> dict[int, list[str]]:
    """All spellings by root."""
    roots = sorted({root for i, root in _roots(record).items() if i in ids})
    with record.store.reading() as session:
        return {row.id: sorted(row.aliases) for row in speaker_rows.load(session, roots)}


def _own_names(record: Record, speaker_id: int) -> list[str]:
    with record.store.reading() as session:
        return list(session.exec(select(tables.Alias.text).where(tables.Alias.speaker_id == speaker_id)))
