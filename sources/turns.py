"""Who speaks when in a transcript: labels like "DANA:" or "Q - Ingrid Maraš (Halden Research):", and their turns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kb.types import Author, Role, Turn
from sources.roles import read_role

MAX_LABEL_WORDS = 5
MIN_SHARE = 0.1
"""Labelled lines among all lines of a transcript. Prepared remarks go on for many paragraphs; articles that quote a
dialogue have more of their own."""

_STAMP = r"\[?\(?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?\)?\]?\s*[-–]?\s*"
_WORD = r"(?:[^\W\d_][\w.'’-]*|\d{1,2})"
_LABEL = re.compile(
    rf"^(?:{_STAMP})?(?:>>\s*|[-–]\s+)?(?:[QA]\s*[-–]+\s*)?"
    rf"(?P<name>{_WORD}(?: {_WORD}){{0,{MAX_LABEL_WORDS - 1}}})(?:\s*\((?P<firm>[^()]{{1,80}})\))?\s?:(?=\s|$)\s*"
)
_ROLE_LINE = re.compile(rf"^(?P<name>{_WORD}(?: {_WORD}){{1,4}})\s+(?:--|—)\s+(?P<title>[^:.!?]{{3,80}})$")
_NOT_NAMES = frozenset(
    "note notes q a the this that these those update updated warning question questions answer answers chapter part"
    " from to cc re by location phone tel email contact author publisher copyright url section music photo source"
    " sources editor's read watch listen also here what why how when where who and but so"
    " if today tomorrow yesterday correction transcript date time title subject summary topic topics step tip".split()
)
_PARTICLES = frozenset("de da di du van von der den del la le el al bin ibn of the and y e".split())
_FUNCTIONS = frozenset(
    ["operator", "moderator", "host", "interviewer", "speaker", "unidentified", "announcer", "audience"]
)
"""First words of labels that name a function, not a person."""


@dataclass(frozen=True, slots=True)
class Label:
    """Who a line says is speaking, and where the words start in that line."""

    speaker: Author
    end: int


def read_label(line: str) -> Label | None:
    """The label at the start of a line, after a time stamp if there is one; None when the line has none."""
    match = _LABEL.match(line)
    if match is None or not _is_name(match["name"]):
        return None
    role = Role(organisation=match["firm"].strip()) if match["firm"] else None
    return Label(_author(match["name"], role), match.end())


def is_transcript(text: str) -> bool:
    """Whether a plain text is a conversation: enough labels, and two speakers who both speak again.

    The lines of a letter head ("From:", "To:") and of a table look like labels, but do not come back in turn.
    """
    labels = _labelled_lines(text)
    counts = Counter(label.speaker.name.casefold() for _, _, label in labels)
    lines = sum(bool(line.strip()) for line in text.splitlines())
    return sum(count > 1 for count in counts.values()) > 1 and len(labels) >= MIN_SHARE * lines


def find_turns(text: str) -> tuple[Turn, ...]:
    """Turns of a plain transcript, with offsets of the spoken words: labels are not part of them.

    Words before the first label (title, date, list of participants) belong to no turn. Empty without labels.
    """
    labels = _labelled_lines(text)
    ends = [start for start, _, _ in labels[1:]] + [len(text)]
    cast = _cast(text, [label.speaker for _, _, label in labels])
    turns = [
        _trimmed(text, Turn(words, end, cast[label.speaker]))
        for (_, words, label), end in zip(labels, ends, strict=False)  # without labels there is one end too many
    ]
    return tuple(turn for turn in turns if turn.start < turn.end)


def join_turns(voices: Iterable[tuple[Author | None, str]]) -> tuple[str, tuple[Turn, ...]]:
    """A readable text from (speaker, words) pairs: neighbours of one speaker joined, one paragraph per turn.

    Sentences run across caption cards, so a turn's words are joined by spaces. Known speakers are printed as a label.
    """
    merged: list[tuple[Author | None, list[str]]] = []
    for speaker, words in voices:
        if merged and merged[-1][0] == speaker:
            merged[-1][1].append(words)
        else:
            merged.append((speaker, [words]))
    paragraphs = [(speaker, " ".join(" ".join(words).split())) for speaker, words in merged]
    cast = _cast(" ".join(words for _, words in paragraphs), [speaker for speaker, _ in paragraphs if speaker])
    text, turns = "", []
    for speaker, words in paragraphs:
        text += ("\n\n" if text else "") + (f"{speaker.name}: " if speaker else "")
        turns.append(Turn(len(text), len(text) + len(words), cast[speaker] if speaker else None))
        text += words
    return text, tuple(turns)


def _labelled_lines(text: str) -> list[tuple[int, int, Label]]:
    """(start of line, start of words, label) for each labelled line."""
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        label = read_label(line) or _read_role_line(line)
        if label:
            found.append((at, at + label.end, label))
        at += len(line)
    return found


def _read_role_line(line: str) -> Label | None:
    """A line that only names the next speaker: "Marta Iliescu -- Chief Financial Officer"."""
    match = _ROLE_LINE.match(line.rstrip())
    if match is None or not _is_name(match["name"]):
        return None
    return Label(_author(match["name"], read_role(match["title"])), len(line))


def _author(name: str, role: Role | None) -> Author:
    is_function = name.split()[0].casefold() in _FUNCTIONS
    return Author(name=name, kind="group" if is_function else "person", role=role)


def _is_name(name: str) -> bool:
    """Whether a label can be a name: capitals or title case, and no word that introduces something else."""
    words = name.split()
    if words[0].casefold() in _NOT_NAMES or not words[0][0].isupper():
        return False
    return all(word[0].isupper() or word[0].isdigit() or word in _PARTICLES for word in words)


def _cast(text: str, speakers: list[Author]) -> dict[Author, Author]:
    """Each speaker as the text spells the name elsewhere: labels in capitals are a way of printing.

    "MARTA ILIESCU" and "A - Marta Iliescu (...)" become one; a name that occurs in capitals only stays so.
    """
    spellings = {speaker.name.casefold(): speaker.name for speaker in speakers if not speaker.name.isupper()}
    cast = {}
    for speaker in speakers:
        key = speaker.name.casefold()
        if speaker.name.isupper() and key not in spellings:
            spellings[key] = _spelling(text, speaker.name)
        cast[speaker] = replace(speaker, name=spellings.get(key, speaker.name))
    return cast


def _spelling(text: str, name: str) -> str:
    pattern = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
    found = (match[0] for match in pattern.finditer(text))
    return next((form for form in found if form.istitle()), name.title() if name.casefold() in _FUNCTIONS else name)


def _trimmed(text: str, turn: Turn) -> Turn:
    words = text[turn.start : turn.end]
    start = turn.start + len(words) - len(words.lstrip())
    return replace(turn, start=start, end=max(start, turn.start + len(words.rstrip())))
