"""JSON from strangers, read without surprises: what is not of the wanted type is as good as missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kb.errors import InputError
from kb.types import Payload, Skipped
from sources.decode import decode, head
from sources.times import Moment

HEAD_BYTES = 65_536
"""How far into JSON its keys are looked at: a whole first post, however much comes with it."""
_KEY_DEPTH = 4
_TOKEN = re.compile(r'"((?:[^"\\]|\\.?)*)(?:"\s*(:?)|$)|[{}\[\]]', re.DOTALL)
_WEB = re.compile(r"https?://[^\s\x00-\x20\"<>\ud800-\udfff]+", re.IGNORECASE)


def json_keys(payload: Payload) -> frozenset[str]:
    """The keys at the start of JSON, with the keys above them: ``feed.post.record``; lists have no part in it.

    Empty for what is no JSON. Reads damaged JSON as well, and JSON lines as if they were a list.
    """
    text = head(payload, HEAD_BYTES).lstrip()
    if text[:1] not in ("{", "["):
        return frozenset()
    found: set[str] = set()
    above: list[str] = []
    key = ""
    for token in _TOKEN.finditer(text):
        if token[2]:
            key = token[1]
            path = [*filter(None, above), key]
            if len(path) <= _KEY_DEPTH:
                found.add(".".join(path))
        elif token[0] in ("{", "["):
            above.append(key)
            key = ""
        elif token[0] in ("}", "]"):
            key = ""
            del above[-1:]
    return frozenset(found)


def documents(payload: Payload) -> Iterator[Any]:
    """The JSON values of a payload: one, or one per line. A line that is damaged is ``Skipped``.

    Raises InputError where not even the first line is JSON.
    """
    text = decode(payload)
    try:
        yield json.loads(text)
    except (ValueError, RecursionError) as error:
        yield from _lines(text, payload.name, error)


def _lines(text: str, name: str, error: Exception) -> Iterator[Any]:
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    for number, line in lines:
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            if number == lines[0][0]:
                raise InputError(f"{name} is damaged JSON: {error or type(error).__name__}") from error
            yield Skipped(f"{name}, line {number}", "line is damaged JSON", failed=True)


def dict_at(value: Any, *keys: str) -> dict[str, Any]:
    """The object at ``keys``; empty where there is none."""
    found = _at(value, keys)
    return found if isinstance(found, dict) else {}


def list_at(value: Any, *keys: str) -> list[Any]:
    """The list at ``keys``; empty where there is none."""
    found = _at(value, keys)
    return found if isinstance(found, list) else []


def dicts_at(value: Any, *keys: str) -> list[dict[str, Any]]:
    """The objects in the list at ``keys``."""
    return [item for item in list_at(value, *keys) if isinstance(item, dict)]


def text_at(value: Any, *keys: str) -> str:
    """The string at ``keys``, or the whole number as a string (identifiers are often written so); else empty."""
    found = _at(value, keys)
    is_number = isinstance(found, int) and not isinstance(found, bool)
    return str(found) if is_number or isinstance(found, str) else ""


def web_at(value: Any, *keys: str) -> str | None:
    """The http(s) address at ``keys``; None where there is none."""
    found = text_at(value, *keys).strip()
    return found if _WEB.fullmatch(found) else None


def _at(value: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def to_the_second(moment: Moment | None) -> Moment | None:
    """Without fractions, which some formats of one post have and others leave out."""
    return replace(moment, at=moment.at.replace(microsecond=0)) if moment else None
