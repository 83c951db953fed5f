"""Adding an address through the API reads it from the network, behind the same guard as the command."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from postgres import Server
from records import NOW, Record
from serving import NoExtractor
from starlette.testclient import TestClient

from kb.app import open_kb
from kb.config import Settings
from kb.store import open_store, tokens
from kb.web.app import create_app

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title><item><title>Tide</title>
<guid>t1</guid><description>The tide is high today, said the harbour master, who measured it twice.</description>
</item></channel></rss>"""


class Feed(BaseHTTPRequestHandler):
    """A feed, and notes whose text is their address."""

    def do_GET(self) -> None:
        is_feed = self.path.startswith("/feed")
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml" if is_feed else "text/plain")
        self.end_headers()
        self.wfile.write(FEED if is_feed else f"The tide is high, said the harbour master at {self.path}.".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def feed() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/feed.xml"
        server.shutdown()
        thread.join()


def test_adding_polling_and_removing_a_source(client: TestClient, editor: dict[str, str], feed: str) -> None:
    added = client.post("/api/v1/sources", json={"url": feed}, headers=editor).json()["items"]
    assert {result["status"] for result in added} <= {"added", "registered", "waiting"}
    (source,) = client.get("/api/v1/sources").json()["items"]
    assert source["url"] == feed
    polled = client.post("/api/v1/update", json={"all": True}, headers=editor).json()["items"]
    assert [result["status"] for result in polled] in (["ok"], ["unchanged"])
    assert client.post(f"/api/v1/sources/{source['id']}/pause", headers=editor).status_code == 204
    assert client.get("/api/v1/sources").json()["items"][0]["active"] is False
    assert client.delete(f"/api/v1/sources/{source['id']}", headers=editor).status_code == 204
    assert client.get("/api/v1/sources").json()["items"] == []


def test_the_language_model_is_loaded_once(
    settings: Settings, filled: Record, editor: dict[str, str], feed: str
) -> None:
    loaded = []

    def load() -> NoExtractor:
        loaded.append(NoExtractor())
        return loaded[-1]

    app = create_app(partial(open_kb, settings, extractor=load), local=True)
    with TestClient(app, base_url="http://localhost") as client:
        for name in ("a.txt", "b.txt"):
            note = feed.replace("feed.xml", name)
            (result,) = client.post("/api/v1/sources", json={"url": note}, headers=editor).json()["items"]
            assert result["status"] == "added"
    assert len(loaded) == 1


def test_private_addresses_are_refused(settings: Settings, filled: Record, editor: dict[str, str], feed: str) -> None:
    guarded = replace(settings, allow_private=False)
    app = create_app(partial(open_kb, guarded, extractor=NoExtractor), local=True)
    with TestClient(app, base_url="http://localhost") as client:
        (result,) = client.post("/api/v1/sources", json={"url": feed}, headers=editor).json()["items"]
        assert result["status"] == "failed"
        assert "private" in result["reason"] or "loopback" in result["reason"]
        assert client.get("/api/v1/sources").json()["items"] == []


def test_a_note_that_tells_no_day_is_of_the_day_that_is_given(
    client: TestClient, editor: dict[str, str], feed: str
) -> None:
    note = {"url": feed.replace("feed.xml", "note")}
    (added,) = client.post("/api/v1/sources", json=note, headers=editor).json()["items"]
    (dated,) = client.post("/api/v1/sources", json=note | {"date": "2026-01-29"}, headers=editor).json()["items"]
    assert (dated["status"], dated["document_id"]) == ("changed", added["document_id"])
    document = client.get(f"/api/v1/documents/{added['document_id']}").json()
    assert document["published_at"].startswith("2026-01-29")
    later = client.post("/api/v1/sources", json=note | {"date": "9000-01-29"}, headers=editor)
    assert (later.status_code, later.json()["error"]["code"]) == (400, "bad_value")


def test_stored_bytes_are_read_again(client: TestClient, editor: dict[str, str], feed: str) -> None:
    (added,) = client.post("/api/v1/sources", json={"url": feed.replace("feed.xml", "note")}, headers=editor).json()[
        "items"
    ]
    again = client.post("/api/v1/reparse", json={}, headers=editor).json()["items"]
    assert [(one["status"], one["document_id"]) for one in again] == [("unchanged", added["document_id"])]
    later = client.post("/api/v1/reparse", json={"since": "9000-01-01"}, headers=editor)
    assert later.json()["items"] == []
    assert client.post("/api/v1/reparse", json={"source": "nobody"}, headers=editor).status_code == 404
    assert client.post("/api/v1/reparse", json={}).status_code == 401


def test_a_backup_is_the_record_and_for_editors(
    client: TestClient, editor: dict[str, str], reader: dict[str, str], settings: Settings, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(client.get("/api/v1/backup", headers=editor).content)
    with open_kb(settings, extractor=NoExtractor) as kb, open_kb(replace(settings, db=str(copy))) as restored:
        assert restored.check() == []
        assert restored.said() == kb.said()
    assert client.get("/api/v1/backup", headers=reader).status_code == 403
    assert client.get("/api/v1/backup").status_code == 401


def test_a_record_on_a_server_of_its_own_is_backed_up_by_its_own_tools(settings: Settings, postgres: Server) -> None:
    on_server = replace(settings, db=postgres.record())
    with open_store(on_server.db_url) as store, store.transaction() as session:
        _, secret = tokens.add(session, "ana", "editor", now=NOW)
    app = create_app(partial(open_kb, on_server, extractor=NoExtractor), local=True)
    with TestClient(app, base_url="http://localhost") as client:
        answer = client.get("/api/v1/backup", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_value")
    assert "Retry-After" not in answer.headers
    message = answer.json()["error"]["message"]
    assert message.endswith("is no SQLite file: use pg_dump and pg_restore, or kb export jsonl and kb import")
