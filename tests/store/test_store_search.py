"""Full-text search: what is found, and that no input breaks it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from records import Record
from sqlmodel import select

from kb.store import Store, search, tables


def found(store: Store, words: str) -> set[int]:
    with store.reading() as session:
        return set(session.exec(select(tables.Statement.id).where(search.matches(session, "statement", words))))


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("robot", {"Robots will sell", "A robot’s day"}),
        ("ROBOTS sell", {"Robots will sell"}),
        ("cafe", {"Le Café"}),
        ("CAFÉ le", {"Le Café"}),
        ("open-source", {"open source wins"}),
        ('"source wins"', {"open source wins"}),
        ('"wins source"', set()),
        ('"source wins', {"open source wins"}),
        ("100", {"100% sure"}),
        ("sure NOT robots", set()),
        ("", set()),
        ("?! * ()", set()),
        ("sure ?!", {"100% sure"}),
    ],
)
def test_words(record: Record, words: str, texts: set[str]) -> None:
    everything = ["Robots will sell", "A robot’s day", "Le Café", "open source wins", "100% sure"]
    by_id = {record.said(None, text): text for text in everything}
    assert {by_id[i] for i in found(record.store, words)} == texts


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
@example('"')
@example("a AND OR NOT NEAR(b c) ^d -e +f text:g *")
@example("\x00 \ud800 ' -- ; DROP TABLE statement")
@example("word " * 1000)
@example("_ __ ﷽ ᠎ 𞤀")
def test_no_words_break_it(store: Store, words: str) -> None:
    assert found(store, words) == set()


def test_documents_are_searched_too_and_the_index_follows(record: Record) -> None:
    wanted, other = record.document("all about robots"), record.document("all about boats")
    statement_id = record.said(None, "before")
    with record.store.transaction() as session:
        matches = search.matches(session, "document", "robot")
        assert session.exec(select(tables.Document.id).where(matches)).all() == [wanted]
        session.delete(session.get_one(tables.Document, wanted))
        session.get_one(tables.Statement, statement_id).text = "after"
        session.flush()
        assert session.exec(select(tables.Document.id).where(matches)).all() == []
        assert session.get(tables.Document, other)
    assert found(record.store, "after") == {statement_id}
    assert found(record.store, "before") == set()
