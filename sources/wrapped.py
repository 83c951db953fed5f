"""Text broken into lines of about one length, as mail programs and PDF do, back into paragraphs."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

FULL = 0.85
"""Share of the usual width from which a line counts as full: letters of a PDF are not of one width."""

_SOFT_HYPHEN = "\u00ad"
_HYPHENS = ("-", _SOFT_HYPHEN)
_ITEM = re.compile(r"\s*(?:[-*•–·▪]|\(?\d{1,2}[.)]|[A-Z]\.)\s")
_COMPOUND = re.compile(r"\b\w+-\w+")
_LAST = re.compile(r"\w+\Z")
_FIRST = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?:][”\"’')]{0,3}$")
_LONGEST_WORD = 60
"""Letters; a longer run of them before a hyphen is no word that was broken."""
_USUAL = 0.9
"""Lines up to this share of all are no longer than the width; the rest are tables and addresses."""


def unwrap(lines: Sequence[str], *, slack: float = 1.0) -> str:
    """The lines as paragraphs, one a line; blank lines stay.

    A line goes on in the next one when the next one's first word would not have fitted. ``slack`` below 1 makes up for
    letters of different widths, but not at the end of a sentence, where a paragraph may end. Words broken at the end of
    a line are joined, but keep their hyphen where the text has it in the middle of a line ("long-term"), or before a
    capital.
    """
    width = _width(lines)
    compounds = {found for line in lines for found in _COMPOUND.findall(line)}
    paragraphs: list[list[str]] = []
    goes_on = False
    for number, line in enumerate(lines):
        text = line.strip()
        if goes_on and not _ITEM.match(line):
            paragraphs[-1].append(text)
        else:
            paragraphs.append([text])
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        goes_on = bool(text and following) and _is_full(text, following, width, slack)
    return "\n".join(_paragraph(paragraph, compounds) for paragraph in paragraphs)


def _width(lines: Sequence[str]) -> int:
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    return lengths[math.ceil(_USUAL * (len(lengths) - 1))] if lengths else 0


def _is_full(line: str, following: str, width: int, slack: float) -> bool:
    if _is_broken(line) and following[:1].isalpha():
        return True
    if not _SENTENCE_END.search(line) or following[:1].islower():
        width = int(width * slack)
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width


def _is_broken(line: str) -> bool:
    """Whether the line ends in the first part of a word."""
    return line.endswith(_HYPHENS) and line[-2:-1].isalnum()


def _paragraph(lines: list[str], compounds: AbstractSet[str]) -> str:
    ends = (_ended(line, following, compounds) for line, following in pairwise(lines))
    return "".join((*ends, lines[-1]))


def _ended(line: str, following: str, compounds: AbstractSet[str]) -> str:
    """The line up to where the following one begins in the paragraph."""
    rest = _FIRST.match(following)
    if rest is None or not _is_broken(line):
        return f"{line} "
    start = _LAST.search(line, max(0, len(line) - _LONGEST_WORD), len(line) - 1)
    compound = start is not None and f"{start[0]}-{rest[0]}" in compounds
    keeps = not line.endswith(_SOFT_HYPHEN) and (rest[0][0].isupper() or compound)
    return line if keeps else line[:-1]
