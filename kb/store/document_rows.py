"""Documents as readers see them: one text, its history, and the statements in it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from kb.errors import NotFoundError
from kb.store import documents, statement_rows
from kb.store.conditions import NOT_REJECTED
from kb.store.tables import Attribution, Document, Revision, Statement
from kb.types import DocumentRow, RevisionRow, StatementRow


def get(session: Session, document_id: int, revision: int = 0) -> DocumentRow:
    """A document with that text of it. Raises NotFoundError for an unknown document or revision."""
    document = session.get(Document, document_id)
    if document is None:
        raise NotFoundError(f"no document {document_id} in the record")
    text = documents.text_at(session, document_id, revision)
    revisions = _revisions(session, document)
    copies = select(Document.id).where(Document.near_duplicate_of == document_id).order_by(col(Document.id))
    return DocumentRow(
        id=document.id,
        kind=document.kind,
        title=revisions[revision][0].title,
        author=document.author,
        publisher=document.publisher,
        url=document.url,
        published_at=document.published_at,
        fetched_at=document.fetched_at,
        copy_of=document.near_duplicate_of,
        differs=tuple(document.differs or ()),
        copies=tuple(session.exec(copies)),
        revision=revision,
        text=text,
        text_sha256=revisions[revision][1],
        revisions=tuple(row for row, _ in revisions),
        notes=tuple(document.notes or ()),
        statements=tuple(sorted(_statements(session, document_id), key=lambda row: _place(row, document_id))),
    )


def _revisions(session: Session, document: Document) -> list[tuple[RevisionRow, str]]:
    """Every text without its words, with its hash, by number."""
    columns = (Revision.number, Revision.title, Revision.seen_at, Revision.reason, Revision.text_sha256)
    query = select(*columns).where(Revision.document_id == document.id)  # type: ignore[call-overload]
    first = RevisionRow(number=0, title=document.title, seen_at=document.fetched_at, reason=None)
    found = [(first, document.text_sha256)]
    for number, title, seen_at, reason, text_sha256 in session.exec(query.order_by(col(Revision.number))):
        title = title or found[-1][0].title
        found.append((RevisionRow(number=number, title=title, seen_at=seen_at, reason=reason), text_sha256))
    return found


def _statements(session: Session, document_id: int) -> list[StatementRow]:
    query = select(Statement.id).join(Attribution, col(Attribution.statement_id) == col(Statement.id))
    ids = session.exec(query.where(Attribution.document_id == document_id, NOT_REJECTED).distinct()).all()
    return list(statement_rows.load(session, ids))


def _place(row: StatementRow, document_id: int) -> tuple[int, int]:
    """The text and the offset at which a statement first stands in the document."""
    return min((report.revision, report.content[0][0]) for report in row.reports if report.document_id == document_id)
