"""What a podcast's feed says of an episode beyond RSS: its transcripts and who takes part (podcast namespace).

Read from the XML itself: feedparser keeps one of several elements, and attributes instead of words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sources.urls import resolve
from sources.xml_ import tag

_NAMESPACE = "podcastindex"
"""Part of every form of the namespace's address: podcastindex.org and two places at GitHub."""
_BY_TYPE = {
    "application/json": 0,
    "text/vtt": 1,
    "text/html": 2,
    "application/x-subrip": 3,
    "application/srt": 3,
    "text/srt": 3,
    "text/plain": 4,
}
"""How much a type of transcript tells of who speaks, best first; types that are not here cannot be read."""
_ENDINGS = {"json": 0, "vtt": 1, "html": 2, "srt": 3, "txt": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A transcript that the feed names."""

    url: str
    type: str
    """Small letters, without parameters; empty when it is not said."""
    language: str | None
    """As given; None stands for the channel's."""


def transcripts(item: Any, base: str) -> Iterator[Transcript]:
    """The transcripts of an episode, in the order of the feed."""
    for element in _elements(item, "transcript"):
        url = resolve(base, element.get("url"))
        if url:
            kind = (element.get("type") or "").partition(";")[0].strip().lower()
            yield Transcript(url=url, type=kind, language=(element.get("language") or "").strip() or None)


def best_transcript(found: Sequence[Transcript], language: str | None) -> Transcript | None:
    """The transcript in the channel's language that tells most of who speaks; a translation where there is no other."""
    usable = [transcript for transcript in found if _rank(transcript) is not None]
    return min(usable, key=lambda t: (_is_translation(t, language), _rank(t)), default=None)


def people(item: Any) -> tuple[str, ...]:
    """The names of who takes part: those of the episode replace those of the channel altogether."""
    for place in (item, item.getparent()):
        named = [
            " ".join("".join(person.itertext()).split()) for person in _elements(place, "person") if _is_heard(person)
        ]
        if any(named):
            return tuple(dict.fromkeys(filter(None, named)))
    return ()


def _is_heard(person: Any) -> bool:
    """Whether somebody takes part; the cast, which is meant where no group is named, and not who wrote or edited it."""
    return (person.get("group") or "cast").strip().lower() == "cast"


def _elements(parent: Any, name: str) -> Iterator[Any]:
    """The children of that name in the podcast namespace, or with its prefix where the feed does not declare it."""
    for child in parent if parent is not None else ():
        is_named = tag(child) in (name, f"podcast:{name}")
        if is_named and (_NAMESPACE in child.tag.lower() or child.tag.startswith("podcast:")):
            yield child


def _rank(transcript: Transcript) -> int | None:
    ending = transcript.url.partition("?")[0].rpartition(".")[2].lower()
    return _BY_TYPE.get(transcript.type, None if transcript.type else _ENDINGS.get(ending))


def _is_translation(transcript: Transcript, language: str | None) -> bool:
    return bool(language and transcript.language) and not _same_language(transcript.language, language)


def _same_language(one: str | None, other: str | None) -> bool:
    """Whether two tags name one language; ``en-GB`` and ``en`` do."""
    return (one or "").lower().partition("-")[0] == (other or "").lower().partition("-")[0]
