"""Judging what was extracted: accept, reject, edit, split, merge, unlink, undo.

A judgement is kept as corrections, overlays on the text itself (its hash, the offsets, the source words), and carried
out on the statement at once; ``kb.store.reviews`` carries them out again on whatever a later extraction finds there.

Every function takes the ``version`` that the reviewer saw (``StatementRow.version``) and raises ConflictError when
somebody judged the statement meanwhile: its message and ``changes`` say who and what; nothing is stored then.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from kb import review_edits
from kb.ask import show
from kb.desk import Order, accuracy, conflicts, queue
from kb.errors import ConflictError, JudgementError, NotFoundError
from kb.ingest import repeats
from kb.review_edits import Change, described, spans_of
from kb.store import Session, Store, corrections, reviews, snapshots, speakers, statement_rows, threads
from kb.store.corrections import APART, Act, NewCorrection, Place
from kb.store.reviews import Placed
from kb.store.tables import Correction, Statement
from kb.text import plain_words
from kb.types import CorrectionRow, Edit, Review, StatementRow

__all__ = [
    "Order",
    "accept",
    "accuracy",
    "conflicts",
    "described",
    "edit",
    "history",
    "linked",
    "merge",
    "queue",
    "reject",
    "spans_of",
    "split",
    "undo",
    "unlink",
]

UNLINKED = ("cue", "source", "content")
"""Fields that have no say in what a statement repeats, moves or contradicts."""


def accept(store: Store, statement_id: int, *, version: int, by: str, now: dt.datetime) -> StatementRow:
    """Say that a statement is right as it stands; an edited one stays ``edited``.

    Raises NotFoundError, ConflictError.
    """
    with _judging(store, statement_id, version, _act(by, now)) as desk:
        if desk.statement.review != "edited":
            desk.review("accepted")
            desk.vouch()
    return show(store, statement_id)


def reject(store: Store, statement_id: int, *, version: int, by: str, now: dt.datetime) -> StatementRow:
    """Say that it is no statement: it leaves every question, export and score, and ``undo`` brings it back.

    Raises NotFoundError, ConflictError.
    """
    with _judging(store, statement_id, version, _act(by, now)) as desk:
        desk.review("rejected")
    return show(store, statement_id)


def edit(store: Store, statement_id: int, change: Edit, *, version: int, by: str, now: dt.datetime) -> StatementRow:
    """Correct a statement, or the spans of one of its reports; a change of nothing accepts it.

    Raises NotFoundError (statement, speaker, report), ConflictError, JudgementError (spans outside the text or without
    a word, a horizon that is none).
    """
    with _judging(store, statement_id, version, _act(by, now)) as desk:
        whole, report, spans = review_edits.read(desk.session, desk.statement, desk.reports, change)
        for made in whole:
            desk.say_everywhere(made)
        if whole or spans:
            desk.review("edited")
        elif desk.statement.review != "edited":
            desk.review("accepted")
        desk.vouch()
        place = report.place
        for made in spans:
            place = desk.say(place, made)
    return show(store, statement_id)


def split(
    store: Store, statement_id: int, reports: Collection[int], *, version: int, by: str, now: dt.datetime
) -> tuple[StatementRow, StatementRow]:
    """Say that these reports (their ids) are of another statement; return the one that stays and the new one.

    The new one has the words of its fullest report, and the kind of the old one; its horizon too where its words name
    it. Raises NotFoundError, ConflictError, JudgementError when no report, or none, would be left.
    """
    with _judging(store, statement_id, version, _act(by, now)) as desk:
        leaving = [report for report in desk.reports if report.row.id in reports]
        staying = [report for report in desk.reports if report.row.id not in reports]
        if unknown := set(reports) - {report.row.id for report in leaving}:
            raise NotFoundError(f"statement {statement_id} has no report {min(unknown)}")
        if not leaving or not staying:
            raise JudgementError(f"a split of statement {statement_id} must leave it a report, and take one away")
        if not {report.place for report in leaving}.isdisjoint(report.place for report in staying):
            raise JudgementError("reports of the very same text cannot be parted: take both, or neither")
        desk.review("edited")
        desk.say_everywhere(Change("text", desk.statement.text, _fullest(desk.session, staying, desk.statement.text)))
        desk.vouch()
        old = snapshots.snapshot_of(desk.session, desk.statement)
        new = review_edits.split_off(old, _fullest(desk.session, leaving), leaving[0].place)
        for report in leaving:
            desk.move(report.place, old, new)
        other = desk.id_of(new["fingerprint"])
    return show(store, statement_id), show(store, other)


def merge(store: Store, statement_id: int, into: int, *, version: int, by: str, now: dt.datetime) -> StatementRow:
    """Say that two statements are one: every report of ``statement_id`` becomes one of ``into``, which is returned.

    The number of ``statement_id`` is gone then; ``undo`` on ``into`` brings it back. Raises NotFoundError,
    ConflictError, JudgementError (the same statement; outcomes recorded of ``statement_id``).
    """
    with _judging(store, statement_id, version, _act(by, now)) as desk:
        if into == statement_id:
            raise JudgementError(f"statement {statement_id} cannot be merged into itself")
        if reviews.is_resolved(desk.session, statement_id):
            raise JudgementError(
                f"statement {statement_id} has outcomes or evidence; merge statement {into} into it instead"
            )
        target = _Desk(desk.session, _existing(desk.session, into), desk.act)
        target.review("edited")
        target.vouch()
        old, new = (snapshots.snapshot_of(desk.session, one.statement) for one in (desk, target))
        for report in desk.reports:
            desk.move(report.place, old, new)
    return show(store, into)


def unlink(store: Store, statement_id: int, other: int, *, version: int, by: str, now: dt.datetime) -> StatementRow:
    """Say that a statement does not repeat, move or contradict another one: the two count apart from then on.

    Nothing that is read later links them again; ``undo`` on either of them does. Raises NotFoundError, ConflictError,
    JudgementError when nothing links the two.
    """
    with _judging(store, statement_id, version, _act(by, now)) as desk:
        that = _Desk(desk.session, _existing(desk.session, other), desk.act)
        if not threads.linked(desk.statement, that.statement):
            raise JudgementError(
                f"statements {statement_id} and {other} are not linked: neither repeats, moves or contradicts the "
                f"other; kb show {statement_id} tells what it is linked to"
            )
        for one, two in ((desk, that), (that, desk)):
            one.say_everywhere(Change(APART, None, threads.apart_value(desk.session, two.statement)))
    return show(store, statement_id)


def linked(row: StatementRow) -> list[int]:
    """Numbers of the statements in its thread that ``unlink`` can part from it."""
    return [saying.id for saying in row.thread if threads.linked(row, saying)]


def undo(store: Store, statement_id: int, *, version: int, by: str, now: dt.datetime) -> StatementRow:
    """Take back the last judgement of a statement that still stands; again, the one before. That is kept too.

    Raises NotFoundError, ConflictError, JudgementError when there is nothing to take back, or when the judgement was
    about another statement too that was judged again since.
    """
    with _judging(store, statement_id, version, _act(by, now)) as desk:
        made = corrections.standing(corrections.of_statement(desk.session, desk.statement.fingerprint))
        if not made:
            raise JudgementError(f"nobody judged statement {statement_id}, or all of it is taken back")
        rows = corrections.of_judgement(desk.session, made[-1])
        desk.act = replace(desk.act, undoes=made[-1])
        for other in {row.statement for row in rows} - {desk.statement.fingerprint}:
            if corrections.standing(corrections.of_statement(desk.session, other))[-1:] != made[-1:]:
                raise JudgementError(f"{_named(desk.session, other)} was judged since; undo that first")
        desk.undo(rows)
    return show(store, statement_id)


def history(store: Store, statement_id: int) -> list[CorrectionRow]:
    """Everything that people corrected of a statement, the first first. Raises NotFoundError."""
    with store.reading() as session:
        statement = _existing(session, statement_id)
        return _told(corrections.of_statement(session, statement.fingerprint))


# --- one judgement -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Desk:
    """A statement under review, within one transaction."""

    session: Session
    statement: Statement
    act: Act
    touched: set[int] = field(default_factory=set)
    """Speakers whose predictions have to be compared anew."""

    @property
    def reports(self) -> list[Placed]:
        """Every report with its place."""
        return reviews.reports_of(self.session, self.statement.id)

    def review(self, new: Review) -> None:
        """Say it of every report."""
        self.say_everywhere(Change("review", self.statement.review, new))

    def vouch(self) -> None:
        """Say that the statement reads as it does now."""
        self.session.refresh(self.statement)
        reading = snapshots.as_json(snapshots.reading_of(self.session, self.statement))
        self.say_everywhere(Change("reading", None, reading))

    def say_everywhere(self, change: Change) -> None:
        """Correct the statement, at the place of each of its reports."""
        if change.old != change.new:
            for report in self.reports:
                self.say(report.place, change)

    def say(self, place: Place, change: Change, statement: str | None = None) -> Place:
        """Correct what stands at one place; return where it stands then."""
        return self._do(
            NewCorrection(
                place=place,
                statement=statement or self.statement.fingerprint,
                field=change.field,
                old=change.old,
                new=change.new,
            )
        )

    def move(self, place: Place, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Make a report one of another statement; both statements have it in their history."""
        change = Change("statement", snapshots.as_json(old), snapshots.as_json(new))
        for of in (old, new):
            self.say(place, change, of["fingerprint"])

    def undo(self, rows: Iterable[Correction]) -> None:
        """Correct back, the last correction first."""
        for row in reversed(list(rows)):
            self.say(reviews.place_after(self.session, row), Change(row.field, row.new, row.old), row.statement)

    def id_of(self, fingerprint: str) -> int:
        """The number of a statement."""
        return reviews.with_fingerprint(self.session, fingerprint).id

    def _do(self, new: NewCorrection) -> Place:
        row = corrections.append(self.session, self.act, new)
        after = reviews.place_after(self.session, row)
        touched = reviews.carry_out(self.session, row)
        if row.field not in UNLINKED:
            self.touched |= touched
        return after


@contextmanager
def _judging(store: Store, statement_id: int, version: int, act: Act) -> Iterator[_Desk]:
    """The statement, locked, if it still is as the reviewer saw it; afterwards what follows from its correction."""
    with store.transaction() as session:
        statement = _existing(session, statement_id)
        if statement.version != version:
            raise _conflict(session, statement, version)
        desk = _Desk(session, statement, act)
        yield desk
        session.flush()
        roots = speakers.roots(session, desk.touched)
        repeats.link_speakers(session, sorted(root for root in roots if not speakers.is_group(session, root)))


def _existing(session: Session, statement_id: int) -> Statement:
    statement = reviews.locked(session, statement_id)
    if statement is None:
        raise statement_rows.gone(session, statement_id)
    return statement


def _conflict(session: Session, statement: Statement, version: int) -> ConflictError:
    rows = corrections.of_statement(session, statement.fingerprint, after=version)
    changes = list(dict.fromkeys(map(described, _told(rows))))
    told = "; ".join(changes) or "it has another version now"
    return ConflictError(f"statement {statement.id} was judged meanwhile: {told}; look at it again", changes=changes)


def _told(rows: Iterable[Correction]) -> list[CorrectionRow]:
    """What people want to read of corrections: not what they vouched for by the way."""
    return corrections.as_rows([row for row in rows if row.field != "reading"])


def _fullest(session: Session, reports: Collection[Placed], words: str = "") -> str:
    """What the longest report words; ``words`` where one of the reports has them."""
    texts = [plain_words(reviews.text_with(session, r.place.document_sha256), r.place.spans) for r in reports]
    return words if words in texts else max(texts, key=len)


def _named(session: Session, fingerprint: str) -> str:
    statement = reviews.with_fingerprint(session, fingerprint)
    return f"statement {statement.id}"


def _act(by: str, now: dt.datetime) -> Act:
    """A new judgement; its name is random, so that it is another one in every database."""
    return Act(judgement=secrets.token_hex(8), by=by, now=now)
