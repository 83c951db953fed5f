"""Speakers: who they are, what they are called, who may be the same, and how good their predictions were."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from kb import ask
from kb.types import MergeRow, Scorecard, ScorePart, SpeakerRow, SuggestionRow
from kb.web.access import Desk
from kb.web.api import examples
from kb.web.api.answers import ChosenFormat, listing, one, whole
from kb.web.api.asking import Day, Id, Plain, Wanted
from kb.web.api.documented import WRITING, errors, gives, lists
from kb.web.api.shapes import Listing, Model
from kb.web.record import Record

TAGS: list[str | Enum] = ["speakers"]
router = APIRouter(tags=TAGS)

Name = Annotated[Plain, Field(min_length=1, max_length=500)]
Speaker = Annotated[
    Plain, Path(max_length=500, description="Id, name, or a part of it that fits nobody else.", examples=["4"])
]
Words = Annotated[Plain | None, Query(max_length=500)]


class NewName(Model):
    """Another name of a speaker."""

    text: Name = Field(examples=["M. Lindqvist"])


class MergedSpeakers(Model):
    """A judgement that two speakers are one."""

    from_: Name = Field(alias="from", examples=["M. Lindqvist"])
    """Id or name."""
    into: Name = Field(examples=["Maja Lindqvist"])
    """Id or name of the one that stays."""
    reason: Name = Field(examples=["same firm and title"])


@router.get(
    "/speakers",
    response_model=Listing[SpeakerRow],
    responses=lists([examples.SPEAKER], SpeakerRow),
    summary="List speakers",
)
def speakers(
    request: Request,
    kb: Record,
    wanted: Wanted,
    how: ChosenFormat,
    *,
    words: Annotated[
        Plain | None, Query(max_length=500, description="All stand in one of their names.", examples=["Lindqvist"])
    ] = None,
    watched: Annotated[bool, Query(description="Only those on the list of people to watch.")] = False,
) -> Response:
    """People, organisations and groups, those with most statements first."""
    found = ask.speakers(kb.store, words=words, watched=watched, limit=wanted.limit)
    return listing(request, wanted.of(found), SpeakerRow, how)


@router.get(
    "/speakers/{speaker}",
    response_model=SpeakerRow,
    responses=gives(examples.SPEAKER, SpeakerRow, 404),
    summary="Show a speaker",
)
def speaker(request: Request, kb: Record, speaker: Speaker) -> Response:
    """A speaker with aliases, accounts, roles and merges."""
    return one(request, kb.speaker(speaker), SpeakerRow)


@router.post(
    "/speakers/{speaker}/aliases",
    status_code=201,
    response_model=SpeakerRow,
    responses=gives(examples.SPEAKER, SpeakerRow, 404, *WRITING, status=201, says="The speaker, with the new name."),
    summary="Add a name of a speaker",
)
def alias(request: Request, kb: Desk, speaker: Speaker, body: NewName) -> Response:
    """Let a speaker go by another name, in documents to come too."""
    found = kb.speaker(speaker)
    kb.alias(found.id, body.text)
    return one(request, kb.speaker(found.id), SpeakerRow, status=201)


@router.post(
    "/merges",
    status_code=201,
    response_model=MergeRow,
    responses=gives(examples.MERGE, MergeRow, 404, *WRITING, status=201, says="Merged."),
    summary="Merge two speakers",
)
def merge(request: Request, kb: Desk, body: MergedSpeakers) -> Response:
    """Judge that two speakers are one. Everything of both stays, and the merge can be undone."""
    return one(request, kb.merge(body.from_, body.into, reason=body.reason), MergeRow, status=201)


@router.delete(
    "/merges/{id}",
    status_code=204,
    responses={204: {"description": "Undone."}, **errors(404, *WRITING)},
    summary="Undo a merge",
)
def unmerge(kb: Desk, id: Id) -> None:  # noqa: A002
    """Take back a merge, whoever made it; that it was made stays in the record."""
    kb.unmerge(id)


@router.get(
    "/merge-suggestions",
    response_model=Listing[SuggestionRow],
    responses=lists([examples.SUGGESTION], SuggestionRow, 404),
    summary="Suggest merges",
)
def suggestions(
    request: Request,
    kb: Record,
    how: ChosenFormat,
    *,
    name: Annotated[
        Plain | None, Query(min_length=1, max_length=500, description="Id or name; left out: any two.", examples=["4"])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many.")] = 20,
) -> Response:
    """Who may be the same person, the most likely first, with reasons for and against."""
    return whole(request, kb.suggest_merges(name, limit=limit), SuggestionRow, how)


@router.get(
    "/scores",
    response_model=Listing[Scorecard],
    responses=lists([examples.SCORECARD], Scorecard, 404),
    summary="Show scorecards",
)
def scores(
    request: Request,
    kb: Record,
    wanted: Wanted,
    how: ChosenFormat,
    *,
    by: Annotated[Plain | None, Query(max_length=500, description="Id or name of a speaker.", examples=["4"])] = None,
    topic: Annotated[Plain | None, Query(max_length=500, description="What the predictions are about.")] = None,
    min_n: Annotated[int, Query(ge=0, le=100_000, description="At least so many that count.")] = 0,
    per: Annotated[ScorePart | None, Query(description="A card for every topic, year, or length of horizon.")] = None,
    as_of: Annotated[Day | None, Query(description="As far as it was known then.")] = None,
) -> Response:
    """How predictions and commitments turned out, by rank: counts, hit rate with its interval, Brier score, bins."""
    cards = kb.scores(by=by, topic=topic, min_n=min_n, per=per, as_of=as_of)
    return listing(request, wanted.of(cards, total=len(cards)), Scorecard, how)
