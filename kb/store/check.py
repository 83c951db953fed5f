"""Checking every invariant of the record; nothing is repaired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import and_, exists, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from kb.store import documents, raw, speakers
from kb.store.store import Store
from kb.store.tables import Attribution, Document, Revision, Speaker, Statement
from kb.text import sha256, words_at
from kb.types import Spans


def check(store: Store) -> list[str]:
    """What is wrong with the record, one line each; empty when it is sound. Raises StoreError for a broken file."""
    # A writing transaction, because the check of a full-text index is spelled as an INSERT.
    with store.transaction() as session:
        checks = (_texts, _revisions, _attributions, _bodies, _statements, _merges)
        problems = [problem for run in checks for problem in run(session)]
        if session.get_bind().dialect.name == "sqlite":
            problems.extend(_sqlite(session))
        return problems


def _texts(session: Session) -> Iterator[str]:
    for document_id, content, digest in documents.texts(session):
        if sha256(content) != digest:
            yield f"document {document_id}: its text does not have the hash {digest}"


def _revisions(session: Session) -> Iterator[str]:
    for revision in session.exec(select(Revision).execution_options(yield_per=100)):
        if sha256(revision.text) != revision.text_sha256:
            yield f"revision {revision.number} of document {revision.document_id}: its text does not have its hash"


def _attributions(session: Session) -> Iterator[str]:
    revised = and_(
        col(Revision.document_id) == col(Attribution.document_id), col(Revision.number) == col(Attribution.revision)
    )
    query = select(Attribution, Document.text, Revision.text).join(
        Document, col(Attribution.document_id) == col(Document.id)
    )
    query = query.outerjoin(Revision, revised).order_by(col(Attribution.id)).execution_options(yield_per=100)
    for row, own, revision in session.exec(query):
        where = f"attribution {row.id} in document {row.document_id}"
        if row.revision and revision is None:
            yield f"{where}: the document has no revision {row.revision}"
            continue
        content = revision if row.revision else own
        for name, spans in (("source", row.source_spans), ("cue", row.cue_spans), ("content", row.content_spans)):
            if not _inside(spans, content):
                yield f"{where}: a {name} span lies outside the text"
        if words_at(content, row.content_spans) != row.words:
            yield f"{where}: the words at its offsets are not the stored ones"
        if words_at(content, row.source_spans) != row.speaker_text:
            yield f"{where}: the source words at its offsets are not the stored ones"


def _bodies(session: Session) -> Iterator[str]:
    for digest in raw.damaged(session):
        yield f"stored bytes {digest}: they do not have their hash"


def _inside(spans: Spans, content: str) -> bool:
    return all(0 <= start < end <= len(content) for start, end in spans)


def _statements(session: Session) -> Iterator[str]:
    reported = exists().where(col(Attribution.statement_id) == col(Statement.id))
    for statement_id in session.exec(select(Statement.id).where(~reported)):
        yield f"statement {statement_id}: no document reports it"


def _merges(session: Session) -> Iterator[str]:
    merges = speakers.surviving_merges(session)
    roots = speakers.replay(merges)
    if len(roots) < len(merges):
        yield "merges: some join speakers that are one already, so that undoing one would not part them"
    for speaker_id, merged_into in session.exec(select(Speaker.id, Speaker.merged_into)):
        if merged_into != roots.get(speaker_id):
            yield f"speaker {speaker_id}: merged into {merged_into}, but the merges say {roots.get(speaker_id)}"


def _sqlite(session: Session) -> Iterator[str]:
    for (found,) in session.connection().execute(text("PRAGMA integrity_check")):
        if found != "ok":
            yield f"file: {found}"
    orphans = Counter((row[0], row[2]) for row in session.connection().execute(text("PRAGMA foreign_key_check")))
    for (table, parent), number in sorted(orphans.items()):
        yield f"{table}: {number} rows point to no {parent}"
    for index in ("statement_fts", "document_fts"):
        try:
            # rank 1: compare the index with the table, not only with itself
            session.connection().execute(text(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)"))
        except DatabaseError:
            yield f"{index}: the full-text index does not match its table"
