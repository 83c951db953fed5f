"""Asking the record. Filters are given as one object, as keywords, or both; keywords win."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, BinaryIO

from kb import ask, scoreboard
from kb.app.opened import Opened, filters_of, utc_today
from kb.store import documents
from kb.types import (
    Facets,
    Filters,
    Report,
    Scorecard,
    ScorePart,
    Sort,
    StatementRow,
    SuggestedEvidence,
    TimelineEntry,
    WatchHits,
)

DUE_DAYS = 30
"""What falls due within a month is what a reporter plans ahead."""


class Questions(Opened):
    """What the record answers."""

    def said(self, filters: Filters | str | None = None, *, sort: Sort = "date", **keywords: Any) -> list[StatementRow]:
        """Statements, newest first or by relevance."""
        return ask.said(self.store, filters_of(filters, keywords), utc_today(), sort=sort)

    def facets(self, filters: Filters | str | None = None, **keywords: Any) -> Facets:
        """What the statements that ``said`` lists have in common, with counts."""
        return ask.facets(self.store, filters_of(filters, keywords), utc_today())

    def text_of(self, report: Report) -> str:
        """The whole text that a report stands in."""
        with self.store.reading() as session:
            return documents.text_at(session, report.document_id, report.revision)

    def predictions(
        self, filters: Filters | None = None, *, today: dt.date | None = None, **keywords: Any
    ) -> list[StatementRow]:
        """Predictions in the order they fall due; ``today`` decides their status."""
        return ask.predictions(self.store, filters_of(filters, keywords), today or utc_today())

    def show(self, id: int) -> StatementRow:  # noqa: A002
        """One statement with every report, outcome and item of evidence. Raises NotFoundError."""
        return ask.show(self.store, id)

    def scores(
        self,
        *,
        by: str | None = None,
        topic: str | None = None,
        min_n: int = 0,
        per: ScorePart | None = None,
        as_of: dt.date | None = None,
        limit: int | None = None,
    ) -> list[Scorecard]:
        """How the predictions of every speaker turned out, by rank; ``as_of``: as far as it was known then.

        ``per``: one card for every topic, year or length of horizon.
        """
        chosen = Filters(by=(by,) if by else (), about=topic, as_of=as_of, limit=limit)
        return scoreboard.scores(self.store, chosen, utc_today(), min_n=min_n, per=per)

    def plot_scores(self, cards: Sequence[Scorecard], out: BinaryIO, *, format: str) -> None:  # noqa: A002
        """Draw how often stated probabilities came about, and hit rates with their intervals, as svg or png.

        Raises ExportError without matplotlib.
        """
        from exports.score_plots import write

        write(cards, out, format=format)

    def due(self, days: int = DUE_DAYS) -> tuple[int, int]:
        """How many predictions and commitments without an outcome are overdue, and fall due within so many days."""
        today = utc_today()
        return ask.due(self.store, today, today + dt.timedelta(days=days))

    def watched(self) -> list[WatchHits]:
        """What each saved search finds that it had not found before; every statement is told once."""
        from kb import watching

        return watching.new_hits(self.store)

    def suggest_evidence(self, id: int, *, limit: int = 10) -> list[SuggestedEvidence]:  # noqa: A002
        """Passages of later documents that may settle a prediction, the likeliest first. Raises NotFoundError."""
        from kb.evidence import suggest

        return suggest(self.store, id, limit=limit)

    def timeline(
        self, filters: Filters | None = None, *, today: dt.date | None = None, **keywords: Any
    ) -> list[TimelineEntry]:
        """What was said, when it falls due and how it turned out, by date."""
        return ask.timeline(self.store, filters_of(filters, keywords), today or utc_today())
