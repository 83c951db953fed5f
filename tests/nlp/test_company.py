"""A document reads the same in any company: a second run, in other batches, must repeat the first."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

from kb.nlp import load_extractor
from kb.text import sha256
from kb.types import DocumentData, RawDocument


def demo_text(name: str) -> DocumentData:
    text = (files("kb") / "demo" / "documents" / name).read_text(encoding="utf-8")
    at = dt.datetime(2024, 12, 5, tzinfo=dt.UTC)
    raw = RawDocument(external_id=name, kind="article", text=text, published_at=at)
    return DocumentData(raw=raw, text=text, text_sha256=sha256(text))


def test_company_changes_nothing() -> None:
    extractor = load_extractor()
    names = ("translated-article.md", "tidewheel-press-release.txt", "open-weights-letter.txt")
    documents = [demo_text(name) for name in names]
    together = [found for _, found in extractor.pipe(documents)]
    backwards = [found for _, found in extractor.pipe(documents[::-1])][::-1]
    assert together == backwards == [extractor.extract(document) for document in documents]
    assert all(together)
