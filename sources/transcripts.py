"""Transcripts: WebVTT and SRT captions, and plain text in which lines start with the speaker's name."""

from __future__ import annotations

from collections.abc import Iterator

from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped, Turn
from sources.captions import carry_forward, is_captions, is_webvtt, read_captions, webvtt_title
from sources.decode import decode, head
from sources.times import find_day
from sources.turns import find_turns, is_transcript, join_turns
from sources.urls import canonical_url, identity

NAME = "transcript"
_LOOK = 16_384
"""How many bytes are searched for speaker labels: a call opens with long statements."""
_FRONT_MATTER = "---"


def matches(payload: Payload) -> bool:
    """Captions by their head; plain text by several labels of several speakers near its start."""
    text = head(payload, _LOOK)
    return is_captions(text) or (not text.startswith(_FRONT_MATTER) and is_transcript(text))


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One document. Raises InputError when nobody says anything in it."""
    text = decode(payload)
    if is_captions(text):
        yield _captions(payload, text)
        return
    turns = find_turns(text)
    if not turns:
        raise InputError(f"{payload.name} is no transcript: no captions, and no lines that start with a speaker's name")
    preamble = text[: text.rfind("\n", 0, turns[0].start) + 1]
    yield _document(payload, text, turns, preamble=preamble)


def _captions(payload: Payload, source: str) -> RawDocument:
    pairs, carried = carry_forward(read_captions(source))
    if not pairs:
        raise InputError(f"{payload.name} has captions' time lines but no words")
    text, turns = join_turns(pairs)
    title = webvtt_title(source) if is_webvtt(source) else None
    notes = (f"captions without a name, given to the speaker before: {carried}",) if carried else ()
    return _document(payload, text, turns, preamble=title or "", notes=notes)


def _document(
    payload: Payload, text: str, turns: tuple[Turn, ...], *, preamble: str, notes: tuple[str, ...] = ()
) -> RawDocument:
    """``preamble`` is what stands above the first turn: its first line is the title, and it may tell the day."""
    lines = [line.strip() for line in preamble.splitlines() if line.strip()]
    day = find_day(preamble, payload.fetched_at)
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
        notes=notes,
    )
