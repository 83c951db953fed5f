"""A document with everything that is reported in it, and what changed in it."""

from __future__ import annotations

from fastapi import Request, Response

from kb import reading
from kb.app import KB
from kb.types import DocumentRow, Report, Span, StatementRow
from kb.web.pages.given import Number, Revision
from kb.web.pages.marks import LONG, Mark, marks_of, pieces, windows
from kb.web.pages.routing import new_router
from kb.web.pages.shell import address, render
from kb.web.record import Record

router = new_router()


@router.get("/documents/{number}")
def document(
    request: Request,
    kb: Record,
    number: Number,
    *,
    revision: Revision = 0,
    whole: bool = False,
    focus: int | None = None,
) -> Response:
    """One text of a document, in full unless it is long; ``focus`` is a statement to show as the one looked for."""
    found = reading.document(kb.store, number, revision=revision)
    here = _reported(found)
    marks = [mark for row, report in here for mark in marks_of(row.id, report)]
    marks += _again(kb, found)
    shown: list[Span] | None = None
    if len(found.text) > LONG and not whole:
        shown = windows(found.text, marks)
    changes = [change for change in kb.changes(number) if change.revision == revision] if revision else []
    return render(
        request,
        "document.html",
        document=found,
        pieces=list(pieces(found.text, marks, shown)),
        hidden=shown is not None,
        whole=address(f"/documents/{number}", revision=revision or "", whole="true"),
        focus=focus,
        beside=_beside(found, {mark.statement for mark in marks}),
        changes=changes,
    )


def _reported(document: DocumentRow) -> list[tuple[StatementRow, Report]]:
    """Every report in this very text."""
    pairs = ((row, report) for row in document.statements for report in row.reports)
    return [(row, one) for row, one in pairs if one.document_id == document.id and one.revision == document.revision]


def _again(kb: KB, document: DocumentRow) -> list[Mark]:
    """Content that another text of the document has first, where this one has the very same words, once."""
    others = [
        (row, report)
        for row in document.statements
        for report in row.reports
        if report.document_id == document.id and report.revision != document.revision
    ]
    texts = reading.texts(kb.store, [report for _, report in others]) if others else {}
    marks = []
    for row, report in others:
        text = texts[report.document_id, report.revision]
        places = [(text[start:end], document.text.find(text[start:end])) for start, end in report.content]
        if all(at >= 0 and document.text.find(words, at + 1) < 0 for words, at in places):
            marks += [Mark(at, at + len(words), "content", row.id) for words, at in places]
    return marks


def _beside(document: DocumentRow, marked: set[int]) -> list[tuple[StatementRow, int | None]]:
    """Every statement, with the number of the text that has it where this one does not."""
    found: list[tuple[StatementRow, int | None]] = []
    for row in document.statements:
        revisions = [report.revision for report in row.reports if report.document_id == document.id]
        found.append((row, None if row.id in marked else min(revisions)))
    return found
