"""The whole record, or a part of it, as lines: plain JSON values that another database can load (``kb.store.load``).

Row ids never leave: sources and speakers are numbered in the order of the lines, documents are known by a digest of
their source and their identity there, statements by their fingerprint. What a line refers to comes before it, but for
the earlier statement of a link and the original of a near duplicate. What can be derived (keys of names, roots of
clusters, full-text indexes) is left out, and so is what only polling needs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, Table, func, or_, select
from sqlmodel import Session, SQLModel

from kb.store import conditions
from kb.store.statement_rows import DATE_ORDER, LISTED, bare, find
from kb.store.tables import Statement
from kb.testable import TESTED, testability
from kb.text import fingerprint
from kb.types import Filters

Line = dict[str, Any]

PORTION = 500
"""Rows read at once, with what belongs to them."""

DERIVED = frozenset(("id", "folded", "organisation_key", "merged_into", "supersedes", "version", "arrival_id"))
"""Columns that loading makes anew, and the bytes that texts were read from, which stay where they are."""

POLLING = frozenset(
    """address moving_to moving_since etag last_modified body_sha256 last_polled_at read_at news_at next_poll_at
    poll_seconds last_error error_count inactive_because""".split()
)
LINKS = ("repeats", "slips", "contradicts")


def dump(session: Session, filters: Filters, *, today: dt.date) -> Iterator[Line]:
    """Every line, in a fixed order. Without filters: everything, what was rejected or is no statement included.

    With filters: the statements that pass, and what they refer to. Raises NotFoundError when ``filters.by`` names
    nobody.
    """
    scope = Scope(session, filters, today)
    yield from _sources(session, scope)
    yield from _speakers(session, scope)
    yield from _documents(session, scope)
    yield from _roles(session, scope)
    yield from _statements(session, scope)
    yield from _corrections(session, scope)


def document_key(kind: str, url: str, external_id: str) -> str:
    """How lines call a document: a digest of its source and its identity there."""
    return fingerprint([kind, url, external_id])


def table(name: str) -> Table:
    """A table of the record."""
    return SQLModel.metadata.tables[name]


class Scope:
    """Which rows are dumped, and how lines call them."""

    def __init__(self, session: Session, filters: Filters, today: dt.date) -> None:
        self.whole = filters == Filters()
        self._filters = filters
        self._statements = self._chosen(session, today)
        self.speakers: dict[int, int] = {}
        """Number of a speaker by row id."""
        self.sources: dict[int, tuple[int, str, str]] = {}
        """Number, kind and url by row id."""

    def statements(self) -> Select[Any]:
        """Ids of the statements that are dumped."""
        return self._statements

    def documents(self) -> Select[Any]:
        """Ids of the documents that report them or are evidence."""
        document, attribution, evidence = table("document"), table("attribution"), table("evidence")
        if self.whole:
            return select(document.c.id)
        reporting = select(attribution.c.document_id).where(attribution.c.statement_id.in_(self._statements))
        proving = select(evidence.c.document_id).where(
            evidence.c.statement_id.in_(self._statements), evidence.c.document_id.is_not(None)
        )
        return select(document.c.id).where(or_(document.c.id.in_(reporting), document.c.id.in_(proving)))

    def clusters(self) -> Select[Any]:
        """Ids of the speakers: everybody who is one with somebody who made a statement or wrote a document."""
        speaker, statement, document = table("speaker"), table("statement"), table("document")
        if self.whole:
            return select(speaker.c.id)
        saying = select(statement.c.speaker_id).where(statement.c.id.in_(self._statements))
        writing = select(document.c.speaker_id).where(document.c.id.in_(self.documents()))
        met = or_(speaker.c.id.in_(saying), speaker.c.id.in_(writing))
        roots = select(_root(speaker)).where(met)
        return select(speaker.c.id).where(_root(speaker).in_(roots))

    def key(self, document: Row[Any]) -> str:
        """How lines call the document of a row that has ``source_id`` and ``external_id``."""
        _, kind, url = self.sources[document.source_id]
        return document_key(kind, url, document.external_id)

    def _chosen(self, session: Session, today: dt.date) -> Select[Any]:
        statement = table("statement")
        if self.whole:
            return select(statement.c.id)
        if self._filters.testable:
            ids = [row.id for row in find(session, self._filters, today=today)]
            return select(statement.c.id).where(statement.c.id.in_(ids))
        listed = conditions.listed(self._filters, LISTED)
        passing = conditions.conditions(session, self._filters, today)
        chosen = select(statement.c.id).where(*listed, *passing)
        return chosen.order_by(*DATE_ORDER).limit(self._filters.limit) if self._filters.limit else chosen


def _root(speaker: Table) -> ColumnElement[int]:
    return func.coalesce(speaker.c.merged_into, speaker.c.id)


# --- lines -------------------------------------------------------------------------------------------------------


def _sources(session: Session, scope: Scope) -> Iterator[Line]:
    source, document = table("source"), table("document")
    query = select(source).order_by(source.c.id)
    if not scope.whole:
        query = query.where(source.c.id.in_(select(document.c.source_id).where(document.c.id.in_(scope.documents()))))
    for number, row in enumerate(_rows(session, query), start=1):
        scope.sources[row.id] = (number, row.kind, row.url)
        yield {"type": "source", "id": number, **_values(row, leave_out=POLLING)}


def _speakers(session: Session, scope: Scope) -> Iterator[Line]:
    speaker, alias, merge = table("speaker"), table("alias"), table("merge")
    query = select(speaker).where(speaker.c.id.in_(scope.clusters())).order_by(speaker.c.id)
    for rows in _portions(session, query):
        aliases = _children(session, alias, alias.c.speaker_id, rows)
        for row in rows:
            number = scope.speakers[row.id] = len(scope.speakers) + 1
            names = [_values(name, leave_out={"speaker_id"}) for name in aliases.get(row.id, [])]
            yield {"type": "speaker", "id": number, **_values(row), "aliases": names}
    for row in _rows(session, select(merge).order_by(merge.c.id)):
        if row.from_id in scope.speakers and row.into_id in scope.speakers:
            ends = {"from": scope.speakers[row.from_id], "into": scope.speakers[row.into_id]}
            yield {"type": "merge", **ends, **_values(row, leave_out={"from_id", "into_id"})}


def _documents(session: Session, scope: Scope) -> Iterator[Line]:
    document, revision = table("document"), table("revision")
    query = select(document).where(document.c.id.in_(scope.documents())).order_by(document.c.id)
    for rows in _portions(session, query):
        revisions = _children(session, revision, revision.c.document_id, rows)
        originals = _keys(session, scope, [row.near_duplicate_of for row in rows])
        for row in rows:
            yield {
                "type": "document",
                "id": scope.key(row),
                **_values(row, leave_out={"source_id", "speaker_id"}),
                "source": scope.sources[row.source_id][0],
                "speaker": scope.speakers.get(row.speaker_id),
                "near_duplicate_of": originals.get(row.near_duplicate_of),
                "revisions": [_values(r, leave_out={"document_id"}) for r in revisions.get(row.id, [])],
            }


def _roles(session: Session, scope: Scope) -> Iterator[Line]:
    role = table("role")
    query = select(role).where(role.c.speaker_id.in_(scope.clusters())).order_by(role.c.id)
    for rows in _portions(session, query):
        keys = _keys(session, scope, [row.document_id for row in rows])
        for row in rows:
            where = {"speaker": scope.speakers[row.speaker_id], "document": keys.get(row.document_id)}
            yield {"type": "role", **_values(row, leave_out={"speaker_id", "document_id"}), **where}


def _statements(session: Session, scope: Scope) -> Iterator[Line]:
    statement = table("statement")
    attribution, outcome, evidence, mention = map(table, ("attribution", "outcome", "evidence", "mention"))
    query = select(statement).where(statement.c.id.in_(scope.statements())).order_by(statement.c.id)
    for rows in _portions(session, query):
        reports = _children(session, attribution, attribution.c.statement_id, rows)
        outcomes = _children(session, outcome, outcome.c.statement_id, rows)
        items = _children(session, evidence, evidence.c.statement_id, rows)
        mentions = _children(session, mention, mention.c.statement_id, rows)
        found = [row.document_id for group in (reports, items) for own in group.values() for row in own]
        documents = _keys(session, scope, found)
        earlier = _fingerprints(session, [getattr(row, link) for row in rows for link in LINKS])
        for row in rows:
            yield {
                "type": "statement",
                **_values(row, leave_out={"speaker_id", "fingerprint"}),
                "id": row.fingerprint,
                "speaker": scope.speakers.get(row.speaker_id),
                **{link: earlier.get(getattr(row, link)) for link in LINKS},
                "testability": _testability(row),
                "mentions": sorted([m.entity, m.label] for m in mentions.get(row.id, [])),
                "reports": [_of_document(report, documents) for report in reports.get(row.id, [])],
                "outcomes": _outcomes(outcomes.get(row.id, []), items.get(row.id, []), documents),
                "evidence": [_of_document(i, documents) for i in items.get(row.id, []) if i.outcome_id is None],
            }


def _testability(row: Row[Any]) -> Line | None:
    """For those who read the lines; loading passes over it."""
    found = testability(bare(cast("Statement", row)))
    return {"score": found.score, "reasons": list(found.reasons)} if row.kind in TESTED else None


def _outcomes(outcomes: Iterable[Row[Any]], items: Sequence[Row[Any]], documents: dict[int, str]) -> list[Line]:
    ordered = sorted(outcomes, key=lambda row: (row.recorded_at, row.id))
    return [
        {
            **_values(row, leave_out={"statement_id"}),
            "evidence": [_of_document(item, documents) for item in items if item.outcome_id == row.id],
        }
        for row in ordered
    ]


def _of_document(row: Row[Any], documents: dict[int, str]) -> Line:
    values = _values(row, leave_out={"statement_id", "outcome_id", "document_id"})
    return {**values, "document": documents.get(row.document_id)}


def _corrections(session: Session, scope: Scope) -> Iterator[Line]:
    correction, document = table("correction"), table("document")
    texts = select(document.c.text_sha256).where(document.c.id.in_(scope.documents()))
    query = select(correction).order_by(correction.c.id)
    if not scope.whole:
        query = query.where(correction.c.document_sha256.in_(texts))
    for row in _rows(session, query):
        yield {"type": "correction", **_values(row)}


# --- rows --------------------------------------------------------------------------------------------------------


def _rows(session: Session, query: Select[Any]) -> Iterator[Row[Any]]:
    for rows in _portions(session, query):
        yield from rows


def _portions(session: Session, query: Select[Any]) -> Iterator[Sequence[Row[Any]]]:
    yield from session.execute(query.execution_options(yield_per=PORTION)).partitions()


def _children(session: Session, of: Table, parent: Any, rows: Sequence[Row[Any]]) -> dict[int, list[Row[Any]]]:
    """The rows of a table that belong to ``rows``, by their id, in order."""
    order = [column for column in of.primary_key.columns if column is not parent]
    query = select(of).where(parent.in_([row.id for row in rows])).order_by(parent, *order)
    found = session.execute(query)
    return {key: list(own) for key, own in groupby(found, key=lambda row: getattr(row, parent.name))}


def _keys(session: Session, scope: Scope, ids: Iterable[int | None]) -> dict[int, str]:
    """How lines call those of these documents that are dumped."""
    document = table("document")
    query = select(document.c.id, document.c.source_id, document.c.external_id)
    query = query.where(document.c.id.in_({id_ for id_ in ids if id_ is not None}))
    if not scope.whole:
        query = query.where(document.c.id.in_(scope.documents()))
    return {row.id: scope.key(row) for row in session.execute(query)}


def _fingerprints(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    statement = table("statement")
    query = select(statement.c.id, statement.c.fingerprint).where(statement.c.id.in_({i for i in ids if i is not None}))
    return {row.id: row.fingerprint for row in session.execute(query)}


def _values(row: Row[Any], *, leave_out: Iterable[str] = ()) -> Line:
    """The columns of a row as JSON values."""
    hidden = DERIVED | set(leave_out)
    return {name: _plain(value) for name, value in row._mapping.items() if name not in hidden}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str):  # most are
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    return [list(span) for span in value] if isinstance(value, tuple) else value
