"""Judging: reviews of what was extracted, outcomes, and what is left to review.

Whoever judges a statement says which state of it they saw: its ``version``, or its ETag in If-Match. Where somebody
else judged it meanwhile, nothing is stored, and the answer, 409, says what they did.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response
from pydantic import Field

from kb import desk, reviewing
from kb.app import KB
from kb.types import AccuracyRow, ConflictRow, Edit, OutcomeRow, StatementRow, Verdict
from kb.web.access import Desk
from kb.web.api import examples, shapes
from kb.web.api.answers import ChosenFormat, etag_of, matches, one, whole
from kb.web.api.asking import LARGEST_ID, Asked, Id, Plain, today
from kb.web.api.documented import WRITING, gives, lists
from kb.web.api.shapes import Listing, Model, Statement
from kb.web.problems import RequestError
from kb.web.record import Record

TAGS: list[str | Enum] = ["reviews"]
router = APIRouter(tags=TAGS)

Number = Annotated[int, Field(ge=1, le=LARGEST_ID)]
JUDGED = gives(examples.JUDGED, Statement, 404, 409, 412, 428, *WRITING, says="As it stands now.")


@dataclass(frozen=True, slots=True)
class Review:
    """A statement that somebody judges, in the state that they saw."""

    kb: KB
    id: int
    version: int

    @property
    def given(self) -> dict[str, Any]:
        """What every judgement takes."""
        return {"version": self.version, "by": self.kb.settings.user, "now": dt.datetime.now(dt.UTC)}


def review(
    kb: Desk,
    id: Id,  # noqa: A002
    version: Annotated[
        int | None, Query(ge=0, le=LARGEST_ID, description="`version` of the statement as seen.")
    ] = None,
    if_match: Annotated[str | None, Header(max_length=500, description="Its ETag as seen, instead.")] = None,
) -> Review:
    """The statement that a request judges. Raises RequestError where it does not say which state of it was seen."""
    if if_match is not None:
        seen = shapes.statement(kb.show(id), today())
        if not matches(if_match, etag_of(seen, Statement)):
            raise RequestError(
                f"statement {id} is not as If-Match has it; look at it again", status=412, code="changed"
            )
        version = seen.version if version is None else version
    if version is None:
        raise RequestError(
            "say which state of the statement was seen: ?version=, or If-Match", status=428, code="version_needed"
        )
    return Review(kb, id, version)


Judge = Annotated[Review, Depends(review)]


class SplitReports(Model):
    """Which reports are of another statement."""

    reports: list[Number] = Field(min_length=1, max_length=1000, examples=[[7]])


class MergedStatements(Model):
    """Which statement it is the same as."""

    into: Number = Field(examples=[11])


class UnlinkedStatement(Model):
    """Which statement it neither repeats, moves nor contradicts."""

    other: Number = Field(examples=[11])


class Parts(Model):
    """What a split leaves."""

    stays: Statement
    new: Statement


class NewOutcome(Model):
    """How a prediction or commitment turned out."""

    verdict: Verdict = Field(examples=["true"])
    evidence: list[Annotated[Plain, Field(max_length=5000)]] = Field(
        default=[], max_length=50, examples=[["https://harbour.example/turbines|the 40th turbine|2027-11-30"]]
    )
    """`URL`, `URL|quote`, `URL|quote|date`, or `DOCUMENT:quote`; true, mostly, late and false need some."""
    known_on: dt.date | None = Field(default=None, examples=["2027-11-30"])
    """Left out: today."""
    reason: Annotated[Plain, Field(max_length=5000)] = ""


@router.post("/statements/{id}/accept", response_model=Statement, responses=JUDGED, summary="Accept a statement")
def accept(request: Request, judge: Judge) -> Response:
    """Say that it is right as it stands."""
    return _judged(request, reviewing.accept(judge.kb.store, judge.id, **judge.given))


@router.post("/statements/{id}/reject", response_model=Statement, responses=JUDGED, summary="Reject a statement")
def reject(request: Request, judge: Judge) -> Response:
    """Say that it is no statement: it leaves every question, export and score, and `undo` brings it back."""
    return _judged(request, reviewing.reject(judge.kb.store, judge.id, **judge.given))


@router.patch("/statements/{id}", response_model=Statement, responses=JUDGED, summary="Edit a statement")
def edit(
    request: Request,
    judge: Judge,
    change: Annotated[
        Edit,
        Body(
            openapi_examples={
                "fields": {"summary": "Another speaker", "value": {"speaker": "Maja Lindqvist", "horizon": "2027"}},
                "spans": {"summary": "Where the words are", "value": {"report": 7, "content": [[46, 102]]}},
            }
        ),
    ],
) -> Response:
    """Correct it, or the spans of one of its reports; what is left out stays. Offsets count code points."""
    return _judged(request, reviewing.edit(judge.kb.store, judge.id, change, **judge.given))


@router.post(
    "/statements/{id}/split",
    response_model=Parts,
    responses=gives(
        Parts(stays=examples.JUDGED, new=examples.STATEMENT), Parts, 404, 409, 412, 428, *WRITING, says="Both parts."
    ),
    summary="Split a statement",
)
def split(request: Request, judge: Judge, body: SplitReports) -> Response:
    """Say that some of its reports are of another statement, which is new."""
    stays, new = reviewing.split(judge.kb.store, judge.id, body.reports, **judge.given)
    return one(request, Parts(stays=shapes.statement(stays, today()), new=shapes.statement(new, today())), Parts)


@router.post("/statements/{id}/merge", response_model=Statement, responses=JUDGED, summary="Merge two statements")
def merge(request: Request, judge: Judge, body: MergedStatements) -> Response:
    """Say that it is the same as another one, which takes its reports; `undo` there brings it back."""
    return _judged(request, reviewing.merge(judge.kb.store, judge.id, body.into, **judge.given))


@router.post("/statements/{id}/unlink", response_model=Statement, responses=JUDGED, summary="Unlink two statements")
def unlink(request: Request, judge: Judge, body: UnlinkedStatement) -> Response:
    """Say that neither repeats, moves or contradicts the other: they count apart then; `undo` on either links them."""
    return _judged(request, reviewing.unlink(judge.kb.store, judge.id, body.other, **judge.given))


@router.post("/statements/{id}/undo", response_model=Statement, responses=JUDGED, summary="Undo a judgement")
def undo(request: Request, judge: Judge) -> Response:
    """Take back the last judgement of it that still stands; again, the one before."""
    return _judged(request, reviewing.undo(judge.kb.store, judge.id, **judge.given))


@router.post(
    "/statements/{id}/outcomes",
    status_code=201,
    response_model=OutcomeRow,
    responses=gives(examples.OUTCOME, OutcomeRow, 404, *WRITING, status=201, says="Recorded."),
    summary="Resolve a prediction",
)
def resolve(request: Request, kb: Desk, id: Id, body: NewOutcome) -> Response:  # noqa: A002
    """Record how it turned out, with evidence. Earlier outcomes stay in the record; the last one counts."""
    outcome = kb.resolve(id, body.verdict, evidence=body.evidence, known_on=body.known_on, reason=body.reason)
    return one(request, outcome, OutcomeRow, status=201)


@router.get(
    "/review-queue",
    response_model=Listing[Statement],
    responses=lists([examples.STATEMENT], Statement, 404),
    summary="List what is to be reviewed",
)
def queue(
    request: Request,
    kb: Record,
    asked: Asked,
    how: ChosenFormat,
    *,
    order: Annotated[
        desk.Order, Query(description="The most doubtful, the least confident, or the newest first.")
    ] = "doubt",
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many.")] = 20,
) -> Response:
    """Statements that nobody reviewed, with every report in its context; a judged one is not there the next time."""
    rows = desk.queue(kb.store, asked, order=order, limit=limit)
    return whole(request, shapes.statements(rows, today()), Statement, how)


@router.get(
    "/conflicts",
    response_model=Listing[ConflictRow],
    responses=lists([examples.CONFLICT], ConflictRow),
    summary="List conflicts between people and machine",
)
def conflicts(request: Request, kb: Record, how: ChosenFormat) -> Response:
    """Where a newer extraction found something else than a person said. What the person said stands."""
    return whole(request, desk.conflicts(kb.store), ConflictRow, how)


@router.get(
    "/accuracy",
    response_model=Listing[AccuracyRow],
    responses=lists([examples.ACCURACY], AccuracyRow, 404),
    summary="Show how often extraction was right",
)
def accuracy(request: Request, kb: Record, asked: Asked, how: ChosenFormat) -> Response:
    """How many extractions reviewers found right: in all, by outlet and by quote kind."""
    return whole(request, desk.accuracy(kb.store, asked), AccuracyRow, how)


def _judged(request: Request, row: StatementRow) -> Response:
    return one(request, shapes.statement(row, today()), Statement)
