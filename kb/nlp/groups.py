"""Spans that belong together: each source and content span with the cue that its pointer prefers.

The pointer of a span is the softmax over all cues of the window, and "no cue" at [CLS]. A group has one source: spans
that only punctuation or a word parts are joined, else the surest stays. It may have several content spans (a quotation
cut by its cue); those that hardly belong are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from statistics import fmean
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kb.nlp.judgement import Features, log_odds, probability
from kb.nlp.windows import QUOTES, Window
from kb.types import Span

Scores = NDArray[np.float32]
Role = Literal["source", "cue", "content"]

LEAST_BELONGING = 0.6
"""Content spans of a group less likely to belong are left out; the largest never. On polnear/dev exact content gains
1.2 by it, content_found 0.5."""
FAR = np.float32(-1e4)
"""Score of a cue that cannot be a span's."""
JOINED_OVER = 1
"""Words (or marks) between two spans of one source that are taken as part of it: "the minister, Mr. Vane,"."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The encoder's outputs for one window, [CLS] in row 0; see ``training/model.py`` for the heads."""

    labels: Scores
    tails: Scores
    heads: Scores
    names: Scores
    kinds: Scores


@dataclass(frozen=True)
class Reading:
    """A window with the encoder's outputs, seen word by word."""

    window: Window
    outputs: Outputs

    @cached_property
    def labels(self) -> Scores:
        """[words, labels]: log-probabilities at each word's first wordpiece."""
        return word_scores(self.outputs.labels, self.window)

    @cached_property
    def sureness(self) -> list[float]:
        """The probability of each word's likeliest label; a list, since the spans looked at are of a few words."""
        likeliest: list[float] = np.exp(self.labels.max(axis=1)).tolist()
        return likeliest

    def first_row(self, word: int) -> int:
        """The row of the outputs that stands for a word."""
        return 1 + self.window.words[word][0]

    def characters(self, span: Span) -> Span:
        """A span of words as characters of the text."""
        first, last = self.window.words[span[0]][0], self.window.words[span[1] - 1][1] - 1
        return self.window.pieces[first].start, self.window.pieces[last].end

    @cached_property
    def _lines(self) -> list[int]:
        return list(accumulate(self.window.pieces[first].layout > 0 for first, _ in self.window.words))

    def line(self, word: int) -> int:
        """Number of the line that a word stands in."""
        return self._lines[word]

    def quoted(self, word: int) -> bool:
        """Whether a word stands inside quotation marks, or is one."""
        return self.window.pieces[self.window.words[word][0]].quote != QUOTES.index("outside")


def word_scores(logits: Scores, window: Window) -> Scores:
    """Log-probabilities of each word's first wordpiece."""
    rows = logits[[1 + start for start, _ in window.words]]
    rows = rows - rows.max(axis=1, keepdims=True)
    return np.asarray(rows - np.log(np.exp(rows).sum(axis=1, keepdims=True)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Part:
    """A span in words, with the probability of its pointer."""

    span: Span
    pointer: float


@dataclass(slots=True)
class Group:
    """What shares a cue: a proposed attribution. Spans in words."""

    cue: Span | None = None
    source: list[Part] = field(default_factory=list)
    content: list[Part] = field(default_factory=list)


def grouped(tagged: Sequence[tuple[Role, Span]], reading: Reading) -> list[Group]:
    """The groups that have content and somebody or something saying it, in the order of their cues."""
    groups = linked(tagged, reading)
    whole = [group for group in groups if group.content and (group.cue or group.source)]
    for group in whole:
        group.source = _one_source(group.source, reading)
        group.content = _belonging(group, reading)
    return whole


def linked(tagged: Sequence[tuple[Role, Span]], reading: Reading) -> list[Group]:
    """Every source and content span with its cue, or alone."""
    groups = [Group(cue=span) for role, span in tagged if role == "cue"]
    cues = [group.cue for group in groups if group.cue]
    heads = reading.outputs.heads[[0, *(reading.first_row(start) for start, _ in cues)]]
    lines = np.array([reading.line(start) for start, _ in cues], dtype=np.int64)
    for role, span in tagged:
        if role == "cue":
            continue
        scores = heads @ reading.outputs.tails[reading.first_row(span[0])]
        if not reading.quoted(span[0]):  # a quotation may go on in another paragraph
            scores[1:][lines != reading.line(span[0])] = FAR
        p = softmax(scores)
        choice = int(p.argmax())
        if not choice:
            groups.append(Group())
        group = groups[choice - 1]  # -1, the last: the one just added
        (group.source if role == "source" else group.content).append(Part(span, float(p[choice])))
    return groups


def _one_source(parts: list[Part], reading: Reading) -> list[Part]:
    joined: list[Part] = []
    for part in parts:
        near = joined and 0 <= part.span[0] - joined[-1].span[1] <= JOINED_OVER
        if near and reading.line(joined[-1].span[0]) == reading.line(part.span[0]):
            start, pointer = joined[-1].span[0], max(joined[-1].pointer, part.pointer)
            joined[-1] = Part((start, part.span[1]), pointer)
        else:
            joined.append(part)
    return [max(joined, key=lambda p: p.pointer * fmean(reading.sureness[slice(*p.span)]))] if joined else []


def _belonging(group: Group, reading: Reading) -> list[Part]:
    if len(group.content) < 2:
        return group.content
    largest = max(group.content, key=_length)
    return [
        part
        for part in group.content
        if part is largest or probability("belonging", belonging(part, group, reading)) >= LEAST_BELONGING
    ]


# --- features ----------------------------------------------------------------------------------------------------


def belonging(part: Part, group: Group, reading: Reading) -> Features:
    """What tells whether a content span belongs to its group, which has several."""
    sureness = reading.sureness[slice(*part.span)]
    nearest = min((other for other in group.content if other is not part), key=lambda o: _gap(part.span, o.span))
    elsewhere = reading.line(part.span[0]) != reading.line(nearest.span[0])
    return {
        "pointer": log_odds(part.pointer),
        "first_word": log_odds(sureness[0]),
        "words": log_odds(fmean(sureness)),
        "largest": float(_length(part) == max(map(_length, group.content))),
        "gap": float(np.log1p(_gap(part.span, nearest.span))),
        "other_line": float(elsewhere and not reading.quoted(part.span[0])),
        "spans": float(len(group.content)),
    }


def rightness(group: Group, reading: Reading) -> Features:
    """What tells whether a whole attribution is right."""
    sureness = reading.sureness
    words = [i for part in group.content for i in range(*part.span)]
    behind = [min(part.span[1], len(sureness) - 1) for part in group.content]
    pointers = [part.pointer for part in (*group.source, *group.content)]
    return {
        "words": log_odds(fmean(sureness[i] for i in words)),
        "word_behind": log_odds(min(sureness[i] for i in behind)),
        "cue": log_odds(fmean(sureness[slice(*group.cue)])) if group.cue else 0.0,
        "source": log_odds(min(sureness[slice(*group.source[0].span)])) if group.source else 0.0,
        "pointer": log_odds(min(pointers)),
        "has_source": float(bool(group.source)),
        "quoted": sum(map(reading.quoted, words)) / len(words),
    }


def _length(part: Part) -> int:
    return part.span[1] - part.span[0]


def _gap(a: Span, b: Span) -> int:
    """Words between two spans that do not overlap."""
    return max(a[0], b[0]) - min(a[1], b[1])


def softmax(x: Scores) -> Scores:
    """Probabilities from scores."""
    e = np.exp(x - x.max())
    return np.asarray(e / e.sum(), dtype=np.float32)
