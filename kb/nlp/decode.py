"""From the encoder's scores to spans: the best BIO sequence, then the pointer from each span to its cue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kb.nlp.windows import Window
from kb.types import Span, Spans

Scores = NDArray[np.float32]

ROLES = ("source", "cue", "content")
"""BIO label 1 + 2i opens ``ROLES[i]``, label 2 + 2i continues it; label 0 is outside. The same for ``NAMES``."""
NAMES = ("PERSON", "ORG", "GPE", "MISC")
KINDS = ("prediction", "commitment", "other")

LEAST_CONFIDENCE = 0.5
"""Attributions below are dropped. On polnear/dev 0.5 gives who_said_what 62.9 against 62.4 without a threshold; higher
ones gain more F1 there by losing quotations, which a reader would miss."""

OUTSIDE_NAMES = 1.25
"""Added to the score of "no name": the corpora leave out names that others mark, which makes the head too ready to
see one. On ner/ewt dev it gives PERSON F1 two points."""

_FORBIDDEN = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class Outputs:
    """The encoder's outputs for one window, [CLS] in row 0; see ``training/model.py`` for the heads."""

    labels: Scores
    tails: Scores
    heads: Scores
    names: Scores
    kinds: Scores


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution in a window, as character spans of the text."""

    source: Spans
    cue: Spans
    content: Spans
    confidence: float
    kind_scores: dict[str, float]


@dataclass(slots=True)
class _Group:
    """Word spans that share a cue, with the probabilities of their pointers."""

    cue: Span | None
    source: list[Span] = field(default_factory=list)
    content: list[Span] = field(default_factory=list)
    pointers: list[float] = field(default_factory=list)


def attributions(window: Window, outputs: Outputs) -> list[Found]:
    """The attributions of ``window`` in the order of their content: each has content, and a cue or a source."""
    log_p = _word_scores(outputs.labels, window)
    tagged = bio_spans(viterbi(log_p))
    groups = _group(tagged, window, outputs)
    whole = [group for group in groups if group.content and (group.cue or group.source)]
    found = [_found(group, window, outputs, log_p) for group in whole]
    return sorted((f for f in found if f.confidence >= LEAST_CONFIDENCE), key=lambda f: f.content[0])


def names(window: Window, outputs: Outputs) -> list[tuple[int, int, str]]:
    """The names of ``window``: (start, end, label) in characters."""
    log_p = _word_scores(outputs.names, window)
    log_p[:, 0] += OUTSIDE_NAMES
    tagged = bio_spans(viterbi(log_p))
    return [(*_characters(window, span), NAMES[label]) for label, span in tagged]


def viterbi(log_p: Scores) -> list[int]:
    """The best path through [words, labels] scores in which "inside" follows only its own "begin" or "inside"."""
    n, labels = log_p.shape
    if not n:
        return []
    allowed = _transitions(labels)
    best = log_p[0] + np.where(np.arange(labels) % 2 == 0, _FORBIDDEN, np.float32(0))
    best[0] = log_p[0, 0]
    back = np.zeros((n, labels), dtype=np.int64)
    for i in range(1, n):
        steps = best[:, None] + allowed
        back[i] = steps.argmax(axis=0)
        best = steps.max(axis=0) + log_p[i]
    path = [int(best.argmax())]
    for i in range(n - 1, 0, -1):
        path.append(int(back[i, path[-1]]))
    return path[::-1]


def bio_spans(path: Sequence[int]) -> list[tuple[int, Span]]:
    """(role index, [start, end) in words) of each span of a valid BIO path."""
    spans = []
    start = 0
    for i, label in enumerate([*path, 0]):
        if i and path[i - 1] and (label == 0 or label % 2 == 1):
            spans.append(((path[i - 1] - 1) // 2, (start, i)))
        if label % 2 == 1:
            start = i
    return spans


def _transitions(labels: int) -> Scores:
    allowed = np.zeros((labels, labels), dtype=np.float32)
    for inside in range(2, labels, 2):
        allowed[:, inside] = _FORBIDDEN
        allowed[[inside - 1, inside], inside] = 0
    return allowed


def _word_scores(logits: Scores, window: Window) -> Scores:
    """Log-probabilities of each word's first wordpiece."""
    rows = logits[[1 + start for start, _ in window.words]]
    rows = rows - rows.max(axis=1, keepdims=True)
    return np.asarray(rows - np.log(np.exp(rows).sum(axis=1, keepdims=True)), dtype=np.float32)


def _group(tagged: list[tuple[int, Span]], window: Window, outputs: Outputs) -> list[_Group]:
    """Each source and content span goes to the cue its pointer prefers, or to none ([CLS])."""
    cues = [span for role, span in tagged if ROLES[role] == "cue"]
    groups = [_Group(None), *(_Group(cue) for cue in cues)]
    heads = outputs.heads[[0, *(1 + window.words[start][0] for start, _ in cues)]]
    loose = []
    for role, span in tagged:
        if ROLES[role] == "cue":
            continue
        p = _softmax(heads @ outputs.tails[1 + window.words[span[0]][0]])
        choice = int(p.argmax())
        group = groups[choice] if choice else _Group(None)
        (group.source if ROLES[role] == "source" else group.content).append(span)
        group.pointers.append(float(p[choice]))
        if not choice:
            loose.append(group)
    return [*groups[1:], *loose]


def _found(group: _Group, window: Window, outputs: Outputs, log_p: Scores) -> Found:
    cue = [group.cue] if group.cue else []
    content = [i for start, end in group.content for i in range(start, end)]
    kinds = _softmax(outputs.kinds[[1 + p for i in content for p in range(*window.words[i])]].mean(axis=0))
    certain = float(np.exp(log_p[content].max(axis=1).mean())) * min(group.pointers, default=1.0)
    return Found(
        source=tuple(_characters(window, span) for span in group.source),
        cue=tuple(_characters(window, span) for span in cue),
        content=tuple(_characters(window, span) for span in group.content),
        confidence=certain,
        kind_scores={kind: round(float(p), 4) for kind, p in zip(KINDS, kinds, strict=True)},
    )


def _characters(window: Window, span: Span) -> Span:
    first, last = window.words[span[0]][0], window.words[span[1] - 1][1] - 1
    return window.pieces[first].start, window.pieces[last].end


def _softmax(x: Scores) -> Scores:
    e = np.exp(x - x.max())
    return np.asarray(e / e.sum(), dtype=np.float32)
