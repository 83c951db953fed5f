"""Reading a fixture, and showing what was read in a form that can stand in a JSON file beside it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import sources
from kb.types import Author, Payload, RawDocument, Skipped, Turn

NOW = dt.datetime(2026, 2, 6, 8, 0, tzinfo=dt.UTC)
MAX_BYTES = 1_000_000

Item = RawDocument | Skipped


def payload(data: bytes | str, name: str = "input", **given: Any) -> Payload:
    body = data.encode() if isinstance(data, str) else data
    return Payload(data=body, name=name, fetched_at=NOW, **given)


def read(data: bytes | str, name: str = "input", **given: Any) -> list[Item]:
    return list(sources.read_documents(payload(data, name, **given)))


def read_one(data: bytes | str, name: str = "input", **given: Any) -> RawDocument:
    (item,) = read(data, name, **given)
    assert isinstance(item, RawDocument)
    return item


def shown(item: Item, folder: Path) -> dict[str, Any]:
    """The fields that differ from their defaults, ``folder`` cut from addresses; turns as [speaker, words], times as
    [second, what is said then]."""
    fields = {f.name: getattr(item, f.name) for f in dataclasses.fields(item) if getattr(item, f.name) != f.default}
    if isinstance(item, RawDocument) and item.turns:
        fields["turns"] = [_turn(item.text, turn) for turn in item.turns]
    if isinstance(item, RawDocument) and item.times:
        fields["times"] = [[second, item.text[start : start + 20]] for start, second in item.times]
    return {name: _without(_plain(value), folder) for name, value in fields.items()}


def _turn(text: str, turn: Turn) -> list[Any]:
    """Speaker, words, and the second at which they begin where that is known."""
    shown = [_plain(turn.speaker), text[turn.start : turn.end]]
    return shown if turn.at_seconds is None else [*shown, turn.at_seconds]


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, Author):
        named = {"name": value.name, "handle": value.handle, "kind": value.kind, "role": value.role}
        shown = {k: v for k, v in named.items() if v not in (None, "person")}
        return shown | ({"role": dataclasses.asdict(value.role)} if value.role else {})
    return list(value) if isinstance(value, tuple) else value


def _without(value: Any, folder: Path) -> Any:
    return value.replace(folder.as_uri() + "/", "file:").replace(f"{folder}/", "") if isinstance(value, str) else value
