"""When what stands in the texts of documents was said, where they are transcripts of recordings."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from kb.store.tables import Document, Revision
from kb.types import Times


def at(session: Session, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], Times]:
    """Times of these texts, by document and number of the revision."""
    ids = {document_id for document_id, _ in places}
    found: dict[tuple[int, int], Times] = {}
    for document_id, times in session.exec(select(Document.id, Document.times).where(col(Document.id).in_(ids))):
        found[document_id, 0] = tuple(times or ())
    if revised := {document_id for document_id, number in places if number}:
        columns = select(Revision.document_id, Revision.number, Revision.times)
        for document_id, number, times in session.exec(columns.where(col(Revision.document_id).in_(revised))):
            found[document_id, number] = tuple(times or ())
    return found


def set_last(session: Session, document_id: int, times: Times) -> None:
    """Note those of a document's last text."""
    revisions = select(Revision).where(Revision.document_id == document_id).order_by(col(Revision.number).desc())
    (session.exec(revisions.limit(1)).first() or session.get_one(Document, document_id)).times = times
    session.flush()


def set_recording(session: Session, document_id: int, url: str) -> None:
    """Note where the recording is that a document is a transcript of."""
    session.get_one(Document, document_id).recording_url = url
    session.flush()
