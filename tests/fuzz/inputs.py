"""Inputs to fuzz with: samples damaged byte by byte, and inputs built from the words of a format in any order."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
FOLDERS = ("samples", "sources", "sources/x", "sources/linkedin", "sources/mastodon", "sources/bluesky")
WORDS: dict[str, list[str]] = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
TOKENS = [token.encode("latin-1") for token in WORDS["tokens"]]

Inputs = st.SearchStrategy[bytes]

words = st.sampled_from([*WORDS["words"], *WORDS["moments"]]) | st.text(max_size=30)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=6
)


def samples(*patterns: str) -> tuple[bytes, ...]:
    """The fixtures whose names match."""
    paths = {path for folder in FOLDERS for pattern in patterns for path in (DATA / folder).glob(pattern)}
    return tuple(path.read_bytes() for path in sorted(paths) if path.is_file() and ".expected" not in path.name)


@st.composite
def damaged(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A sample with pieces cut out, doubled, overwritten, or of another sample put in."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 8))):
        at = int(draw(st.floats(0, 1)) * len(data))
        end = min(len(data), at + draw(st.sampled_from([0, 1, 2, 8, 60, 500])))
        match draw(st.integers(0, 4)):
            case 0:
                new = draw(st.sampled_from(TOKENS))
            case 1:
                new = draw(st.binary(max_size=4))
            case 2:
                new = data[at:end] * 2
            case 3:
                other = draw(st.sampled_from(seeds))
                start = int(draw(st.floats(0, 1)) * len(other))
                new = other[start : start + 200]
            case _:
                new = b""
        data = data[:at] + new + data[end:]
    return data if draw(st.integers(0, 9)) else data[: int(draw(st.floats(0, 1)) * len(data))]


@st.composite
def altered(draw: st.DrawFn, seeds: tuple[bytes, ...], prefix: bytes = b"") -> bytes:
    """A JSON sample in which some values are of another kind or missing."""
    document = json.loads(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        holder, key = _somewhere(draw, document)
        if holder is None:
            document = draw(values)
        elif isinstance(holder, dict) and draw(st.booleans()):
            del holder[key]
        else:
            holder[key] = draw(values)
    return prefix + as_json(document)


def as_json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _somewhere(draw: st.DrawFn, document: Any) -> tuple[Any, Any]:
    """A list or object inside, and one of its keys; (None, None) for the whole."""
    holder: Any = None
    key: Any = None
    while isinstance(document, (dict, list)) and document and draw(st.integers(0, 5)):
        holder = document
        key = draw(st.sampled_from(list(document) if isinstance(document, dict) else range(len(document))))
        document = holder[key]
    return holder, key


@st.composite
def markup(draw: st.DrawFn, kind: str, start: str, depth: int = 4) -> bytes:
    """Elements of a kind of document (html, feed) within each other in any order, not all of them closed."""
    names, attributes = st.sampled_from(WORDS[f"{kind}_elements"]), st.sampled_from(WORDS[f"{kind}_attributes"])

    def element(level: int) -> str:
        name = draw(names)
        given = "".join(f' {draw(attributes)}="{draw(words)}"' for _ in range(draw(st.integers(0, 2))))
        inner = "".join(element(level + 1) for _ in range(draw(st.integers(0, 3)))) if level < depth else draw(words)
        return f"<{name}{given}>{draw(words)}{inner}" + (f"</{name}>" if draw(st.integers(0, 7)) else "")

    return (start + "".join(element(0) for _ in range(draw(st.integers(1, 3))))).encode("utf-8", "surrogatepass")


def lines(*kinds: str, start: str = "") -> Inputs:
    """Lines of a format in any order."""
    line = st.sampled_from([line for kind in kinds for line in WORDS[kind]]) | words
    return st.lists(line, max_size=30).map(lambda found: "\n".join([start, *found]).encode("utf-8", "surrogatepass"))


@st.composite
def rows(draw: st.DrawFn, header: str) -> bytes:
    """CSV with cells of any kind, and rows of any length."""
    out = io.StringIO()
    columns = header.split(",")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(columns)
    table.writerows(draw(st.lists(st.lists(words, max_size=len(columns) + 1), max_size=8)))
    return out.getvalue().encode("utf-8", "surrogatepass")
