"""The migration to 0007: no number of a statement is given out again, and nothing else changes."""

from __future__ import annotations

from older import database_of
from sqlalchemy import text
from sqlmodel import col, select

from kb.store import corrections, open_store
from kb.store.check import check
from kb.store.tables import Statement

GONE = 9


def test_numbers_go_on_behind_the_highest_ever_given(url: str) -> None:
    with database_of("0006", url) as connection:
        for number, (words, repeats) in enumerate([("it will rain: soon", None), ("rain will come", 1)], start=1):
            connection.execute(
                text(
                    "INSERT INTO statement (kind, text, review, fingerprint, repeats) "
                    "VALUES ('prediction', :words, 'machine', :digest, :repeats)"
                ),
                {"words": words, "digest": str(number), "repeats": repeats},
            )
        for old in (f'{{"id": {GONE}}}', "{"):  # one of another program, which holds up no migration
            connection.execute(
                text(
                    "INSERT INTO correction (document_sha256, spans, field, old, made_by, made_at) "
                    "VALUES ('d', '[]', 'statement', :old, 'ana', '2026-01-02 03:04:00+00:00')"
                ),
                {"old": old},
            )
    with open_store(url) as store:
        with store.transaction() as session:
            rows = session.exec(select(Statement).order_by(col(Statement.id))).all()
            assert [(row.text, row.repeats) for row in rows] == [("it will rain: soon", None), ("rain will come", 1)]
            session.delete(rows[1])
            session.flush()
            session.add(Statement(kind="claim", text="it was wet", fingerprint="3"))
        with store.reading() as session:
            assert corrections.gone_into(session, GONE + 3) == []
            newest = session.exec(select(Statement.id).where(Statement.text == "it was wet")).one()
            assert newest == (GONE + 1 if url.startswith("sqlite") else 3)
            if url.startswith("sqlite"):
                assert session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
                assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert [problem for problem in check(store) if "no document reports it" not in problem] == []
