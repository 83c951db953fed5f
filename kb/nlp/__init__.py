"""The language pipeline: who said what, read from a text. spaCy and onnxruntime are loaded by ``load_extractor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.nlp.pipeline import Extractor

__all__ = ["load_extractor"]


def load_extractor() -> Extractor:
    """The pipeline with the bundled model; loading takes about two seconds, so keep it."""
    from kb.nlp.pipeline import Extractor

    return Extractor()
