"""Transcripts: captions, podcasts' transcripts, and plain text in which lines start with the speaker's name."""

from __future__ import annotations

from collections.abc import Iterator

from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped, Times, Turn
from sources import segments
from sources.captions import (
    Voice,
    carry_forward,
    is_automatic,
    is_captions,
    is_webvtt,
    read_captions,
    webvtt_title,
)
from sources.decode import decode, head
from sources.sniff import root_element
from sources.times import find_day
from sources.turns import find_times, find_turns, is_transcript, join_turns, preamble
from sources.urls import canonical_url, identity

NAME = "transcript"
MISHEARD = "captions made by a machine: names and numbers may be misheard"
_LOOK = 16_384
"""How many bytes are searched for speaker labels: a call opens with long statements."""
_FRONT_MATTER = "---"


def matches(payload: Payload) -> bool:
    """Captions by their head, podcasts' transcripts by their shape; plain text by labels of several speakers."""
    text = head(payload, _LOOK)
    if root_element(text):
        return segments.read_html(text) is not None
    if text.lstrip()[:1] == "{":
        return segments.read_json(decode(payload)) is not None
    return is_captions(text) or (not text.startswith(_FRONT_MATTER) and is_transcript(text))


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One document. Raises InputError when nobody says anything in it."""
    text = decode(payload)
    voices = _voices(text)
    if voices is not None:
        yield _spoken(payload, text, voices)
        return
    turns = find_turns(text)
    if not turns:
        raise InputError(f"{payload.name} is no transcript: no captions, and no lines that start with a speaker's name")
    yield _document(payload, text, turns, find_times(text), above=preamble(text))


def _voices(text: str) -> list[list[Voice]] | None:
    """The voices of captions and podcasts' transcripts; None for plain text."""
    if is_captions(text):
        return read_captions(text)
    return segments.read_json(text) if text.lstrip()[:1] == "{" else segments.read_html(text)


def _spoken(payload: Payload, source: str, voices: list[list[Voice]]) -> RawDocument:
    said, carried = carry_forward(voices)
    if not said:
        raise InputError(f"{payload.name} has captions' time lines but no words")
    text, turns, times = join_turns(said)
    title = webvtt_title(source) if is_webvtt(source) else None
    notes = (f"captions without a name, given to the speaker before: {carried}",) if carried else ()
    if is_automatic(source) or (source.lstrip()[:1] == "{" and segments.is_automatic(source)):
        notes = (*notes, MISHEARD)
    return _document(payload, text, turns, times, above=title or "", notes=notes)


def _document(
    payload: Payload, text: str, turns: tuple[Turn, ...], times: Times, *, above: str, notes: tuple[str, ...] = ()
) -> RawDocument:
    """``above`` is what stands above the first turn: its first line is the title, and it may tell the day."""
    lines = [line.strip() for line in above.splitlines() if line.strip()]
    day = find_day(above, payload.fetched_at)
    return RawDocument(
        external_id=identity(payload),
        kind="transcript",
        text=text,
        url=payload.url,
        canonical_url=canonical_url(payload.url) if payload.url else None,
        title=lines[0] if lines else None,
        published_at=day.at if day else None,
        published_precision=day.precision if day else "unknown",
        turns=turns,
        times=times,
        notes=notes,
    )
