"""Sources, the pages they wait for, and hosts that are to be left alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kb.errors import NotFoundError
from kb.store import Session, Store, entries, pending, sources
from kb.store.entries import StoredEntry
from kb.types import SourceRow

NOW = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
FEED = "https://f.test/feed"


def rows(store: Store) -> list[SourceRow]:
    with store.reading() as session:
        return sources.rows(session)


def wait_for(session: Session, source_id: int, name: str, *, canonical: str | None = None) -> bool:
    return pending.put(session, source_id, external_id=name, url=f"https://f.test/{name}", canonical_url=canonical,
                       teaser={"title": name}, now=NOW)  # fmt: skip


def know(session: Session, source_id: int, name: str, document_id: int, **fields: Any) -> None:
    given = {"url": f"https://f.test/{name}", "teaser_sha256": "0", "updated_at": NOW} | fields
    entries.put(session, source_id, name, StoredEntry(document_id=document_id, **given))


def test_an_address_is_one_source_whatever_it_holds_a_path_is_one_of_each_kind(store: Store) -> None:
    with store.transaction() as session:
        first = sources.register(session, "feed", name="News", url=FEED, config={"full": True})
        assert sources.register(session, "page", name="Other", url=FEED) == first
        assert sources.register(session, "x", name="a", url="/a") != sources.register(
            session, "page", name="a", url="/a"
        )
        names = [(s.name, dict(s.config)) for s in sources.list_active(session)]
    assert names == [("News", {"full": True}), ("a", {}), ("a", {})]
    assert [row.name for row in rows(store)] == ["News"]


def test_what_is_said_of_a_source_later_counts(store: Store) -> None:
    with store.transaction() as session:
        first = sources.register(session, "text", name="Talk", url=FEED, config={"kind": "post", "date": "2025-01-01"})
        sources.register(session, "text", name="Talk", url=FEED, config={"date": "2025-02-01"})
        sources.register(session, "text", name="Talk", url=FEED)
        assert dict(sources.get(session, first).config) == {"kind": "post", "date": "2025-02-01"}


def test_a_source_that_has_moved_is_known_by_both_addresses(store: Store) -> None:
    with store.transaction() as session:
        first = sources.register(session, "feed", name="News", url=FEED)
        sources.change(session, first, address="https://new.test/feed")
        assert sources.register(session, "feed", name="News", url="https://new.test/feed") == first
        assert sources.register(session, "feed", name="News", url=FEED) == first
        assert sources.get(session, first).reads == "https://new.test/feed"
    assert rows(store)[0].url == "https://new.test/feed"


def test_paused_until_resumed_or_added_again(store: Store) -> None:
    with store.transaction() as session:
        first = sources.register(session, "feed", name="News", url=FEED)
        sources.change(session, first, error_count=4, next_poll_at=NOW)
        sources.pause(session, first, because="paused by ann")
    (row,) = rows(store)
    assert (row.health, row.inactive_because, row.next_poll_at) == ("paused", "paused by ann", None)
    with store.transaction() as session:
        assert sources.list_active(session) == []
        assert sources.register(session, "feed", name="News", url=FEED) == first
        known = sources.get(session, first)
    assert (known.active, known.inactive_because, known.error_count, known.next_poll_at) == (True, None, 0, None)


def test_a_source_without_documents_is_forgotten(store: Store) -> None:
    with store.transaction() as session:
        first = sources.register(session, "feed", name="News", url=FEED)
        wait_for(session, first, "a")
        assert sources.remove(session, first) == 0
        assert pending.due(session, NOW) == []
        with pytest.raises(NotFoundError, match=f"no source {first}"):
            sources.get(session, first)


def test_documents_outlive_their_source(store: Store, record) -> None:
    with store.transaction() as session:
        sources.change(session, record.source_id, url=FEED)
    document_id = record.document("One.")
    with store.transaction() as session:
        know(session, record.source_id, "a", document_id)
        assert sources.remove(session, record.source_id) == 1
        assert entries.find(session, record.source_id, "a") is None
        assert sources.named(session, FEED) == []
    assert rows(store) == []


@pytest.mark.parametrize("name", ["News", FEED, "1"])
def test_sources_go_by_name_address_and_number(store: Store, name: str) -> None:
    with store.transaction() as session:
        sources.register(session, "feed", name="News", url=FEED)
        assert sources.one(session, name).url == FEED
        with pytest.raises(NotFoundError, match="no source 'News!': kb sources list"):
            sources.one(session, "News!")
        sources.register(session, "feed", name="News", url="https://other.test")
        with pytest.raises(NotFoundError, match="2 sources are called 'News'; name one by its number"):
            sources.one(session, "News")


def test_a_page_is_waited_for_once(store: Store) -> None:
    with store.transaction() as session:
        first = sources.register(session, "feed", name="News", url=FEED)
        second = sources.register(session, "feed", name="Other", url="https://other.test")
        assert wait_for(session, first, "a", canonical="https://c.test/a")
        assert wait_for(session, first, "a")
        assert wait_for(session, second, "b", canonical="https://c.test/a")
        assert wait_for(session, second, "c")
        assert [(page.source_id, page.url) for page in pending.due(session, NOW)] == [
            (first, "https://f.test/a"),
            (second, "https://f.test/c"),
        ]
        assert (pending.count(session, first), pending.count(session, second)) == (1, 1)


def test_a_page_is_due_again_later_or_never(store: Store) -> None:
    with store.transaction() as session:
        first = sources.register(session, "feed", name="News", url=FEED)
        wait_for(session, first, "a")
        (page,) = pending.due(session, NOW, source_ids={first})
        pending.put_off(session, page.id, until=NOW + HOUR, error="503", tried=True)
        assert pending.due(session, NOW) == []
        assert pending.next_try(session) == NOW + HOUR
        (page,) = pending.due(session, NOW + HOUR)
        assert (page.tries, page.teaser) == (1, {"title": "a"})
        pending.put_off(session, page.id, until=None, error="no text", tried=True)
        assert pending.due(session, NOW + HOUR * 1000) == []
        assert pending.next_try(session) is None
        assert not wait_for(session, first, "a")
        assert pending.count(session, first) == 0


def test_a_page_that_was_read_is_waited_for_again_with_what_is_known_of_it(store: Store, record) -> None:
    document_id = record.document("One.")
    with store.transaction() as session:
        for teaser in ({"title": "A"}, {"title": "B"}):
            know(session, record.source_id, "a", document_id, etag='"1"', last_modified="now", vain=2)
            pending.put_again(
                session, record.source_id, external_id="a", url="https://f.test/a", teaser=teaser, now=NOW
            )
        (page,) = pending.due(session, NOW)
        assert page.entry == entries.find(session, record.source_id, "a")
        assert (page.teaser, page.validators, page.number) == ({"title": "B"}, ('"1"', "now"), None)
        know(session, record.source_id, "a", document_id, etag='"1"', url="https://f.test/old")
        assert (found := pending.get(session, page.id)) is not None
        assert found.validators == (None, None)
        pending.put_off(session, page.id, until=None, error="410", tried=True)
        assert pending.get(session, page.id) is None


def test_pages_of_paused_sources_rest(store: Store) -> None:
    with store.transaction() as session:
        first = sources.register(session, "feed", name="News", url=FEED)
        wait_for(session, first, "a")
        sources.pause(session, first, because="x")
        assert pending.due(session, NOW) == []
        assert pending.next_try(session) is None


def test_a_host_is_left_alone_until_the_last_moment_it_named(store: Store) -> None:
    with store.transaction() as session:
        pending.hold(session, "f.test", until=NOW + HOUR, reason="429")
        pending.hold(session, "f.test", until=NOW + HOUR * 2, reason="503")
        pending.hold(session, "over.test", until=NOW, reason="429")
        assert pending.held(session, NOW) == {"f.test": (NOW + HOUR * 2, "503")}
        assert pending.held(session, NOW + HOUR * 2) == {}
