"""Captions: WebVTT and SRT files as a sequence of voices."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Literal, NamedTuple

from kb.types import Author
from sources.labels import labelled, read_label, seconds
from sources.turns import Said

MIN_ROLLING = 3
"""Cards; of fewer nobody can tell whether they roll or somebody says the same again."""

_CLOCK = r"(?:\d{1,6}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_ARROW = re.compile(rf"(?P<start>{_CLOCK})\s*-->\s*{_CLOCK}")
_SIGNATURE = re.compile(r"WEBVTT(?:[ \t][^\r\n]*)?(?=[\r\n]|$)")
_TIMES = re.compile(r"^.*-->.*$", re.MULTILINE)
_ABSURD = re.compile(r"\d{9,}")
"""A number that no clock shows; larger ones do not fit into Python's times."""
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]+([^<>]{0,200})>|</v>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>|<[\d:.]{1,20}>|\{\\[^{}]{0,200}\}")
_WORD_TIME = re.compile(r"<(?:\d{2}:)?\d{2}:\d{2}\.\d{3}>")
_NEW_SPEAKER = re.compile(r">>+\s*")
_CHANGE = re.compile(r"\s*(?<!>)(?=>>)")
_DASH = re.compile(r"[-–—]\s*(?=\S)")
"""Begins what each of two people says on one card; alone on a card it is a break in the sentence."""
_NOISE = re.compile(
    r"[\[(] ?(?:music|applause|laughter|laughs|laughing|cheering|cheers|silence|foreign|inaudible|crosstalk) ?[\])]",
    re.IGNORECASE,
)
"""Sounds as machines note them, also in the middle of what is said."""
_SOUND = re.compile(r"[\[(♪][^\])♪]*[\])♪]")


class Cue(NamedTuple):
    """One caption card."""

    lines: list[str]
    """Tags included."""
    at_seconds: float | None


class Voice(NamedTuple):
    """Words of one voice in one cue."""

    speaker: Author | None
    words: str
    named_by: Literal["tag", "label", "change", "nothing"]
    """A ``<v>`` tag, a label in the text ("DANA:"), ``>>`` (another speaker, of unknown name), or nothing."""
    at_seconds: float | None


def is_captions(text: str) -> bool:
    """WebVTT by its signature, SRT by a time line among the first three lines."""
    return is_webvtt(text) or any(_ARROW.match(line.strip()) for line in text.lstrip().splitlines()[:3])


def is_webvtt(text: str) -> bool:
    """Whether the text starts with the signature of WebVTT."""
    return _SIGNATURE.match(text) is not None


def is_automatic(text: str) -> bool:
    """Whether a machine heard the words: captions that time each one."""
    return is_webvtt(text) and _WORD_TIME.search(text) is not None


def webvtt_title(text: str) -> str | None:
    """What stands after the signature: "WEBVTT - Margin Notes, episode 41"."""
    return text.splitlines()[0].removeprefix("WEBVTT").strip(" \t-–—:") or None


def read_captions(text: str) -> list[list[Voice]]:
    """The voices of each cue, in order; lines that rolling auto-captions repeat are read once."""
    cues = list(_webvtt_cues(text) if is_webvtt(text) else _srt_cues(text))
    if _rolls(cues) or any(_WORD_TIME.search(line) for cue in cues for line in cue.lines):
        cues = list(_without_repeats(cues))
    return [voices for cue in cues if (voices := list(voices_of(cue)))]


def carry_forward(cues: Iterable[list[Voice]]) -> tuple[list[Said], int]:
    """What was said, unnamed words given to the speaker before, and how many cues were named so.

    A label names whoever speaks until the next label. A ``<v>`` tag by the standard holds for its cue only, but is
    used in the same way; where two voices share a cue, who goes on is unknown: a wrong name is worse than none.
    """
    said: list[Said] = []
    speaker, carried = None, 0
    for voices in cues:
        carried += voices[0].named_by == "nothing" and speaker is not None
        for voice in voices:
            if voice.named_by != "nothing":
                speaker = voice.speaker
            said.append(Said(speaker, voice.words, voice.at_seconds, voice.named_by == "change"))
        if len({voice.speaker for voice in voices if voice.named_by == "tag"}) > 1:
            speaker = None
    return said, carried


def _webvtt_cues(text: str) -> Iterator[Cue]:
    """Blocks with a time line; header, NOTE, STYLE and REGION blocks have none."""
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.splitlines()
        at = next((i for i, line in enumerate(lines) if _ARROW.match(line.strip())), None)
        if at is not None and not lines[0].startswith(("NOTE", "STYLE", "REGION")):
            yield Cue(lines[at + 1 :], _start(lines[at]))


def _srt_cues(text: str) -> Iterator[Cue]:
    import srt

    # It tells the console of every line that it passes over.
    logging.getLogger("srt").setLevel(logging.CRITICAL)
    text = _TIMES.sub(lambda line: _ABSURD.sub("0", line[0]), text)
    for subtitle in srt.parse(text, ignore_errors=True):
        yield Cue(str(subtitle.content).splitlines(), round(subtitle.start.total_seconds(), 3))


def _start(line: str) -> float | None:
    match = _ARROW.match(line.strip())
    return seconds(match["start"]) if match else None


def _rolls(cues: Sequence[Cue]) -> bool:
    """Whether most cards begin with the line that the card before ended with: captions that roll up, line by line."""
    shown = [lines for cue in cues if (lines := [words for line in cue.lines if (words := _plain(line))])]
    repeats = sum(after[0] == before[-1] for before, after in pairwise(shown))
    return len(shown) >= MIN_ROLLING and repeats > len(shown) / 2


def _without_repeats(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Captions that roll show each line twice: as it is spoken, and again above the next one."""
    last = ""
    for cue in cues:
        fresh = []
        for line in cue.lines:
            words = _plain(line)
            if words and words != last:
                fresh.append(line)
                last = words
        yield Cue(fresh, cue.at_seconds)


def voices_of(cue: Cue) -> Iterator[Voice]:
    """The voices of one card, in order; sounds ("[Music]") are left out."""
    joined = "\n".join(cue.lines)
    return _tagged(joined, cue.at_seconds) if _VOICE.search(joined) else _labelled(cue)


def _tagged(cue: str, at: float | None) -> Iterator[Voice]:
    """The stretches between ``<v Name>`` tags; the closing tag may be missing."""
    pieces = _VOICE.split(cue)
    for name, words in zip([None, *pieces[1::2]], pieces[::2], strict=True):
        if plain := _plain(words):
            label = _plain(name or "")
            yield Voice(labelled(label) if label else None, plain, "tag" if label else "nothing", at)


def _labelled(cue: Cue) -> Iterator[Voice]:
    """Lines, each of which may start a new voice; a line that is only a sound is left out."""
    lines = list(chain.from_iterable(_CHANGE.split(_plain(line)) for line in cue.lines))
    begins = _NEW_SPEAKER if sum(map(bool, map(_DASH.match, lines))) < 2 else _DASH
    for line in lines:
        change = begins.match(line)
        rest = line[change.end() :] if change else line
        label = read_label(rest)
        words = rest[label.end :] if label else rest
        if words and not _SOUND.fullmatch(words):
            named_by: Literal["label", "change", "nothing"] = "label" if label else "change" if change else "nothing"
            yield Voice(label.speaker if label else None, words, named_by, cue.at_seconds)


def _plain(markup: str) -> str:
    """Caption text without tags, entities decoded, on one line."""
    return " ".join(_NOISE.sub(" ", html.unescape(_TAG.sub("", markup))).split())
