"""The review desk: what to judge next, where people and machine disagree, and how often the machine was right."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from kb.ask import show
from kb.scores import wilson
from kb.store import Store, disagreements, review_rows
from kb.store.conditions import passing
from kb.store.review_rows import Order, Reviewed
from kb.store.statement_rows import LISTED
from kb.types import AccuracyRow, ConflictRow, Filters, StatementRow

__all__ = ["Order", "accuracy", "conflicts", "queue"]


def queue(
    store: Store, filters: Filters | None = None, *, order: Order = "doubt", limit: int = 20
) -> list[StatementRow]:
    """Statements to review, every report in its context; those that nobody reviewed unless ``filters.review`` asks for
    others. By doubt: those whose confidence is nearest to 0.5 come first, because a person's word tells most there.

    Kind ``other`` is left out unless ``filters.kind`` asks for it. Raises NotFoundError when ``filters.by`` names
    nobody.
    """
    chosen = filters or Filters()
    chosen = chosen if chosen.review else replace(chosen, review=("machine",))
    today = dt.datetime.now(dt.UTC).date()
    with store.reading() as session:
        ids = review_rows.queue(session, passing(session, chosen, today, LISTED), order, limit)
    return [show(store, statement_id) for statement_id in ids]


def conflicts(store: Store) -> list[ConflictRow]:
    """Where a newer extraction found something else than a person said; what the person said stands.

    Any later judgement of the statement settles it.
    """
    with store.reading() as session:
        return disagreements.unsettled(session)


def accuracy(store: Store, filters: Filters | None = None) -> list[AccuracyRow]:
    """How many extractions reviewers found right: in all, by outlet and by quote kind, most reviewed first.

    A statement counts once in all, and once for each outlet and quote kind among its reports. People review doubtful
    statements first, so the figures are lower than those of the whole record. Empty where nothing is reviewed.
    """
    every = replace(filters or Filters(), review=("accepted", "edited", "rejected"))
    today = dt.datetime.now(dt.UTC).date()
    with store.reading() as session:
        rows = list(review_rows.reviewed(session, passing(session, every, today, (*LISTED, "other"))))
        fields = review_rows.edited_fields(session)
    return [
        *_counted("all", ((row, "all") for row in rows), fields),
        *_counted("outlet", ((row, row.outlet) for row in rows), fields),
        *_counted("quote", ((row, row.quote_kind) for row in rows), fields),
    ]


def _counted(
    part: Literal["all", "outlet", "quote"], rows: Iterable[tuple[Reviewed, str]], fields: dict[str, set[str]]
) -> Iterator[AccuracyRow]:
    groups: dict[str, dict[int, Reviewed]] = {}
    for row, name in rows:
        groups.setdefault(name, {})[row.statement_id] = row
    for name, members in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        reviews = Counter(row.review for row in members.values())
        edits = Counter(
            field for row in members.values() if row.review == "edited" for field in fields[row.fingerprint]
        )
        low, high = wilson(reviews["accepted"], len(members)) or (0.0, 1.0)
        yield AccuracyRow(
            part=part,
            name=name,
            accepted=reviews["accepted"],
            edited=reviews["edited"],
            rejected=reviews["rejected"],
            precision=reviews["accepted"] / len(members),
            low=low,
            high=high,
            edits=dict(sorted(edits.items())),
        )
