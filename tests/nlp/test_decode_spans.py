"""Decoding on hand-made scores: valid spans, pointers to cues."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.nlp.decode import Outputs, Scores, attributions, bio_spans, names, viterbi
from kb.nlp.windows import Piece, Window

OUT, B_SOURCE, I_SOURCE, B_CUE, I_CUE, B_CONTENT, I_CONTENT = range(7)


def window_of(text: str) -> Window:
    pieces, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        pieces.append(Piece(1, start, at, True, 1, 0, 0))
    return Window(tuple(pieces))


def scores_for(path: list[int], labels: int) -> Scores:
    """Scores with [CLS] and [SEP] that make ``path`` by far the best."""
    return np.eye(labels, dtype=np.float32)[[0, *path, 0]] * 20


def outputs(path: list[int], links: dict[int, int], *, kinds: list[float] | None = None) -> Outputs:
    """``links``: word of a span's start -> word of its cue's start, -1 for none."""
    n = len(path) + 2
    tails, heads = np.zeros((n, n), np.float32), np.eye(n, dtype=np.float32)
    for span, cue in links.items():
        tails[1 + span, 1 + cue] = 20
    rows = np.tile(np.array(kinds or [0, 0, 0], np.float32), (n, 1))
    return Outputs(scores_for(path, 7), tails, heads, scores_for([0] * len(path), 9), rows)


def test_two_attributions_share_a_sentence() -> None:
    text = "Prices fall said Ann but Bob denies it"
    path = [B_CONTENT, I_CONTENT, B_CUE, B_SOURCE, OUT, B_SOURCE, B_CUE, B_CONTENT]
    found = attributions(window_of(text), outputs(path, {0: 2, 3: 2, 5: 6, 7: 6}, kinds=[9, 0, 0]))
    assert [(text[slice(*f.source[0])], text[slice(*f.cue[0])], text[slice(*f.content[0])]) for f in found] == [
        ("Ann", "said", "Prices fall"),
        ("Bob", "denies", "it"),
    ]
    assert found[0].kind_scores["prediction"] > 0.99
    assert found[0].confidence > 0.9


def test_no_name_goes_on_over_the_end_of_a_line() -> None:
    whole = window_of("Kestrel Robotics Kestrel builds")
    opening = whole.pieces[2]._replace(layout=1)
    broken = Window((*whole.pieces[:2], opening, whole.pieces[3]))
    scored = replace(outputs([OUT] * 4, {}), names=scores_for([3, 4, 4, 0], 9))
    assert [span[:2] for span in names(whole, scored)] == [(0, 24)]
    assert [span[:2] for span in names(broken, scored)] == [(0, 16), (17, 24)]


def test_split_content_belongs_to_one_cue() -> None:
    text = "Prices fall said Ann next year"
    path = [B_CONTENT, I_CONTENT, B_CUE, B_SOURCE, B_CONTENT, I_CONTENT]
    (found,) = attributions(window_of(text), outputs(path, {0: 2, 3: 2, 4: 2}))
    assert [text[a:b] for a, b in found.content] == ["Prices fall", "next year"]


def test_a_cue_without_content_is_no_attribution() -> None:
    assert attributions(window_of("Ann said"), outputs([B_SOURCE, B_CUE], {0: 1})) == []


def test_content_that_nobody_says_is_no_attribution() -> None:
    assert attributions(window_of("Prices fall"), outputs([B_CONTENT, I_CONTENT], {0: -1})) == []


def test_doubtful_content_is_no_attribution() -> None:
    path = [B_SOURCE, B_CUE, B_CONTENT]
    sure = outputs(path, {0: 1, 2: 1})
    assert len(attributions(window_of("Ann said yes"), sure)) == 1
    unsure = replace(sure, labels=sure.labels / 40)
    assert attributions(window_of("Ann said yes"), unsure) == []


def test_names_are_read_from_their_own_head() -> None:
    window = window_of("Ann Lee left Paris")
    empty = outputs([0] * 4, {})
    scored = Outputs(empty.labels, empty.tails, empty.heads, scores_for([1, 2, 0, 5], 9), empty.kinds)
    assert names(window, scored) == [(0, 7, "PERSON"), (13, 18, "GPE")]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.floats(-5, 5, width=32), min_size=5, max_size=5), min_size=1, max_size=5))
def test_viterbi_finds_the_best_valid_path(rows: list[list[float]]) -> None:
    scores = np.array(rows, dtype=np.float32)

    def valid(path: tuple[int, ...]) -> bool:
        return all(b % 2 or b == 0 or a in (b - 1, b) for a, b in itertools.pairwise((0, *path)))

    best = max(
        sum(float(scores[i, label]) for i, label in enumerate(path))
        for path in itertools.product(range(5), repeat=len(rows))
        if valid(path)
    )
    path = viterbi(scores)
    assert valid(tuple(path))
    assert abs(sum(float(scores[i, label]) for i, label in enumerate(path)) - best) < 1e-3


def test_bio_spans_end_where_another_begins() -> None:
    assert bio_spans([1, 2, 1, 0, 3, 4]) == [(0, (0, 2)), (0, (2, 3)), (1, (4, 6))]
    assert bio_spans([]) == []
