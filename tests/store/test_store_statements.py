"""Statements, their reports, and the guards of the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import NOW, Record, due
from sqlmodel import func, select

from kb import ask
from kb.errors import NotFoundError, StoreError
from kb.outcomes import resolve
from kb.store import Store, statement_rows, statements, tables
from kb.store.check import check
from kb.text import clean_text, words_at
from kb.types import Attribution, Quantity, SpeakerMention, StatementData

ROBOTS = StatementData(
    kind="prediction",
    text="at least 100 robots will sell",
    strength="likely",
    p_low=0.5,
    p_high=0.8,
    p_scale="test",
    horizon=due("2025-12-31"),
    quantity=Quantity(comparator=">=", value=100.0, unit="robots"),
    mentions=(("robots", "PRODUCT"), ("robots", "PRODUCT"), ("Hugging Face", "ORG")),
)


def test_what_is_said_comes_back(record: Record) -> None:
    with record.store.transaction() as session:
        statement_id = statements.insert(session, None, ROBOTS, said_on="2024-12")
    record.report(statement_id, ROBOTS, record.document("“at least 100 robots will sell”"))
    with record.store.reading() as session:
        row = statement_rows.get(session, statement_id)
        assert len(session.exec(select(tables.Mention)).all()) == 2
    assert (row.kind, row.text, row.strength) == ("prediction", ROBOTS.text, "likely")
    assert (row.p_low, row.p_high, row.p_scale) == (0.5, 0.8, "test")
    assert (row.quantity, row.said_on, row.speaker, row.review) == (ROBOTS.quantity, "2024-12", None, "machine")
    assert check(record.store) == []


def test_fingerprints_say_who_what_and_when_on_every_database(record: Record) -> None:
    ann = record.speaker("Ann")
    first = record.said(ann, "It will rain.", on="2024")
    others = [record.said(ann, "it will rain", on="2024"), record.said(None, "It will rain.", on="2024")]
    with record.store.reading() as session:
        prints = [statement_rows.get(session, i).fingerprint for i in (first, *others)]
    assert len(set(prints)) == 3
    assert prints[0] == "ccbc0ef3d964996b9df10adf06328624"


def test_a_rerun_attaches_nothing_twice(record: Record) -> None:
    document_id = record.document("“at least 100 robots will sell”")
    with record.store.transaction() as session:
        statement_id = statements.insert(session, None, ROBOTS, said_on=None)
    first = record.report(statement_id, ROBOTS, document_id)
    assert record.report(statement_id, ROBOTS, document_id) == first
    with record.store.reading() as session:
        assert session.exec(select(func.count()).select_from(tables.Attribution)).one() == 1


FULLER = StatementData(kind="claim", text="at least 100 robots will sell this year")


def test_a_fuller_report_rewords_and_keeps_what_it_does_not_give(record: Record) -> None:
    statement_id = record.said(None, ROBOTS.text, horizon=ROBOTS.horizon, on="2024-12-05")
    before = ask.show(record.store, statement_id)
    with record.store.transaction() as session:
        statements.reword(session, statement_id, FULLER, said_on="2024-12-03")
        statements.reword(session, statement_id, None, said_on="2024-12-09")
    after = ask.show(record.store, statement_id)
    assert (after.kind, after.text, after.said_on) == ("claim", FULLER.text, "2024-12-03")
    assert (after.fingerprint, after.horizon and after.horizon.latest) == (before.fingerprint, dt.date(2025, 12, 31))
    with pytest.raises(NotFoundError), record.store.transaction() as session:
        statements.reword(session, 99, FULLER, said_on=None)


@pytest.mark.parametrize("judged", ["accepted", "resolved"])
def test_what_a_person_has_judged_keeps_its_words(record: Record, judged: str) -> None:
    statement_id = record.said(None, ROBOTS.text)
    if judged == "resolved":
        resolve(record.store, statement_id, "void", recorded_by="ann", now=NOW)
    else:
        with record.store.transaction() as session:
            session.get_one(tables.Statement, statement_id).review = "accepted"
    with record.store.transaction() as session:
        statements.reword(session, statement_id, FULLER, said_on=None)
    assert ask.show(record.store, statement_id).text == ROBOTS.text


def test_unknown_speakers_and_documents(store: Store) -> None:
    with store.transaction() as session:
        with pytest.raises(NotFoundError, match="no speaker 5"):
            statements.insert(session, 5, ROBOTS, said_on=None)
        attribution = Attribution(
            source=(), cue=(), content=((0, 1),), quote_kind="self", speaker=None, statement=ROBOTS, confidence=1
        )
        with pytest.raises(NotFoundError, match="no document 5"):
            statements.attach(session, 1, 5, attribution, extractor="test", now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "guess"}, {"strength": "sure"}, {"p_low": 0.9}, {"p_high": 1.5}, {"p_low": None}],
)
def test_the_database_refuses_values_outside_the_vocabulary(store: Store, wrong: dict) -> None:
    with pytest.raises(StoreError, match=r"(?i)check constraint"), store.transaction() as session:
        statements.insert(session, None, replace(ROBOTS, **wrong), said_on=None)


@pytest.mark.parametrize("table", ["outcome", "evidence", "correction"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET id = id + 1"])
def test_ledgers_are_append_only(record: Record, table: str, change: str) -> None:
    record.said(None, "it will rain")
    moment = "'2025-01-01 00:00:00'"
    entries = (
        f"INSERT INTO outcome VALUES (1, 1, 'true', '2025-01-01', {moment}, 'a', 'manual', '', NULL)",
        "INSERT INTO evidence VALUES (1, 1, 1, 'https://a.test/', NULL, '', 'supports', NULL, NULL)",
        "INSERT INTO correction (document_sha256, spans, field, made_by, made_at) "
        f"VALUES ('x', '[]', 'kind', 'a', {moment})",
    )
    with record.store.transaction() as session:
        for entry in entries:
            session.connection().exec_driver_sql(entry)
    with pytest.raises(StoreError, match=f"{table} is append-only"), record.store.transaction() as session:
        session.connection().exec_driver_sql(change.format(table))


ODD_TEXT = st.text(st.sampled_from("ab \t\n\r\u2028“”\"'«»e\u0301ÅÅ🤖👩‍🚀ß\u202e中\x00\ud800"), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ODD_TEXT, st.data())
def test_stored_words_equal_the_text_at_their_offsets(record: Record, raw: str, data: st.DataObject) -> None:
    text = clean_text(raw) or "x"
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    spans = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    document_id = record.document(text)
    attribution = Attribution(
        source=spans[:1],
        cue=(),
        content=spans,
        quote_kind="mixed",
        speaker=SpeakerMention(name="Ann", kind="person"),
        statement=StatementData(kind="claim", text=words_at(text, spans)),
        confidence=1,
    )
    with record.store.transaction() as session:
        statement_id = statements.insert(session, None, attribution.statement, said_on=None)
        statements.attach(session, statement_id, document_id, attribution, extractor="test", now=NOW)
    with record.store.reading() as session:
        (report,) = statement_rows.get(session, statement_id).reports
        stored = session.get_one(tables.Document, document_id).text
    assert report.content == spans
    assert report.words == words_at(stored, spans)
    assert report.speaker_text == words_at(stored, spans[:1])
    assert check(record.store) == []
