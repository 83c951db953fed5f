"""Transcripts as data: Podcasting 2.0 JSON and HTML, Whisper's JSON, and the captions that YouTube serves (json3)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sources.captions import Cue, Voice, voices_of
from sources.html import element_text, parse_html
from sources.labels import labelled, seconds

_HTML = re.compile(r"(?:<cite>[^<]*</cite>\s*<time>[^<]*</time>.*?){2}", re.DOTALL)
_CLOCK = re.compile(r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?")

LONGEST = 1_000_000
"""Seconds, eleven days: no recording that anybody transcribes lasts so long, so the number means something else."""

Voices = list[list[Voice]]


def read_html(markup: str) -> Voices | None:
    """The voices of ``<cite>Name:</cite><time>0:09</time><p>words</p>``; None when it is no such transcript."""
    root = parse_html(markup) if _HTML.search(markup) else None
    return None if root is None else list(_html_voices(root))


def read_json(text: str) -> Voices | None:
    """The voices of a transcript in JSON, of a podcast or of YouTube; None when it is neither."""
    try:
        document = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    if isinstance(document.get("segments"), list):
        return list(_podcast_voices(document["segments"]))
    if isinstance(document.get("events"), list) and (
        document.get("wireMagic") == "pb3" or any(map(_segs, document["events"]))
    ):
        return [voices for cue in _youtube_cues(document["events"]) if (voices := list(voices_of(cue)))]
    return None


def is_automatic(text: str) -> bool:
    """Whether a machine heard the words: YouTube's captions, or Whisper's segments, with how sure it is, or times."""
    return any(f'"{key}"' in text for key in ("acAsrConf", "tOffsetMs", "avg_logprob", "no_speech_prob"))


def _html_voices(root: Any) -> Iterator[list[Voice]]:
    speaker, at = None, None
    for element in root.iter("cite", "time", "p"):
        words = element_text(element)
        if element.tag == "cite":
            name = words.strip(" :")
            speaker, at = labelled(name) if name else None, None
        elif element.tag == "time":
            at = seconds(words) if _CLOCK.fullmatch(words) else None
        elif words:
            yield [Voice(speaker, words, "tag", at)]


def _podcast_voices(segments: list[Any]) -> Iterator[list[Voice]]:
    """One voice per segment, as short as a word; a speaker may be named only where another begins.

    Programs that hear (Whisper and what is built on it) write ``text`` and ``start``.
    """
    for segment in segments:
        words = (segment.get("body") or segment.get("text")) if isinstance(segment, dict) else None
        if isinstance(words, str):
            cue = Cue([words], _number(segment.get("startTime", segment.get("start")), per_second=1))
            name = segment.get("speaker")
            for voice in voices_of(cue):
                if isinstance(name, str) and name.strip():
                    voice = voice._replace(speaker=labelled(name.strip()), named_by="label")
                yield [voice]


def _youtube_cues(events: list[Any]) -> Iterator[Cue]:
    """The window's events as cards; one that only breaks the line has no words."""
    for event in events:
        words = "".join(str(seg["utf8"]) for seg in _segs(event) if isinstance(seg, dict) and "utf8" in seg)
        if words.strip():
            yield Cue([words.replace("\n", " ")], _number(event.get("tStartMs"), per_second=1000))


def _segs(event: Any) -> list[Any]:
    segs = event.get("segs") if isinstance(event, dict) else None
    return segs if isinstance(segs, list) else []


def _number(value: Any, *, per_second: int) -> float | None:
    """A time as seconds; some files have numbers as strings."""
    try:
        at = float(value) / per_second
    except (TypeError, ValueError):
        return None
    return round(at, 3) if 0 <= at < LONGEST else None
