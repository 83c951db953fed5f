"""What is to be reviewed, and what came of reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from kb.store import corrections
from kb.store.facets import outlet
from kb.store.tables import Attribution, Correction, Document, Statement
from kb.types import QuoteKind, Review

Order = Literal["doubt", "confidence", "newest"]
"""Confidence nearest to 0.5 first; least confident first; last recorded first."""

DOUBT = 0.5
"""The confidence of which nothing is known."""

REPORTS = 10
"""Reports read for each statement that is wanted; few have more."""

NOT_READ = {"review", "reading", corrections.APART}
"""Fields of corrections that name nothing of what an extraction reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A report of a statement that somebody reviewed."""

    statement_id: int
    fingerprint: str
    review: Review
    outlet: str
    quote_kind: QuoteKind


def queue(session: Session, conditions: Sequence[ColumnElement[bool]], order: Order, limit: int) -> list[int]:
    """Statements that meet ``conditions``, each once, by the confidence of the report that comes first.

    Fewer than ``limit`` where the reports that come first are all of few statements.
    """
    if order == "newest":
        query: Any = select(col(Statement.id)).where(*conditions).order_by(col(Statement.id).desc()).limit(limit)
        return list(session.scalars(query))
    confidence = col(Attribution.confidence)
    query = select(col(Attribution.statement_id), confidence)
    query = query.join(Statement, col(Statement.id) == col(Attribution.statement_id)).where(*conditions)
    query = query.limit(limit * REPORTS)
    rising = query.order_by(confidence, col(Attribution.id))
    if order == "confidence":
        found = session.execute(rising).all()
    else:
        falling = query.order_by(confidence.desc(), col(Attribution.id))
        ends = (rising.where(confidence >= DOUBT), falling.where(confidence < DOUBT))
        read = [row for end in ends for row in session.execute(end)]
        found = sorted(read, key=lambda row: abs(row.confidence - DOUBT))
    return list(dict.fromkeys(row.statement_id for row in found))[:limit]


def reviewed(session: Session, conditions: Sequence[ColumnElement[bool]]) -> Iterator[Reviewed]:
    """Every report of the reviewed statements that meet ``conditions``, by statement."""
    query: Any = select(
        col(Statement.id),
        col(Statement.fingerprint),
        col(Statement.review),
        outlet(session),
        col(Attribution.quote_kind),
    )
    query = query.join(Attribution, col(Attribution.statement_id) == col(Statement.id))
    query = query.join(Document, col(Document.id) == col(Attribution.document_id))
    query = query.where(col(Statement.review) != "machine", *conditions).order_by(
        col(Statement.id), col(Attribution.id)
    )
    for statement_id, fingerprint, review, name, quote_kind in session.connection().execute(query):
        yield Reviewed(
            statement_id=statement_id,
            fingerprint=fingerprint,
            review=review,
            outlet=name or "unknown",
            quote_kind=quote_kind,
        )


def edited_fields(session: Session) -> dict[str, set[str]]:
    """Which fields people corrected, by fingerprint of the statement; what was taken back is left out."""
    by_statement: dict[str, list[Correction]] = defaultdict(list)
    for row in session.scalars(select(Correction).order_by(col(Correction.id))):
        by_statement[row.statement].append(row)
    fields: dict[str, set[str]] = defaultdict(set)
    for fingerprint, rows in by_statement.items():
        made = set(corrections.standing(rows))
        fields[fingerprint] = {row.field for row in rows if row.judgement in made} - NOT_READ
    return fields
