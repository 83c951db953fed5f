"""The migration to 0004: sources stay, with their validators, and are due at once."""

from __future__ import annotations

import datetime as dt

from older import database_of
from sqlalchemy import text

from kb.store import open_store, pending, sources
from kb.store.check import check

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def test_sources_of_an_older_database_stay(url: str) -> None:
    columns = "id, kind, name, url, config, etag, last_polled_at, error_count, active"
    with database_of("0003", url) as connection:
        values = "7, 'feed', 'News', 'https://f.test', '{}', 'W/\"1\"', '2025-12-31 00:00:00+00:00', 2, true"
        connection.execute(text(f"INSERT INTO source ({columns}) VALUES ({values})"))
    with open_store(url) as store:
        with store.transaction() as session:
            (found,) = sources.list_active(session)
            assert (found.id, found.reads, found.etag, found.error_count) == (7, "https://f.test", 'W/"1"', 2)
            assert (found.next_poll_at, found.poll_seconds, found.read_at) == (None, None, None)
            page = {"external_id": "a", "url": "https://f.test/a", "canonical_url": None, "teaser": {}}
            assert pending.put(session, 7, **page, now=NOW)
            assert pending.count(session, 7) == 1
        assert check(store) == []
