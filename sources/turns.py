"""Who speaks when in a transcript: labels like "DANA:" or "Q - Ingrid Maraš (Halden Research):", and their turns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from typing import NamedTuple

from kb.text import title_case
from kb.types import Author, Times, Turn
from sources.labels import (
    Label,
    is_title,
    labelled,
    name_on,
    read_cast_line,
    read_label,
    read_operator_line,
    read_plain_label,
    read_role_line,
    read_stamp,
    read_timed_line,
)
from sources.roles import read_role

MIN_SHARE = 0.1
"""Labelled lines among all lines of a transcript. Prepared remarks go on for many paragraphs; articles that quote a
dialogue have more of their own."""

TALK_TURNS, TALK_SHARE = 4, 0.6
"""Turns of the one main speaker of a talk, and labelled lines among all of its lines."""

MIN_NAME_LINES = 3
"""Lines with nothing but a name that make a transcript; fewer are signatures."""

_NO_SPACE_BEFORE = re.compile(r"[,.;:!?…%)\]]")


class Said(NamedTuple):
    """Words of one voice, before neighbours are joined to turns."""

    speaker: Author | None
    words: str
    at_seconds: float | None = None
    is_change: bool = False
    """Whether another voice begins, though nobody is named."""


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
        _trimmed(text, Turn(words, end, cast[label.speaker], label.at_seconds))
        for (_, words, label), end in zip(labels, ends, strict=False)  # without labels there is one end too many
    ]
    return tuple(turn for turn in turns if turn.start < turn.end)


def preamble(text: str) -> str:
    """What stands above the first label of a plain transcript: title, date, list of participants."""
    labels = _labelled_lines(text)
    return text[: labels[0][0]] if labels else ""


def find_times(text: str) -> Times:
    """When the lines of a plain transcript are spoken that begin with a time stamp."""
    lines, starts = _lines(text)
    stamps = ((start, read_stamp(line)) for start, line in zip(starts, lines, strict=False))  # one more start: the end
    return tuple((start, int(at)) for start, at in stamps if at is not None)


def join_turns(voices: Iterable[Said]) -> tuple[str, tuple[Turn, ...], Times]:
    """A readable text from what was said: neighbours of one speaker joined, one paragraph per turn.

    Sentences run across caption cards, so a turn's words are joined by spaces. Known speakers are printed as a label.
    """
    voices = list(voices)
    cast = _cast([said.speaker for said in voices if said.speaker], " ".join(said.words for said in voices))
    text, turns, times = "", list[Turn](), list[tuple[int, int]]()
    for said in voices:
        speaker = cast[said.speaker] if said.speaker else None
        words = " ".join(said.words.split())
        if not turns or turns[-1].speaker != speaker or said.is_change:
            text += ("\n\n" if text else "") + (f"{speaker.name}: " if speaker else "")
            turns.append(Turn(len(text), len(text), speaker, said.at_seconds))
        elif words and turns[-1].start < len(text) and not _NO_SPACE_BEFORE.match(words):
            text += " "
        if words and said.at_seconds is not None:
            times.append((len(text), int(said.at_seconds)))
        text += words
        turns[-1] = replace(turns[-1], end=len(text))
    return text, tuple(turns), _each_second_once(times)


def _each_second_once(times: Iterable[tuple[int, int]]) -> Times:
    """Some transcripts time every word."""
    return tuple(next(same) for _, same in groupby(times, key=lambda time: time[1]))


def _labelled_lines(text: str) -> list[tuple[int, int, Label]]:
    """(start of line, start of words, label) for each labelled line, by the way of labelling that finds most."""
    labelled = _lines_with(text, lambda line: read_label(line) or read_role_line(line) or read_operator_line(line))
    return max(labelled, _named_lines(text), _timed_lines(text), key=len) or _plain_lines(text)


def _named_lines(text: str) -> list[tuple[int, int, Label]]:
    """Lines with nothing but the name of somebody on the list of participants, or of somebody whose title follows."""
    lines, starts = _lines(text)
    cast = {member.name: member for line in lines if (member := read_cast_line(line))}
    found = []
    for number, line in enumerate(lines):
        name = name_on(line)
        has_title = name is not None and number + 1 < len(lines) and is_title(lines[number + 1])
        if name and (name in cast or has_title or read_operator_line(line)):
            speaker = cast.get(name) or labelled(name, read_role(lines[number + 1]) if has_title else None)
            cast.setdefault(name, speaker)
            found.append((starts[number], starts[number + 1 + has_title], Label(speaker, len(line))))
    speaking = {label.speaker.name for _, _, label in found}
    return found if len(found) >= MIN_NAME_LINES and len(speaking) > 1 else []


def _timed_lines(text: str) -> list[tuple[int, int, Label]]:
    """Lines with nothing but a name and a time, where the times go on; in a week's programme they begin anew."""
    found = _lines_with(text, read_timed_line)
    times = [label.at_seconds or 0 for _, _, label in found]
    return found if len(found) >= MIN_NAME_LINES and times == sorted(times) else []


def _plain_lines(text: str) -> list[tuple[int, int, Label]]:
    """Labelled lines of a text without capitals, whose labels all come back."""
    found = [] if any(map(str.isupper, text)) else _lines_with(text, read_plain_label)
    counts = Counter(label.speaker.name for _, _, label in found)
    return found if len(counts) > 1 and min(counts.values()) > 1 else []


def _lines_with(text: str, read: Callable[[str], Label | None]) -> list[tuple[int, int, Label]]:
    lines, starts = _lines(text)
    labels = ((start, read(line)) for start, line in zip(starts, lines, strict=False))  # one more start: the end
    return [(start, start + label.end, label) for start, label in labels if label]


def _lines(text: str) -> tuple[list[str], list[int]]:
    """Lines with their ends, where each starts, and last the end of the text."""
    lines = text.splitlines(keepends=True)
    return lines, [0, *accumulate(map(len, lines))]


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
