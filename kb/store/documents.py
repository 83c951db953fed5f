"""Documents and their revisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session, col, select

from kb.errors import NotFoundError
from kb.store import copies
from kb.store.tables import Arrival, Document, Revision
from kb.types import DocumentData, DocumentKind, PartialDate, RawDocument, RevisionReason, Times

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
    latest_text: str
    """Text of the last revision; ``text`` while there is none."""
    hashes: tuple[str, ...]
    """Of every text, the document's own first."""
    times: Times = ()
    """Of ``latest_text``; empty where they are not known."""
    recording_url: str | None = None
    read_from: str | None = None
    """Path or address of the bytes that its own text was read from; None where they were not kept."""
    matched_by: MatchedBy = "identity"
    """What ``find`` recognised it by: source and external id, canonical URL, or nothing but the same text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisedText:
    """A text of a document beside the one before it."""

    document_id: int
    publisher: str | None
    url: str | None
    number: int
    seen_at: dt.datetime
    reason: RevisionReason
    title: str | None
    text: str
    title_before: str | None
    before: str


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
    differs: Sequence[str] = (),
    arrival_id: int | None = None,
) -> int:
    """Store a new document and return its id. ``speaker_id``: who speaks in the first person (posts).

    ``differs``: facts in which it is another than what it is a near duplicate of.
    """
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
        differs=list(differs) or None,
        speaker_id=speaker_id,
        arrival_id=arrival_id,
        times=data.times or None,
        recording_url=raw.recording_url,
        notes=list(raw.notes) or None,
    )
    session.add(document)
    session.flush()
    copies.remember(session, document)
    return document.id


def revise(
    session: Session,
    document_id: int,
    data: DocumentData,
    seen_at: dt.datetime,
    *,
    reason: RevisionReason = "changed",
    arrival_id: int | None = None,
) -> int:
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
            reason=reason,
            title=data.raw.title,
            arrival_id=arrival_id,
            times=data.times or None,
        )
    )
    session.flush()
    return number + 1


def set_published(session: Session, document_id: int, raw: RawDocument) -> PartialDate:
    """Note when a document is from, which ``raw`` tells, and how that is known; return the day."""
    document = _existing(session, document_id)
    assert raw.published_at is not None
    document.published_at, document.published_precision = raw.published_at, raw.published_precision
    document.notes = list(dict.fromkeys((*(document.notes or ()), *raw.notes))) or None
    session.flush()
    return raw.published_at.date().isoformat()


def texts(session: Session) -> Iterator[tuple[int, str, str]]:
    """(id, text, text_sha256) of every document, read in small portions."""
    columns = select(Document.id, Document.text, Document.text_sha256).order_by(col(Document.id))
    yield from session.exec(columns.execution_options(yield_per=100))


def text_at(session: Session, document_id: int, revision: int = 0) -> str:
    """One text of a document; 0 is its own, others are revisions. Raises NotFoundError."""
    document = _existing(session, document_id)
    if not revision:
        return document.text
    found = _revision(session, document_id, revision)
    if found is None:
        raise NotFoundError(f"document {document_id} has no revision {revision}")
    return found.text


def texts_at(session: Session, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Texts by document and number of the revision; 0 is the document's own text."""
    ids = {document_id for document_id, _ in places}
    own = session.exec(select(Document.id, Document.text).where(col(Document.id).in_(ids)))
    found = {(document_id, 0): text for document_id, text in own}
    if revised := {document_id for document_id, number in places if number}:
        columns = select(Revision.document_id, Revision.number, Revision.text)
        rows = session.exec(columns.where(col(Revision.document_id).in_(revised)))
        found |= {(document_id, number): text for document_id, number, text in rows}
    return found


def later_texts(session: Session, ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """Every revision's number and text, in order, of those of these documents that have any."""
    columns = select(Revision.document_id, Revision.number, Revision.text)
    rows = session.exec(columns.where(col(Revision.document_id).in_(ids)).order_by(col(Revision.number)))
    found: dict[int, list[tuple[int, str]]] = {}
    for document_id, number, text in rows:
        found.setdefault(document_id, []).append((number, text))
    return found


def revised(session: Session, document_id: int | None = None, *, since: dt.date | None = None) -> Iterator[RevisedText]:
    """Every revision of a document (None: of all) that was seen on that day or later, the last seen first.

    Raises NotFoundError for an unknown document.
    """
    query = select(Revision).order_by(col(Revision.seen_at).desc(), col(Revision.id).desc())
    if document_id is not None:
        query = query.where(Revision.document_id == _existing(session, document_id).id)
    if since:
        query = query.where(col(Revision.seen_at) >= dt.datetime.combine(since, dt.time(), dt.UTC))
    for revision in session.exec(query.execution_options(yield_per=100)):
        document = _existing(session, revision.document_id)
        before = _revision(session, document.id, revision.number - 1) or document
        yield RevisedText(
            document_id=document.id,
            publisher=document.publisher,
            url=document.url,
            number=revision.number,
            seen_at=revision.seen_at,
            reason=revision.reason,
            title=revision.title or document.title,
            text=revision.text,
            title_before=before.title or document.title,
            before=before.text,
        )


def _revision(session: Session, document_id: int, number: int) -> Revision | None:
    return session.exec(select(Revision).where(Revision.document_id == document_id, Revision.number == number)).first()


def _existing(session: Session, document_id: int) -> Document:
    document = session.get(Document, document_id)
    if document is None:
        raise NotFoundError(f"no document {document_id} in the record")
    return document


def _latest_revision(session: Session, document_id: int) -> Revision | None:
    revisions = select(Revision).where(Revision.document_id == document_id)
    return session.exec(revisions.order_by(col(Revision.number).desc()).limit(1)).first()


def _stored(session: Session, document: Document, matched_by: MatchedBy) -> StoredDocument:
    hashes = select(Revision.text_sha256).where(Revision.document_id == document.id).order_by(col(Revision.number))
    revisions = session.exec(hashes).all()
    latest = _latest_revision(session, document.id) if revisions else None
    arrival = session.get(Arrival, document.arrival_id) if document.arrival_id is not None else None
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
        latest_text=(latest or document).text,
        hashes=(document.text_sha256, *revisions),
        times=(latest or document).times or (),
        recording_url=document.recording_url,
        read_from=arrival.name if arrival else None,
        matched_by=matched_by,
    )
