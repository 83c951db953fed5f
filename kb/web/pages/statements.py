"""A statement where it was reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from kb import reading, reviewing
from kb.app import KB
from kb.text import words_at
from kb.types import Horizon, Report, StatementRow
from kb.web.pages.given import Number
from kb.web.pages.marks import Piece, marks_of, paragraphs, pieces
from kb.web.pages.routing import new_router
from kb.web.pages.shell import address, render, viewer
from kb.web.record import Record

router = new_router()

GAP = " … "
"""Between the words of two spans in a form, as ``reviewing.spans_of`` reads it."""

NAMES = 300
"""Speakers offered while a name is typed."""


@dataclass(frozen=True, slots=True)
class Story:
    """A report in its document, and the documents that print the same again."""

    report: Report
    pieces: tuple[Piece, ...]
    whole: str
    """Address of the document, at the words."""
    copies: tuple[Report, ...]


@router.get("/statements/{number}")
def statement(request: Request, kb: Record, number: Number, edit: bool = False, report: int | None = None) -> Response:
    """One statement."""
    return statement_page(request, kb, kb.show(number), editing=edit, report=report)


def statement_page(
    request: Request, kb: KB, row: StatementRow, *, status: int = 200, report: int | None = None, **values: Any
) -> Response:
    """The page of a statement; with ``editing`` and the report whose words are edited, its form."""
    texts = reading.texts(kb.store, row.reports)
    shown: dict[str, Any] = {"conflict": None, "wrong": "", "editing": False, "form": None, **values}
    edited = next((one for one in row.reports if one.id == report), row.reports[0])
    if shown["editing"] and viewer(request).edits:
        shown["known_speakers"] = [one.name for one in kb.speakers()[:NAMES]]
        shown["words"] = report_words(texts[edited.document_id, edited.revision], edited)
        shown["horizon"] = written_horizon(row.horizon)
    return render(
        request,
        "statement.html",
        status,
        row=row,
        stories=stories(row, texts),
        linked=reviewing.linked(row),
        history=[reviewing.described(one) for one in reviewing.history(kb.store, row.id)],
        reports=row.reports,
        edited=edited,
        **shown,
    )


def stories(row: StatementRow, texts: Mapping[tuple[int, int], str]) -> list[Story]:
    """Every story that reports a statement, its first print with the marks in it."""
    grouped: dict[int, list[Report]] = defaultdict(list)
    for report in row.reports:
        grouped[report.story].append(report)
    found = []
    for reports in grouped.values():
        first = next((report for report in reports if report.document_id == report.story), reports[0])
        same = [report for report in reports if report.document_id == first.document_id]
        text = texts[first.document_id, first.revision]
        marks = [mark for report in same for mark in marks_of(row.id, report)]
        whole = f"{address(f'/documents/{first.document_id}', revision=first.revision or '')}#s{row.id}"
        shown = tuple(pieces(text, marks, paragraphs(text, marks)))
        copies = {report.document_id: report for report in reports if report.document_id != first.document_id}
        found.append(Story(first, shown, whole, tuple(copies.values())))
    return found


def report_words(text: str, report: Report) -> dict[str, str]:
    """The words at the spans of a report, as its form shows them."""
    parts = {"content": report.content, "source": report.source, "cue": report.cue}
    return {name: GAP.join(words_at(text, (span,)) for span in spans) for name, spans in parts.items()}


def written_horizon(horizon: Horizon | None) -> str:
    """A horizon as ``reviewing.edit`` reads it."""
    if horizon is None:
        return "none"
    if not horizon.earliest and not horizon.latest:
        return "vague"
    first, last = str(horizon.earliest or ""), str(horizon.latest or "")
    if first[:4] == last[:4] and (first[5:], last[5:]) == ("01-01", "12-31"):
        return first[:4]
    return first if first == last else f"{first}..{last}"
