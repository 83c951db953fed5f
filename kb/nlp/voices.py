"""Whose words stand where in a post or a transcript, labels included. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from kb.types import Author, Span, Spans

LONGEST_LABEL = 200
"""Characters of a label, role and time stamp included."""


class Voices:
    """The authors of stretches of one text, in text order."""

    def __init__(self, text: str, spoken: Sequence[tuple[Author, Span]]) -> None:
        self._text = text
        self._spoken = spoken
        self._starts = [start for _, (start, _) in self._spoken]

    @property
    def authors(self) -> list[Author]:
        """Everybody who speaks, in the order of speaking first."""
        return list(dict.fromkeys(author for author, _ in self._spoken))

    def at(self, offset: int) -> Author | None:
        """Whose words stand at ``offset``."""
        found = self._stretch(offset)
        return found[0] if found else None

    def labelled(self, offset: int) -> Author | None:
        """Whose turn the label at ``offset`` opens ("ANA LIM:"); None where no label stands."""
        found = self._labelled(offset)
        return found[0] if found else None

    def cut(self, spans: Spans, offset: int) -> Spans:
        """What of ``spans`` lies in the stretch at ``offset``, or whose label that is; all of it where neither is."""
        found = self._stretch(offset) or self._labelled(offset)
        if not found:
            return spans
        start, end = found[1]
        parts = ((max(start, a), min(end, b)) for a, b in spans)
        return tuple((a, b) for a, b in parts if a < b)

    def _stretch(self, offset: int) -> tuple[Author, Span] | None:
        at = bisect_right(self._starts, offset) - 1
        return self._spoken[at] if at >= 0 and offset < self._spoken[at][1][1] else None

    def _labelled(self, offset: int) -> tuple[Author, Span] | None:
        """The stretch that begins next in the line of ``offset``, or after the line that is its label."""
        at = bisect_right(self._starts, offset)
        if self._stretch(offset) or at == len(self._spoken) or self._starts[at] > offset + LONGEST_LABEL:
            return None
        label = self._text[offset : self._starts[at]]
        return None if "\n" in label.strip() else self._spoken[at]
