"""Who may do what, and what keeps others from doing it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from records import NOW, Record
from starlette.testclient import TestClient

from kb.app import KB
from kb.store import tokens
from kb.web.app import create_app
from kb.web.failures import MOST_CLIENTS, MOST_FAILURES, WINDOW, Failures
from kb.web.security import MOST_BYTES, POLICY
from kb.web.session import COOKIE, CSRF_HEADER

V1 = "/api/v1"
LOGIN = "/login?code=let-me-in"
ACCEPT = f"{V1}/statements/1/accept?version=0"


def operations(app: FastAPI) -> list[tuple[str, str]]:
    """Every method and address of the API, with a number in each place."""
    made = app.openapi()["paths"]
    return [
        (
            method.upper(),
            re.sub(r"\{(\w+)\}", lambda m: "csv" if m[1] == "format" else "1", path).replace(
                "charts/1", "charts/slips"
            ),
        )
        for path, item in made.items()
        for method in item
    ]


def csrf_of(client: TestClient) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf-token" content="(\w+)"', client.get("/help").text)
    assert found
    return found[1]


# --- tokens ------------------------------------------------------------------------------------------------------


def test_writing_always_needs_an_editor(client: TestClient, local_app: FastAPI, reader: dict[str, str]) -> None:
    writing = [(method, path) for method, path in operations(local_app) if method != "GET"]
    assert len(writing) > 15
    for method, path in writing:
        anonymous = client.request(method, path, json={})
        assert (anonymous.status_code, anonymous.json()["error"]["code"]) == (401, "token_needed"), path
        by_reader = client.request(method, path, json={}, headers=reader)
        assert (by_reader.status_code, by_reader.json()["error"]["code"]) == (403, "readers_only"), path


def test_reading_needs_no_token_on_this_machine_alone(client: TestClient, team: TestClient, local_app: FastAPI) -> None:
    for method, path in operations(local_app):
        if method == "GET":
            assert client.get(path).status_code in ((401,) if path == f"{V1}/backup" else (200, 404)), path
            refused = team.get(path)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer"), path
    for page in (f"{V1}/openapi.json", "/api", "/", "/statements/1", "/speakers", "/review"):
        assert team.get(page).status_code == 401, page
    assert team.get("/login").status_code == 200


def test_a_reader_reads_from_elsewhere_and_an_editor_writes(
    team: TestClient, reader: dict[str, str], editor: dict[str, str]
) -> None:
    assert team.get(f"{V1}/me", headers=reader).json() == {"name": "ron", "role": "reader"}
    assert team.get(f"{V1}/statements", headers=reader).status_code == 200
    assert team.post(ACCEPT, headers=editor).status_code == 200


def test_behind_a_proxy_this_machine_is_everybody(opener: Callable[[], KB]) -> None:
    app = create_app(opener, local=True, hosts=["localhost", "kb.example.org"])
    with TestClient(app, base_url="http://kb.example.org") as outside:
        assert outside.get(f"{V1}/statements").status_code == 401
        assert outside.get(f"{V1}/statements", headers={"Host": "localhost:8000"}).status_code == 200
        passed_on = {"Host": "localhost:8000", "X-Forwarded-For": "127.0.0.1"}
        assert outside.get(f"{V1}/statements", headers=passed_on).status_code == 401


def test_a_revoked_token_is_none(team: TestClient, filled: Record, reader: dict[str, str]) -> None:
    assert team.get(f"{V1}/due", headers=reader).status_code == 200
    with filled.store.transaction() as session:
        tokens.revoke(session, "ron", now=NOW)
    assert team.get(f"{V1}/due", headers=reader).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer kb_guess", "Basic YTpi", "Bearer \xe9"])
def test_what_is_no_token(client: TestClient, header: str) -> None:
    answer = client.get(f"{V1}/due", headers={"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_needed")


def test_the_record_keeps_no_secret(filled: Record, editor: dict[str, str]) -> None:
    secret = editor["Authorization"].removeprefix("Bearer ").encode()
    path = filled.store._engine.url.database
    assert path
    kept = b"".join(Path(f"{path}{part}").read_bytes() for part in ("", "-wal"))
    assert b"editor" in kept
    assert secret not in kept


def test_guessing_takes_for_ever(client: TestClient, editor: dict[str, str]) -> None:
    guess = {"Authorization": "Bearer kb_guess"}
    for _ in range(MOST_FAILURES):
        assert client.get(f"{V1}/due", headers=guess).status_code == 401
    for header in (guess, editor):
        answer = client.get(f"{V1}/due", headers=header)
        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many")
        assert 0 < int(answer.headers["retry-after"]) <= WINDOW
    assert client.get(f"{V1}/due").status_code == 200
    assert client.post("/login", data={"token": "kb_guess"}).status_code == 429


def test_failures_are_forgotten_in_time_and_in_number() -> None:
    now = [0.0]
    failures = Failures(clock=lambda: now[0])
    for _ in range(MOST_FAILURES):
        assert failures.wait("1.2.3.4") == 0
        failures.add("1.2.3.4")
    assert (failures.wait("1.2.3.4"), failures.wait("1.2.3.5")) == (WINDOW, 0)
    now[0] = WINDOW + 1
    assert failures.wait("1.2.3.4") == 0
    failures.add("1.2.3.4")
    assert failures.wait("1.2.3.4") == 0
    for number in range(MOST_CLIENTS + 10):
        failures.add(str(number))
    assert len(failures._clients) == MOST_CLIENTS


# --- browsers ----------------------------------------------------------------------------------------------------


def test_the_link_logs_in_once(client: TestClient, local_app: FastAPI) -> None:
    first = client.get(LOGIN, follow_redirects=False)
    assert first.status_code == 303
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get(f"{V1}/me").json() == {"name": "owner", "role": "editor"}
    with TestClient(local_app, base_url="http://localhost") as other:
        assert COOKIE not in other.get(LOGIN).cookies
        assert other.get(f"{V1}/me").json()["role"] is None


def test_a_browser_pastes_a_token_once_and_loses_it_with_the_token(
    team: TestClient, filled: Record, editor: dict[str, str]
) -> None:
    secret = editor["Authorization"].removeprefix("Bearer ")
    assert team.post("/login", data={"token": "kb_wrong"}).status_code == 401
    team.post("/login", data={"token": f" {secret}\n"})
    assert team.get(f"{V1}/me").json() == {"name": "ana", "role": "editor"}
    assert secret not in str(team.cookies)
    with filled.store.transaction() as session:
        tokens.revoke(session, "ana", now=NOW)
    assert team.get(f"{V1}/me").status_code == 401


def test_a_cookie_writes_only_with_the_token_of_a_form(client: TestClient) -> None:
    client.get(LOGIN)
    for headers in ({}, {CSRF_HEADER: ""}, {CSRF_HEADER: "guess"}):
        refused = client.post(ACCEPT, headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "csrf")
    assert client.post(ACCEPT, headers={CSRF_HEADER: csrf_of(client)}).status_code == 200


def test_a_forged_or_expired_cookie_is_none(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get(LOGIN)
    value = client.cookies[COOKIE]
    body, _, mac = value.strip('"').partition(".")
    assert client.get(f"{V1}/me").json()["role"] == "editor"
    for forged in (f"{body}.{'0' * len(mac)}", body, f".{mac}", f"{body}x.{mac}", "\xe9.x", "a.b.c"):
        found = client.get(f"{V1}/me", headers={"Cookie": f"{COOKIE}={forged}".encode("latin-1")})
        assert found.json()["role"] is None, forged
    monkeypatch.setattr("kb.web.session.time.time", lambda: 4e9)
    assert client.get(f"{V1}/me").json()["role"] is None


# --- other sites -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:8000", "", "127.0.0.1.evil.example"]
)
def test_other_hosts_are_refused(client: TestClient, host: str) -> None:
    for path in (f"{V1}/statements", "/", "/static/htmx.min.js"):
        answer = client.get(path, headers={"Host": host})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_host"), path


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "[::1]"])
def test_own_hosts_are_answered(client: TestClient, host: str) -> None:
    assert client.get(f"{V1}/statements", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_sites_write_nothing(client: TestClient, editor: dict[str, str], headers: dict[str, str]) -> None:
    for path in (ACCEPT, "/login"):
        answer = client.post(path, headers={**editor, **headers})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "other_site"), path
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(ACCEPT, headers={**editor, **own}).status_code == 200


# --- answers -----------------------------------------------------------------------------------------------------


def test_every_answer_has_the_headers(client: TestClient) -> None:
    for path in (
        "/",
        f"{V1}/statements",
        f"{V1}/nothing",
        "/nothing",
        "/static/htmx.min.js",
        f"{V1}/statements?size=0",
    ):
        headers = client.get(path).headers
        assert headers["content-security-policy"] == POLICY, path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        assert "server" not in headers, path
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY


def test_a_failure_of_ours_tells_no_secret(
    local_app: FastAPI, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("the password is hunter2")

    local_app.state.kb.check = broken
    with caplog.at_level(logging.CRITICAL):
        answer = client.get(f"{V1}/check")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "hunter2" not in answer.text
    assert answer.headers["content-security-policy"] == POLICY


def test_large_bodies_are_refused(client: TestClient, editor: dict[str, str]) -> None:
    body = b'{"reason": "' + b"x" * MOST_BYTES + b'"}'
    whole = client.post(f"{V1}/statements/1/outcomes", content=body, headers=editor)
    assert (whole.status_code, whole.json()["error"]["code"]) == (413, "too_large")
    pieces = client.post(f"{V1}/statements/1/outcomes", content=iter([body[:1000], body[1000:]]), headers=editor)
    assert pieces.status_code == 413


def test_errors_of_addresses_have_the_same_body(client: TestClient) -> None:
    assert client.get(f"{V1}/nothing").json()["error"]["code"] == "no_such_address"
    wrong = client.put(f"{V1}/statements")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "wrong_method")
    huge = client.get(f"{V1}/statements/{10**30}")
    assert (huge.status_code, huge.json()["error"]["at"]) == (422, {"field": "path.id"})
