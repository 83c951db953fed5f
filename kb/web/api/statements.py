"""Statements: searching them, one of them with everything that belongs to it, predictions, timelines."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from kb import ask, reviewing
from kb.types import (
    CorrectionRow,
    Facets,
    OutcomeRow,
    PredictionStatus,
    Report,
    SayingRow,
    Sort,
    SuggestedEvidence,
)
from kb.web.api import examples, shapes
from kb.web.api.answers import ChosenFormat, listing, one, whole
from kb.web.api.asking import USUAL, Asked, Cursor, Id, Size, Wanted, limited, today
from kb.web.api.documented import gives, lists
from kb.web.api.shapes import Entry, Listing, Statement
from kb.web.record import Record

TAGS: list[str | Enum] = ["statements"]
router = APIRouter(tags=TAGS)

Limit = Annotated[int, Query(ge=1, le=100, description="At most so many.")]


@router.get(
    "/statements",
    response_model=Listing[Statement],
    responses=lists([examples.STATEMENT], Statement, 404),
    summary="Search statements",
)
def search(
    request: Request,
    kb: Record,
    asked: Asked,
    how: ChosenFormat,
    *,
    sort: Annotated[Sort, Query(description="date: the newest first; relevance: the best match.")] = "date",
    cursor: Cursor = None,
    size: Size = USUAL,
) -> Response:
    """Statements that a query finds, page by page. Those of kind `other`, and rejected ones, only where it asks."""
    page = ask.page(kb.store, asked, cursor, size=size, sort=sort, today=today())
    found = Listing(
        items=shapes.statements(page.rows, today()),
        next=page.next,
        previous=page.previous,
        total=page.total,
        more=page.more,
    )
    return listing(request, found, Statement, how)


@router.get("/facets", response_model=Facets, responses=gives(examples.FACETS, Facets, 404), summary="Count facets")
def facets(request: Request, kb: Record, asked: Asked) -> Response:
    """How many of the statements that a query finds are by whom, where, of which kind, year and verdict.

    Each count has the filter that leaves only these. A facet is counted as if the query had no filter of its own: how
    many predictions there are besides the claims that it asks for.
    """
    return one(request, ask.facets(kb.store, asked, today()), Facets)


@router.get(
    "/statements/{id}",
    response_model=Statement,
    responses=gives(examples.STATEMENT, Statement, 404),
    summary="Show a statement",
)
def show(request: Request, kb: Record, id: Id) -> Response:  # noqa: A002
    """A statement, with every report of it in its context, outcomes, evidence and thread."""
    return one(request, shapes.statement(kb.show(id), today()), Statement)


@router.get(
    "/statements/{id}/reports",
    response_model=Listing[Report],
    responses=lists([examples.REPORT], Report, 404),
    summary="List the reports of a statement",
)
def reports(request: Request, kb: Record, id: Id, how: ChosenFormat) -> Response:  # noqa: A002
    """Every document that reports it, with the places of source, cue and content, and the paragraphs around them."""
    return whole(request, kb.show(id).reports, Report, how)


@router.get(
    "/statements/{id}/outcomes",
    response_model=Listing[OutcomeRow],
    responses=lists([examples.OUTCOME], OutcomeRow, 404),
    summary="List the outcomes of a statement",
)
def outcomes(request: Request, kb: Record, id: Id, how: ChosenFormat) -> Response:  # noqa: A002
    """How it turned out, as far as anybody recorded that; the last one counts."""
    return whole(request, kb.show(id).outcomes, OutcomeRow, how)


@router.get(
    "/statements/{id}/thread",
    response_model=Listing[SayingRow],
    responses=lists([examples.SAYING], SayingRow, 404),
    summary="List the thread of a statement",
)
def thread(request: Request, kb: Record, id: Id, how: ChosenFormat) -> Response:  # noqa: A002
    """What its speaker said of the same before and after: repeats, later dates, the opposite."""
    return whole(request, kb.show(id).thread, SayingRow, how)


@router.get(
    "/statements/{id}/history",
    response_model=Listing[CorrectionRow],
    responses=lists([examples.CORRECTION], CorrectionRow, 404),
    summary="List what reviewers did with a statement",
)
def history(request: Request, kb: Record, id: Id, how: ChosenFormat) -> Response:  # noqa: A002
    """Every correction, the first first; none is ever changed."""
    return whole(request, reviewing.history(kb.store, id), CorrectionRow, how)


@router.get(
    "/statements/{id}/suggested-evidence",
    response_model=Listing[SuggestedEvidence],
    responses=lists([examples.SUGGESTED], SuggestedEvidence, 404),
    summary="Suggest evidence",
)
def suggested(request: Request, kb: Record, id: Id, how: ChosenFormat, limit: Limit = 10) -> Response:  # noqa: A002
    """Passages of later documents that may settle a prediction; a person decides."""
    return whole(request, kb.suggest_evidence(id, limit=limit), SuggestedEvidence, how)


@router.get(
    "/predictions",
    response_model=Listing[Statement],
    responses=lists([examples.STATEMENT], Statement, 404),
    summary="List predictions by due date",
)
def predictions(
    request: Request,
    kb: Record,
    asked: Asked,
    wanted: Wanted,
    how: ChosenFormat,
    *,
    status: Annotated[PredictionStatus | None, Query(description="Where they stand today.")] = None,
    testable: Annotated[bool, Query(description="Only those of which it can be told if they came true.")] = False,
    slipped: Annotated[bool, Query(description="Only those whose date was moved, promises too.")] = False,
) -> Response:
    """Predictions in the order they fall due, undated ones last. `due:30d` in the query lists commitments too."""
    narrowed = replace(asked, status=status or asked.status, testable=testable, slipped=slipped)
    page = wanted.of(kb.predictions(limited(narrowed, wanted)))
    return listing(request, page.model_copy(update={"items": shapes.statements(page.items, today())}), Statement, how)


@router.get(
    "/timeline",
    response_model=Listing[Entry],
    responses=lists([examples.ENTRY], Entry, 404),
    summary="Show a timeline",
)
def timeline(request: Request, kb: Record, asked: Asked, wanted: Wanted, how: ChosenFormat) -> Response:
    """What was said, when it falls due and how it turned out, by date, undated statements last."""
    with kb.store.reading() as session:
        page = wanted.of(ask.entries(session, asked, today()))
    items = tuple(shapes.entry(entry, today()) for entry in page.items)
    return listing(request, page.model_copy(update={"items": items}), Entry, how)
