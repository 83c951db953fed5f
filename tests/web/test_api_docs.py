"""docs/api.md says what the server does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from kb.web import problems

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture
def paths(local_app: FastAPI) -> set[str]:
    return {path.removeprefix("/api/v1") for path in local_app.openapi()["paths"]}


def test_every_address_has_its_first_part_in_the_table(paths: set[str]) -> None:
    table = TEXT.partition("## What there is")[2].partition("## Reviewing")[0]
    for path in paths:
        assert f"/{path.split('/')[1]}" in table, path
        assert path.rpartition("/")[2].strip("{}") in table, path


def test_every_code_is_in_the_table() -> None:
    written = set(re.findall(r"`(\w+)`", TEXT.partition("## Errors")[2]))
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kb" / "web").rglob("*.py"))
    codes = {code for _, _, code in problems.KINDS} | {*problems.STATUS_CODES.values()} - {"forbidden"}
    codes |= set(re.findall(r'code="(\w+)"', source)) | set(re.findall(r'_refused\(\d+, "(\w+)"', source))
    assert codes - {"error", "internal"} <= written, codes - written
