"""What the record is made of: sources and how they do, and scores of everybody."""

from __future__ import annotations

from typing import Annotated, Literal

import anyio.to_thread
from fastapi import Form, Request, Response

from kb.types import ScorePart
from kb.web.access import Desk
from kb.web.pages.charts import shares
from kb.web.pages.given import Number, Words
from kb.web.pages.routing import new_router
from kb.web.pages.shell import render, see
from kb.web.record import Record

router = new_router()

RANKED = 100
"""Speakers in the ranking."""


@router.get("/sources")
def sources(request: Request, kb: Record) -> Response:
    """Where documents come from."""
    rows = sorted(kb.sources(), key=lambda row: (row.health != "failing", row.health == "paused", row.name.lower()))
    return render(request, "sources.html", rows=rows, results=[])


@router.post("/sources/{number}/{act}")
def set_source(kb: Desk, number: Number, act: Literal["pause", "resume"]) -> Response:
    """Poll a source no more, or again."""
    (kb.pause_source if act == "pause" else kb.resume_source)(str(number))
    return see("/sources")


@router.post("/add")
async def add(
    request: Request, kb: Desk, url: Annotated[str, Form(max_length=2000, pattern=r"^\s*https?://\S+\s*$")]
) -> Response:
    """Read what is at an address; nothing but the web is read from here. One such reading runs at a time."""

    def work() -> Response:
        results = list(kb.add([url.strip()]))
        return render(request, "sources.html", rows=kb.sources(), results=results)

    return await anyio.to_thread.run_sync(work, limiter=request.app.state.ingesting)


@router.get("/scores")
def scores(
    request: Request,
    kb: Record,
    *,
    topic: Words = "",
    per: ScorePart | None = None,
) -> Response:
    """Whose predictions came true."""
    cards = kb.scores(topic=topic or None, per=per, limit=RANKED)
    return render(request, "scores.html", cards=[(card, shares(card)) for card in cards], topic=topic, per=per)
