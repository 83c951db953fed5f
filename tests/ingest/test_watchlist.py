"""Lists of people to watch: everything or nothing, and the same list twice changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from records import Record

from kb.errors import InputError, JudgementError
from kb.ingest.watchlist import read_watchlist, store_watchlist
from kb.store import speaker_rows, speakers
from kb.types import Role, SpeakerMention, SpeakerRow

HEADER = "name,aliases,handles,role,organisation,wikidata id"


def write(tmp_path: Path, *lines: str, encoding: str = "utf-8", header: str = HEADER) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
    return path


def imported(record: Record, path: Path) -> list[str]:
    with record.store.transaction() as session:
        return [result.status for result in store_watchlist(session, read_watchlist(path))]


def watched(record: Record) -> list[SpeakerRow]:
    with record.store.reading() as session:
        return list(speaker_rows.load(session, speaker_rows.most_quoted(session, watched=True)))


MIRA = 'Mira Okafor,"M. Okafor | Mirra Okafor",x:@mira;linkedin:mirao,chief executive,"Havenlink, Inc.",Q42'


def test_everything_of_a_line_is_stored_and_twice_changes_nothing(record: Record, tmp_path: Path) -> None:
    path = write(tmp_path, MIRA, "Pelé,,,,,", encoding="utf-8-sig")
    assert imported(record, path) == ["added", "added"]
    rows = watched(record)
    assert imported(record, path) == ["unchanged", "unchanged"]
    assert watched(record) == rows
    mira, pele = rows
    assert mira.aliases == ("Mira Okafor", "M. Okafor", "Mirra Okafor")
    assert mira.accounts == ("x:mira", "linkedin:mirao")
    assert [(r.title, r.organisation, r.document_id) for r in mira.roles] == [
        ("chief executive", "Havenlink, Inc.", None)
    ]
    assert (mira.wikidata_id, mira.watched, mira.kind) == ("Q42", True, "person")
    assert pele.name == "Pelé"


def test_known_speakers_are_found_by_entry_account_or_name(record: Record, tmp_path: Path) -> None:
    mira, other = record.speaker("Mira Okafor"), record.speaker("Kim Gordon")
    with record.store.transaction() as session:
        account = speakers.create(session, SpeakerMention(name="dlr", kind="person", handle="x:dana"))
        speakers.watch(session, other, wikidata_id="Q7")
    path = write(tmp_path, MIRA, "Dana Whitlock,,x:Dana,,,", "K. A. Gordon,,,,,Q7")
    assert imported(record, path) == ["changed"] * 3
    assert {row.id for row in watched(record)} == {mira, account, other}
    assert [row.aliases for row in watched(record) if row.id == account] == [("dlr", "Dana Whitlock")]


def test_a_namesake_in_another_role_is_somebody_else(record: Record, tmp_path: Path) -> None:
    rower = record.speaker("Mira Okafor")
    document_id = record.document("text")
    with record.store.transaction() as session:
        role = Role(title="captain", organisation="Rowing Club")
        speakers.add_role(session, rower, role, seen="2024", document_id=document_id)
    path = write(tmp_path, MIRA)
    assert imported(record, path) == ["added"]
    assert imported(record, path) == ["unchanged"]
    assert [row.id for row in watched(record)] != [rower]


def test_organisations_other_delimiters_and_further_columns(record: Record, tmp_path: Path) -> None:
    header = "Kind;Wikidata_ID;Name;Aliases;Handles;Role;Organisation;Note"
    path = write(tmp_path, "organisation;;Tidewheel;Tidewheel AS | TW;;;;x, y", ";;Ann Lee;;;;;", header=header)
    assert imported(record, path) == ["added", "added"]
    assert [(row.name, row.kind) for row in watched(record)] == [("Tidewheel", "organisation"), ("Ann Lee", "person")]


def test_a_watched_speaker_stays_watched_in_a_merge(record: Record, tmp_path: Path) -> None:
    imported(record, write(tmp_path, MIRA))
    (row,) = watched(record)
    other = record.speaker("M. O.")
    record.merge(row.id, other)
    assert [(row.id, row.wikidata_id) for row in watched(record)] == [(other, "Q42")]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((), "no line below"),
        (("Ann Lee,,,,",), "line 2: 5 cells, but 6 columns"),
        (("Ann Lee,,,,,", ",,x:ann,,,"), "line 3: the name is empty"),
        (("Ann Lee,,@ann,,,",), "line 2: the handle is '@ann'; write it with its channel, as x:ann"),
        (("Ann Lee,,https://x.com/ann,,,",), "line 2: the handle is 'https://x.com/ann'"),
        (("Ann Lee,,,,,Douglas",), "line 2: the Wikidata id is 'Douglas'; write it like Q42"),
        (('Ann Lee,,,"chief" of,,',), "line 2: not CSV"),
    ],
)
def test_a_line_that_cannot_be_read(tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError) as error:
        read_watchlist(write(tmp_path, *lines))
    assert message in str(error.value)


def test_missing_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no column aliases, handles, wikidata id; its first line must be: name,"):
        read_watchlist(write(tmp_path, "Ann Lee,CEO,Acme", header="name,role,organisation"))


def test_bad_encodings_and_files(tmp_path: Path) -> None:
    for encoding, line in (("cp1252", 3), ("utf-16", 1)):
        with pytest.raises(InputError, match=f"line {line}: not UTF-8"):
            read_watchlist(write(tmp_path, "Ann Lee,,,,,", "Clément Delangue,,,,,", encoding=encoding))
    for path in (tmp_path, tmp_path / "missing.csv"):
        with pytest.raises(InputError, match="cannot read"):
            read_watchlist(path)


def test_a_contradiction_with_the_record_changes_nothing(record: Record, tmp_path: Path) -> None:
    with record.store.transaction() as session:
        ann = speakers.create(session, SpeakerMention(name="Ann Lee", kind="person", handle="x:ann"))
        speakers.watch(session, ann, wikidata_id="Q1")
    before = watched(record)
    with pytest.raises(JudgementError, match="Ann Lee"):
        imported(record, write(tmp_path, MIRA, "Ann Lee,,x:ann,,,Q2"))
    assert watched(record) == before
