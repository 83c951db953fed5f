"""SQLite through Datasette, Parquet through pyarrow, PROV through prov, and the bundle."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
import sys
import zipfile

import prov.model
import pytest
from pyarrow import parquet

from exports import bundle, load_export
from exports.csv_ import COLUMNS
from exports.tables import COLUMNS as TABLES
from kb.errors import ExportError


@pytest.fixture
def database(story, written, tmp_path):
    path = tmp_path / "timeline.db"
    path.write_bytes(written("sqlite", story))
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


def test_sqlite_holds_every_entry_and_is_sound(story, database):
    assert database.execute("SELECT count(*) FROM entry").fetchone() == (len(story),)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_sqlite_describes_every_column_and_view(database):
    described = set(database.execute("SELECT name, column FROM about"))
    assert {(table, column) for table, columns in TABLES.items() for column in columns} <= described
    views = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert {(view, "") for view in views} <= described
    for table in TABLES:
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        assert columns == list(TABLES[table])


def test_sqlite_views_answer(database):
    assert database.execute("SELECT count(*) FROM timeline").fetchone()[0] > 0
    speakers = {row[0]: row[1:] for row in database.execute("SELECT * FROM speaker")}
    assert speakers["Dana Whitlock"] == (6, 5, 0, 1)
    (slip,) = database.execute("SELECT was_due, now_due FROM slip")
    assert slip == ("2025-12-31", "2026-03-31")
    found = database.execute("SELECT count(*) FROM statement_fts WHERE statement_fts MATCH 'ports'").fetchone()
    assert found[0] == 8


def test_sqlite_keeps_text_exactly(hostile, written, tmp_path):
    (tmp_path / "x.db").write_bytes(written("sqlite", hostile))
    connection = sqlite3.connect(tmp_path / "x.db")
    assert connection.execute("SELECT text FROM statement").fetchone() == (hostile[0].statement.text,)
    connection.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_datasette_serves_it(story, written, tmp_path):
    from datasette.app import Datasette

    path = tmp_path / "timeline.db"
    path.write_bytes(written("sqlite", story))

    async def ask(*paths):
        served = Datasette([str(path)])
        answers = [await served.client.get(address) for address in paths]
        for database in served.databases.values():
            database.close()
        return answers

    paths = ["/timeline/timeline.json?_shape=array", "/timeline/statement.json?_search=ports&_shape=array", "/timeline"]
    timeline, search, page = asyncio.run(ask(*paths))
    assert timeline.status_code == search.status_code == page.status_code == 200
    assert len(timeline.json()) == len(story)
    assert "prediction" in page.text


def test_pyarrow_reads_the_parquet_with_types(story, written):
    data = written("parquet", story)
    table = parquet.read_table(io.BytesIO(data))
    assert table.num_rows == len(story)
    assert set(COLUMNS) - {"reports"} - {name for name in COLUMNS if name.startswith("report_")} <= set(
        table.column_names
    )
    assert str(table.schema.field("due_latest").type) == "date32[day]"
    assert table.schema.metadata[b"schema_version"] == b"1"
    row = table.to_pylist()[0]
    assert row["date"] == "2024"
    assert row["reports"][0]["content"] == [[10, 41]]


def test_parquet_without_pyarrow_says_what_to_install(story, monkeypatch, written):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"pip install 'onrecord\[parquet\]'"):
        written("parquet", story)


def test_prov_is_read_and_tells_where_things_come_from(build, written):
    statement = build.statement(outcomes=(build.outcome(verdict="unclear"), build.outcome(verdict="true")))
    data = written("prov", build.entries(statement))
    document = prov.model.ProvDocument.deserialize(content=data.decode("utf-8"), format="json")
    kinds = [record.get_type().localpart for record in document.get_records()]
    assert kinds.count("Derivation") == 4  # quotation, two outcomes of the statement, one revision
    assert kinds.count("Generation") == 3
    assert {"Entity", "Activity", "Agent", "Attribution", "Association", "Usage"} <= set(kinds)


def test_prov_of_the_whole_story_is_read(story, written):
    content = written("prov", story).decode("utf-8")
    assert prov.model.ProvDocument.deserialize(content=content, format="json").get_records()
    assert "onrecord:slips" in content


def test_the_bundle_holds_everything_and_says_what_it_is(story):
    out = io.BytesIO()
    record = [{"type": "source", "id": 1}]
    count = load_export("bundle").write(story, out, title="Ports", record=record)
    archive = zipfile.ZipFile(out)
    names = archive.namelist()
    assert count == len(names)
    assert archive.testzip() is None
    readme = archive.read("README.md").decode()
    assert readme.startswith("# Ports\n\n8 statements, ")
    assert all(name in readme for name in bundle.FILES)
    assert [name for name in names if name.startswith("speakers/")] == [
        "speakers/dana-whitlock.md",
        "speakers/unknown-speaker.md",
        "speakers/анна-oz.md",
    ]
    lines = [json.loads(line) for line in archive.read("record.jsonl").splitlines()]
    assert [line["type"] for line in lines] == ["onrecord", "source", "end"]
    assert archive.read("tables/statement.csv").decode().count("\r\n") == 9
    assert not any(name.startswith("/") or ".." in name for name in names)
