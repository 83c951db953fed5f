"""Marking spans in a text: which pieces it falls into, and which of them are shown. Pure.

A text is cut wherever a mark begins or ends, so that pieces hold any overlap; joined again they are the text exactly.
Templates escape each piece, so nothing of a document becomes markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from kb.types import Report, Span

Part = Literal["source", "cue", "content"]

AROUND = 600
"""Characters shown on either side of a mark in a long text: a paragraph or two."""

LONG = 30_000
"""Characters from which on a text is shown around its marks only: some ten printed pages."""

AT_WORD = 60
"""How far a cut may move to fall between two words."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a statement's report, at ``[start, end)`` of the text."""

    start: int
    end: int
    part: Part
    statement: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text with one set of marks; or, with ``hidden``, so many characters left out."""

    text: str
    start: int
    parts: tuple[Part, ...] = ()
    statements: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    """Statements whose first content begins here: where links to them lead."""
    hidden: int = 0

    @property
    def classes(self) -> str:
        """Names of the parts, for the style sheet."""
        return " ".join(self.parts)


def marks_of(statement: int, report: Report) -> list[Mark]:
    """The marks of one report."""
    spans: tuple[tuple[Part, tuple[Span, ...]], ...] = (
        ("source", report.source),
        ("cue", report.cue),
        ("content", report.content),
    )
    return [Mark(start, end, part, statement) for part, found in spans for start, end in found]


def pieces(text: str, marks: Iterable[Mark], shown: Sequence[Span] | None = None) -> Iterator[Piece]:
    """``text`` in pieces, in order. ``shown``: the only stretches that are not left out, in order; None: all of it.

    Marks, or what of them lies outside the text, have no effect there.
    """
    inside = _inside(text, marks)
    first = _firsts(inside)
    at = 0
    for start, end in [(0, len(text))] if shown is None else shown:
        if start > at:
            yield Piece("", at, hidden=start - at)
        yield from _cut(text, (start, end), inside, first)
        at = end
    if at < len(text):
        yield Piece("", at, hidden=len(text) - at)


def windows(text: str, marks: Iterable[Mark], around: int = AROUND) -> list[Span]:
    """The stretches of ``text`` that lie near a mark, in order and apart; the beginning where there is no mark."""
    spans = sorted((mark.start, mark.end) for mark in _inside(text, marks)) or [(0, 0)]
    found: list[Span] = []
    for start, end in spans:
        low, high = _between_words(text, max(start - around, 0), -1), _between_words(text, end + around, 1)
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def paragraphs(text: str, marks: Sequence[Mark], around: int = AROUND) -> list[Span]:
    """The paragraphs of ``text`` that hold the marks, and those before and after where they are no longer than
    ``around``; less of very long ones."""
    marks = _inside(text, marks)
    if not marks:
        return windows(text, marks, around)
    first, last = min(mark.start for mark in marks), max(mark.end for mark in marks)
    low, high = _paragraph_start(text, first), _paragraph_end(text, last)
    before, after = _paragraph_start(text, len(text[:low].rstrip())), _paragraph_end(text, high + _blank(text, high))
    low = before if low - before <= around else low
    high = after if after - high <= around else high
    near = windows(text[low:high], [Mark(m.start - low, m.end - low, m.part, m.statement) for m in marks], around)
    return [(start + low, end + low) for start, end in near]


def _paragraph_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _paragraph_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _blank(text: str, at: int) -> int:
    """How many characters of white space follow."""
    return len(text[at : at + AROUND]) - len(text[at : at + AROUND].lstrip())


def _inside(text: str, marks: Iterable[Mark]) -> list[Mark]:
    return [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]


def _firsts(marks: Sequence[Mark]) -> dict[int, int]:
    """Where the content of each statement begins."""
    found: dict[int, int] = {}
    for mark in marks:
        if mark.part == "content":
            found[mark.statement] = min(mark.start, found.get(mark.statement, mark.start))
    return found


def _cut(text: str, within: Span, marks: Sequence[Mark], first: dict[int, int]) -> Iterator[Piece]:
    low, high = within
    near = sorted((mark for mark in marks if mark.start < high and mark.end > low), key=lambda mark: mark.start)
    edges = sorted({low, high, *(min(max(edge, low), high) for mark in near for edge in (mark.start, mark.end))})
    begun, open_ = 0, list[Mark]()
    for start, end in pairwise(edges):
        while begun < len(near) and near[begun].start <= start:
            open_.append(near[begun])
            begun += 1
        open_ = [mark for mark in open_ if mark.end > start]
        statements = tuple(dict.fromkeys(mark.statement for mark in open_))
        parts = tuple(dict.fromkeys(mark.part for mark in open_))
        opens = tuple(statement for statement in statements if first.get(statement) == start)
        yield Piece(text[start:end], start, parts, statements, opens)


def _between_words(text: str, at: int, step: int) -> int:
    """``at``, or a place near it towards ``step`` that no word is cut at."""
    if not 0 < at < len(text):
        return min(max(at, 0), len(text))
    near = range(at, max(0, min(len(text), at + step * AT_WORD)), step)
    return next((place for place in near if text[place - 1].isspace()), at)


def in_context(report: Report, statement: int) -> list[Piece]:
    """The context of a report with its marks, and less of a very long one."""
    shift = report.context_start
    marks = [Mark(m.start - shift, m.end - shift, m.part, m.statement) for m in marks_of(statement, report)]
    return list(pieces(report.context, marks, windows(report.context, marks)))
