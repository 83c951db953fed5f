"""Whatever the description of the API allows, and much that it does not, is answered as the description says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from serving import running
from starlette.testclient import TestClient

from kb.errors import FetchError
from kb.types import Payload
from kb.web.problems import Problem

EXAMPLES = 20
"""Of each operation, half of them against its description; more find nothing that these do not."""
FITTING = positive_data_acceptance
"""That every request of the right form is accepted: no description tells which cursors pages gave, or which outcome
contradicts the record."""
FILES = ("image/png", "application/vnd.sqlite3")
"""Have no example that anybody could read."""
RECORD = "application/x-ndjson"
"""Of a record to import."""
PICTURES = "GET /api/v1/charts/{kind}"
"""Take a second each."""


@schemathesis.serializer(RECORD)
def as_it_is(_context: object, value: Any) -> Any:
    """A record is sent as it stands; what is made up and no text, as JSON."""
    return value if isinstance(value, (str, bytes)) else json.dumps(value)


class NoNetwork:
    """Addresses are made up: none of them is asked."""

    def fetch(self, url: str, **_: object) -> Payload:
        """Refuse."""
        raise FetchError(f"{url} is not asked in tests", url=url)


@pytest.fixture
def operations(local_app: FastAPI) -> list[Any]:
    schema = schemathesis.openapi.from_dict(local_app.openapi())
    return [found.ok() for found in schema.get_all_operations()]


def test_every_answer_is_documented(
    local_app: FastAPI, operations: list[Any], editor: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.app.wiring.Wiring._fetcher", NoNetwork())
    with running(local_app) as address:
        for operation in operations:
            number = 2 if operation.label == PICTURES else EXAMPLES
            _ask(operation, address, editor, number)
    assert len(operations) > 40


def _ask(operation: Any, address: str, headers: dict[str, str], number: int) -> None:
    good, bad = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=good | bad)
    def check(case: Any) -> None:
        response = case.call(base_url=address, headers=headers)
        case.validate_response(response, excluded_checks=[FITTING])

    check()


def test_every_operation_has_an_example_and_documents_its_errors(local_app: FastAPI) -> None:
    made = local_app.openapi()
    json.dumps(made)
    for path, method, operation in _described(made):
        where = f"{method} {path}"
        assert operation["summary"], where
        assert operation["description"], where
        assert {"400", "401", "422", "429", "503"} <= set(operation["responses"]), where
        for status, answer in operation["responses"].items():
            content = answer.get("content", {})
            if status in ("204", "304") or not content.keys().isdisjoint(FILES):
                continue
            example = content["application/json"]["example"]
            if status >= "400":
                Problem.model_validate(example)
        if "requestBody" in operation:
            (body,) = operation["requestBody"]["content"].values()
            assert {"example", "examples"} & set(body) or _has_example(made, body["schema"]), where


def test_reading_is_described_as_open_only_on_this_machine(local_app: FastAPI, team: TestClient) -> None:
    assert isinstance(team.app, FastAPI)
    for path, method, operation in _described(local_app.openapi()):
        assert ({} in operation["security"]) == (method == "get" and not path.endswith("/backup")), path
    for path, _, operation in _described(team.app.openapi()):
        assert {} not in operation["security"], path


def test_the_description_is_served(client: TestClient) -> None:
    made = client.get("/api/v1/openapi.json").json()
    assert made["openapi"].startswith("3.1")
    page = client.get("/api")
    assert page.status_code == 200
    assert "/api/v1/statements/{id}" in page.text
    assert "<script>" not in page.text


def _described(made: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in made["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _has_example(made: dict[str, Any], schema: dict[str, Any]) -> bool:
    fields = made["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"].values()
    return any("examples" in field for field in fields)
