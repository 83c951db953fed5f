"""The labelled documents of the quality gate: plain text with inline marks.

    {s1:Ilse Marchetti, the founder of Tarnow Robotics,} {u1:said} {c1:the company would open a second plant}.
    ---
    1: Ilse Marchetti; commitment

``s`` marks the source, ``u`` the cue, ``c`` the content; the number ties an attribution's spans together, and a span
of two attributions has both (``{s1+2:Ann}``). Behind the line ``---`` each attribution has a line with its speaker
and kind. The speaker is a name, ``group: words`` for people without a name, ``document: words`` for a report or poll,
``-`` for nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kb.types import Span

DOCUMENTS = Path(__file__).parent / "documents"
ROLES = {"s": "source", "u": "cue", "c": "content"}
_MARK = re.compile(r"\{([suc])(\d+(?:\+\d+)*):([^{}\n]+)\}")
_LABEL = re.compile(r"(\d+): (.+); (claim|prediction|commitment|opinion|question|other)")


@dataclass(slots=True)
class Gold:
    """One labelled attribution."""

    source: list[Span] = field(default_factory=list)
    cue: list[Span] = field(default_factory=list)
    content: list[Span] = field(default_factory=list)
    speaker: str = "-"
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class Marked:
    """A document without its marks, and what they say."""

    id: str
    text: str
    attributions: list[Gold]


def read_all(folder: Path = DOCUMENTS) -> Iterator[Marked]:
    """Every document of the gate, in the order of their names."""
    for path in sorted(folder.glob("*.txt")):
        yield read(path.stem, path.read_text(encoding="utf-8"))


def read(name: str, marked: str) -> Marked:
    """Take the marks out of a document. Raises ValueError where marks and labels do not fit together."""
    body, _, labels = marked.partition("\n---\n")
    text, found = _unmark(body)
    for line in labels.splitlines():
        label = _LABEL.fullmatch(line)
        if not label or int(label[1]) not in found:
            raise ValueError(f"{name}: no such attribution or kind: {line}")
        gold = found[int(label[1])]
        gold.speaker, gold.kind = label[2], label[3]
    if re.search(r"[{}]", text) or len(found) != len(labels.splitlines()):
        raise ValueError(f"{name}: a mark that does not parse, or an attribution without a label")
    return Marked(name, text, [found[number] for number in sorted(found)])


def _unmark(body: str) -> tuple[str, dict[int, Gold]]:
    text, end = "", 0
    found: dict[int, Gold] = {}
    for mark in _MARK.finditer(body):
        text += body[end : mark.start()]
        span = (len(text), len(text) + len(mark[3]))
        for number in map(int, mark[2].split("+")):
            getattr(found.setdefault(number, Gold()), ROLES[mark[1]]).append(span)
        text, end = text + mark[3], mark.end()
    return text + body[end:], found
