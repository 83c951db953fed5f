"""The migration to 0002: what an older database holds of speakers is found by its keys afterwards."""

from __future__ import annotations

from older import database_of
from records import Record
from sqlalchemy import text
from sqlmodel import select

from kb.store import open_store, speakers, tables
from kb.store.check import check
from kb.text import organisation_key, sha256

NAMES = {
    "Ursula von der Leyen": "person",
    "Martin Luther King Jr.": "person",
    "C. Delangue": "person",
    "习近平": "person",
    "Lee": "person",
    "…": "person",
    "The Café Co.": "organisation",
    "International Monetary Fund": "organisation",
    "F.B.I.": "organisation",
    "analysts": "group",
}


def older(url: str) -> None:
    """A database as version 0001 left it, with a speaker of every name and a role."""
    with database_of("0001", url) as connection:
        for number, (name, kind) in enumerate(NAMES.items(), 1):
            row = {"id": number, "name": name, "kind": kind}
            connection.execute(text("INSERT INTO speaker (id, name, kind) VALUES (:id, :name, :kind)"), row)
            connection.execute(text("INSERT INTO alias VALUES (:id, :id, :name, :name, 'x', 'text')"), row)
            connection.execute(text("INSERT INTO alias VALUES (:id + 50, :id, 'x:' || :name, 'h', 'x', 'handle')"), row)
        source = "(kind, name, url, config, error_count, active) VALUES ('file', 'a', 'b', '{}', 0, TRUE)"
        connection.execute(text(f"INSERT INTO source {source}"))
        columns = "id, source_id, external_id, published_precision, fetched_at, kind, text, text_sha256"
        values = "1, 1, 'd', 'unknown', '2024-01-01 00:00:00', 'article', 't', :digest"
        document = text(f"INSERT INTO document ({columns}) VALUES ({values})")
        connection.execute(document, {"digest": sha256("t")})
        role = (
            "(speaker_id, title, organisation, first_seen, last_seen, document_id) "
            "VALUES (1, 'president', 'The Café Co.', '2024', '2025', 1)"
        )
        connection.execute(text(f"INSERT INTO role {role}"))


def test_keys_are_those_that_a_new_database_has(url: str) -> None:
    older(url)
    with open_store(url) as store, store.reading() as session:
        made = {(row.speaker_id, row.key) for row in session.exec(select(tables.NameKey))}
        (role,) = session.exec(select(tables.Role))
        assert check(store) == []
    kinds = enumerate(NAMES.items(), 1)
    assert made == {(number, key) for number, (name, kind) in kinds for key in speakers.keys_of(name, kind)}  # type: ignore[arg-type]
    assert (role.title, role.organisation_key, role.document_id) == ("president", organisation_key("café"), 1)


def test_nobody_is_watched_and_a_role_may_come_from_a_person(url: str) -> None:
    older(url)
    with open_store(url) as store:
        record = Record(store)
        record.merge(1, 2)
        with store.transaction() as session:
            assert not any(session.exec(select(tables.Speaker.watched)))
            session.add(tables.Role(speaker_id=1, title="chair"))
        assert check(store) == []
