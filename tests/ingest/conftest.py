"""A pipeline on the store of a temporary file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from line_extractor import LineExtractor

from kb.ingest.pipeline import Item, Pipeline
from kb.store import Store, sources
from kb.types import ItemResult, RawDocument, Skipped

NOW = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
Ingest = Callable[..., list[ItemResult]]


@pytest.fixture
def extractor() -> LineExtractor:
    return LineExtractor()


@pytest.fixture
def ingest(store: Store, extractor: LineExtractor) -> Ingest:
    """Run documents through the pipeline, as what one source gave."""

    def run(*documents: RawDocument | Skipped, source: str = "one", **fields: Any) -> list[ItemResult]:
        with store.transaction() as session:
            source_id = sources.register(session, "file", name=source, url=source)
        pipeline = Pipeline(**{"store": store, "extractor": lambda: extractor, "now": lambda: NOW} | fields)
        items = [item if isinstance(item, Skipped) else Item(source_id, item) for item in documents]
        return list(pipeline.run(items))

    return run
