"""Bytes as they arrived: kept packed, once, with how they came, and given back to be read again."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func
from sqlmodel import Session, col, select

from kb.store.tables import Arrival, Body, Document, Revision
from kb.types import Origin, Payload

KEPT_HEADERS = frozenset("content-location content-type date etag last-modified link x-robots-tag".split())
"""What tells how a body is to be read, and when it was made; cookies and the rest stay out of the record."""

LEVEL = 6
"""Of gzip: pages shrink to a fifth; 9 takes twice as long for one per cent more."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes of the record, as they can be read again."""

    payload: Payload
    hints: Mapping[str, Any]
    """As ``kb.types.Origin`` has them."""


def keep(session: Session, origin: Origin) -> int:
    """Store the bytes, unless they are there, and how they came; return the id of the arrival.

    The same bytes from the same place are one arrival, the first.
    """
    name, payload = origin.payload.name, origin.payload
    same = select(Arrival.id).where(Arrival.sha256 == origin.sha256, Arrival.name == name)
    known = session.exec(same).first()
    if known is not None:
        return known
    _keep_body(session, origin.sha256, payload.data)
    siblings = {name: hashlib.sha256(data).hexdigest() for name, data in origin.siblings.items()}
    for name_beside, digest in siblings.items():
        _keep_body(session, digest, origin.siblings[name_beside])
    arrival = Arrival(
        sha256=origin.sha256,
        name=name,
        url=payload.url,
        status=payload.status,
        content_type=payload.content_type,
        headers={key: value for key, value in payload.headers.items() if key in KEPT_HEADERS},
        hints=dict(origin.hints),
        siblings=siblings,
        container=payload.container,
        notes=list(payload.notes),
        fetched_at=payload.fetched_at,
    )
    session.add(arrival)
    session.flush()
    return arrival.id


def _keep_body(session: Session, digest: str, data: bytes) -> None:
    if session.exec(select(Body.sha256).where(Body.sha256 == digest)).first() is None:
        session.add(Body(sha256=digest, size=len(data), packed=gzip.compress(data, LEVEL, mtime=0)))
        session.flush()


def load(session: Session, arrival_id: int) -> Stored:
    """The bytes of an arrival with the files that were read beside them."""
    arrival = session.get_one(Arrival, arrival_id)
    siblings = {name: _unpacked(session, digest) for name, digest in arrival.siblings.items()}
    payload = Payload(
        data=_unpacked(session, arrival.sha256),
        name=arrival.name,
        url=arrival.url,
        content_type=arrival.content_type,
        fetched_at=arrival.fetched_at,
        sibling=siblings.get,
        status=arrival.status,
        headers=arrival.headers,
        container=arrival.container,
        notes=tuple(arrival.notes),
    )
    return Stored(payload, arrival.hints)


def _unpacked(session: Session, digest: str) -> bytes:
    return gzip.decompress(session.get_one(Body, digest).packed)


def readable(session: Session, *, source_id: int | None = None, since: dt.date | None = None) -> dict[int, list[int]]:
    """Documents by the arrival that their last text was read from, both in the order stored.

    Of one source; of bytes that arrived on that day or later.
    """
    last = select(func.max(Revision.number)).where(Revision.document_id == Document.id).correlate(Document)
    arrival_id = case((col(Revision.id).is_(None), Document.arrival_id), else_=Revision.arrival_id)
    query = (
        select(Arrival.id, Document.id)
        .select_from(Document)
        .outerjoin(
            Revision, and_(col(Revision.document_id) == Document.id, col(Revision.number) == last.scalar_subquery())
        )
        .join(Arrival, col(Arrival.id) == arrival_id)
        .order_by(col(Arrival.id), col(Document.id))
    )
    if source_id is not None:
        query = query.where(Document.source_id == source_id)
    if since:
        query = query.where(Arrival.fetched_at >= dt.datetime.combine(since, dt.time(), dt.UTC))
    found: dict[int, list[int]] = {}
    for arrival, document_id in session.exec(query):
        found.setdefault(arrival, []).append(document_id)
    return found


def damaged(session: Session) -> Iterator[str]:
    """Hashes of bodies that are not what they were."""
    for body in session.exec(select(Body).execution_options(yield_per=20)):
        try:
            sound = hashlib.sha256(gzip.decompress(body.packed)).hexdigest() == body.sha256
        except (OSError, EOFError, zlib.error):
            sound = False
        if not sound:
            yield body.sha256
