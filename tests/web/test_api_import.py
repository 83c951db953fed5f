"""A record that is sent is taken in as ``kb import`` takes it, within a limit of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import pytest
from records import Record
from serving import NoExtractor, fill
from starlette.testclient import TestClient

from kb.app import KB, open_kb
from kb.config import Settings
from kb.store import open_store
from kb.web.app import create_app
from kb.web.security import MOST_BYTES

ADDRESS = "/api/v1/import"


@pytest.fixture
def exported(tmp_path: Path) -> bytes:
    """Another record: that of ``fill``, and one statement more."""
    with open_store(f"sqlite:///{tmp_path}/other.db") as store:
        fill(Record(store)).said(None, "The wind will turn")
    file = tmp_path / "other.jsonl"
    with open_kb(Settings(db=str(tmp_path / "other.db"))) as kb, file.open("wb") as out:
        kb.export("jsonl", out)
    return file.read_bytes()


@pytest.fixture
def copy(settings: Settings, filled: Record, tmp_path: Path) -> Iterator[KB]:
    """The record of the server, once more."""
    backup = tmp_path / "copy.db"
    with open_kb(settings) as kb:
        kb.backup(backup)
    with open_kb(replace(settings, db=str(backup))) as kb:
        yield kb


def texts(client: TestClient) -> list[str]:
    return [row["text"] for row in client.get("/api/v1/statements").json()["items"]]


def test_the_answer_counts_as_the_command_does(
    client: TestClient, editor: dict[str, str], exported: bytes, copy: KB, tmp_path: Path
) -> None:
    result = copy.import_record(tmp_path / "other.jsonl")
    answer = client.post(ADDRESS, content=exported, headers=editor)
    assert (answer.status_code, answer.json()) == (200, json.loads(json.dumps(asdict(result))))
    assert answer.json()["added"]["statement"] >= 1
    assert sorted(texts(client)) == sorted(row.text for row in copy.said())
    assert client.post(ADDRESS, content=exported, headers=editor).json()["added"] == {}


def test_a_broken_record_is_refused_whole(client: TestClient, editor: dict[str, str], exported: bytes) -> None:
    before = texts(client)
    lines = exported.splitlines(keepends=True)
    for body, message in (
        (b"", "the record sent is no exported record; make one with kb export jsonl"),
        (b"".join(lines[:-1]), f"the record sent is cut off after {len(lines) - 2} lines; export it again"),
        (
            b"".join([*lines[:-1], b"{\n"]),
            f"the record sent, line {len(lines)} is not JSON; is it an export of kb export jsonl?",
        ),
    ):
        answer = client.post(ADDRESS, content=body, headers=editor)
        assert (answer.status_code, answer.json()) == (422, {"error": {"code": "unreadable", "message": message}})
    assert texts(client) == before


def test_importing_is_for_editors(client: TestClient, reader: dict[str, str], exported: bytes) -> None:
    assert client.post(ADDRESS, content=exported).status_code == 401
    assert client.post(ADDRESS, content=exported, headers=reader).status_code == 403
    assert "The wind will turn" not in texts(client)


def test_a_record_has_a_limit_of_its_own(
    settings: Settings, filled: Record, editor: dict[str, str], exported: bytes
) -> None:
    limited = replace(settings, max_import_bytes=len(exported))
    app = create_app(partial(open_kb, limited, extractor=NoExtractor), local=True)
    with TestClient(app, base_url="http://localhost") as client:
        larger = exported + b"\n"
        for body in (larger, iter([exported, b"\n"])):  # with its length told before, and without
            answer = client.post(ADDRESS, content=body, headers=editor)
            assert answer.status_code == 413
            assert answer.json()["error"]["code"] == "too_large"
            assert f"{len(exported):,} bytes; raise max_import_bytes" in answer.json()["error"]["message"]
        assert client.post(ADDRESS, content=exported, headers=editor).status_code == 200


def test_a_list_of_people_to_watch(client: TestClient, editor: dict[str, str], reader: dict[str, str]) -> None:
    address, columns = "/api/v1/speakers/import", "name,aliases,handles,role,organisation,wikidata id\n"
    sent = columns + "Ola Berg,,x:ola,,,\nEva Lund,,,minister,,Q42\n"
    assert client.post(address, content=sent, headers=reader).status_code == 403
    results = client.post(address, content=sent, headers=editor).json()["items"]
    assert [(one["item"], one["status"]) for one in results] == [("Ola Berg", "changed"), ("Eva Lund", "added")]
    watched = client.get("/api/v1/speakers", params={"watched": True}).json()["items"]
    assert {one["name"] for one in watched} == {"Ola Berg", "Eva Lund"}
    wrong = client.post(address, content=columns + "Ada May,,,,,\n,,,boss,,\n", headers=editor)
    message = "the list sent, line 3: the name is empty"
    assert (wrong.status_code, wrong.json()) == (422, {"error": {"code": "unreadable", "message": message}})
    assert client.get("/api/v1/speakers/Ada May").status_code == 404


def test_a_record_may_be_larger_than_other_requests(client: TestClient, editor: dict[str, str]) -> None:
    answer = client.post(ADDRESS, content=b" " * (MOST_BYTES + 1), headers=editor)
    assert answer.status_code == 422
