"""What the statements that a query finds have in common: counts by speaker, outlet, kind, year and verdict.

Counting everything that a common word finds would take seconds on a large record, and counters kept beside the record
could not know the query. So at most ``MOST`` statements are counted, the newest on the record: all of most queries, and
of the others enough for shares that are right to two percent; the answer says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, cast, distinct, func, literal, literal_column, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from kb.store import search, speaker_rows
from kb.store.conditions import GROUP, passing
from kb.store.ledger import RESOLVABLE
from kb.store.statement_rows import LISTED
from kb.store.tables import Attribution, Document, Outcome, Speaker, Statement
from kb.types import FacetName, Filters

MOST = 2_000
"""Statements counted: shares of so many are right to two percent. Measured: benchmarks/search.py."""

Count = tuple[FacetName, str, int]
"""Facet, value, number of statements."""


def outlet(session: Session) -> ColumnElement[str]:
    """Who published a document: its publisher, else the host of its address without "www."."""
    url = func.coalesce(Document.url, "")
    if session.get_bind().dialect.name == "sqlite":
        rest = func.substr(url, func.instr(url, "://") + 3)
        host = func.substr(rest, 1, func.instr(rest.op("||")("/"), "/") - 1)
    else:
        host = func.split_part(url, "/", 3)
    host = func.nullif(func.replace(host, "www.", ""), "")
    return func.coalesce(func.nullif(Document.publisher, ""), host)


def newest(session: Session, filters: Filters, today: dt.date, *, among: Sequence[int] | None = None) -> list[int]:
    """The statements that pass, the newest on the record first; one more than ``MOST`` where there are so many.

    ``among``: statements with the words of ``filters``, of which to look at no others. Raises NotFoundError when
    ``filters.by`` names nobody.
    """
    if among is not None:
        others = passing(session, filters, today, LISTED, words=False)
        narrowed: Any = select(col(Statement.id)).where(col(Statement.id).in_(among), *others)
        return list(session.scalars(narrowed.order_by(col(Statement.id).desc())))
    text = search.text_of(filters)
    ranking = search.ranking(session, text) if text and not filters.by else None
    if ranking is None or ranking[0] is None:
        query: Any = select(col(Statement.id)).where(*passing(session, filters, today, LISTED))
        return list(session.scalars(query.order_by(col(Statement.id).desc()).limit(MOST + 1)))
    index: Any = ranking[0]
    # The index gives its rows by number, so that few of a common word's are read; the plus has SQLite begin there.
    same = col(Statement.id) == literal_column("+statement_fts.rowid")
    query = select(index.c.rowid).join(Statement, same)
    query = query.where(ranking[1], *passing(session, filters, today, LISTED, words=False))
    return list(session.scalars(query.order_by(index.c.rowid.desc()).limit(MOST + 1)))


def counts(
    session: Session, ids: Sequence[int], as_of: dt.date | None, facets: Collection[FacetName]
) -> Iterator[Count]:
    """How many of these statements have each value of the ``facets``, of which there is one at least.

    Speakers by the numbers of their roots, outcomes by ``as_of``.
    """
    columns = (Statement.id, Statement.speaker_id, Statement.kind, Statement.said_on, GROUP.label("group"))
    chosen: Any = select(*columns).where(col(Statement.id).in_(ids))  # type: ignore[call-overload]
    hits = chosen.cte("hits")
    by_facet: dict[FacetName, Any] = {
        "speaker": _by_speaker(hits),
        "outlet": _by_outlet(session, hits),
        "kind": select(hits.c.kind, func.count()).group_by(hits.c.kind),
        "year": _by_year(hits),
        "verdict": _by_verdict(hits, as_of),
    }
    queries = (by_facet[facet].add_columns(literal(facet)) for facet in facets)
    for value, number, facet in session.connection().execute(union_all(*queries)):
        if value is not None:
            yield facet, value, number


def _by_speaker(hits: Any) -> Any:
    root = cast(speaker_rows.ROOT_ID, String)
    query: Any = select(root, func.count()).select_from(hits)
    return query.join(Speaker, col(Speaker.id) == hits.c.speaker_id).group_by(root)


def _by_year(hits: Any) -> Any:
    year = func.substr(hits.c.said_on, 1, 4)
    return select(year, func.count()).where(hits.c.said_on.is_not(None)).group_by(year)


def _by_outlet(session: Session, hits: Any) -> Any:
    name = outlet(session)
    query: Any = select(name, func.count(distinct(hits.c.id))).select_from(hits)
    query = query.join(Attribution, col(Attribution.statement_id) == hits.c.id)
    return query.join(Document, col(Document.id) == col(Attribution.document_id)).group_by(name)


def _by_verdict(hits: Any, as_of: dt.date | None) -> Any:
    """By the last outcome of every statement that says the same, which counts for each of them."""
    member = aliased(Statement)
    order = (col(Outcome.recorded_at).desc(), col(Outcome.id).desc())
    age = func.row_number().over(partition_by=hits.c.id, order_by=order)
    last: Any = select(col(Outcome.verdict).label("verdict"), age.label("age")).select_from(hits)
    last = last.join(member, or_(col(member.id) == hits.c.group, col(member.repeats) == hits.c.group))
    last = last.join(Outcome, col(Outcome.statement_id) == col(member.id)).where(hits.c.kind.in_(RESOLVABLE))
    last = (last.where(col(Outcome.known_on) <= as_of) if as_of else last).subquery()
    return select(last.c.verdict, func.count()).where(last.c.age == 1).group_by(last.c.verdict)
