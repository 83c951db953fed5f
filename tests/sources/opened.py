"""Files as documents: what reading a path gives."""

from __future__ import annotations

from pathlib import Path

from reading import MAX_BYTES, NOW

import sources
from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped
from sources.files import payloads


def found_in(path: Path, max_bytes: int = MAX_BYTES) -> list[Payload | Skipped]:
    return list(payloads(path, NOW, max_bytes))


def read_all(path: Path) -> list[RawDocument | Skipped]:
    """Every item of every payload; a payload that cannot be read is Skipped, as when it is ingested."""
    items: list[RawDocument | Skipped] = []
    for payload in payloads(path, NOW, MAX_BYTES):
        if isinstance(payload, Skipped):
            items.append(payload)
            continue
        try:
            items.extend(sources.read_documents(payload))
        except InputError as error:
            items.append(Skipped(payload.name, str(error), failed=True))
    return items


def documents(path: Path) -> list[RawDocument]:
    return [item for item in read_all(path) if isinstance(item, RawDocument)]


def reasons(path: Path, max_bytes: int = MAX_BYTES) -> list[tuple[str, str]]:
    """Name and reason of what was skipped before reading."""
    items = [item for item in found_in(path, max_bytes) if isinstance(item, Skipped)]
    return [(item.item.removeprefix(f"{path}/"), item.reason) for item in items]


def names(path: Path, max_bytes: int = MAX_BYTES) -> list[str]:
    return [item.name.removeprefix(f"{path}/") for item in found_in(path, max_bytes) if isinstance(item, Payload)]
