"""A content that foretells several things is in the record as its parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from line_extractor import LineExtractor, raw

from kb.store import Store, statement_rows
from kb.store.check import check
from kb.types import Attribution, DocumentData, Filters, ItemResult, StatedPart

WHOLE = "Ferries will be built in Ghent and 40,000 vans will be sold"


class PartingExtractor(LineExtractor):
    """Parts every content at its "and"."""

    def pipe(self, documents: object, /) -> Iterator[tuple[DocumentData, tuple[Attribution, ...]]]:
        for document, found in super().pipe(documents):  # type: ignore[arg-type]
            yield document, tuple(replace(one, parts=tuple(parts(document.text, one))) for one in found)


def parts(text: str, found: Attribution) -> Iterator[StatedPart]:
    ((start, end),) = found.content
    at = text.index(" and ", start)
    for span in ((start, at), (at + len(" and "), end)):
        yield StatedPart((span,), replace(found.statement, text=text[slice(*span)]))


@pytest.fixture
def extractor() -> LineExtractor:
    return PartingExtractor()


def test_parts_are_statements_of_their_own(store: Store, ingest: Callable[..., list[ItemResult]]) -> None:
    document = raw("a", f"Mira Okafor predicts that {WHOLE}")
    (result,) = ingest(document)
    assert (result.statements, result.predictions) == (2, 2)
    with store.reading() as session:
        rows = statement_rows.find(session, Filters(), today=dt.date(2025, 1, 1))
    assert {row.text for row in rows} == set(WHOLE.split(" and "))
    assert {row.reports[0].words for row in rows} == set(WHOLE.split(" and "))
    assert {row.speaker for row in rows} == {"Mira Okafor"}
    assert check(store) == []
    (again,) = ingest(document)
    assert again.status == "unchanged"
