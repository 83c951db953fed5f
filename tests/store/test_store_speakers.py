"""Speakers: found by name, merged and parted again without loss."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import NOW, Record
from sqlmodel import select

from kb.errors import JudgementError, NotFoundError
from kb.store import speakers, tables
from kb.store.check import check
from kb.text import fold, spelling_key
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
    ],
)
def test_spelling_keys(one: str, other: str, same: bool) -> None:
    assert (spelling_key(one) == spelling_key(other)) is same


def test_candidates_by_name_spelling_and_handle(record: Record) -> None:
    clement, other = record.speaker("Clément Delangue"), record.speaker("Clement Delange", "De Lang")
    record.speaker("Sam Altman")
    document_id = record.document("text")
    with record.store.transaction() as session:
        mention = SpeakerMention(name="Dana Whitlock", kind="person", handle="x:danawhitlock")
        dana = speakers.create(session, mention)
        speakers.add_alias(session, clement, "Clem", origin="user")
        speakers.add_role(session, clement, Role(title="CEO"), seen="2024", document_id=document_id)
        found = speakers.candidates(session, [fold("Clément Delangue")])
        assert [speaker.id for speaker in found] == [clement, other]
        assert (found[0].aliases, found[0].given) == (("Clément Delangue", "Clem"), ("Clem",))
        assert found[0].roles == (Role(title="CEO"),)
        assert [s.id for s in speakers.candidates(session, ["x:danawhitlock"])] == [dana]
        assert speakers.candidates(session, ["nobody"]) == speakers.candidates(session, []) == []
        speakers.merge(session, other, clement, made_by="ann", reason="", now=NOW)
        assert [(s.id, s.root_id) for s in speakers.candidates(session, ["de lang"])] == [(other, clement)]


def test_aliases_are_kept_once(record: Record) -> None:
    speaker_id = record.speaker("Clément Delangue", "Clement Delangue", "Delangue")
    with record.store.transaction() as session:
        speakers.add_alias(session, speaker_id, "DELANGUE")
        speakers.add_alias(session, speaker_id, "\u0301")
        assert list(session.exec(select(tables.Alias.text))) == ["Clément Delangue", "Delangue"]


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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTIONS, max_size=12))
def test_merges_can_be_undone_in_any_order(record: Record, actions: list[tuple[str, int, int]]) -> None:
    """Speakers are one exactly when surviving merges connect them, and undoing a merge restores what was before."""
    five = [record.speaker(name) for name in ("Ann", "Bo", "Cy", "Di", "Ed")]
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
        assert _clusters(record, five) == _connected(list(surviving.values()), five)
    assert check(record.store) == []


def _roots(record: Record) -> dict[int, int]:
    with record.store.reading() as session:
        return {speaker.id: speaker.merged_into or speaker.id for speaker in session.exec(select(tables.Speaker))}


def _unmerge(record: Record, merge_id: int) -> None:
    with record.store.transaction() as session:
        speakers.unmerge(session, merge_id, now=NOW)


def _clusters(record: Record, ids: list[int]) -> set[frozenset[int]]:
    roots = _roots(record)
    return {frozenset(i for i in ids if roots[i] == roots[one]) for one in ids}


def _connected(pairs: list[tuple[int, int]], ids: list[int]) -> set[frozenset[int]]:
    """Connected components, the slow and obvious way."""
    groups = {frozenset([i]) for i in ids}
    for pair in pairs:
        touched = {group for group in groups if group & set(pair)}
        groups = (groups - touched) | {frozenset().union(*touched)}
    return groups
