"""The first component: finds attributions and names with the encoder."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from kb.nlp import decode
from kb.nlp.drafts import Draft, register_extensions
from kb.nlp.encoder import Encoder
from kb.nlp.namespans import Name, tidy
from kb.nlp.quotes import quoted_spans, snap_to_quotes
from kb.nlp.windows import Window, windows

WINDOWS_AT_ONCE = 64
"""Windows read before the encoder runs: enough to batch by length, few enough to stay small in memory."""


@Language.factory("attributor", assigns=["doc.ents", "doc._.drafts"], default_config={"model": None})
def make_attributor(nlp: Language, name: str, model: str | None) -> Attributor:
    """``model``: folder of another model than the bundled one."""
    return Attributor(bundled_encoder() if model is None else Encoder(Path(model)))


@cache
def bundled_encoder() -> Encoder:
    """The encoder that ships inside the package, loaded once a process."""
    return Encoder()


class Attributor:
    """Sets ``doc.ents`` and ``doc._.drafts`` (source, cue, content, confidence, kind scores)."""

    def __init__(self, encoder: Encoder) -> None:
        register_extensions()
        self.encoder = encoder

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 1) -> Iterator[Doc]:
        """Annotate each document by itself.

        Batches never mix documents, whatever ``batch_size`` says: activations are quantised a batch at a time, so a
        document in other company would come out slightly different, and a second run would not repeat the first.
        """
        for doc in stream:
            self.write(doc, *self.read(doc))
            yield doc

    def read(self, doc: Doc) -> tuple[list[Draft], list[Name]]:
        """The drafts and names of a document."""
        drafts: list[Draft] = []
        names: list[Name] = []
        stream = windows(doc.text, self.encoder.tokenizer)
        while chunk := list(itertools.islice(stream, WINDOWS_AT_ONCE)):
            for window, scores in zip(chunk, self.encoder.run(chunk), strict=True):
                drafts.extend(self._drafts(window, scores))
                names.extend(decode.names(window, scores))
        return drafts, names

    @staticmethod
    def _drafts(window: Window, scores: decode.Outputs) -> Iterator[Draft]:
        for f in decode.attributions(window, scores):
            yield Draft(
                source=f.source, cue=f.cue, content=f.content, confidence=f.confidence, kind_scores=f.kind_scores
            )

    @staticmethod
    def write(doc: Doc, drafts: list[Draft], names: list[Name]) -> None:
        """Set the annotations; content that opens at a quotation mark takes the whole quotation."""
        text = doc.text  # built anew at every access
        names = tidy(text, names)
        quoted = quoted_spans(text)
        for draft in drafts:
            draft.content = tuple(snap_to_quotes(text, span, quotes=quoted) for span in draft.content)
        doc._.drafts = drafts
        doc.ents = filter_spans([span for name in names if (span := _entity(doc, *name))])


def _entity(doc: Doc, start: int, end: int, label: str) -> Span | None:
    span: Span | None = doc.char_span(start, end, label=label, alignment_mode="expand")
    return span
