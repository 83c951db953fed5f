"""What the API answers: pages of lists, formats, tags, judgements, outcomes, speakers, exports."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import urlsplit

import pytest
from records import Record, due
from starlette.testclient import TestClient

from kb.ask import show
from kb.ingest.repeats import link_speakers
from kb.reviewing import accept, history

V1 = "/api/v1"


def ids(answer: dict[str, list[dict[str, int]]]) -> list[int]:
    return [item["id"] for item in answer["items"]]


# --- lists -------------------------------------------------------------------------------------------------------


def test_searching_with_a_query(client: TestClient) -> None:
    everything = client.get(f"{V1}/statements").json()
    assert (len(everything["items"]), everything["total"], everything["more"]) == (4, 4, False)
    (found,) = client.get(f"{V1}/statements", params={"q": "by:Lindqvist kind:prediction"}).json()["items"]
    assert (found["text"], found["status"]) == ("We will have 40 turbines by 2027", "open")
    assert found["horizon"]["latest"] == "2027-12-31"
    assert found["testability"]["reasons"]
    facets = client.get(f"{V1}/facets", params={"q": "by:Lindqvist"}).json()
    assert facets["kind"] == [{"value": kind, "query": f"kind:{kind}", "count": 1} for kind in ("claim", "prediction")]


def test_a_wrong_query_names_the_place(client: TestClient) -> None:
    answer = client.get(f"{V1}/statements", params={"q": "robots kind:promise"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "bad_query")
    assert error["at"] == {"query": "robots kind:promise", "column": 12}


@pytest.mark.parametrize("address", ["statements", "timeline", "speakers"])
def test_pages_lead_on_to_every_item_once_and_back(client: TestClient, address: str) -> None:
    whole = client.get(f"{V1}/{address}").json()["items"]
    assert len(whole) > 1
    found: list[object] = []
    url: str | None = f"{V1}/{address}?size=1"
    while url:
        answer = client.get(url)
        found += answer.json()["items"]
        links = answer.links
        url = links["next"]["url"] if "next" in links else None
    assert found == whole
    back = client.get(answer.links["prev"]["url"]).json()["items"]
    assert back == whole[-2:-1]


def test_the_same_list_as_csv_and_json_lines(client: TestClient) -> None:
    items = client.get(f"{V1}/statements?size=2").json()["items"]
    lines = client.get(f"{V1}/statements?size=2", headers={"Accept": "application/x-ndjson"})
    assert [json.loads(line) for line in lines.text.splitlines()] == items
    assert "next" in lines.links
    for table in (
        client.get(f"{V1}/statements?size=2", headers={"Accept": "text/csv;q=1"}),
        client.get(f"{V1}/statements?size=2&format=csv"),
    ):
        assert table.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(table.text)))
        assert [row["text"] for row in rows] == [item["text"] for item in items]
        assert [row["reports"] for row in rows] == ["1", "1"]
        assert {row["horizon_latest"] for row in rows} <= {"2027-12-31", ""}
    assert client.get(f"{V1}/statements?format=csv&q=nowhere").text.startswith("id,fingerprint,")


def test_predictions_by_status(client: TestClient) -> None:
    assert len(client.get(f"{V1}/predictions?status=open").json()["items"]) == 1
    assert client.get(f"{V1}/predictions?status=overdue").json()["items"] == []
    assert client.get(f"{V1}/predictions?status=soon").json()["error"]["code"] == "invalid"


def test_a_cursor_that_no_page_gave(client: TestClient) -> None:
    for address in ("statements", "speakers"):
        answer = client.get(f"{V1}/{address}?cursor=xyz")
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unreadable")


# --- one statement -----------------------------------------------------------------------------------------------


def test_a_statement_with_its_report_in_context(client: TestClient) -> None:
    found = client.get(f"{V1}/statements/1").json()
    (report,) = found["reports"]
    text = client.get(f"{V1}/documents/{report['document_id']}").json()["text"]
    (start, end), *_ = report["content"]
    assert text[start:end] == found["text"] == report["words"]
    assert report["context"] in text
    assert client.get(f"{V1}/statements/1/reports").json()["items"] == found["reports"]
    missing = client.get(f"{V1}/statements/99")
    assert (missing.status_code, missing.json()["error"]["message"]) == (404, "no statement 99 in the record")


def test_what_is_known_is_not_sent_again(client: TestClient, editor: dict[str, str]) -> None:
    first = client.get(f"{V1}/statements/1")
    tag = first.headers["etag"]
    again = client.get(f"{V1}/statements/1", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    client.post(f"{V1}/statements/1/accept?version=0", headers=editor)
    assert client.get(f"{V1}/statements/1", headers={"If-None-Match": tag}).status_code == 200


# --- judging -----------------------------------------------------------------------------------------------------


def test_judging_goes_by_the_name_of_the_token(client: TestClient, filled: Record, editor: dict[str, str]) -> None:
    accepted = client.post(f"{V1}/statements/1/accept?version=0", headers=editor).json()
    assert accepted["review"] == "accepted"
    assert {row.made_by for row in history(filled.store, 1)} == {"ana"}
    edit = {"kind": "claim", "new_speaker": "Ida Holm"}
    edited = client.patch(f"{V1}/statements/1?version={accepted['version']}", json=edit, headers=editor).json()
    assert (edited["review"], edited["kind"], edited["speaker"]) == ("edited", "claim", "Ida Holm")
    back = client.post(f"{V1}/statements/1/undo?version={edited['version']}", headers=editor).json()
    assert (back["kind"], back["speaker"]) == ("prediction", "Maja Lindqvist")
    assert len(client.get(f"{V1}/statements/1/history").json()["items"]) > 3


def test_the_second_of_two_reviewers_is_told_and_nothing_is_lost(
    client: TestClient, filled: Record, editor: dict[str, str], make_token: object
) -> None:
    assert callable(make_token)
    second = {"Authorization": f"Bearer {make_token('bo', 'editor')}"}
    seen = client.get(f"{V1}/statements/1").json()["version"]
    client.patch(f"{V1}/statements/1?version={seen}", json={"kind": "claim"}, headers=editor)
    told = client.patch(f"{V1}/statements/1?version={seen}", json={"kind": "opinion"}, headers=second)
    error = told.json()["error"]
    assert (told.status_code, error["code"]) == (409, "conflict")
    assert any("ana" in change and "prediction" in change and "claim" in change for change in error["changes"])
    assert show(filled.store, 1).kind == "claim"
    now = client.get(f"{V1}/statements/1").json()["version"]
    assert client.patch(f"{V1}/statements/1?version={now}", json={"kind": "opinion"}, headers=second).status_code == 200


def test_judging_what_if_match_names(client: TestClient, filled: Record, editor: dict[str, str]) -> None:
    tag = client.get(f"{V1}/statements/1").headers["etag"]
    nothing = client.post(f"{V1}/statements/1/accept", headers=editor)
    assert (nothing.status_code, nothing.json()["error"]["code"]) == (428, "version_needed")
    done = client.post(f"{V1}/statements/1/accept", headers={**editor, "If-Match": tag})
    assert (done.status_code, done.json()["review"]) == (200, "accepted")
    late = client.post(f"{V1}/statements/1/reject", headers={**editor, "If-Match": tag})
    assert (late.status_code, late.json()["error"]["code"]) == (412, "changed")
    fresh = client.post(f"{V1}/statements/1/reject", headers={**editor, "If-Match": done.headers["etag"]})
    assert fresh.json()["review"] == "rejected"
    assert show(filled.store, 1).review == "rejected"


def test_merging_and_splitting_statements(client: TestClient, editor: dict[str, str]) -> None:
    merged = client.post(f"{V1}/statements/4/merge?version=0", json={"into": 2}, headers=editor).json()
    assert len(merged["reports"]) == 2
    assert client.get(f"{V1}/statements/4").status_code == 404
    body = {"reports": [merged["reports"][1]["id"]]}
    parts = client.post(f"{V1}/statements/2/split?version={merged['version']}", json=body, headers=editor).json()
    assert (len(parts["stays"]["reports"]), len(parts["new"]["reports"])) == (1, 1)


def test_a_wrong_link_is_taken_back(client: TestClient, filled: Record, editor: dict[str, str]) -> None:
    words = "electric boats will outsell petrol boats"
    first, again = (filled.said(1, words, on=on, horizon=due("2026-12-31")) for on in ("2024-01-01", "2025-01-01"))
    with filled.store.transaction() as session:
        link_speakers(session, [1])
    assert [one["id"] for one in client.get(f"{V1}/statements/{again}/thread").json()["items"]] == [first, again]
    url = f"{V1}/statements/{again}/unlink?version=0"
    parted = client.post(url, json={"other": first}, headers=editor).json()
    assert (parted["repeats"], client.get(f"{V1}/statements/{again}/thread").json()["items"]) == (None, [])
    none = client.post(url.replace("=0", f"={parted['version']}"), json={"other": first}, headers=editor)
    assert (none.status_code, none.json()["error"]["code"]) == (422, "contradiction")
    assert client.post(url, json={"other": first}, headers=editor).status_code == 409
    assert client.post(url, json={"other": 0}, headers=editor).status_code == 422


def test_what_is_left_to_review(client: TestClient, filled: Record, editor: dict[str, str]) -> None:
    accept(filled.store, 1, version=0, by="ana", now=show(filled.store, 1).reports[0].extracted_at)  # type: ignore[arg-type]
    assert 1 not in ids(client.get(f"{V1}/review-queue").json())
    assert client.get(f"{V1}/accuracy").json()["items"][0]["accepted"] == 1
    assert client.get(f"{V1}/conflicts").json()["items"] == []


def test_resolving_with_evidence(client: TestClient, editor: dict[str, str]) -> None:
    body = {"verdict": "true", "known_on": "2025-11-30", "reason": "counted"}
    bare = client.post(f"{V1}/statements/1/outcomes", json=body, headers=editor)
    assert (bare.status_code, bare.json()["error"]["code"]) == (422, "contradiction")
    evidence = ["https://harbour.example/turbines|the 40th turbine|2025-11-30"]
    done = client.post(f"{V1}/statements/1/outcomes", json={**body, "evidence": evidence}, headers=editor)
    assert (done.status_code, done.json()["recorded_by"]) == (201, "ana")
    found = client.get(f"{V1}/statements/1").json()
    assert (found["status"], found["verdict"], len(found["outcomes"])) == ("resolved", "true", 1)
    (card,) = client.get(f"{V1}/scores", params={"by": "Lindqvist"}).json()["items"]
    assert (card["hits"], card["scored"]) == (1, 1)


# --- the rest ----------------------------------------------------------------------------------------------------


def test_a_number_leads_on_over_two_merges(client: TestClient, editor: dict[str, str]) -> None:
    for gone, into in ((4, 2), (2, 1)):
        version = client.get(f"{V1}/statements/{gone}").json()["version"]
        merge = f"{V1}/statements/{gone}/merge?version={version}"
        assert client.post(merge, json={"into": into}, headers=editor).status_code == 200
    for gone in (4, 2):
        for part in ("", "/reports", "/history"):
            answer = client.get(f"{V1}/statements/{gone}{part}")
            message = f"statement {gone} was merged into statement 1; look at that one"
            assert answer.status_code == 404
            assert answer.json() == {"error": {"code": "not_found", "message": message, "at": {"statement": 1}}}
    assert "at" not in client.get(f"{V1}/statements/99").json()["error"]


def test_speakers_are_merged_parted_and_named(client: TestClient, editor: dict[str, str]) -> None:
    assert client.get(f"{V1}/speakers/Maja Lindqvist").json()["statements"] == 2
    body = {"from": "Ola Berg", "into": "Maja Lindqvist", "reason": "test"}
    merge = client.post(f"{V1}/merges", json=body, headers=editor).json()
    assert merge["made_by"] == "ana"
    assert client.get(f"{V1}/speakers/Ola Berg").json()["id"] == merge["into_id"]
    assert client.delete(f"{V1}/merges/{merge['id']}", headers=editor).status_code == 204
    assert client.delete(f"{V1}/merges/{merge['id']}", headers=editor).json()["error"]["code"] == "contradiction"
    named = client.post(f"{V1}/speakers/Ola Berg/aliases", json={"text": "The Editor"}, headers=editor)
    assert "The Editor" in named.json()["aliases"]


def test_saved_searches_tell_what_is_new_once(client: TestClient, filled: Record, editor: dict[str, str]) -> None:
    saved = client.post(f"{V1}/watches", json={"query": "kind:claim", "name": "claims"}, headers=editor).json()
    assert (saved["hits"], client.get(f"{V1}/watches").json()["items"]) == (1, [saved])
    filled.said(None, "the harbour is full", kind="claim")
    (hits,) = client.post(f"{V1}/watches/news", headers=editor).json()["items"]
    assert [row["text"] for row in hits["rows"]] == ["the harbour is full"]
    assert client.post(f"{V1}/watches/news", headers=editor).json()["items"] == []
    assert client.delete(f"{V1}/watches/{saved['id']}", headers=editor).status_code == 204
    assert client.delete(f"{V1}/watches/{saved['id']}", headers=editor).status_code == 404


def test_every_export_and_its_errors(client: TestClient) -> None:
    for name in client.get(f"{V1}/exports").json():
        answer = client.get(f"{V1}/exports/{name}", params={"q": "by:Lindqvist"})
        assert answer.status_code == 200, name
        assert int(answer.headers["content-length"]) == len(answer.content) > 0, name
        assert answer.headers["content-disposition"].startswith('attachment; filename="onrecord.'), name
    table = client.get(f"{V1}/exports/csv", params={"q": "kind:claim"}).text
    assert "The tide has never been stronger" in table
    assert "turbines" not in table
    assert client.get(f"{V1}/exports/papyrus").status_code == 404
    wrong = client.get(f"{V1}/exports/csv?todo=true")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "bad_value")


def test_charts_and_the_record_as_a_whole(client: TestClient) -> None:
    assert b"<svg" in client.get(f"{V1}/charts/timeline").content
    assert client.get(f"{V1}/check").json() == {"sound": True, "problems": []}
    assert client.get(f"{V1}/due").json() == {"overdue": 0, "due_soon": 0}


def test_only_addresses_on_the_network_are_added(client: TestClient, editor: dict[str, str]) -> None:
    for url in ("/etc/passwd", "file:///etc/passwd", "kb.db", "http://", "ftp://harbour.example/x"):
        answer = client.post(f"{V1}/sources", json={"url": url}, headers=editor)
        assert (answer.status_code, answer.json()["error"]["at"]) == (422, {"field": "body.url"}), url
    for action in ("pause", "resume"):
        assert client.post(f"{V1}/sources/7/{action}", headers=editor).status_code == 404


def test_links_keep_the_question(client: TestClient) -> None:
    answer = client.get(f"{V1}/statements", params={"q": "by:Lindqvist", "size": 1, "sort": "date"})
    query = urlsplit(answer.links["next"]["url"]).query
    assert "q=by%3ALindqvist" in query
    assert "size=1" in query
