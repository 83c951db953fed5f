"""Which stored documents may share a text with a new one? Found by an index, however many there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from kb.shingles import shingles, sketch
from kb.store.tables import Document, Shingle

DAYS = 30
"""Copies of a story appear within this many days of one another, weeklies and monthlies included. An older text that
appears again is news of its own."""

LOOKED_AT = 5
"""Candidates that are compared in full: those that share most. Of a story that has ten copies, any will do."""

ASKED = 500
"""Hashes that are asked for, those of about 8,000 words: a longer text shares as much of its first ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored document that shares words with the one asked for."""

    id: int
    text: str
    story: int
    """The document that it is a mere copy of; its own id where it is none."""


def remember(session: Session, document: Document) -> None:
    """Put a new document into the index; posts are none of it, as people may well say the same again."""
    hashes = sketch(shingles(document.text)) if document.kind != "post" else []
    if hashes:
        day = day_of(document.published_at, document.fetched_at)
        rows = [{"hash": h, "day": day, "document_id": document.id} for h in hashes]
        session.connection().execute(insert(Shingle), rows)


def day_of(published_at: dt.datetime | None, fetched_at: dt.datetime) -> int:
    """The day under which a document is found: that of publication, else that on which it was read."""
    return (published_at or fetched_at).astimezone(dt.UTC).date().toordinal()


def candidates(session: Session, hashes: Sequence[int], *, day: int) -> list[Candidate]:
    """The documents of about that day that share most with these hashes, the most first; of equals that first stored.

    A hash counts the less the more documents have it: an outlet's boilerplate is in all that it prints.
    """
    if not hashes:
        return []
    near = col(Shingle.day).between(day - DAYS, day + DAYS)
    hits = select(Shingle.hash, Shingle.document_id).where(col(Shingle.hash).in_(hashes[:ASKED]), near).cte("hits")
    weight = (1.0 / func.count()).label("weight")
    weights = select(hits.c.hash, weight).group_by(hits.c.hash).cte("weights")
    query = select(hits.c.document_id).join(weights, weights.c.hash == hits.c.hash).group_by(hits.c.document_id)
    query = query.order_by(func.sum(weights.c.weight).desc(), hits.c.document_id)
    ids = session.exec(query.limit(LOOKED_AT)).all()
    found = {row.id: row for row in session.exec(select(Document).where(col(Document.id).in_(ids)))}
    return [_candidate(found[document_id]) for document_id in ids]


def _candidate(row: Document) -> Candidate:
    story = row.near_duplicate_of if row.near_duplicate_of and not row.differs else row.id
    return Candidate(id=row.id, text=row.text, story=story)
