"""From the encoder's scores to attributions and names: the best BIO sequence, grouped by pointers, judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kb.nlp.groups import Group, Outputs, Reading, Role, Scores, grouped, rightness, softmax, word_scores
from kb.nlp.judgement import Features, probability
from kb.nlp.windows import Window
from kb.types import Span, Spans

ROLES: tuple[Role, ...] = ("source", "cue", "content")
"""BIO label 1 + 2i opens ``ROLES[i]``, label 2 + 2i continues it; label 0 is outside. The same for ``NAMES``."""
NAMES = ("PERSON", "ORG", "GPE", "MISC")
KINDS = ("prediction", "commitment", "other")

LEAST_CONFIDENCE = 0.25
"""Attributions less likely to be right are dropped. On polnear/dev F1 of who_said_what gains up to 0.3 and that of the
spans up to 0.25; quotations are hardly lost."""

READINESS = 0.4
"""Taken from the score of "outside": more is proposed than the encoder alone would, and the judgement drops what is not
right. On polnear/dev content_found gains 0.5 over 0, and no more behind it."""

OUTSIDE_NAMES = 1.75
"""Added to the score of "no name": the corpora leave out names that others mark, which makes the head too ready to
see one. On ner/ewt dev F1 of all names is 79.3 with 1.25, 80.0 with 1.75, 79.8 with 2.25."""

_FORBIDDEN = -1e4


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution in a window, as character spans of the text."""

    source: Spans
    cue: Spans
    content: Spans
    confidence: float
    """How likely it is right: content and source as a reader would mark them."""
    kind_scores: dict[str, float]
    evidence: Features = field(default_factory=dict)
    """What the confidence comes from."""


def attributions(window: Window, outputs: Outputs, *, least: float = LEAST_CONFIDENCE) -> list[Found]:
    """The attributions of ``window`` in the order of their content: each has content, and a cue or a source."""
    reading = Reading(window, outputs)
    path = viterbi(label_scores(reading))
    tagged = [(ROLES[role], span) for role, span in bio_spans(path)]
    found = [_found(group, reading) for group in grouped(tagged, reading)]
    return sorted((f for f in found if f.confidence >= least), key=lambda f: f.content[0])


def label_scores(reading: Reading) -> Scores:
    """Scores of labels: log-probabilities, readier to see something, and no span goes on over the end of a line."""
    scores = reading.labels.copy()
    scores[_opening_lines(reading.window), 2::2] = _FORBIDDEN
    scores[:, 0] -= READINESS
    return scores


def names(window: Window, outputs: Outputs) -> list[tuple[int, int, str]]:
    """The names of ``window``: (start, end, label) in characters; what would go on in a new line is another name."""
    log_p = word_scores(outputs.names, window)
    log_p[:, 0] += OUTSIDE_NAMES
    opening = _opening_lines(window)
    log_p[opening, 1::2] = np.logaddexp(log_p[opening, 1::2], log_p[opening, 2::2])
    log_p[opening, 2::2] = _FORBIDDEN
    tagged = bio_spans(viterbi(log_p))
    reading = Reading(window, outputs)
    return [(*reading.characters(span), NAMES[label]) for label, span in tagged]


def _opening_lines(window: Window) -> list[int]:
    """The words of ``window`` that open a line."""
    return [i for i, (start, _) in enumerate(window.words) if window.pieces[start].layout]


def viterbi(log_p: Scores) -> list[int]:
    """The best path through [words, labels] scores in which "inside" follows only its own "begin" or "inside".

    Mostly each word's likeliest label; else found with lists, which for a handful of labels are faster than arrays.
    """
    likeliest = log_p.argmax(axis=1)
    before = np.concatenate(([0], likeliest[:-1]))
    goes_on = (likeliest > 0) & (likeliest % 2 == 0)
    if not np.any(goes_on & (before != likeliest) & (before != likeliest - 1)):
        return [int(label) for label in likeliest]
    rows: list[list[float]] = log_p.tolist()
    inside = range(2, len(rows[0]), 2)
    best = [score if label not in inside else _FORBIDDEN for label, score in enumerate(rows[0])]
    back: list[list[int]] = []
    for row in rows[1:]:
        highest = max(best)
        came = [best.index(highest)] * len(row)
        ahead = [highest + score for score in row]
        for label in inside:
            source = label - 1 if best[label - 1] >= best[label] else label
            came[label], ahead[label] = source, best[source] + row[label]
        back.append(came)
        best = ahead
    path = [best.index(max(best))]
    for came in reversed(back):
        path.append(came[path[-1]])
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


def _found(group: Group, reading: Reading) -> Found:
    evidence = rightness(group, reading)
    words = [i for part in group.content for i in range(*part.span)]
    rows = [1 + piece for i in words for piece in range(*reading.window.words[i])]
    kinds = softmax(reading.outputs.kinds[rows].mean(axis=0))
    return Found(
        source=tuple(reading.characters(part.span) for part in group.source),
        cue=(reading.characters(group.cue),) if group.cue else (),
        content=tuple(reading.characters(part.span) for part in group.content),
        confidence=probability("rightness", evidence),
        kind_scores={kind: round(float(p), 4) for kind, p in zip(KINDS, kinds, strict=True)},
        evidence=evidence,
    )
