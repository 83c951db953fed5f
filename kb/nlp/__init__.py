"""The language pipeline: who said what, read from a text. spaCy and onnxruntime are loaded by ``load_extractor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.config import Settings
    from kb.nlp.pipeline import Extractor

__all__ = ["load_extractor"]


def load_extractor(settings: Settings | None = None) -> Extractor:
    """The pipeline with the bundled model; loading takes about two seconds, so keep it.

    Of the settings it needs the scale of probability, the fiscal years and the events.
    """
    from kb.nlp.pipeline import Extractor

    return Extractor(settings)
