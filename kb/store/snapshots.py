"""Statements as JSON values, so that a correction holds what it changed and a statement can be made again from it.

Row ids in them are only hints: they hold in the database that wrote them.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from kb.store import speakers
from kb.store.tables import Alias, Mention, Speaker, Statement
from kb.text import fold
from kb.types import Spans, SpeakerMention

HORIZON = ("earliest", "latest", "precision", "horizon_phrase", "horizon_rule", "strict_latest")
DATES = ("earliest", "latest", "strict_latest")
READING = ("kind", "text", "said_on", "strength", "p_low", "p_high", "p_scale", "quantity", "review", "fingerprint")
"""Columns of a statement that its snapshot holds as they are."""


def snapshot_of(session: Session, statement: Statement) -> dict[str, Any]:
    """A statement as JSON values, so that it can be made again."""
    query = select(Mention.entity, Mention.label).where(Mention.statement_id == statement.id)
    return {
        "id": statement.id,
        **{column: getattr(statement, column) for column in READING},
        "speaker": speaker_value(session, statement.speaker_id),
        "horizon": horizon_value(statement),
        "mentions": sorted([entity, label] for entity, label in session.exec(query)),
    }


def reading_of(session: Session, statement: Statement) -> dict[str, Any]:
    """What a statement reads as, but for what people say of it: its review, and its identity."""
    hidden = ("id", "review", "fingerprint", "mentions")
    return {name: value for name, value in snapshot_of(session, statement).items() if name not in hidden}


def restore(session: Session, snapshot: dict[str, Any]) -> Statement:
    """Make a statement anew; under its old number where that is free and was given out here."""
    statement = Statement(
        **{column: snapshot[column] for column in READING}, **horizon_columns(snapshot["horizon"] or {})
    )
    speaker = snapshot["speaker"]
    statement.speaker_id = speaker_of(session, speaker) if speaker else None
    number = snapshot.get("id")
    if number and number <= _last_number(session) and session.get(Statement, number) is None:
        statement.id = number
    session.add(statement)
    session.flush()
    for entity, label in snapshot["mentions"]:
        session.add(Mention(statement_id=statement.id, entity=entity, label=label))
    session.flush()
    return statement


def _last_number(session: Session) -> int:
    """The highest number that a statement of this database ever had."""
    counter = {
        "sqlite": "SELECT seq FROM sqlite_sequence WHERE name = 'statement'",
        "postgresql": "SELECT last_value FROM statement_id_seq",
    }[session.get_bind().dialect.name]
    return int(session.connection().execute(text(counter)).scalar() or 0)


def speaker_value(session: Session, speaker_id: int | None) -> dict[str, Any] | None:
    """A speaker as JSON values; None: nobody knows."""
    speaker = session.get(Speaker, speaker_id) if speaker_id is not None else None
    return {"id": speaker.id, "name": speaker.name, "kind": speaker.kind} if speaker else None


def speaker_of(session: Session, value: dict[str, Any]) -> int:
    """The speaker of that number if the name is theirs, else the one of that name and kind, else a new one."""
    known = session.get(Speaker, value["id"]) if value.get("id") else None
    if known and known.name == value["name"]:
        return known.id
    query = select(Speaker.id).join(Alias, col(Alias.speaker_id) == col(Speaker.id))
    named = query.where(Alias.folded == fold(value["name"]), Speaker.kind == value["kind"]).distinct()
    found = session.exec(named.order_by(col(Speaker.id)).limit(2)).all()
    if len(found) == 1:
        return found[0]
    return speakers.create(session, SpeakerMention(name=value["name"], kind=value["kind"]), origin="user")


def horizon_value(statement: Statement) -> dict[str, Any] | None:
    """A horizon as JSON values; None: the statement names no time."""
    if statement.precision is None:
        return None
    values = {column: getattr(statement, column) for column in HORIZON}
    return {name: value.isoformat() if name in DATES and value else value for name, value in values.items()}


def horizon_columns(value: dict[str, Any]) -> dict[str, Any]:
    """The columns of a horizon, from its JSON values; None where it names no time."""
    read = {column: value.get(column) for column in HORIZON}
    return {name: dt.date.fromisoformat(v) if name in DATES and v else v for name, v in read.items()}


def spans_from(value: str | None) -> Spans:
    """Spans from their JSON."""
    return tuple((start, end) for start, end in json.loads(value or "[]"))


def as_json(value: Any) -> str | None:
    """A value as a correction keeps it; None stays None."""
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
