"""Labels of transcripts: what "DANA:" or "Q - Ingrid Maraš (Halden Research):" says of who speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.types import Author, Role
from sources.roles import read_role

ANSWER = "A"
"""The label of whoever is asked, in an interview of "Q" and "A"."""
MAX_LABEL_WORDS = 5
MAX_TITLE_WORDS = 10
"""Of a title that stands alone, its organisation included; longer lines are sentences."""

_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_STAMP = rf"\[?\(?(?P<clock>{_CLOCK})\)?\]?\s*[-–]?\s*"
_STAMPED = re.compile(rf"(?P<open>[\[(])?(?P<clock>{_CLOCK})(?(open)[\])]|\s*$)")
_WORD = r"(?:[^\W\d_][\w.'’-]*|\d{1,2})"
_LABEL = re.compile(
    rf"^(?:{_STAMP})?(?:>>\s*|[-–]\s+)?(?:[QA]\s*[-–]+\s*)?"
    rf"(?P<name>{_WORD}(?: {_WORD}){{0,{MAX_LABEL_WORDS - 1}}})"
    rf"(?:\s*[\[(](?P<after>{_CLOCK})[\])])?"
    r"(?:\s*\((?P<firm>[^()]{1,80})\)|, (?P<place>[^:.!?\d]{1,60}))?\s?:(?=\s|$)\s*"
)
_TIMED_LINE = re.compile(
    rf"^(?P<name>{_WORD}(?: {_WORD}){{0,{MAX_LABEL_WORDS - 1}}})\s+(?P<open>[\[(])?(?P<clock>{_CLOCK})(?(open)[\])])$"
)
_NAME_LINE = re.compile(rf"^(?:[QA]\s*[-–]+\s*)?(?P<name>{_WORD}(?: {_WORD}){{0,{MAX_LABEL_WORDS - 1}}})$")
_CAST_LINE = re.compile(rf"^(?P<name>{_WORD}(?: {_WORD}){{1,4}})\s+[-–—]{{1,2}}\s+(?P<title>[^.!?]{{2,80}})$")
_PLAIN_LABEL = re.compile(r"^(?P<name>[a-z][a-z'’-]+):\s+")
"""The label of a transcript written without capitals."""
_ROLE_LINE = re.compile(rf"^(?P<name>{_WORD}(?: {_WORD}){{1,4}})\s+(?:--|—)\s+(?P<title>[^:.!?]{{3,80}})$")
_NOT_NAMES = frozenset(
    "note notes q a the this that these those update updated warning question questions answer answers chapter part"
    " from to cc re by location phone tel email contact author publisher copyright url section music photo source"
    " sources editor's read watch listen also here what why how when where who and but so"
    " attendees guests panel panelists participants present speakers witness witnesses"
    " interview exclusive opinion analysis live video podcast explainer"
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
    "analyst ceo cfo chair chairman chief cofounder columnist coo correspondent cto director editor founder head"
    " manager minister officer partner president professor reporter secretary spokesman spokesperson spokeswoman"
    " vp".split()
)
_OFFICES = frozenset("chair chairman chairwoman clerk coroner court judge president speaker".split())
"""With "The" before them, as in the minutes of a committee; also with their capitals only."""


@dataclass(frozen=True, slots=True)
class Label:
    """Who a line says is speaking, and where the words start in that line."""

    speaker: Author
    end: int
    at_seconds: float | None = None
    """From the time stamp before the label, None without one."""


def read_label(line: str) -> Label | None:
    """The label at the start of a line, after a time stamp if there is one; None when the line has none."""
    match = _LABEL.match(line)
    if match is None or not is_name(match["name"]):
        return None
    clock = match["clock"] or match["after"]
    at = seconds(clock) if clock else None
    return Label(labelled(match["name"], _role(match["firm"], match["place"])), match.end(), at)


def read_stamp(line: str) -> float | None:
    """The time stamp at the start of a line: in brackets, before a label or alone. Other numbers may be words."""
    if label := read_label(line) or read_timed_line(line):
        return label.at_seconds
    match = _STAMPED.match(line)
    return seconds(match["clock"]) if match else None


def seconds(clock: str) -> float:
    """``1:02:03.5``, ``2:03`` or ``02:03,500`` as seconds from the start."""
    at = 0.0
    for part in clock.replace(",", ".").split(":"):
        at = 60 * at + float(part)
    return round(at, 3)


def _role(firm: str | None, place: str | None) -> Role | None:
    """The role behind a name: "(Halden Research)", ", Halden Research" or ", Finance Director"."""
    words = set((place or "").casefold().split())
    if place and words & _TITLE_WORDS:
        return read_role(place)
    organisation = firm or place
    return Role(organisation=organisation.strip()) if organisation else None


def read_plain_label(line: str) -> Label | None:
    """The label of a line in a transcript without capitals: "gil: hi"."""
    match = _PLAIN_LABEL.match(line)
    if match is None or match["name"] in _NOT_NAMES:
        return None
    return Label(labelled(match["name"]), match.end())


def labelled(name: str, role: Role | None = None) -> Author:
    """The speaker whom a label names: a group where it only tells a part in the conversation ("Speaker 1", "Q")."""
    return Author(name=name, kind="group" if all(map(_is_function, name.split())) else "person", role=role)


def read_role_line(line: str) -> Label | None:
    """A line that only names the next speaker: "Marta Iliescu -- Chief Financial Officer"."""
    match = _ROLE_LINE.match(line.rstrip())
    if match is None or not is_name(match["name"]):
        return None
    return Label(labelled(match["name"], read_role(match["title"])), len(line))


def read_operator_line(line: str) -> Label | None:
    """A line that gives the floor to whoever connects the callers, who has no title: "Operator"."""
    name = line.strip()
    return Label(labelled(name), len(line)) if name.casefold() == "operator" else None


def read_timed_line(line: str) -> Label | None:
    """A line with nothing but who speaks and when, as meeting programs write it: "Dana Whitlock  0:03"."""
    match = _TIMED_LINE.match(line.strip())
    if match is None or not is_name(match["name"]):
        return None
    return Label(labelled(match["name"]), len(line), seconds(match["clock"]))


def name_on(line: str) -> str | None:
    """The name that is all there is on a line; "Q - Ingrid Maraš" counts."""
    match = _NAME_LINE.match(line.strip())
    return match["name"] if match and is_name(match["name"]) else None


def is_title(line: str) -> bool:
    """Whether a line is nothing but somebody's title: "Chief Financial Officer, Norvane Freight plc"."""
    words = re.findall(r"\w+", line.casefold())
    return 0 < len(words) <= MAX_TITLE_WORDS and bool(_TITLE_WORDS & set(words)) and line.strip()[-1] not in ".!?:"


def read_cast_line(line: str) -> Author | None:
    """Who is introduced by a line of a list: "Marta Iliescu - Chief Financial Officer"."""
    match = _CAST_LINE.match(line.strip())
    if match is None or not is_name(match["name"]):
        return None
    return labelled(match["name"], _role(None, match["title"]))


def _is_function(word: str) -> bool:
    """Whether a word of a label is no part of a name: "ANALYST", "SPEAKER_01", "2", "Q"."""
    letters = re.sub(r"[\W\d_]", "", word).casefold()
    return letters in _FUNCTIONS | _OFFICES | {"the"} or len(letters) < 2


def is_name(name: str) -> bool:
    """Whether a label can be a name: capitals or title case, and no word that introduces something else."""
    words = name.split()
    if name in ("Q", "A") or (words[0] == "The" and {word.casefold() for word in words[1:]} <= _OFFICES):
        return len(words) > 1 or name != "The"
    if words[0].casefold() in _NOT_NAMES or not words[0][0].isupper():
        return False
    return all(word[0].isupper() or word[0].isdigit() or word in _PARTICLES for word in words)
