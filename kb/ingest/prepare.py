"""RawDocument -> DocumentData: the text as it will be stored, and everything that points into it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields, replace
from itertools import accumulate
from typing import Any, TypeVar

from kb.errors import InputError
from kb.text import clean_text, fold, sha256
from kb.types import Author, DocumentData, RawDocument, Turn

T = TypeVar("T", RawDocument, Author)


def prepare(raw: RawDocument) -> DocumentData:
    """Clean the text of ``raw``, hash it and move its turns and times along.

    Raises InputError when nothing readable is left.
    """
    text = clean_text(raw.text)
    if not text:
        raise InputError(f"{raw.title or raw.url or raw.external_id}: no text in it; nothing to keep")
    moved = Moved(raw.text, text) if raw.turns or raw.times else None
    turns = name_turns(move_turns(raw.turns, moved), [clean_text(name) for name in raw.people]) if moved else ()
    times = ((moved.start(offset), second) for offset, second in raw.times) if moved else ()
    speaker = clean_fields(raw.speaker) if raw.speaker else None
    raw = replace(clean_fields(raw), text=raw.text, speaker=speaker, notes=tuple(map(clean_text, raw.notes)))
    return DocumentData(raw=raw, text=text, text_sha256=sha256(text), turns=tuple(turns), times=tuple(times))


def clean_fields(item: T) -> T:
    """A frozen dataclass with its text fields as they can be stored: no lone surrogates, no control characters."""
    values = {field.name: getattr(item, field.name) for field in fields(item)}
    cleaned: dict[str, Any] = {name: clean_text(value) for name, value in values.items() if isinstance(value, str)}
    return replace(item, **cleaned)


def move_turns(turns: tuple[Turn, ...], moved: Moved) -> Iterator[Turn]:
    """Turns at the offsets of the clean text, trimmed to their visible characters; invisible turns are left out."""
    for turn in turns:
        start, end = moved.start(turn.start), moved.end(turn.end)
        if start < end:
            speaker = clean_fields(turn.speaker) if turn.speaker else None
            yield replace(turn, start=start, end=end, speaker=speaker)


class Moved:
    """Where the offsets of a text are in its cleaned form.

    Cleaning drops and changes only white space and controls, so the n-th visible character is the same in both.
    """

    def __init__(self, raw: str, clean: str) -> None:
        visible = {c for c in set(raw) if clean_text(c)}
        self._before = [0, *accumulate(c in visible for c in raw)]
        self._places = [place for place, c in enumerate(clean) if not c.isspace()]

    def start(self, offset: int) -> int:
        """Where the first visible character from there on is; the end of the visible text behind the last."""
        count = self._before[offset]
        return self._places[count] if count < len(self._places) else self.end(offset)

    def end(self, offset: int) -> int:
        """Behind the last visible character before that offset; 0 before the first."""
        count = self._before[min(offset, len(self._before) - 1)]
        return self._places[count - 1] + 1 if count else 0


def name_turns(turns: Iterable[Turn], people: Collection[str]) -> Iterator[Turn]:
    """The turns, with the full name where a label has only a first or last name that one of ``people`` goes by."""
    for turn in turns:
        speaker = turn.speaker
        if speaker and speaker.kind == "person" and " " not in speaker.name:
            label = fold(speaker.name)
            fitting = [name for name in people if label in (fold(name).split()[:1] + fold(name).split()[-1:])]
            if len(fitting) == 1:
                turn = replace(turn, speaker=replace(speaker, name=fitting[0]))
        yield turn
