"""The lines and sentences of a text, to be found by offset. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from kb.nlp.names import WORD, is_capital
from kb.nlp.sentences import sentences
from kb.types import Span

HEADLINE_CAPITALS = 0.85
"""Share of capitalised words from which a line is a headline, whose capitals say nothing."""
HEADLINE_WORDS = 4
OPENING_MARKS = 3
"""Characters before the first word of a sentence: quotation marks, a bracket, a dash."""


@dataclass(frozen=True)
class Layout:
    """The lines and sentences of a text."""

    text: str

    @cached_property
    def _sentences(self) -> list[int]:
        return [0, *(start for start, _ in sentences(self.text, 0, len(self.text)))]

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(r"\n+", self.text))]

    def sentence(self, offset: int) -> int:
        """Number of the sentence at ``offset``."""
        return bisect_right(self._sentences, offset) - 1

    def sentence_start(self, offset: int, *, back: int = 0) -> int:
        """Where the sentence at ``offset``, or the one ``back`` sentences before it, begins."""
        return self._sentences[max(0, self.sentence(offset) - back)]

    def opens_sentence(self, offset: int) -> bool:
        """Whether nothing but a mark or two stands before ``offset`` in its sentence."""
        return self.sentence_start(offset) >= offset - OPENING_MARKS

    def paragraph(self, offset: int) -> int:
        """Number of the line at ``offset``."""
        return bisect_right(self._lines, offset) - 1

    def paragraph_start(self, offset: int) -> int:
        """Where the line at ``offset`` begins."""
        return self._lines[self.paragraph(offset)]

    @cached_property
    def headlines(self) -> dict[int, Span]:
        """Where the headlines are, by number of their line."""
        lines = zip(self._lines, [*self._lines[1:], len(self.text)], strict=True)
        return {number: line for number, line in enumerate(lines) if _is_headline(self.text, line)}

    def in_headline(self, offset: int) -> bool:
        """Whether capitals say nothing at ``offset``."""
        return self.paragraph(offset) in self.headlines


def _is_headline(text: str, line: Span) -> bool:
    words = [word for match in WORD.finditer(text, *line) if len(word := match[0]) > 3]
    return len(words) >= HEADLINE_WORDS and sum(map(is_capital, words)) / len(words) >= HEADLINE_CAPITALS
