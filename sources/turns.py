"""Who speaks when in a transcript: labels like "DANA:" or "Q - Ingrid Maraš (Halden Research):", and their turns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from kb.text import title_case
from kb.types import Author, Role, Turn
from sources.roles import read_role

MAX_LABEL_WORDS = 5
MIN_SHARE = 0.1
"""Labelled lines among all lines of a transcript. Prepared remarks go on for many paragraphs; articles that quote a
dialogue have more of their own."""

TALK_TURNS, TALK_SHARE = 4, 0.6
"""Turns of the one main speaker of a talk, and labelled lines among all of its lines."""

_STAMP = r"\[?\(?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?\)?\]?\s*[-–]?\s*"
_WORD = r"(?:[^\W\d_][\w.'’-]*|\d{1,2})"
_LABEL = re.compile(
    rf"^(?:{_STAMP})?(?:>>\s*|[-–]\s+)?(?:[QA]\s*[-–]+\s*)?"
    rf"(?P<name>{_WORD}(?: {_WORD}){{0,{MAX_LABEL_WORDS - 1}}})"
    r"(?:\s*\((?P<firm>[^()]{1,80})\)|, (?P<place>[^:.!?\d]{1,60}))?\s?:(?=\s|$)\s*"
)
_PLAIN_LABEL = re.compile(r"^(?P<name>[a-z][a-z'’-]+):\s+")
"""The label of a transcript written without capitals."""
_ROLE_LINE = re.compile(rf"^(?P<name>{_WORD}(?: {_WORD}){{1,4}})\s+(?:--|—)\s+(?P<title>[^:.!?]{{3,80}})$")
_NOT_NAMES = frozenset(
    "note notes q a the this that these those update updated warning question questions answer answers chapter part"
    " from to cc re by location phone tel email contact author publisher copyright url section music photo source"
    " sources editor's read watch listen also here what why how when where who and but so"
    " attendees guests panel panelists participants present speakers witness witnesses"
    " if today tomorrow yesterday correction transcript date time title subject summary topic topics step tip".split()
)
_PARTICLES = frozenset("de da di du van von der den del la le el al bin ibn of the and y e".split())
_FUNCTIONS = frozenset(
    "analyst announcer attendee audience caller company executive female guest host interpreter interviewee interviewer"
    " journalist male man member moderator narrator operator panelist participant presenter reporter representative"
    " speaker translator unidentified unknown voice woman".split()
)
"""Words of labels that name a part in the conversation, not a person."""
_TITLE_WORDS = frozenset(
    "analyst ceo cfo chair chairman chief cofounder coo cto director editor founder head manager minister officer"
    " partner president professor secretary spokesman spokesperson spokeswoman vp".split()
)
_OFFICES = frozenset("chair chairman chairwoman clerk coroner court judge president speaker".split())
"""With "The" before them, as in the minutes of a committee; also with their capitals only."""


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
    return Label(labelled(match["name"], _role(match["firm"], match["place"])), match.end())


def _role(firm: str | None, place: str | None) -> Role | None:
    """The role behind a name: "(Halden Research)", ", Halden Research" or ", Finance Director"."""
    words = set((place or "").casefold().split())
    if place and words & _TITLE_WORDS:
        return read_role(place)
    organisation = firm or place
    return Role(organisation=organisation.strip()) if organisation else None


def _read_plain_label(line: str) -> Label | None:
    match = _PLAIN_LABEL.match(line)
    if match is None or match["name"] in _NOT_NAMES:
        return None
    return Label(labelled(match["name"]), match.end())


def labelled(name: str, role: Role | None = None) -> Author:
    """The speaker whom a label names: a group where it only tells a part in the conversation ("Speaker 1", "Q")."""
    return Author(name=name, kind="group" if all(map(_is_function, name.split())) else "person", role=role)


def is_transcript(text: str) -> bool:
    """Whether a plain text is a conversation: enough labels, and two speakers who both speak again.

    The lines of a letter head ("From:", "To:") and of a table look like labels, but do not come back in turn. Where
    most lines have a label, a talk with questions from the floor, one speaker who comes back often is enough.
    """
    labels = _labelled_lines(text)
    counts = Counter(label.speaker.name.casefold() for _, _, label in labels)
    lines = sum(bool(line.strip()) for line in text.splitlines())
    coming_back = sum(count > 1 for count in counts.values())
    talk = len(counts) > 1 and max(counts.values(), default=0) >= TALK_TURNS and len(labels) >= TALK_SHARE * lines
    return len(labels) >= MIN_SHARE * lines and (coming_back > 1 or talk)


def find_turns(text: str) -> tuple[Turn, ...]:
    """Turns of a plain transcript, with offsets of the spoken words: labels are not part of them.

    Words before the first label (title, date, list of participants) belong to no turn. Empty without labels.
    """
    labels = _labelled_lines(text)
    ends = [start for start, _, _ in labels[1:]] + [len(text)]
    cast = _cast([label.speaker for _, _, label in labels], text)
    turns = [
        _trimmed(text, Turn(words, end, cast[label.speaker]))
        for (_, words, label), end in zip(labels, ends, strict=False)  # without labels there is one end too many
    ]
    return tuple(turn for turn in turns if turn.start < turn.end)


def join_turns(voices: Iterable[tuple[Author | None, str]]) -> tuple[str, tuple[Turn, ...]]:
    """A readable text from (speaker, words) pairs: neighbours of one speaker joined, one paragraph per turn.

    Sentences run across caption cards, so a turn's words are joined by spaces. Known speakers are printed as a label.
    """
    voices = list(voices)
    cast = _cast([speaker for speaker, _ in voices if speaker], " ".join(words for _, words in voices))
    merged: list[tuple[Author | None, list[str]]] = []
    for label, words in voices:
        speaker = cast[label] if label else None
        if merged and merged[-1][0] == speaker:
            merged[-1][1].append(words)
        else:
            merged.append((speaker, [words]))
    text, turns = "", []
    for speaker, said in merged:
        words = " ".join(" ".join(said).split())
        text += ("\n\n" if text else "") + (f"{speaker.name}: " if speaker else "")
        turns.append(Turn(len(text), len(text) + len(words), speaker))
        text += words
    return text, tuple(turns)


def _labelled_lines(text: str) -> list[tuple[int, int, Label]]:
    """(start of line, start of words, label) for each labelled line."""
    return _lines_with(text, lambda line: read_label(line) or _read_role_line(line)) or _plain_lines(text)


def _plain_lines(text: str) -> list[tuple[int, int, Label]]:
    """Labelled lines of a text without capitals, whose labels all come back."""
    found = [] if any(map(str.isupper, text)) else _lines_with(text, _read_plain_label)
    counts = Counter(label.speaker.name for _, _, label in found)
    return found if len(counts) > 1 and min(counts.values()) > 1 else []


def _lines_with(text: str, read: Callable[[str], Label | None]) -> list[tuple[int, int, Label]]:
    found, at = [], 0
    for line in text.splitlines(keepends=True):
        label = read(line)
        if label:
            found.append((at, at + label.end, label))
        at += len(line)
    return found


def _read_role_line(line: str) -> Label | None:
    """A line that only names the next speaker: "Marta Iliescu -- Chief Financial Officer"."""
    match = _ROLE_LINE.match(line.rstrip())
    if match is None or not _is_name(match["name"]):
        return None
    return Label(labelled(match["name"], read_role(match["title"])), len(line))


def _is_function(word: str) -> bool:
    """Whether a word of a label is no part of a name: "ANALYST", "SPEAKER_01", "2", "Q"."""
    letters = re.sub(r"[\W\d_]", "", word).casefold()
    return letters in _FUNCTIONS | _OFFICES | {"the"} or len(letters) < 2


def _is_name(name: str) -> bool:
    """Whether a label can be a name: capitals or title case, and no word that introduces something else."""
    words = name.split()
    if name in ("Q", "A") or (words[0] == "The" and {word.casefold() for word in words[1:]} <= _OFFICES):
        return len(words) > 1 or name != "The"
    if words[0].casefold() in _NOT_NAMES or not words[0][0].isupper():
        return False
    return all(word[0].isupper() or word[0].isdigit() or word in _PARTICLES for word in words)


def _cast(speakers: Sequence[Author], text: str) -> dict[Author, Author]:
    """Each label's speaker: one author for all labels that name the same, with the name as people write it.

    "MARTA ILIESCU", "A - Marta Iliescu (Norvane)" and "MARTA" become one, unless another speaker is a Marta too.
    """
    mixed = {speaker.name.casefold(): speaker.name for speaker in speakers if not speaker.name.isupper()}
    spelled = {speaker: mixed.get(speaker.name.casefold()) or _spelling(text, speaker.name) for speaker in speakers}
    full = {name for speaker, name in spelled.items() if speaker.kind == "person" and " " in name}
    named = {speaker: _in_full(name, full) if speaker.kind == "person" else name for speaker, name in spelled.items()}
    roles = {named[speaker]: speaker.role for speaker in reversed(speakers) if speaker.role}
    return {
        speaker: replace(speaker, name=name, role=speaker.role or roles.get(name)) for speaker, name in named.items()
    }


def _spelling(text: str, name: str) -> str:
    """A name in capitals as ``text`` spells it elsewhere, else in title case."""
    found = (match[0] for match in re.finditer(rf"\b{re.escape(name)}\b", text, re.IGNORECASE))
    return next((form for form in found if form.istitle()), title_case(name))


def _in_full(name: str, full: Collection[str]) -> str:
    """The one of the ``full`` names that begins or ends with a lone ``name``, the name itself when several do."""
    fitting = [longer for longer in full if name in (longer.split()[0], longer.split()[-1])]
    return fitting[0] if len(fitting) == 1 else name


def _trimmed(text: str, turn: Turn) -> Turn:
    words = text[turn.start : turn.end]
    start = turn.start + len(words) - len(words.lstrip())
    return replace(turn, start=start, end=max(start, turn.start + len(words.rstrip())))
