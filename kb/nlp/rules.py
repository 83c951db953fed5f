"""Rules as data: the TOML files of ``kb/nlp/data``, read when first asked for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_PART = re.compile(r"\{([A-Z]+)\}")
_LINE_BREAK = re.compile(r"\n\s*")


@cache
def rules(name: str) -> dict[str, Any]:
    """The rules of ``kb/nlp/data/NAME.toml``; callers must not change what they get."""
    return tomllib.loads(files("kb.nlp").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str, key: str) -> frozenset[str]:
    """The words under ``key``: a list, or one text with white space between them."""
    entry: str | list[str] = rules(name)[key]
    return frozenset(entry.split() if isinstance(entry, str) else entry)


@cache
def pattern(name: str, *keys: str | int) -> re.Pattern[str]:
    """The pattern at ``keys``: one regular expression, or a list of alternatives that stand at word borders.

    ``{NAME}`` in a pattern stands for the entry NAME of the file's ``parts`` table; a line break and the white space
    after it stand for nothing. Case does not matter.
    """
    entry: Any = rules(name)
    for key in keys:
        entry = entry[key]
    source = entry if isinstance(entry, str) else rf"(?<!\w)(?:{'|'.join(entry)})(?!\w)"
    return re.compile(_LINE_BREAK.sub("", _expanded(source, rules(name).get("parts", {}))), re.IGNORECASE)


@cache
def lowered(name: str, *keys: str | int) -> re.Pattern[str]:
    """The same pattern for words in lower case, in which it is found in half the time: letters have one form there."""
    return re.compile(pattern(name, *keys).pattern)


def _expanded(source: str, parts: dict[str, str]) -> str:
    """``source`` with its parts put in; parts may hold parts."""
    while _PART.search(source):
        source = _PART.sub(lambda match: f"(?:{parts[match[1]]})", source)
    return source
