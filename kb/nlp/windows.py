"""A text as the encoder sees it: windows of wordpieces with what lower-casing lost.

The encoder is uncased and sees no line breaks, so every wordpiece carries three more numbers: the shape of its word,
whether it stands inside quotation marks, and whether it opens a line. Training and extraction share this module; a
change here needs a new model.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tokenizers import Encoding, Tokenizer

from kb.text import CLOSING, OPENING, STRAIGHT
from kb.types import Span

WINDOW = 256
"""Wordpieces in a window, [CLS] and [SEP] included; the cost of attention is quadratic in it."""

SHAPES = ("special", "lower", "title", "upper", "mixed", "digit", "other")
QUOTES = ("outside", "inside", "mark")
LAYOUT = ("within", "line", "paragraph")
_OUTSIDE, _INSIDE, _MARK = range(3)

CLS, SEP = 101, 102  # the special wordpieces of the BERT uncased vocabulary
_BREAK = re.compile(r"\r\n|\r|\n")
_FOLLOWED = re.compile(r"^[^\r\n]+(?=(?:\r\n|\r|\n)[^\r\n])", re.MULTILINE)
_SENTENCE_ENDS = frozenset((1012, 999, 1029))  # . ! ?

LONGEST_CHUNK = 4_000
"""Characters tokenised at once: bounds memory on texts without line breaks."""

WRAPPED_AT = (50, 100)
"""Longest line, in characters, of a text whose lines were broken to fit a page."""
WRAPPED_SHARE = 0.6
"""Share of the lines followed by another one at once that must be nearly full for a text to be wrapped."""
_NEARLY_FULL = 0.75


class Piece(NamedTuple):
    """One wordpiece: its id and character span, whether it opens a word, and its features (indices as above)."""

    id: int
    start: int
    end: int
    first: bool
    shape: int
    quote: int
    layout: int


@dataclass(frozen=True)
class Window:
    """Consecutive wordpieces of one text, at most ``WINDOW`` less the two special ones."""

    pieces: tuple[Piece, ...]

    def __len__(self) -> int:
        return len(self.pieces) + 2

    @cached_property
    def words(self) -> list[Span]:
        """Index spans into ``pieces``, one a word."""
        firsts = [i for i, piece in enumerate(self.pieces) if piece.first or i == 0]
        return list(zip(firsts, [*firsts[1:], len(self.pieces)], strict=True))

    def columns(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """The encoder's input: ids, shapes, quotation states and layout, special wordpieces included."""
        ids, _, _, _, *features = zip(*self.pieces, strict=True)
        shapes, quotes, layout = ([0, *column, 0] for column in features)
        return [CLS, *ids, SEP], shapes, quotes, layout


def windows(text: str, tokenizer: Tokenizer, *, openings: Sequence[int] = (), size: int = WINDOW) -> Iterator[Window]:
    """Whole lines packed greedily; a line longer than a window is cut, behind a sentence where it can be.

    ``openings``: offsets, in order, before which a line says who speaks; the encoder does not see such labels.
    """
    return pack(lines(text, tokenizer, openings), size=size)


def pack(paragraphs: Iterable[list[Piece]], *, size: int = WINDOW) -> Iterator[Window]:
    """Join consecutive ``paragraphs`` into windows of at most ``size`` wordpieces."""
    held: list[Piece] = []
    for paragraph in paragraphs:
        for part in _cut(paragraph, size - 2):
            if held and len(held) + len(part) > size - 2:
                yield Window(tuple(held))
                held = []
            held.extend(part)
    if held:
        yield Window(tuple(held))


def lines(text: str, tokenizer: Tokenizer, openings: Sequence[int] = ()) -> Iterator[list[Piece]]:
    """The wordpieces of each line of ``text`` (of each chunk, in lines longer than ``LONGEST_CHUNK``)."""
    end, state = 0, _OUTSIDE
    line = LAYOUT.index("within" if is_wrapped(text) else "line")
    for chunk in _chunks(text, openings):
        breaks = len(_BREAK.findall(text, end, chunk[0]))
        layout = (LAYOUT.index("within"), line, LAYOUT.index("paragraph"))[min(breaks, 2) if end else 2]
        state = state if layout == 0 else _OUTSIDE
        encoding = tokenizer.encode(text[slice(*chunk)], add_special_tokens=False)
        pieces, state = _pieces(text, chunk[0], encoding, state)
        if pieces:
            pieces[0] = _opening(pieces[0], layout)
            yield pieces
        end = chunk[1]


def _chunks(text: str, openings: Sequence[int]) -> Iterator[Span]:
    for line in re.finditer(r"[^\r\n]+", text):
        opening = bisect_right(openings, line.start())
        labelled = opening < len(openings) and openings[opening] < line.end()
        start = openings[opening] if labelled else line.start()
        while line.end() - start > LONGEST_CHUNK:
            space = text.rfind(" ", start + LONGEST_CHUNK // 2, start + LONGEST_CHUNK)
            end = space if space > 0 else start + LONGEST_CHUNK
            yield start, end
            start = end
        yield start, line.end()


def is_wrapped(text: str) -> bool:
    """Whether single line breaks stand within sentences, as in plain-text mail: most lines end where the page does."""
    ends = list(_FOLLOWED.finditer(text))
    longest = max((line.end() - line.start() for line in ends), default=0)
    full = sum(line.end() - line.start() >= _NEARLY_FULL * longest for line in ends)
    return WRAPPED_AT[0] <= longest <= WRAPPED_AT[1] and full >= WRAPPED_SHARE * len(ends)


def _opening(piece: Piece, layout: int) -> Piece:
    return Piece(piece.id, piece.start, piece.end, piece.first, piece.shape, piece.quote, layout)


def _pieces(text: str, offset: int, encoding: Encoding, state: int) -> tuple[list[Piece], int]:
    """The wordpieces of one encoding, and the quotation state behind them."""
    pieces: list[Piece] = []
    ids, spans, word_ids = encoding.ids, encoding.offsets, encoding.word_ids
    word, shape, quote = None, 0, state
    for i, (start, end) in enumerate(spans):
        if first := word_ids[i] != word:
            word = word_ids[i]
            last = i
            while last + 1 < len(spans) and word_ids[last + 1] == word:
                last += 1
            letters = text[offset + start : offset + spans[last][1]]
            shape, quote = _shape(letters), _MARK
            if letters in OPENING:
                state = _INSIDE
            elif letters in CLOSING:
                state = _OUTSIDE
            elif letters in STRAIGHT:
                state = _INSIDE if state == _OUTSIDE else _OUTSIDE
            else:
                quote = state
        pieces.append(Piece(ids[i], offset + start, offset + end, first, shape, quote, 0))
    return pieces, state


def _shape(word: str) -> int:
    """Index into ``SHAPES``."""
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    if word.istitle():
        return 2
    if any(c.isalpha() for c in word):
        return 4
    return 5 if word[:1].isdigit() else 6


def _cut(paragraph: list[Piece], room: int) -> Iterator[list[Piece]]:
    start = 0
    while len(paragraph) - start > room:
        end = _cutting_point(paragraph, start, start + room)
        yield paragraph[start:end]
        start = end
    yield paragraph[start:]


def _cutting_point(pieces: list[Piece], start: int, limit: int) -> int:
    """Behind the last sentence in the second half of [start, limit), else between words, else at ``limit``."""
    for i in range(limit, start + (limit - start) // 2, -1):
        if pieces[i - 1].id in _SENTENCE_ENDS and pieces[i].first and pieces[i].quote != _MARK:
            return i
    return next((i for i in range(limit, start, -1) if pieces[i].first), limit)
