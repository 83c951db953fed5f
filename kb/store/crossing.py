"""Statements counted by outlet and month together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import distinct, func, select
from sqlmodel import Session, col

from kb.store.conditions import passing
from kb.store.facets import MOST, outlet
from kb.store.statement_rows import LISTED
from kb.store.tables import Attribution, Document, Statement
from kb.types import Filters, PartialDate


def outlets_by_month(
    session: Session, filters: Filters, today: dt.date
) -> Iterator[tuple[str, PartialDate | None, int]]:
    """(outlet, month said, number) of the newest ``facets.MOST`` statements that pass; a statement that two outlets
    report counts for both.

    The month is a year where nobody knows it better, None without a date. Raises NotFoundError when ``filters.by``
    names nobody.
    """
    chosen: Any = select(col(Statement.id), col(Statement.said_on)).where(*passing(session, filters, today, LISTED))
    hits = chosen.order_by(col(Statement.id).desc()).limit(MOST).cte("hits")
    name, month = outlet(session), func.substr(hits.c.said_on, 1, 7)
    query: Any = select(name, month, func.count(distinct(hits.c.id))).select_from(hits)
    query = query.join(Attribution, col(Attribution.statement_id) == hits.c.id)
    query = query.join(Document, col(Document.id) == col(Attribution.document_id)).where(name.is_not(None))
    yield from (tuple(row) for row in session.connection().execute(query.group_by(name, month)))
