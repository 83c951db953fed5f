"""The migration to 0003: statements stay, columns that nothing filled go, search and links work afterwards."""

from __future__ import annotations

import datetime as dt

from older import database_of
from sqlalchemy import inspect, text

from kb.store import open_store, statement_rows
from kb.store.check import check
from kb.types import Filters


def test_statements_of_an_older_database_stay(url: str) -> None:
    columns = "kind, text, latest, vagueness, review, fingerprint"
    with database_of("0002", url) as connection:
        values = "'prediction', 'Robots will sell', '2025-12-31', '[]', 'machine', 'f'"
        connection.execute(text(f"INSERT INTO statement ({columns}) VALUES ({values})"))
    with open_store(url) as store:
        with store.transaction() as session:
            names = {column["name"] for column in inspect(session.connection()).get_columns("statement")}
            assert not names & {"criteria", "vagueness"}
            session.connection().exec_driver_sql(
                "INSERT INTO statement (kind, text, repeats, review, fingerprint) "
                "VALUES ('prediction', 'Robots will sell', 1, 'machine', 'g')"
            )
        with store.reading() as session:
            today = dt.date(2026, 1, 1)
            rows = statement_rows.find(session, Filters(words="robot"), today=today)
        assert [(row.id, row.repeats) for row in rows] == [(1, None), (2, 1)]
        assert check(store) == [f"statement {number}: no document reports it" for number in (1, 2)]
