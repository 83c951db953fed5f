"""The migration to 0005: documents are found by their shingles, attributions stand in the text that they stood in."""

from __future__ import annotations

import datetime as dt
from random import Random

from older import database_of
from sqlalchemy import text

from kb.shingles import shingles, sketch
from kb.store import copies, open_store, statement_rows
from kb.store.check import check
from kb.text import sha256

STORY = " ".join(Random(1).choices([f"Wörd{n}" for n in range(500)], k=400)) + "\nBy Ann Poe\n© 2024 Paper"


def test_what_an_older_database_holds_stays_and_is_found(url: str) -> None:
    with database_of("0004", url) as connection:
        connection.execute(
            text(
                "INSERT INTO source (id, kind, name, url, config, error_count, active) "
                "VALUES (1, 'f', 'n', 'u', '{}', 0, TRUE)"
            )
        )
        columns = "id, source_id, external_id, published_precision, fetched_at, kind, text, text_sha256"
        for number, (kind, words) in enumerate([("article", STORY), ("post", STORY), ("article", "short")], start=1):
            connection.execute(
                text(f"INSERT INTO document ({columns}) VALUES (:n, 1, :name, 'unknown', :at, :kind, :text, :digest)"),
                {"n": number, "name": str(number), "at": "2024-12-03 23:00:00+00:00", "kind": kind, "text": words,
                 "digest": sha256(words)},
            )  # fmt: skip
        revision = "(document_id, number, text, text_sha256, seen_at) VALUES (3, 1, 'longer', :d, :at)"
        moment = {"d": sha256("longer"), "at": "2024-12-03 23:00:00+00:00"}
        connection.execute(text(f"INSERT INTO revision {revision}"), moment)
        statement = "(id, kind, text, review, fingerprint) VALUES (1, 'claim', 's', 'machine', 'f')"
        connection.execute(text(f"INSERT INTO statement {statement}"))
        attribution = (
            "INSERT INTO attribution VALUES (1, 1, 3, 'direct', '[]', '[]', '[[0, 5]]', '', 'short', 0.5, 'x', "
            "'2024-12-03 23:00:00+00:00', NULL)"
        )
        connection.execute(text(attribution))
    with open_store(url) as store:
        with store.reading() as session:
            day = dt.date(2024, 12, 3).toordinal()
            found = copies.candidates(session, sketch(shingles(STORY)), day=day + 30)
            assert [(candidate.id, candidate.story) for candidate in found] == [(1, 1)]
            assert copies.candidates(session, sketch(shingles(STORY)), day=day + 31) == []
            (report,) = statement_rows.get(session, 1).reports
        assert (report.revision, report.words, report.differs) == (0, "short", ())
        assert check(store) == []
