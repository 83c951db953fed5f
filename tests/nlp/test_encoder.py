"""Reading ahead: in order, within bounds, errors in their place; and windows that are read by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.nlp import load_extractor
from kb.nlp.attributor import bundled_encoder
from kb.nlp.encoder import read_ahead
from kb.nlp.pipeline import Extractor
from kb.nlp.windows import windows
from kb.text import sha256
from kb.types import DocumentData, RawDocument

TEXTS = ("“Prices will fall,” said Ann Lee.", "", "Bob Ray told reporters that it was over.", "No one spoke.")


def document(text: str) -> DocumentData:
    return DocumentData(raw=RawDocument(external_id="x", kind="file", text=text), text=text, text_sha256=sha256(text))


@given(st.integers(0, 20), st.integers(0, 8))
def test_items_come_in_order_and_no_more_than_asked_are_read(number: int, count: int) -> None:
    read: list[int] = []
    ahead = read_ahead((read.append(i) or i for i in range(number)), count)
    for handed_over, item in enumerate(ahead):
        assert item == handed_over
        assert len(read) == min(number, item + count + 1)
    assert len(read) == number


def test_an_error_comes_behind_the_items_before_it() -> None:
    def failing() -> Iterator[int]:
        yield from (1, 2)
        raise OSError("unreadable")

    ahead = read_ahead(failing(), 5)
    assert [next(ahead), next(ahead)] == [1, 2]
    with pytest.raises(OSError, match="unreadable"):
        next(ahead)


def test_a_window_reads_the_same_beside_others() -> None:
    encoder = bundled_encoder()
    made = [window for text in TEXTS for window in windows(text, encoder.tokenizer)]
    together = list(encoder.run(made))
    for window, outputs in zip(made, together, strict=True):
        (alone,) = encoder.run([window])
        assert outputs.labels.shape[0] == len(window)
        assert all(
            np.array_equal(getattr(outputs, head), getattr(alone, head)) for head in ("labels", "names", "kinds")
        )


def test_documents_before_one_that_cannot_be_read_come_out() -> None:
    def failing() -> Iterator[DocumentData]:
        yield from map(document, TEXTS)
        raise OSError("unreadable")

    stream = load_extractor().pipe(failing())
    assert tuple(next(stream)[0].text for _ in TEXTS) == TEXTS
    with pytest.raises(OSError, match="unreadable"):
        next(stream)


def test_a_new_vocabulary_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [found for _, found in load_extractor().pipe(map(document, TEXTS))]
    monkeypatch.setattr("kb.nlp.pipeline.MOST_WORDS", 0)
    forgetful = Extractor()
    before = forgetful.language.tokenizer
    assert [found for _, found in forgetful.pipe(map(document, TEXTS))] == kept
    assert forgetful.language.tokenizer is not before
