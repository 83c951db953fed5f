"""docs/api.md says what the server does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from fastapi import FastAPI
from starlette.testclient import TestClient

from kb.cli import root
from kb.web import problems

ROOT = Path(__file__).parent.parent.parent
OPERATION = r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`"
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


COMMANDS = TEXT.partition("## Every command over HTTP")[2].partition("## Reviewing")[0]


@pytest.fixture
def operations(local_app: FastAPI) -> set[str]:
    paths = local_app.openapi()["paths"].items()
    return {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, item in paths for method in item}


def commands(group: Any, name: str = "kb") -> Iterator[str]:
    """Every command below a group, as it is typed."""
    for word, command in group.commands.items():
        below = f"{name} {word}"
        yield from commands(command, below) if hasattr(command, "commands") else [below]


def test_every_command_stands_against_its_operations_or_says_why_not() -> None:
    rows = [line.strip("| ").split(" | ") for line in COMMANDS.splitlines() if line.startswith("| `")]
    written = [command for row in rows for command in re.findall(r"`(kb [^`]+)`", row[0])]
    assert sorted(written) == sorted(commands(typer.main.get_command(root.app)))
    for command, over_http in rows:
        assert re.search(OPERATION, over_http) or re.match(r"not: \w+", over_http), command


def test_the_operations_are_those_that_there_are(operations: set[str]) -> None:
    assert set(re.findall(OPERATION, COMMANDS)) == operations


def test_queries_of_the_page_can_be_asked(client: TestClient) -> None:
    found = {}
    for path, query in re.findall(r"curl -G http://[\w.:]+(/\S+) --data-urlencode 'q=([^']+)'", TEXT):
        answer = client.get(path, params={"q": query})
        assert answer.status_code == 200, answer.text
        found[query] = [row["kind"] for row in answer.json()["items"]]
    assert sorted(found['kind:prediction,commitment by:Lindqvist,"Ola Berg"']) == ["commitment", "prediction"]


def test_every_code_is_in_the_table() -> None:
    written = set(re.findall(r"`(\w+)`", TEXT.partition("## Errors")[2]))
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kb" / "web").rglob("*.py"))
    codes = {code for _, _, code in problems.KINDS} | {*problems.STATUS_CODES.values()} - {"forbidden"}
    codes |= set(re.findall(r'code="(\w+)"', source)) | set(re.findall(r'_refused\(\d+, "(\w+)"', source))
    assert codes - {"error", "internal"} <= written, codes - written
