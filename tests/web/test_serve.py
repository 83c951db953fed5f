"""kb serve: a real server, started and stopped as a user does."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from records import NOW, Record
from typer.testing import CliRunner

from kb.cli.root import app
from kb.store import tokens
from kb.web.server import in_url, is_everywhere, is_local


def run(db: str, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["--db", db, "serve", *arguments])
    return result.exit_code, result.output


def test_serving_until_ctrl_c(filled: Record, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kb", "--db", str(tmp_path / "kb.db"), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout
        first, second = server.stdout.readline(), server.stdout.readline()
        found = re.search(r"at (http://127\.0\.0\.1:\d+) ", first)
        link = re.search(r"(http://\S+/login\?code=\S+)", second)
        assert found, server.stderr and server.stderr.read()
        assert link
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        assert opener.open(link[1], timeout=60).status == 200
        assert b'"role":"editor"' in opener.open(f"{found[1]}/api/v1/me", timeout=60).read()
        server.send_signal(signal.SIGINT)
        out, errors = server.communicate(timeout=60)
    assert (server.returncode, out, errors) == (0, "stopped\n", "")


def test_a_port_that_is_taken(filled: Record, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, told = run(str(tmp_path / "kb.db"), "--port", str(port))
    assert code == 2
    assert f"cannot listen on 127.0.0.1:{port}: the port is taken" in told
    assert f"--port {port + 1}" in told


def test_other_machines_need_tokens(filled: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = str(tmp_path / "kb.db")
    code, told = run(db, "--host", "0.0.0.0")
    assert (code, "--host-name" in told) == (2, True)
    where = ("--host", "0.0.0.0", "--host-name", "kb.example.org", "--port", "0")
    for reached in (where, ("--host-name", "kb.example.org")):
        code, told = run(db, *reached)
        assert (code, "kb token add" in told) == (2, True)
    with filled.store.transaction() as session:
        tokens.add(session, "ana", "editor", now=NOW)
    served = []
    monkeypatch.setattr("kb.web.server.run", lambda app, _: served.append(app.state.local))
    code, told = run(db, *where)
    assert (code, served) == (0, [False])
    assert "login" not in told
    with filled.store.transaction() as session:
        tokens.revoke(session, "ana", now=NOW)
    assert run(db, *where)[0] == 2


def test_an_address_of_another_machine(filled: Record, tmp_path: Path) -> None:
    with filled.store.transaction() as session:
        tokens.add(session, "ana", "editor", now=NOW)
    code, told = run(str(tmp_path / "kb.db"), "--host", "203.0.113.7", "--port", "8000")
    assert code == 2
    assert "cannot listen on 203.0.113.7:8000" in told
    assert "an address of this machine" in told


def test_what_is_local() -> None:
    assert all(map(is_local, ("127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST")))
    assert not any(map(is_local, ("0.0.0.0", "::", "", "192.168.1.5", "kb.example.org", "localhost.example.org")))
    assert all(map(is_everywhere, ("0.0.0.0", "::", "")))
    assert (in_url("::1"), in_url("127.0.0.1")) == ("[::1]", "127.0.0.1")
