"""What a later extraction finds where a person has judged: it changes nothing, and is kept where it differs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlmodel import Session, col, select

from kb import types
from kb.store import corrections, reviews, snapshots
from kb.store.corrections import Place
from kb.store.documents import texts_at
from kb.store.reviews import SAME_PLACE, Placed, overlap
from kb.store.tables import Correction, Disagreement, Speaker, Statement
from kb.text import fold, sha256, words_at
from kb.types import ConflictRow, Spans


def known_here(session: Session, document_id: int, revision: int, found: types.Attribution) -> Placed | None:
    """The reviewed report at the place of what was found in a text of a document; None where nobody judged there.

    The place is the same where half of the shorter content is, also of a content that a person has since corrected.
    """
    text = texts_at(session, [(document_id, revision)])[document_id, revision]
    digest = sha256(text)
    said = corrections.of_text(session, digest)
    if not said:
        return None
    here = [report for report in reviews.in_text(session, digest) if report.row.document_id == document_id]
    source = words_at(text, found.source)
    judged = [report for report in here if session.get_one(Statement, report.row.statement_id).review != "machine"]
    scored = [(_nearness(session, report, said, found.content, source), -report.row.id, report) for report in judged]
    best = max(scored, key=lambda one: one[:2], default=None)
    exactly = any(r.place.spans == found.content and r.place.speaker_text == source for r in here if r not in judged)
    return best[2] if best and best[0][0] >= SAME_PLACE and not exactly else None


def _nearness(
    session: Session, report: Placed, said: list[Correction], content: Spans, source: str
) -> tuple[float, bool]:
    """How much of a content a report has, now or before it was corrected; and whether the source words are its own."""
    before = [row.spans for row in said if reviews.place_after(session, row) == report.place]
    shared = max(overlap(spans, content) for spans in (report.place.spans, *before))
    return shared, report.place.speaker_text == source


def note(session: Session, report: Placed, found: types.Attribution, *, extractor: str, now: dt.datetime) -> None:
    """Keep what a newer extraction found differently at a reviewed report, once."""
    statement = session.get_one(Statement, report.row.statement_id)
    seen = {_seen(row) for row in corrections.of_statement(session, statement.fingerprint)}
    for field, person, machine in _differences(session, statement, report, found):
        if (field, machine) in seen:
            continue  # the reviewer saw it, and said otherwise
        values: dict[str, Any] = {**asdict(report.place), "field": field, "machine": machine}
        same = (getattr(Disagreement, name) == value for name, value in values.items())
        if session.exec(select(Disagreement.id).where(*same)).first() is None:
            session.add(Disagreement(**values, person=person, extractor=extractor, found_at=now))
    session.flush()


def _seen(row: Correction) -> tuple[str, str]:
    """What the reviewer saw before a correction, spelled as ``_differences`` spells what was found."""
    old = row.old or "null"
    if row.field == "speaker":
        return row.field, (json.loads(old) or {}).get("name", "")
    if row.field == "horizon":
        return row.field, str((json.loads(old) or {}).get("latest") or "none")
    return row.field, old


def _differences(
    session: Session, statement: Statement, report: Placed, found: types.Attribution
) -> Iterator[tuple[str, str, str]]:
    """Field, what the person says, and what was found."""
    if statement.review == "rejected":
        return  # a person said that there is nothing, whatever is read from it
    if found.statement.kind != statement.kind:
        yield "kind", statement.kind, found.statement.kind
    speaker = session.get(Speaker, statement.speaker_id) if statement.speaker_id else None
    name = found.speaker.name if found.speaker else ""
    known = session.get(Speaker, speaker.merged_into) if speaker and speaker.merged_into else speaker
    names = {fold(one.name) for one in (speaker, known) if one} or {""}
    if name and fold(name) not in names:
        yield "speaker", known.name if known else "unknown", name
    latest = found.statement.horizon.latest if found.statement.horizon else None
    if latest != statement.latest:
        yield "horizon", str(statement.latest or "none"), str(latest or "none")
    if found.content != report.place.spans:
        yield "content", str(snapshots.as_json(report.place.spans)), str(snapshots.as_json(found.content))


def unsettled(session: Session) -> list[ConflictRow]:
    """What was noted since a person last judged the statement, the newest first."""
    rows: list[ConflictRow] = []
    for noted in session.exec(select(Disagreement).order_by(col(Disagreement.id).desc())):
        place = Place(noted.document_sha256, noted.spans, noted.speaker_text)
        for attribution in reviews.at(session, place)[:1]:
            statement = session.get_one(Statement, attribution.statement_id)
            judged = corrections.of_statement(session, statement.fingerprint)
            if any(row.made_at > noted.found_at for row in judged if row.field != corrections.APART):
                continue
            rows.append(
                ConflictRow(
                    statement_id=statement.id,
                    text=statement.text,
                    document_id=attribution.document_id,
                    field=noted.field,
                    person=noted.person,
                    machine=noted.machine,
                    extractor=noted.extractor,
                    found_at=noted.found_at,
                )
            )
    return rows
