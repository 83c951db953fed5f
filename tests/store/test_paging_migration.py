"""The migration to 0008: pages that are waited for stay pages of teasers."""

from __future__ import annotations

import datetime as dt

from older import database_of
from sqlalchemy import text

from kb.store import open_store, pending
from kb.store.check import check

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def test_pages_of_an_older_database_stay(url: str) -> None:
    columns = "id, source_id, external_id, url, teaser, tries, next_try_at"
    with database_of("0006", url) as connection:
        source = "7, 'feed', 'News', 'https://f.test', '{}', 0, true"
        connection.execute(
            text(f"INSERT INTO source (id, kind, name, url, config, error_count, active) VALUES ({source})")
        )
        values = "3, 7, 'a', 'https://f.test/a', '{}', 2, '2025-12-31 00:00:00+00:00'"
        connection.execute(text(f"INSERT INTO pending_page ({columns}) VALUES ({values})"))
    with open_store(url) as store:
        with store.transaction() as session:
            (page,) = pending.due(session, NOW)
            assert (page.url, page.tries, page.number) == ("https://f.test/a", 2, None)
            pending.drop(session, page.id)
            pending.put_further(session, 7, url="https://f.test/2", number=2, now=NOW)
            pending.put_further(session, 7, url="https://f.test/2", number=3, now=NOW)
            assert [(page.url, page.number) for page in pending.due(session, NOW)] == [("https://f.test/2", 2)]
        assert check(store) == []
