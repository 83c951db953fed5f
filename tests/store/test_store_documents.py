"""Documents and sources: found again, revised, never changed."""

from __future__ import annotations

import datetime as dt

import pytest
from records import NOW, Record, document_data
from sqlalchemy.exc import StatementError

from kb.errors import NotFoundError, StoreError
from kb.store import Store, documents, sources, tables


def test_found_by_identity_then_url_then_text(record: Record) -> None:
    by_identity = record.document("one", canonical_url="https://a.test/1")
    by_url = record.document("two", canonical_url="https://a.test/2")
    by_text = record.document("three")

    def find(**changes: str | None) -> tuple[int, str] | None:
        wanted = {"external_id": "none", "canonical_url": None, "text_sha256": "none"} | changes
        with record.store.reading() as session:
            found = documents.find(session, source_id=record.source_id, **wanted)
        return found and (found.id, found.matched_by)

    three = document_data("three").text_sha256
    assert find() is None
    assert find(external_id="d1", canonical_url="https://a.test/2") == (by_identity, "identity")
    assert find(canonical_url="https://a.test/2", text_sha256=three) == (by_url, "url")
    assert find(text_sha256=three) == (by_text, "text")


def test_identity_counts_within_its_source(record: Record) -> None:
    record.document("one")
    with record.store.transaction() as session:
        other = sources.register(session, "feed", name="other", url="https://f.test/")
        assert documents.find(session, source_id=other, external_id="d1", canonical_url=None, text_sha256="") is None


def test_what_is_stored_comes_back(record: Record) -> None:
    published = dt.date(2024, 12, 3)
    document_id = record.document("one", published=published, title="Title", publisher="Paper", url="https://a.test/")
    with record.store.reading() as session:
        stored = documents.get(session, document_id)
    assert (stored.title, stored.publisher, stored.url, stored.text) == ("Title", "Paper", "https://a.test/", "one")
    assert stored.published_at == dt.datetime(2024, 12, 3, 12, tzinfo=dt.UTC)
    assert (stored.latest_text, stored.hashes) == ("one", (stored.text_sha256,))


def test_revisions_are_kept_and_the_text_stays(record: Record) -> None:
    document_id = record.document("first")
    numbers = []
    for text in ("first", "second", "second", "first"):
        with record.store.transaction() as session:
            numbers.append(documents.revise(session, document_id, document_data(text), NOW))
    assert numbers == [0, 1, 1, 2]
    with record.store.reading() as session:
        stored = documents.get(session, document_id)
    assert stored.text == "first"
    assert stored.latest_text == "first"
    assert stored.hashes == tuple(document_data(text).text_sha256 for text in ("first", "second", "first"))


def test_the_database_refuses_another_text(record: Record) -> None:
    record.document("first")
    with pytest.raises(StoreError, match="never changes"), record.store.transaction() as session:
        session.get_one(tables.Document, 1).text = "second"
    with record.store.transaction() as session:
        session.get_one(tables.Document, 1).title = "new title"


def test_unknown_documents(store: Store) -> None:
    with store.transaction() as session:
        with pytest.raises(NotFoundError, match="no document 7"):
            documents.get(session, 7)
        with pytest.raises(NotFoundError, match="no document 7"):
            documents.revise(session, 7, document_data("x"), NOW)


def test_naive_moments_are_refused_and_others_come_back_in_utc(record: Record) -> None:
    tokyo = dt.timezone(dt.timedelta(hours=9))
    with record.store.transaction() as session:
        moment = dt.datetime(2025, 1, 1, 8, tzinfo=tokyo)
        documents.insert(session, record.source_id, document_data("x", external_id="x"), moment)
    with record.store.reading() as session:
        fetched_at = session.get_one(tables.Document, 1).fetched_at
    assert (fetched_at, fetched_at.tzinfo) == (moment, dt.UTC)
    naive = moment.replace(tzinfo=None)
    with pytest.raises(StatementError, match="has no time zone"), record.store.transaction() as session:
        documents.insert(session, record.source_id, document_data("y", external_id="y"), naive)
