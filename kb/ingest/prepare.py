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
    """Clean the text of ``raw``, hash it and move its turns along. Raises InputError when nothing readable is left."""
    text = clean_text(raw.text)
    if not text:
        raise InputError(f"{raw.title or raw.url or raw.external_id}: no text in it; nothing to keep")
    turns = tuple(name_turns(move_turns(raw.turns, raw.text, text), [clean_text(name) for name in raw.people]))
    raw = replace(clean_fields(raw), text=raw.text, speaker=clean_fields(raw.speaker) if raw.speaker else None)
    return DocumentData(raw=raw, text=text, text_sha256=sha256(text), turns=turns)


def clean_fields(item: T) -> T:
    """A frozen dataclass with its text fields as they can be stored: no lone surrogates, no control characters."""
    values = {field.name: getattr(item, field.name) for field in fields(item)}
    cleaned: dict[str, Any] = {name: clean_text(value) for name, value in values.items() if isinstance(value, str)}
    return replace(item, **cleaned)


def move_turns(turns: tuple[Turn, ...], raw: str, clean: str) -> Iterator[Turn]:
    """Turns of ``raw`` at the offsets of ``clean``, trimmed to their visible characters; invisible turns are left out.

    Cleaning drops and changes only white space and controls, so the n-th visible character is the same in both texts.
    """
    if not turns:
        return
    visible = {c for c in set(raw) if clean_text(c)}
    before = [0, *accumulate(c in visible for c in raw)]
    places = [place for place, c in enumerate(clean) if not c.isspace()]
    for turn in turns:
        first, last = before[turn.start], before[min(turn.end, len(raw))]
        if first < last:
            speaker = clean_fields(turn.speaker) if turn.speaker else None
            yield replace(turn, start=places[first], end=places[last - 1] + 1, speaker=speaker)


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
