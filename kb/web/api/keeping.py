"""The record as a whole: whether it is sound, and who asks."""

from __future__ import annotations

from enum import Enum

from fastapi import APIRouter, Request, Response

from kb.types import TokenRole
from kb.web.access import Reader
from kb.web.api.answers import one
from kb.web.api.documented import gives
from kb.web.api.shapes import Model
from kb.web.record import Record

TAGS: list[str | Enum] = ["record"]
router = APIRouter(tags=TAGS)


class Soundness(Model):
    """What is wrong with a record."""

    sound: bool
    problems: tuple[str, ...]
    """One line each."""


class Asking(Model):
    """Who asks."""

    name: str | None
    """Of the token; null without one."""
    role: TokenRole | None
    """Null: somebody on the server's own machine, who may read."""


class Due(Model):
    """Predictions and commitments without an outcome."""

    overdue: int
    due_soon: int
    """Within 30 days."""


@router.get(
    "/check",
    response_model=Soundness,
    responses=gives(Soundness(sound=True, problems=()), Soundness),
    summary="Check the record",
)
def check(request: Request, kb: Record) -> Response:
    """Whether every quotation stands where it is said to, and every rule of the record holds. Reads all of it."""
    problems = tuple(kb.check())
    return one(request, Soundness(sound=not problems, problems=problems), Soundness)


@router.get("/due", response_model=Due, responses=gives(Due(overdue=3, due_soon=1), Due), summary="Count what is due")
def due(request: Request, kb: Record) -> Response:
    """How many predictions and commitments are overdue, and fall due soon."""
    overdue, soon = kb.due()
    return one(request, Due(overdue=overdue, due_soon=soon), Due)


@router.get(
    "/me",
    response_model=Asking,
    responses=gives(Asking(name="ana", role="editor"), Asking),
    summary="Show who asks",
)
def me(request: Request, who: Reader) -> Response:
    """The name and role of the token that came with the request."""
    return one(request, Asking(name=who.name or None, role=who.role), Asking)
