"""Documents and their revisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session, col, select

from kb.errors import NotFoundError
from kb.store.tables import Document, Revision
from kb.types import DocumentData, DocumentKind

MatchedBy = Literal["identity", "url", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """What the store holds of a document."""

    id: int
    source_id: int
    external_id: str
    kind: DocumentKind
    url: str | None
    canonical_url: str | None
    title: str | None
    publisher: str | None
    published_at: dt.datetime | None
    text: str
    text_sha256: str
    latest_sha256: str
    """Hash of the last revision's text; equal to ``text_sha256`` while there is none."""
    matched_by: MatchedBy = "identity"
    """What ``find`` recognised it by: source and external id, canonical URL, or nothing but the same text."""


def find(
    session: Session, *, source_id: int, external_id: str, canonical_url: str | None, text_sha256: str
) -> StoredDocument | None:
    """The stored document with that identity, else with that URL, else (the oldest) with that text, else None."""
    ways: list[tuple[MatchedBy, tuple[bool, ...]]] = [
        ("identity", (Document.source_id == source_id, Document.external_id == external_id)),
        ("url", (Document.canonical_url == canonical_url,)),
        ("text", (Document.text_sha256 == text_sha256,)),
    ]
    for matched_by, conditions in ways:
        if matched_by == "url" and canonical_url is None:
            continue
        found = session.exec(select(Document).where(*conditions).order_by(col(Document.id)).limit(1)).first()
        if found:
            return _stored(session, found, matched_by)
    return None


def at(session: Session, url: str) -> StoredDocument | None:
    """The document that was fetched from exactly that address, or has it as its canonical one; None without one."""
    same = (col(Document.canonical_url) == url, col(Document.url) == url)
    for condition in same:
        found = session.exec(select(Document).where(condition).order_by(col(Document.id)).limit(1)).first()
        if found:
            return _stored(session, found, "url")
    return None


def get(session: Session, document_id: int) -> StoredDocument:
    """The document with that id. Raises NotFoundError."""
    return _stored(session, _existing(session, document_id), "identity")


def insert(
    session: Session,
    source_id: int,
    data: DocumentData,
    fetched_at: dt.datetime,
    *,
    speaker_id: int | None = None,
    near_duplicate_of: int | None = None,
) -> int:
    """Store a new document and return its id. ``speaker_id``: who speaks in the first person (posts)."""
    raw = data.raw
    document = Document(
        source_id=source_id,
        external_id=raw.external_id,
        url=raw.url,
        canonical_url=raw.canonical_url,
        title=raw.title,
        author=raw.author,
        publisher=raw.publisher,
        language=raw.language,
        published_at=raw.published_at,
        published_precision=raw.published_precision,
        fetched_at=fetched_at,
        kind=raw.kind,
        text=data.text,
        text_sha256=data.text_sha256,
        near_duplicate_of=near_duplicate_of,
        speaker_id=speaker_id,
    )
    session.add(document)
    session.flush()
    return document.id


def revise(session: Session, document_id: int, data: DocumentData, seen_at: dt.datetime) -> int:
    """Keep a changed text as a revision and return its number; a text equal to the latest changes nothing.

    Numbers count from 1; 0 stands for the document as first stored. Raises NotFoundError.
    """
    document = _existing(session, document_id)
    latest = _latest_revision(session, document_id)
    number = latest.number if latest else 0
    if data.text_sha256 == (latest or document).text_sha256:
        return number
    session.add(
        Revision(
            document_id=document_id,
            number=number + 1,
            text=data.text,
            text_sha256=data.text_sha256,
            seen_at=seen_at,
        )
    )
    session.flush()
    return number + 1


def texts(session: Session) -> Iterator[tuple[int, str, str]]:
    """(id, text, text_sha256) of every document, read in small portions."""
    columns = select(Document.id, Document.text, Document.text_sha256).order_by(col(Document.id))
    yield from session.exec(columns.execution_options(yield_per=100))


def _existing(session: Session, document_id: int) -> Document:
    document = session.get(Document, document_id)
    if document is None:
        raise NotFoundError(f"no document {document_id} in the record")
    return document


def _latest_revision(session: Session, document_id: int) -> Revision | None:
    revisions = select(Revision).where(Revision.document_id == document_id)
    return session.exec(revisions.order_by(col(Revision.number).desc()).limit(1)).first()


def _stored(session: Session, document: Document, matched_by: MatchedBy) -> StoredDocument:
    latest = _latest_revision(session, document.id)
    return StoredDocument(
        id=document.id,
        source_id=document.source_id,
        external_id=document.external_id,
        kind=document.kind,
        url=document.url,
        canonical_url=document.canonical_url,
        title=document.title,
        publisher=document.publisher,
        published_at=document.published_at,
        text=document.text,
        text_sha256=document.text_sha256,
        latest_sha256=(latest or document).text_sha256,
        matched_by=matched_by,
    )
