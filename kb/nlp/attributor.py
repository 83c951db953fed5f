"""The first component: finds attributions and names with the encoder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from kb.nlp import decode
from kb.nlp.drafts import Draft, register_extensions, setting_of, text_of
from kb.nlp.encoder import AHEAD, Encoder, read_ahead
from kb.nlp.groups import Outputs
from kb.nlp.namespans import Name, tidy
from kb.nlp.quotes import quotations, quoted_spans, snap_to_quotes
from kb.nlp.signed import signed
from kb.nlp.windows import Window, windows


class Step(NamedTuple):
    """A window that the encoder is reading."""

    window: Window
    begun: Future[Outputs]


@Language.factory(
    "attributor",
    assigns=["doc.ents", "doc._.drafts"],
    default_config={"model": None, "least_confidence": decode.LEAST_CONFIDENCE},
)
def make_attributor(nlp: Language, name: str, model: str | None, least_confidence: float) -> Attributor:
    """``model``: folder of another model than the bundled one; ``least_confidence``: what to drop below."""
    return Attributor(bundled_encoder() if model is None else Encoder(Path(model)), least_confidence)


@cache
def bundled_encoder() -> Encoder:
    """The encoder that ships inside the package, loaded once a process."""
    return Encoder()


class Attributor:
    """Sets ``doc.ents`` and ``doc._.drafts`` (source, cue, content, confidence, kind scores)."""

    def __init__(self, encoder: Encoder, least_confidence: float = decode.LEAST_CONFIDENCE) -> None:
        register_extensions()
        self.encoder = encoder
        self.least_confidence = least_confidence

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 1) -> Iterator[Doc]:
        """Annotate each document, in order, while the encoder already works on those behind it.

        How far ahead is bounded in windows, whatever ``batch_size`` says: a long document is never begun as a whole.
        """
        drafts: list[Draft] = []
        names: list[Name] = []
        for doc, step in read_ahead(self._begin(stream), AHEAD):
            if step is None:
                self.write(doc, drafts, names)
                yield doc
                drafts, names = [], []
            else:
                window, scores = step.window, step.begun.result()
                drafts.extend(self._drafts(window, scores))
                names.extend(decode.names(window, scores))

    def _begin(self, stream: Iterable[Doc]) -> Iterator[tuple[Doc, Step | None]]:
        """The windows of each document, given to the encoder; None behind the last one."""
        for doc in stream:
            openings = [turn.start for turn in setting_of(doc).turns]
            for window in windows(text_of(doc), self.encoder.tokenizer, openings=openings):
                yield doc, Step(window, self.encoder.begin(window))
            yield doc, None

    def _drafts(self, window: Window, scores: Outputs) -> Iterator[Draft]:
        for f in decode.attributions(window, scores, least=self.least_confidence):
            yield Draft(
                source=f.source,
                cue=f.cue,
                content=f.content,
                confidence=f.confidence,
                evidence=f.evidence,
                kind_scores=f.kind_scores,
            )

    @staticmethod
    def write(doc: Doc, drafts: list[Draft], names: list[Name]) -> None:
        """Set the annotations; content that opens at a quotation mark takes the whole quotation."""
        text = text_of(doc)
        names = tidy(text, names)
        quoted = quoted_spans(text)
        for draft in drafts:
            draft.content = tuple(snap_to_quotes(text, span, quotes=quoted) for span in draft.content)
        doc._.drafts = signed(text, drafts, quotations(text), names)
        doc.ents = filter_spans([span for name in names if (span := _entity(doc, *name))])


def _entity(doc: Doc, start: int, end: int, label: str) -> Span | None:
    span: Span | None = doc.char_span(start, end, label=label, alignment_mode="expand")
    return span
