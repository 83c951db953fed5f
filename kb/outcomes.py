"""Recording how statements turned out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from kb.dates import parse_partial
from kb.errors import InputError, JudgementError
from kb.store import Session, Store, documents, ledger, statement_rows
from kb.store.documents import StoredDocument
from kb.store.ledger import NewEvidence, NewOutcome
from kb.text import fold
from kb.types import Direction, OutcomeRow, PartialDate, StatementRow, Verdict

METHOD = "manual"
"""How these outcomes come about: a person weighs the evidence."""

DIRECTIONS: dict[Verdict, Direction] = {
    "true": "supports",
    "mostly": "supports",
    "late": "supports",
    "false": "refutes",
}
"""Which way evidence for a verdict points; for the others it is neutral. These are the verdicts that need evidence."""

DAY_AHEAD = dt.timedelta(days=1)
"""East of Greenwich it is tomorrow before UTC says so."""

_URL = re.compile(r"(?P<url>https?://[^\s|]+)(?:\s*\|\s*(?P<quote>[^|]*))?(?:\|\s*(?P<date>\d[\d-]*)\s*)?")
_DOCUMENT = re.compile(r"(?P<id>\d{1,9})(?::\s*(?P<quote>.+))?", re.DOTALL)


def resolve(
    store: Store,
    statement_id: int,
    verdict: str,
    *,
    evidence: Sequence[str] = (),
    known_on: dt.date | None = None,
    reason: str = "",
    recorded_by: str,
    now: dt.datetime,
) -> OutcomeRow:
    """Record how a prediction or commitment turned out; earlier outcomes stay in the record, superseded.

    An item of ``evidence`` is ``URL``, ``URL|quote``, ``URL|quote|date``, ``DOC`` or ``DOC:quote``, DOC being the id of
    a stored document that has the quote (accents, case and white space aside); a URL that the record has is that
    document. ``known_on`` None: the day of ``now``. Nothing is stored when this raises NotFoundError (statement or
    document) or JudgementError (anything that contradicts the record).
    """
    known_on = known_on or now.date()
    with store.transaction() as session:
        row = statement_rows.get(session, statement_id)
        checked = _check(row, verdict, known_on, latest_day=now.date() + DAY_AHEAD)
        if checked in DIRECTIONS and not evidence:
            raise JudgementError(f"the verdict {verdict!r} needs evidence: a URL, or the number of a document")
        direction = DIRECTIONS.get(checked, "neutral")
        new = NewOutcome(
            verdict=checked,
            known_on=known_on,
            recorded_at=now,
            recorded_by=recorded_by,
            method=METHOD,
            reason=reason,
            evidence=tuple(_read(session, item.strip(), direction) for item in evidence),
        )
        ledger.append(session, statement_id, new)
        return statement_rows.get(session, statement_id).outcomes[-1]


def _check(row: StatementRow, verdict: str, known_on: dt.date, *, latest_day: dt.date) -> Verdict:
    known: dict[str, Verdict] = {v: v for v in get_args(Verdict)}
    if verdict not in known:
        raise JudgementError(f"unknown verdict {verdict!r}; known: {', '.join(known)}")
    if row.kind not in ledger.RESOLVABLE:
        raise JudgementError(f"statement {row.id} is a {row.kind}: only predictions and commitments have outcomes")
    if row.said_on and known_on.isoformat()[: len(row.said_on)] < row.said_on:
        raise JudgementError(f"statement {row.id} was said on {row.said_on}: not yet known on {known_on}")
    if known_on > latest_day:
        raise JudgementError(f"{known_on} is in the future: an outcome is recorded once it is known")
    due = row.horizon.latest if row.horizon else None
    if verdict == "late" and due and known_on <= due:
        raise JudgementError(f"statement {row.id} is due on {due}: on {known_on} nothing was late yet")
    return known[verdict]


def _read(session: Session, item: str, direction: Direction) -> NewEvidence:
    if at_url := _URL.fullmatch(item):
        url, quote, date = at_url["url"], (at_url["quote"] or "").strip(), _date(at_url["date"], item)
        stored = documents.at(session, url)
        if stored is not None:
            return replace(_read_document(stored, quote, direction), url=url)
        return NewEvidence(url=url, quote=quote, direction=direction, date=date)
    if in_document := _DOCUMENT.fullmatch(item):
        stored = documents.get(session, int(in_document["id"]))
        return _read_document(stored, in_document["quote"] or "", direction)
    raise JudgementError(f"evidence {item!r} is neither a URL nor the number of a document (with :quote if you like)")


def _date(text: str | None, item: str) -> PartialDate | None:
    try:
        return parse_partial(text) if text else None
    except InputError as error:
        raise JudgementError(f"evidence {item!r}: {error}") from error


def _read_document(document: StoredDocument, quote: str, direction: Direction) -> NewEvidence:
    if fold(quote) not in fold(document.text):
        raise JudgementError(f"document {document.id} ({document.title or document.url}) does not say {quote!r}")
    return NewEvidence(
        document_id=document.id,
        quote=quote,
        direction=direction,
        date=document.published_at.date().isoformat() if document.published_at else None,
        archived_sha256=document.text_sha256,
    )
