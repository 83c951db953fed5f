"""Looking at JSON from strangers, and at links in posts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import payload

from kb.types import Role
from sources.links import written_out
from sources.roles import read_role
from sources.shapes import dicts_at, json_keys, text_at, web_at

VALUES = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
)


def paths(value: object, above: tuple[str, ...] = ()) -> set[str]:
    """Keys with the keys above them, as ``json_keys`` gives them."""
    if isinstance(value, list):
        return {path for item in value for path in paths(item, above)}
    if not isinstance(value, dict):
        return set()
    found = {".".join((*above, key)) for key in value if len(above) < 4}
    return found | {path for key, item in value.items() for path in paths(item, (*above, key))}


@given(VALUES)
def test_keys_of_json_are_those_that_the_parser_finds(value: object) -> None:
    assert json_keys(payload(json.dumps([value]))) == paths(value)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", set()),
        ("WEBVTT", set()),
        ('"feed": 1', set()),
        ('{"a": [{"b": {"c": {"d": "x: \\"y\\": {"}}}]}', {"a", "a.b", "a.b.c", "a.b.c.d"}),
        ('{"a": 1}\n{"b": {"c": 2}}', {"a", "b", "b.c"}),
        ('{"a": {"b": "cut off in the mid', {"a", "a.b"}),
        ('{"a": "cut off at \\', {"a"}),
        ("}}]]{", set()),
    ],
)
def test_keys_of_damaged_json(text: str, keys: set[str]) -> None:
    assert json_keys(payload(text)) == keys


def test_values_of_the_wrong_type_are_missing() -> None:
    value = {"text": 7, "yes": True, "list": [{"a": 1}, None, "x"], "url": "https://a.example/x y", "deep": {"n": None}}
    assert (text_at(value, "text"), text_at(value, "yes"), text_at(value, "deep", "n", "more")) == ("7", "", "")
    assert dicts_at(value, "list") == [{"a": 1}]
    assert dicts_at(value, "text") == []
    assert web_at(value, "url") is None
    assert web_at({"url": "https://a.example/x?y=1#z"}, "url") == "https://a.example/x?y=1#z"


@pytest.mark.parametrize(
    ("shown", "address", "written"),
    [
        ("quelmark.example/scrap", "https://quelmark.example/scrap-report", "https://quelmark.example/scrap-report"),
        ("quelmark.example/sc…", "https://www.quelmark.example/scrap", "https://www.quelmark.example/scrap"),
        ("https://a.example/", "https://a.example", "https://a.example"),
        ("my letter", "https://a.example/my-letter", "my letter"),
        ("letter", "https://a.example/letter", "letter"),
        ("v2.0", "https://a.example/release", "v2.0"),
        ("", "https://a.example", ""),
    ],
)
def test_shortened_links_are_written_out_and_linked_words_stay(shown: str, address: str, written: str) -> None:
    assert written_out(shown, address) == written


@pytest.mark.parametrize(
    ("line", "role"),
    [
        (
            "Chief Financial Officer, Norvane Freight plc",
            Role(title="Chief Financial Officer", organisation="Norvane Freight plc"),
        ),
        ("Freight nerd | CFO at Norvane", Role(title="CFO", organisation="Norvane")),
        ("CFO @ Norvane · Speaker", Role(title="CFO", organisation="Norvane")),
        ("Chief Economist", Role(title="Chief Economist")),
        ("Freight, cash and patience", None),
        ("Speaker | Author", None),
        ("", None),
    ],
)
def test_roles_in_a_headline(line: str, role: Role | None) -> None:
    assert read_role(line) == role
