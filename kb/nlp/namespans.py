"""Names as people write them, from the spans that the encoder tagged. Pure.

It was trained on running text, and e-mail headers, addresses and file names are none; what the words of a name show
is the work of ``kb.nlp.knownnames``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kb.nlp.knownnames import settled

Name = tuple[int, int, str]
"""(start, end, label) in characters."""

REACH = 1_000
"""Characters before a name in which its line, or the address that it is part of, is looked for: keeps time linear."""

_ADDRESS = re.compile(
    r"\S*(?:://|www\.|@[\w-]*\.)\S*|\S+\.(?:com|org|net|edu|gov|io|co\.uk|docx?|pdf|xlsx?|html?)\b", re.I
)
_OPENS_ADDRESS = re.compile(r"[\"”]?\s*<")
_EDGE = '"“”‘,;:<>()[] \t\r\n'
_CAPITALS = re.compile(r"[A-Z]{4,}")
_REST = re.compile(r"[^\s>)<\"”]{0,80}")
_COURTESY = re.compile(r"(?:Mr|Mrs|Ms|Dr|Prof)\.? (?=\w)")
_SIDE = re.compile(r"(?:north|south|east|west|central|downtown)(?:ern)? (?=\w)")
_SURNAME_BEFORE = re.compile(r"(?<=\")[A-Z][\w'-]{0,30}, $")
"""Of ``"Lee, Ann" <ann@example.org>`` where the encoder saw only ``Ann``."""
_INITIAL_BEFORE = re.compile(r"(?<![.\w])[A-Z]\. $")
_WITHIN_NAMES = ("", " ", "'", "’", "-")
_ENDS_IN_INITIAL = re.compile(r"\b[A-Z]\. ?$")


def tidy(text: str, names: Iterable[Name]) -> list[Name]:
    """``names`` without addresses and marks at their edges, halves joined, and what the lists of names know."""
    cleaned = [name for start, end, label in names if (name := _cleaned(text, start, end, label))]
    return settled(text, list(_joined(text, cleaned)))


def _cleaned(text: str, start: int, end: int, label: str) -> Name | None:
    address = _OPENS_ADDRESS.search(text, start, end)
    end = address.start() if address and address.start() > start else end
    while start < end and text[start] in _EDGE + ".":
        start += 1
    while start < end and (text[end - 1] in _EDGE or text[end - 2 : end] == " '"):
        end -= 1
    start = _opened(text, start, end, label)
    if label == "PERSON" and _is_abbreviation(text, start, end):
        label = "ORG"
    named = any(c.isalpha() for c in text[start:end]) and not _is_address(text, start, end)
    return (start, end, label) if named else None


def _opened(text: str, start: int, end: int, label: str) -> int:
    """Where a person opens: behind "Mr.", with the initial or the surname before it; where a place: behind "south"."""
    if label != "PERSON":
        side = _SIDE.match(text, start, end) if label == "GPE" else None
        return side.end() if side else start
    before = _INITIAL_BEFORE.search(text, max(0, start - 4), start)
    if not before and text.startswith('" <', end):
        before = _SURNAME_BEFORE.search(text, max(0, start - 40), start)
    courtesy = _COURTESY.match(text, start, end)
    return before.start() if before else courtesy.end() if courtesy else start


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether the name is one word of four capitals or more among words in lower case."""
    if not _CAPITALS.fullmatch(text, start, end):
        return False
    reach = max(0, start - REACH)
    line = max(reach, text.rfind("\n", reach, start) + 1)
    return any(c.islower() for c in text[line : end + 80])


def _is_address(text: str, start: int, end: int) -> bool:
    """Whether the word that the name ends in is an address or the name of a file."""
    reach = max(0, start - REACH)
    left = max(reach, *(text.rfind(space, reach, end) + 1 for space in ' \n\t<("'))
    right = _REST.match(text, end)
    return bool(_ADDRESS.fullmatch(text[min(left, start) : right.end() if right else end].strip(".,;:")))


def _joined(text: str, names: list[Name]) -> Iterator[Name]:
    held: Name | None = None
    for name in names:
        if held and _are_one(text, held, name):
            held = (held[0], name[1], held[2])
            continue
        if held:
            yield held
        held = name
    if held:
        yield held


def _are_one(text: str, left: Name, right: Name) -> bool:
    """``Ann`` and ``Lee``, ``O`` and ``Keefe``, ``R.E.`` and ``Glenn``; ``Lee, Ann`` in an address line."""
    if left[2] != "PERSON" or right[2] != "PERSON":
        return False
    between = text[left[1] : right[0]]
    if between in _WITHIN_NAMES or (between == ". " and _ENDS_IN_INITIAL.search(text[left[0] : left[1]] + between)):
        return True
    quoted = text[left[0] - 1 : left[0]] == '"' and text[right[1] : right[1] + 1] == '"'
    return between == ", " and (quoted or text.startswith(" <", right[1]))
