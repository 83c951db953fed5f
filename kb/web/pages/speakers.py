"""Speakers: who they are, what they said over time, how their predictions turned out, and who may be the same."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request, Response

from kb import ask
from kb.web.access import Desk
from kb.web.pages import charts
from kb.web.pages.given import Chosen, Number, Words
from kb.web.pages.routing import new_router
from kb.web.pages.shell import render, see, utc_now
from kb.web.record import Record

router = new_router()

LISTED = 100
"""Speakers on the list, the most quoted; the field above finds the others."""

STATEMENTS = 300
"""Statements on a timeline, the newest."""

LATEST = 12
"""Statements listed below it at first."""

ALIKE = 6
"""Speakers suggested to be the same."""

Reason = Annotated[str, Form(max_length=1000)]


@router.get("/speakers")
def speakers(request: Request, kb: Record, q: Words = "", watched: bool = False) -> Response:
    """Who is on the record."""
    rows = ask.speakers(kb.store, words=q or None, watched=watched, limit=LISTED + 1)
    shown = [row for row in rows[:LISTED] if row.statements or q or watched]
    return render(request, "speakers.html", query=q, watched=watched, rows=shown, more=len(rows) > LISTED)


@router.get("/speakers/{number}")
def speaker(request: Request, kb: Record, number: Number) -> Response:
    """One of them."""
    row = kb.speaker(number)
    said = kb.said(by=str(row.id), limit=STATEMENTS)
    cards = kb.scores(by=str(row.id))
    return render(
        request,
        "speaker.html",
        row=row,
        said=said,
        latest=said[:LATEST],
        picture=charts.timeline(said, utc_now().date()),
        card=cards[0] if cards else None,
        shares=charts.shares(cards[0]) if cards else [],
        points=charts.calibration(cards[0]) if cards else [],
        topics=kb.scores(by=str(row.id), per="topic", min_n=1)[:8],
        alike=kb.suggest_merges(row.id, limit=ALIKE),
        shown=STATEMENTS,
    )


@router.get("/merges")
def merges(request: Request, kb: Record) -> Response:
    """Who may be the same as somebody else."""
    return render(request, "merges.html", suggestions=kb.suggest_merges(limit=40))


@router.post("/speakers/{number}/merge")
def merge(kb: Desk, number: Number, into: Chosen, reason: Reason = "") -> Response:
    """Judge that two speakers are one."""
    merged = kb.merge(number, into, reason=reason.strip() or "judged on the web page")
    return see(f"/speakers/{merged.into_id}")


@router.post("/speakers/{number}/unmerge")
def unmerge(kb: Desk, number: Number, merge: Chosen) -> Response:
    """Take a merge back."""
    kb.unmerge(merge)
    return see(f"/speakers/{number}")


@router.post("/speakers/{number}/alias")
def alias(kb: Desk, number: Number, text: Annotated[str, Form(min_length=1, max_length=200)]) -> Response:
    """Let a speaker go by another name."""
    kb.alias(number, text.strip())
    return see(f"/speakers/{number}")
