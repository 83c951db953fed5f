"""The board of predictions and commitments, and recording how they turned out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from fastapi import Form, Request, Response
from pydantic import BaseModel

from kb import ask
from kb.app import KB
from kb.errors import JudgementError, NotFoundError, QueryError
from kb.query import parse
from kb.types import Filters, PredictionStatus, StatementRow
from kb.web.access import Desk
from kb.web.pages.given import Asked, Number
from kb.web.pages.queries import place_of, with_filter
from kb.web.pages.routing import new_router
from kb.web.pages.shell import render, see, utc_now
from kb.web.pages.wording import STATUSES
from kb.web.problems import fault_of
from kb.web.record import Record

router = new_router()

SHOWN, ALL_SHOWN = 8, 200
"""Of each status where all are shown, and of the only one."""

SUGGESTED = 8
"""Passages that may settle a prediction."""


@dataclass(frozen=True, slots=True)
class Section:
    """The predictions of one status."""

    status: PredictionStatus
    title: str
    total: int
    more: bool
    """Whether there are more than ``total``."""
    rows: list[StatementRow]


@router.get("/predictions")
def board(
    request: Request,
    kb: Record,
    *,
    q: Asked = "",
    status: PredictionStatus | None = None,
    kind: Literal["prediction", "commitment"] = "prediction",
) -> Response:
    """What is overdue, due soon, open and resolved."""
    values: dict[str, Any] = {"query": q, "narrowed": q, "status": status, "kind": kind, "error": None, "sections": []}
    try:
        values["narrowed"] = with_filter(q, f"kind:{kind}")
        filters = replace(parse(q, today=utc_now().date()), kind=(kind,))
        values["sections"] = [_section(kb, filters, one, status) for one in STATUSES]
    except QueryError as error:
        return render(request, "predictions.html", 400, **values | {"error": place_of(error)})
    return render(request, "predictions.html", **values)


def _section(kb: KB, filters: Filters, status: PredictionStatus, only: PredictionStatus | None) -> Section:
    """The section of a status; without rows where only another one is shown."""
    chosen = replace(filters, status=status)
    counted = ask.page(kb.store, chosen, size=1)
    limit = ALL_SHOWN if only else SHOWN
    if only and status != only:
        rows = []
    elif status == "resolved":
        rows = kb.said(chosen, limit=limit)
    else:
        rows = kb.predictions(chosen, limit=limit)
    return Section(status, STATUSES[status], counted.total, counted.more, rows)


class OutcomeForm(BaseModel):
    """The form that records an outcome, as it was sent."""

    verdict: str = ""
    known_on: str = ""
    reason: str = ""
    evidence: list[str] = []
    """Suggested passages: ``12: the words``."""
    more: str = ""
    """Further evidence, one item on each line."""


@router.get("/statements/{number}/resolve")
def resolving(request: Request, kb: Record, number: Number) -> Response:
    """Passages that may settle it, and the form."""
    return _resolve_page(request, kb, number, OutcomeForm())


@router.post("/statements/{number}/resolve")
def resolve(request: Request, kb: Desk, number: Number, form: Annotated[OutcomeForm, Form()]) -> Response:
    """Record how it turned out."""
    more = [line.strip() for line in form.more.splitlines() if line.strip()]
    try:
        kb.resolve(
            number,
            form.verdict,
            evidence=[*form.evidence, *more],
            known_on=_day(form.known_on),
            reason=form.reason.strip(),
        )
    except (JudgementError, NotFoundError) as error:
        return _resolve_page(request, kb, number, form, status=fault_of(error)[0], wrong=str(error))
    return see(f"/statements/{number}#outcomes")


def _day(written: str) -> dt.date | None:
    """Raises JudgementError."""
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError as error:
        raise JudgementError(f"{written!r} is not a day; write 2026-01-31") from error


def _resolve_page(
    request: Request, kb: KB, number: int, form: OutcomeForm, *, status: int = 200, wrong: str = ""
) -> Response:
    return render(
        request,
        "resolve.html",
        status,
        row=kb.show(number),
        suggested=kb.suggest_evidence(number, limit=SUGGESTED),
        form=form,
        wrong=wrong,
    )
