"""Exporting the whole record, importing it elsewhere, and bringing two records together."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest
from records import NOW, Record, document_data, due
from sqlmodel import SQLModel, select

from exports import jsonl
from kb import open_kb, reviewing
from kb.app import KB
from kb.config import Settings
from kb.errors import InputError
from kb.ingest.repeats import link_speakers
from kb.store import documents, ledger, speakers
from kb.store.dump import DERIVED, POLLING, dump
from kb.store.ledger import NewEvidence, NewOutcome
from kb.store.tables import Attribution, Correction, Evidence, Source, Statement
from kb.types import Filters, Role, StatementData, Verdict

LATER = NOW + dt.timedelta(days=40)

NOT_DUMPED = {
    *("name_key", "alembic_version", "shingle"),
    *("body", "arrival", "pending_page", "entry", "host"),
    *("disagreement", "watch", "watch_hit", "token"),
}
"""What loading makes anew; the bytes that documents were read from; what belongs to a place and not to the record."""


def no_extractor() -> None:
    raise AssertionError("nothing is to be extracted here")


@pytest.fixture(params=["", "other", "one"], ids=["sqlite", "to postgresql", "from postgresql"])
def opened(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[str], KB]]:
    """``opened(name)`` is a record of that name, in which Ann judges; none, the other or the one is on PostgreSQL."""
    open_ones: list[KB] = []

    def open_record(name: str) -> KB:
        on_server = name == request.param
        db = request.getfixturevalue("postgres").record() if on_server else str(tmp_path / f"{name}.db")
        settings = Settings(db=db, user="ann")
        open_ones.append(open_kb(settings, extractor=no_extractor))  # type: ignore[arg-type]
        return open_ones[-1]

    yield open_record
    for kb in open_ones:
        kb.close()


def exported(kb: KB, **filters: object) -> bytes:
    out = io.BytesIO()
    kb.export("jsonl", out, **filters)
    return out.getvalue()


def imported(kb: KB, data: bytes, folder: Path):
    path = folder / "other.jsonl"
    path.write_bytes(data)
    return kb.import_record(path)


def judged(kb: KB, statement_id: int, verdict: Verdict, *, by: str = "ann", at: dt.datetime = NOW) -> None:
    evidence = NewEvidence(url="https://count.test/", quote="ten", direction="supports", date="2025-03")
    new = NewOutcome(
        verdict=verdict,
        known_on=at.date(),
        recorded_at=at,
        recorded_by=by,
        method="manual",
        reason="the count",
        evidence=(evidence,),
    )
    with kb.store.transaction() as session:
        ledger.append(session, statement_id, new)


def filled(kb: KB) -> Record:
    """A record with everything that one can hold."""
    record = Record(kb.store)
    ann, lee, group = record.speaker("Ann Lee", "Ana Lee"), record.speaker("A. Lee"), record.speaker("analysts")
    first = record.said(ann, "Ten ports open 🚀 by May", horizon=due("2025-05-01"), mentions=(("ports", "THING"),))
    again = StatementData(kind="prediction", text="Ten ports open 🚀 by May")
    heard = {"times": ((0, 3), (10, 75)), "recording_url": "https://b.test/1.mp3", "notes": ("misheard",)}
    original = record.document("She said: Ten ports open 🚀 by May.", url="https://b.test/1", title="Second", **heard)
    record.report(first, again, original)
    second = record.said(lee, "It slips to June", horizon=due("2025-06-01"), on="2025-01")
    record.said(group, "Nobody knows", kind="other", on=None)
    rejected = record.said(None, "no statement", kind="claim")
    record.merge(lee, ann)
    judged(kb, first, "unclear")
    judged(kb, first, "true", at=LATER)
    with kb.store.transaction() as session:
        speakers.unmerge(session, speakers.merge(session, group, ann, made_by="ann", reason="a slip", now=NOW), now=NOW)
        role = Role(title="chair", organisation="Port Authority")
        speakers.add_role(session, ann, role, seen="2024-12", document_id=original)
        speakers.add_role(session, ann, role, seen="2025-01", document_id=None)
        speakers.watch(session, ann, wikidata_id="Q1")
        speakers.add_alias(session, ann, "x:ann_lee", origin="handle")
        documents.revise(session, original, document_data("She said otherwise.", times=((0, 4),)), LATER)
        session.get_one(Statement, second).slips = first
        session.get_one(Statement, rejected).review = "rejected"
        session.get_one(Statement, second).quantity = {"comparator": ">=", "value": 10.0, "unit": "ports", "high": None}
        session.get_one(Source, record.source_id).etag = "only polling needs it"
        correction = {"document_sha256": "ab", "spans": ((0, 3),), "field": "kind", "old": "claim", "new": "opinion"}
        session.add(Correction(**correction, made_by="ann", made_at=NOW))
    return record


def lines(data: bytes) -> list[dict]:
    return [json.loads(line) for line in data.splitlines()]


# --- one record --------------------------------------------------------------------------------------------------


def test_an_export_restores_an_empty_record_identically(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    data = exported(one)
    result = imported(other, data, tmp_path)
    assert exported(other) == data
    assert result.conflicts == ()
    assert result.added == {
        **{"source": 1, "speaker": 3, "document": 5, "revision": 1, "statement": 4, "report": 5},
        **{"outcome": 2, "evidence": 2, "merge": 2, "role": 1, "correction": 1},
    }
    assert other.check() == []
    for name in ("json", "csv", "html", "md", "ics"):
        written = [io.BytesIO(), io.BytesIO()]
        for kb, out in zip((one, other), written, strict=True):
            kb.export(name, out)
        assert written[0].getvalue() == written[1].getvalue(), name
    assert [s.aliases for s in other.speakers()] == [s.aliases for s in one.speakers()]


def test_importing_twice_changes_nothing(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    data = exported(one)
    imported(other, data, tmp_path)
    for kb in (other, one):
        again = imported(kb, data, tmp_path)
        assert (again.added, again.changed, again.conflicts) == ({}, 0, ())
        assert exported(kb) == data
    assert other.check() == []


def test_exporting_twice_gives_the_same_bytes(opened) -> None:
    one = opened("one")
    filled(one)
    assert exported(one) == exported(one)


def test_every_column_is_in_the_lines_or_left_out_on_purpose(opened) -> None:
    one = opened("one")
    filled(one)
    with one.store.reading() as session:
        found = list(dump(session, Filters(), today=NOW.date()))
    parts = {kind: [line for line in found if line["type"] == kind] for kind in {line["type"] for line in found}}
    statements = parts["statement"]
    parts |= {
        "alias": [alias for line in parts["speaker"] for alias in line["aliases"]],
        "revision": [revision for line in parts["document"] for revision in line["revisions"]],
        "attribution": [report for line in statements for report in line["reports"]],
        "outcome": [outcome for line in statements for outcome in line["outcomes"]],
        "evidence": [item for line in statements for outcome in line["outcomes"] for item in outcome["evidence"]],
        "mention": [{"entity": 1, "label": 1}],
    }
    renamed = {
        "speaker_id",
        "document_id",
        "source_id",
        "statement_id",
        "outcome_id",
        "from_id",
        "into_id",
        "fingerprint",
    }
    for name, table in SQLModel.metadata.tables.items():
        if name in NOT_DUMPED:
            continue
        columns = (
            {column.name for column in table.columns} - DERIVED - renamed - (POLLING if name == "source" else set())
        )
        assert columns <= set(parts[name][0]), name


def test_the_lines_fit_their_schema(opened) -> None:
    one = opened("one")
    filled(one)
    schema = json.loads((Path(jsonl.__file__).parent / "schemas" / "record.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for line in lines(exported(one)):
        assert [error.message for error in validator.iter_errors(line)] == [], line["type"]
        assert list(validator.iter_errors({**line, "unheard-of": 1}))


def test_a_part_is_what_passes_and_what_that_refers_to(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    data = exported(one, words="slips")
    found = lines(data)
    assert [line["text"] for line in found if line["type"] == "statement"] == ["It slips to June"]
    assert [line["name"] for line in found if line["type"] == "speaker"] == ["Ann Lee", "A. Lee"]
    assert len([line for line in found if line["type"] == "document"]) == 1
    imported(other, data, tmp_path)
    assert other.check() == []
    assert [row.speaker for row in other.said()] == ["Ann Lee"]


def test_a_part_may_be_what_can_be_tested_in_a_document(opened) -> None:
    one = opened("one")
    filled(one)
    (row,) = one.said(words="slips")
    for filters in ({}, {"documents": (row.reports[0].document_id,)}):
        found = lines(exported(one, testable=True, **filters))
        assert [line["text"] for line in found if line["type"] == "statement"] == ["It slips to June"]


def test_evidence_without_an_outcome_and_copies_travel_too(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    record = filled(one)
    copy = document_data("Ten ports open 🚀 by May, once more.", external_id="copy")
    with one.store.transaction() as session:
        document_id = documents.insert(session, record.source_id, copy, NOW, near_duplicate_of=1)
        session.add(Evidence(statement_id=1, document_id=document_id, quote="once more", direction="supports"))
    data = exported(one)
    imported(other, data, tmp_path)
    assert exported(other) == data
    assert imported(other, data, tmp_path).added == {}


def test_a_packed_file_is_unpacked(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    (tmp_path / "record.jsonl.gz").write_bytes(gzip.compress(exported(one)))
    assert other.import_record(tmp_path / "record.jsonl.gz").added["statement"] == 4


# --- two records -------------------------------------------------------------------------------------------------


def test_both_sides_judgements_are_kept_and_the_later_counts(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    statement_id = filled(one).said(None, "Rain falls", horizon=due("2025-02-01"))
    imported(other, exported(one), tmp_path)
    (there,) = other.said(words="rain")
    judged(one, statement_id, "true", at=LATER)
    judged(other, there.id, "false", by="bob")
    result = imported(one, exported(other), tmp_path)
    (conflict,) = result.conflicts
    assert "“Rain falls”" in conflict
    assert "true (ann, 2025-02-11) here, false (bob, 2025-01-02) in other.jsonl; ours is the later" in conflict
    (row,) = one.said(words="rain")
    assert [(o.verdict, o.recorded_by) for o in row.outcomes] == [("false", "bob"), ("true", "ann")]
    assert row.outcome
    assert row.outcome.verdict == "true"
    assert imported(one, exported(other), tmp_path).conflicts == ()
    imported(other, exported(one), tmp_path)
    (row,) = other.said(words="rain")
    assert row.outcome
    assert row.outcome.verdict == "true"
    assert one.check() == other.check() == []


def test_what_a_person_read_goes_before_what_a_machine_did(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    imported(other, exported(one), tmp_path)
    for kb, review, kind in ((other, "edited", "commitment"), (one, "machine", "prediction")):
        with kb.store.transaction() as session:
            row = session.exec(select(Statement).where(Statement.text == "It slips to June")).one()
            row.review, row.kind = review, kind  # type: ignore[assignment]
    result = imported(one, exported(other), tmp_path)
    assert (result.changed, result.conflicts) == (1, ())
    assert [row.kind for row in one.said(words="slips")] == ["commitment"]
    with one.store.transaction() as session:
        session.exec(select(Statement).where(Statement.text == "It slips to June")).one().kind = "opinion"
    (conflict,) = imported(one, exported(other), tmp_path).conflicts
    assert "edited here, edited in other.jsonl; ours counts" in conflict


def test_a_link_taken_back_in_either_record_stays_away(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    record = Record(one.store)
    ann = record.speaker("Ann Lee")
    for on in ("2024-01-01", "2025-01-01"):
        record.said(ann, "electric boats will outsell petrol boats", on=on, horizon=due("2025-12-31"))
    with one.store.transaction() as session:
        link_speakers(session, [ann])
    linked = exported(one)
    imported(other, linked, tmp_path)
    first, second = sorted(row.id for row in other.said())
    assert other.show(second).repeats == first
    reviewing.unlink(one.store, 1, 2, version=0, by="ann", now=NOW)
    parted = exported(one)
    assert imported(other, parted, tmp_path).added == {"correction": 2}
    assert other.show(second).repeats is None
    imported(other, linked, tmp_path)
    assert other.show(second).repeats is None
    assert exported(other) == parted
    fresh = opened("fresh")
    imported(fresh, parted, tmp_path)
    imported(fresh, linked, tmp_path)
    assert [row.repeats for row in fresh.said()] == [None, None]
    broken = parted.replace(b"places", b"spots")
    with pytest.raises(InputError, match="'places' is missing"):
        imported(opened("third"), broken, tmp_path)


def test_records_that_share_nothing_stand_side_by_side(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    stranger = Record(other.store)
    with other.store.transaction() as session:
        session.get_one(Source, stranger.source_id).url = "/elsewhere"
    stranger.said(stranger.speaker("Bo Berg"), "Snow falls", horizon=due("2025-02-01"))
    imported(one, exported(other), tmp_path)
    assert {row.text for row in one.said()} >= {"Snow falls", "It slips to June"}
    assert one.check() == []


def test_the_same_full_name_is_merged_and_can_be_parted(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    namesake = Record(other.store)
    with other.store.transaction() as session:
        session.get_one(Source, namesake.source_id).url = "/elsewhere"
    namesake.said(namesake.speaker("Ann Lee"), "Snow falls")
    data = exported(other)
    result = imported(one, data, tmp_path)
    assert result.added["merge"] == 1
    assert {row.text for row in one.said(by="Ann Lee")} >= {"Snow falls", "It slips to June"}
    merge = one.speaker("Ann Lee").merges[-1]
    assert (merge.made_by, merge.reason) == ("import", "the same name in other.jsonl: Ann Lee")
    assert imported(one, data, tmp_path).added == {}
    one.unmerge(merge.id)
    assert imported(one, data, tmp_path).added == {}
    assert one.check() == []


def test_two_texts_of_one_document_are_both_kept(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    for kb, words in ((one, "Rain falls"), (other, "Snow falls")):
        Record(kb.store).said(None, words)
    result = imported(one, exported(other), tmp_path)
    assert result.conflicts == ("document d1: another text here and in other.jsonl; both are kept",)
    assert {row.text for row in one.said()} == {"Rain falls", "Snow falls"}
    again = imported(one, exported(other), tmp_path)
    assert (again.added, again.conflicts) == ({}, ())
    assert one.check() == []


def test_who_was_parted_here_stays_apart(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    imported(other, exported(one), tmp_path)
    with one.store.transaction() as session:
        speakers.unmerge(session, 1, now=LATER)
    assert imported(one, exported(other), tmp_path).added == {}
    assert len(one.speakers("lee")) == 2
    imported(other, exported(one), tmp_path)
    assert len(other.speakers("lee")) == 2


def test_another_reading_of_the_same_words_is_the_same_statement(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    imported(other, exported(one), tmp_path)
    with other.store.transaction() as session:
        row = session.exec(select(Statement).where(Statement.text == "It slips to June")).one()
        row.text, row.fingerprint = "It slips", "f" * 32
    (there,) = other.said(words="slips")
    judged(other, there.id, "late", by="bob")
    result = imported(one, exported(other), tmp_path)
    assert result.added == {"outcome": 1, "evidence": 1}
    (row,) = one.said(words="slips")
    assert (row.text, row.outcome and row.outcome.verdict) == ("It slips to June", "late")


# --- what cannot be imported -------------------------------------------------------------------------------------


def _changed(data: bytes, kind: str, /, **values: object) -> bytes:
    found = lines(data)
    next(line for line in found if line["type"] == kind).update(values)
    return b"".join(json.dumps(line).encode() + b"\n" for line in found)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda data: b"", "is no exported record"),
        (lambda data: b"name,text\n1,2\n", "line 1 is not JSON"),
        (lambda data: b"\xff\xfe\n", "line 1 is not JSON"),
        (lambda data: b"[]\n", "line 1 is no JSON object"),
        (lambda data: b'{"type": "onrecord", "schema_version": 99}\n', "has version 99"),
        (lambda data: data[: len(data) // 2].rpartition(b"\n")[0] + b"\n", "is cut off after"),
        (lambda data: data.rpartition(b'{"lines"')[0], "is cut off after"),
        (lambda data: _changed(data, "document", text="other words"), "line 8: the text does not have its hash"),
        (lambda data: _changed(data, "statement", speaker=99), "99 is missing, or stands after"),
        (lambda data: _changed(data, "statement", kind="joke"), "ck_kind"),
        (lambda data: _changed(data, "statement", kind=7), "kind cannot be 7"),
        (lambda data: _changed(data, "statement", reports=[]), "no document reports the statement"),
        (lambda data: _changed(data, "merge", made_at="2025-01-01T00:00:00"), "has no time zone"),
        (lambda data: _changed(data, "speaker", type="joke"), "no line of a record is a 'joke'"),
    ],
)
def test_a_bad_file_is_one_clear_error_and_nothing_is_stored(opened, tmp_path: Path, broken, message: str) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    data = broken(exported(one))
    before = exported(other)
    with pytest.raises(InputError, match=message) as caught:
        imported(other, data, tmp_path)
    assert "other.jsonl" in str(caught.value)
    assert exported(other) == before


def test_a_missing_file(opened, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        opened("one").import_record(tmp_path / "missing.jsonl")


def test_words_that_do_not_stand_in_the_document(opened, tmp_path: Path) -> None:
    one, other = opened("one"), opened("other")
    filled(one)
    found = lines(exported(one))
    next(line for line in found if line["type"] == "statement")["reports"][0]["words"] = "invented"
    data = b"".join(json.dumps(line).encode() + b"\n" for line in found)
    with pytest.raises(InputError, match="'invented' does not stand at its place"):
        imported(other, data, tmp_path)
    with other.store.reading() as session:
        assert session.exec(select(Attribution)).all() == []
