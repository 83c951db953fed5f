"""Judging a statement: accept, reject, edit, split, merge, unlink, undo; each a form that works without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Form, Request, Response
from pydantic import BaseModel

from kb import reading, reviewing
from kb.app import KB
from kb.errors import ConflictError, JudgementError, KBError, NotFoundError
from kb.types import Edit, Report, Spans, StatementKind, StatementRow
from kb.web.access import Desk
from kb.web.pages.given import Chosen, Number
from kb.web.pages.routing import new_router
from kb.web.pages.shell import is_swap, local, render, see, utc_now
from kb.web.pages.statements import report_words, statement_page, written_horizon
from kb.web.problems import fault_of

router = new_router()

ACTS: dict[str, Callable[..., StatementRow]] = {
    "accept": reviewing.accept,
    "reject": reviewing.reject,
    "undo": reviewing.undo,
}

Version = Annotated[int, Form()]
Back = Annotated[str, Form(max_length=2000)]


class EditForm(BaseModel):
    """The form that corrects a statement, as it was sent."""

    version: int
    back: str = ""
    report: int
    speaker: str = ""
    is_new: bool = False
    kind: StatementKind
    horizon: str = ""
    content: str = ""
    source: str = ""
    cue: str = ""
    content_at: int | None = None
    """Where the words stand, if they were selected in the document."""
    source_at: int | None = None
    cue_at: int | None = None


@router.post("/statements/{number}/edit")
def edit(request: Request, kb: Desk, number: Number, form: Annotated[EditForm, Form()]) -> Response:
    """Correct it."""

    def change() -> StatementRow:
        return reviewing.edit(kb.store, number, changed(kb, kb.show(number), form), version=form.version, **by(kb))

    return answer(request, kb, number, change, back=form.back, form=form)


@router.post("/statements/{number}/split")
def split(
    request: Request,
    kb: Desk,
    number: Number,
    *,
    version: Version,
    reports: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Some of its reports are of another statement, which is shown then."""

    def part() -> StatementRow:
        return reviewing.split(kb.store, number, reports or (), version=version, **by(kb))[1]

    return answer(request, kb, number, part)


@router.post("/statements/{number}/merge")
def merge(request: Request, kb: Desk, number: Number, *, version: Version, into: Chosen) -> Response:
    """It is the same as another one, which is shown then."""
    return answer(request, kb, number, lambda: reviewing.merge(kb.store, number, into, version=version, **by(kb)))


@router.post("/statements/{number}/unlink")
def unlink(request: Request, kb: Desk, number: Number, *, version: Version, other: Chosen) -> Response:
    """Neither it nor another one repeats, moves or contradicts the other."""
    return answer(request, kb, number, lambda: reviewing.unlink(kb.store, number, other, version=version, **by(kb)))


@router.post("/statements/{number}/{act}")
def act(
    request: Request,
    kb: Desk,
    number: Number,
    act: Literal["accept", "reject", "undo"],
    *,
    version: Version,
    back: Back = "",
) -> Response:
    """It is right; it is none; the last judgement was wrong."""
    return answer(request, kb, number, lambda: ACTS[act](kb.store, number, version=version, **by(kb)), back=back)


def by(kb: KB) -> dict[str, Any]:
    """Who judges, and when."""
    return {"by": kb.settings.user, "now": utc_now()}


def answer(
    request: Request,
    kb: KB,
    number: int,
    judge: Callable[[], StatementRow],
    *,
    back: str = "",
    form: EditForm | None = None,
) -> Response:
    """Judge, and show what came of it: the statement, the list that the form came from, or a part of that list."""
    try:
        row = judge()
    except (JudgementError, NotFoundError) as error:
        return _refused(request, kb, kb.show(number), error, back=back, form=form)
    if is_swap(request):
        return render(request, "judged.html", row=kb.show(row.id), back=local(back), conflict=None, wrong="")
    return see(back or f"/statements/{row.id}")


def _refused(
    request: Request, kb: KB, row: StatementRow, error: KBError, *, back: str, form: EditForm | None
) -> Response:
    conflict = error if isinstance(error, ConflictError) else None
    told: dict[str, Any] = {"conflict": conflict, "wrong": "" if conflict else str(error)}
    if is_swap(request):
        return render(request, "judged.html", fault_of(error)[0], row=row, back=local(back), **told)
    editing = form is not None
    return statement_page(
        request, kb, row, status=fault_of(error)[0], editing=editing, form=None if conflict else form, **told
    )


def changed(kb: KB, row: StatementRow, form: EditForm) -> Edit:
    """What the form says otherwise than the statement does. Raises JudgementError for words that stand nowhere."""
    report = next((one for one in row.reports if one.id == form.report), None)
    if report is None:
        raise NotFoundError(f"statement {row.id} has no report {form.report} any more; edit it again")
    speaker = form.speaker.strip()
    same_speaker = speaker == (row.speaker or "") and not form.is_new
    horizon = form.horizon.strip()
    return Edit(
        speaker=None if same_speaker or form.is_new else speaker,
        new_speaker=speaker if form.is_new else None,
        kind=form.kind,
        horizon=None if horizon in ("", written_horizon(row.horizon)) else horizon,
        report=report.id,
        **_spans(kb, report, form),
    )


def _spans(kb: KB, report: Report, form: EditForm) -> dict[str, Spans]:
    """The spans whose words are others now, or were selected."""
    text = reading.texts(kb.store, [report])[report.document_id, report.revision]
    before = report_words(text, report)
    found: dict[str, Spans] = {}
    for name, spans in (("cue", report.cue), ("content", report.content), ("source", report.source)):
        words, at = getattr(form, name).replace("\r\n", "\n").strip(), getattr(form, f"{name}_at")
        if words == before[name].strip() and at is None:
            continue
        near = at if at is not None else spans[0][0] if spans else report.content[0][0]
        found[name] = reviewing.spans_of(text, words, near=near) if words or name == "content" else ()
    return found
