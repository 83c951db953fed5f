"""The ledger of outcomes and their evidence: entries are added, never changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session, col, select

from kb.store.tables import Evidence, Outcome
from kb.types import Direction, PartialDate, StatementKind, Verdict

RESOLVABLE: tuple[StatementKind, ...] = ("prediction", "commitment")
"""Kinds of statements that turn out one way or another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """An item of evidence to record; it has a ``url``, a ``document_id``, or both."""

    url: str | None = None
    document_id: int | None = None
    quote: str = ""
    direction: Direction
    date: PartialDate | None = None
    archived_sha256: str | None = None
    """Hash of the text that the record keeps of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutcome:
    """An outcome to record."""

    verdict: Verdict
    known_on: dt.date
    recorded_at: dt.datetime
    recorded_by: str
    method: str
    reason: str
    evidence: tuple[NewEvidence, ...] = ()


def append(session: Session, statement_id: int, new: NewOutcome) -> int:
    """Add an outcome with its evidence and return its id; it supersedes the last one of that statement."""
    previous = select(Outcome.id).where(Outcome.statement_id == statement_id).order_by(col(Outcome.id).desc()).limit(1)
    outcome = Outcome(
        statement_id=statement_id,
        verdict=new.verdict,
        known_on=new.known_on,
        recorded_at=new.recorded_at,
        recorded_by=new.recorded_by,
        method=new.method,
        reason=new.reason,
        supersedes=session.exec(previous).first(),
    )
    session.add(outcome)
    session.flush()
    for item in new.evidence:
        session.add(
            Evidence(
                statement_id=statement_id,
                outcome_id=outcome.id,
                url=item.url,
                document_id=item.document_id,
                quote=item.quote,
                direction=item.direction,
                date=item.date,
                archived_sha256=item.archived_sha256,
            )
        )
    session.flush()
    return outcome.id
