"""Reading a record that was exported as JSON Lines."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from kb.errors import InputError
from kb.store.dump import Line
from kb.types import RECORD_VERSION


def read_lines(path: Path, name: str) -> Iterator[tuple[int, Line]]:
    """The lines between the first and the last, numbered from 2; a path that ends in ``.gz`` is unpacked.

    ``name`` is what messages call the file.
    Raises InputError: cannot be read, no record, of a version that this program does not know, cut off.
    """
    try:
        with _opened(path) as file:
            yield from _checked(name, _parsed(name, file))
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot read {name}: {reason}") from error


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _parsed(name: str, file: IO[bytes]) -> Iterator[tuple[int, Line]]:
    for number, text in enumerate(file, start=1):
        try:
            line = json.loads(text)
        except ValueError as error:  # UnicodeDecodeError is one
            raise InputError(f"{name}, line {number} is not JSON; is it an export of kb export jsonl?") from error
        if not isinstance(line, dict):
            raise InputError(f"{name}, line {number} is no JSON object; is it an export of kb export jsonl?")
        yield number, line


def _checked(name: str, lines: Iterator[tuple[int, Line]]) -> Iterator[tuple[int, Line]]:
    _, first = next(lines, (0, {}))
    if first.get("type") != "onrecord":
        raise InputError(f"{name} is no exported record; make one with kb export jsonl")
    version = first.get("schema_version")
    if version != RECORD_VERSION:
        advice = "update with pip install -U onrecord"
        raise InputError(f"{name} has version {version} of the format, this program knows {RECORD_VERSION}: {advice}")
    count = 0
    for number, line in lines:
        if line.get("type") == "end":
            if line.get("lines") == count:
                return
            break
        count += 1
        yield number, line
    raise InputError(f"{name} is cut off after {count} lines; export it again")
