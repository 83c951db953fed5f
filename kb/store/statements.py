"""Statements and the attributions that report them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, select

from kb import types
from kb.dates import sooner
from kb.errors import NotFoundError
from kb.store.documents import text_at
from kb.store.tables import Attribution, Mention, Outcome, Speaker, Statement
from kb.text import fingerprint, fold_words, words_at
from kb.types import PartialDate, Review, Spans, SpeakerKind, StatementData


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a text of a document reports already."""

    statement_id: int
    words: str
    speaker_text: str
    speaker_id: int | None
    root_id: int | None
    """The speaker, merges applied; None when unknown."""
    name: str
    kind: SpeakerKind | None
    review: Review


def insert(session: Session, speaker_id: int | None, data: StatementData, *, said_on: PartialDate | None) -> int:
    """Store a new statement and return its id; the caller attaches a report of it in the same transaction.

    ``speaker_id`` None: unknown.
    """
    speaker = session.get(Speaker, speaker_id) if speaker_id is not None else None
    if speaker_id is not None and speaker is None:
        raise NotFoundError(f"no speaker {speaker_id} in the record")
    name = speaker.name if speaker else ""
    statement = Statement(
        speaker_id=speaker_id,
        said_on=said_on,
        fingerprint=_new_fingerprint(session, name, data.text, said_on or ""),
        **_reading(data),
        **_horizon(data.horizon),
    )
    session.add(statement)
    session.flush()
    _add_mentions(session, statement.id, data)
    session.flush()
    return statement.id


def reword(session: Session, statement_id: int, data: StatementData | None, *, said_on: PartialDate | None) -> None:
    """Take over a fuller report's reading (None: keep this one) and an earlier date.

    What the fuller report does not give is kept: a dated horizon, a quantity. A statement that a person has reviewed
    or resolved keeps its whole reading, and the fingerprint always stays. Raises NotFoundError.
    """
    statement = session.get(Statement, statement_id)
    if statement is None:
        raise NotFoundError(f"no statement {statement_id} in the record")
    if said_on:
        statement.said_on = sooner(statement.said_on or said_on, said_on)
    if data and not _is_judged(session, statement):
        reading = {key: value for key, value in _reading(data).items() if value is not None}
        if data.horizon and (data.horizon.latest or statement.latest is None):
            reading |= _horizon(data.horizon)
        for key, value in reading.items():
            setattr(statement, key, value)
        _add_mentions(session, statement_id, data)
    session.flush()


def attach(
    session: Session,
    statement_id: int,
    document_id: int,
    attribution: types.Attribution,
    *,
    extractor: str,
    now: dt.datetime,
    revision: int = 0,
) -> int:
    """Store one report of a statement and return its id. ``revision``: number of the text that it stands in.

    An attribution of the same words to the same source words in the same text is already there after a re-run: its
    id is returned and nothing changes. Raises NotFoundError for an unknown document or revision.
    """
    text = text_at(session, document_id, revision)
    speaker_text = words_at(text, attribution.source)
    same = select(Attribution.id).where(
        Attribution.document_id == document_id,
        Attribution.revision == revision,
        Attribution.content_spans == attribution.content,
        Attribution.speaker_text == speaker_text,
    )
    known = session.exec(same).first()
    if known is not None:
        return known
    row = Attribution(
        statement_id=statement_id,
        document_id=document_id,
        revision=revision,
        quote_kind=attribution.quote_kind,
        source_spans=attribution.source,
        cue_spans=attribution.cue,
        content_spans=attribution.content,
        speaker_text=speaker_text,
        unknown_because=attribution.unknown_because,
        words=words_at(text, attribution.content),
        confidence=attribution.confidence,
        extractor=extractor,
        extracted_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def date(session: Session, statement_id: int, said_on: PartialDate, horizon: types.Horizon | None) -> None:
    """Note that a statement was made on that day, or earlier, and when it falls due. What has a due date keeps it, and
    so does what a person has reviewed or resolved."""
    statement = session.get_one(Statement, statement_id)
    statement.said_on = sooner(statement.said_on or said_on, said_on)
    if horizon and statement.latest is None and not _is_judged(session, statement):
        for key, value in _horizon(horizon).items():
            setattr(statement, key, value)
    session.flush()


def reports_at(session: Session, document_id: int, revision: int) -> dict[tuple[Spans, str], int]:
    """The statements that one text of a document reports, by content spans and source words."""
    query = select(Attribution).where(Attribution.document_id == document_id, Attribution.revision == revision)
    return {(row.content_spans, row.speaker_text): row.statement_id for row in session.exec(query)}


def places(session: Session, document_id: int, *, revision: int) -> set[tuple[Spans, str]]:
    """Content spans and source words of what is stored of one text of a document, where nobody judged it."""
    query = select(Attribution).join(Statement).where(Statement.review == "machine")
    query = query.where(Attribution.document_id == document_id, Attribution.revision == revision)
    return {(row.content_spans, row.speaker_text) for row in session.exec(query)}


def reported(session: Session, document_id: int) -> Iterator[Reported]:
    """What every text of a document reports, in the order stored."""
    query = select(Attribution, Statement, Speaker).join_from(
        Attribution, Statement, col(Statement.id) == col(Attribution.statement_id)
    )
    query = query.outerjoin(Speaker, col(Speaker.id) == col(Statement.speaker_id))
    for row, statement, speaker in session.exec(
        query.where(Attribution.document_id == document_id).order_by(col(Attribution.id))
    ):
        yield Reported(
            statement_id=row.statement_id,
            words=row.words,
            speaker_text=row.speaker_text,
            speaker_id=statement.speaker_id,
            root_id=(speaker.merged_into or speaker.id) if speaker else None,
            name=speaker.name if speaker else "",
            kind=speaker.kind if speaker else None,
            review=statement.review,
        )


def _reading(data: StatementData) -> dict[str, Any]:
    """The columns that an extractor reads from the content, without the horizon's."""
    return {
        "kind": data.kind,
        "text": data.text,
        "strength": data.strength,
        "p_low": data.p_low,
        "p_high": data.p_high,
        "p_scale": data.p_scale,
        "quantity": asdict(data.quantity) if data.quantity else None,
    }


def _horizon(horizon: types.Horizon | None) -> dict[str, Any]:
    return {
        "earliest": horizon.earliest if horizon else None,
        "latest": horizon.latest if horizon else None,
        "precision": horizon.precision if horizon else None,
        "horizon_phrase": horizon.phrase if horizon else None,
        "horizon_rule": horizon.rule if horizon else None,
        "strict_latest": horizon.strict_latest if horizon else None,
    }


def _add_mentions(session: Session, statement_id: int, data: StatementData) -> None:
    query = select(Mention.entity, Mention.label).where(Mention.statement_id == statement_id)
    known = set(session.exec(query))
    for entity, label in dict.fromkeys(data.mentions):
        if (entity, label) not in known:
            session.add(Mention(statement_id=statement_id, entity=entity, label=label))


def _is_judged(session: Session, statement: Statement) -> bool:
    """Whether a person has vouched for these words, by a review or by an outcome."""
    resolved = select(Outcome.id).where(Outcome.statement_id == statement.id).limit(1)
    return statement.review != "machine" or session.exec(resolved).first() is not None


def _new_fingerprint(session: Session, *parts: str) -> str:
    """A digest of speaker, words and date; the second statement with the same three gets another one."""
    folded = [" ".join(fold_words(part)) for part in parts]
    first = fingerprint(folded)
    number = 1
    digest = first
    while session.exec(select(Statement.id).where(Statement.fingerprint == digest)).first() is not None:
        number += 1
        digest = fingerprint([*folded, str(number)])
    return digest
