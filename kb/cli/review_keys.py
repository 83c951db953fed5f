"""Reviewing one by one with the keyboard."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from kb.cli.output import counted
from kb.errors import KBError, NotFoundError
from kb.types import Edit, Spans, StatementKind, StatementRow

if TYPE_CHECKING:
    from kb.app import KB

KEYS = "a accept, e edit, r reject, s split, m merge, l unlink, n next, u undo the last, q quit"


class Reviewer:
    """Goes through statements; every judgement is stored at once.

    ``show`` prints a statement, ``key`` waits for a key, ``ask`` takes a question and what Enter answers.
    """

    def __init__(
        self,
        kb: KB,
        *,
        show: Callable[[StatementRow], None],
        key: Callable[[], str],
        ask: Callable[[str, str], str],
    ) -> None:
        self._kb = kb
        self._show = show
        self._key = key
        self._ask = ask
        self._judged: list[int] = []
        """Statements judged now, the last one last."""
        self._counts = Counter[str]()

    def run(self, rows: Sequence[StatementRow]) -> str:
        """Ask about each statement until there is none left; return what was done."""
        at = 0
        while at < len(rows):
            try:
                row = self._kb.show(rows[at].id)  # as it is now: others judge too
            except NotFoundError:
                at += 1  # merged into another
                continue
            self._show(row)
            step = self._step(row)
            if step is None:
                break
            at = max(at + step, 0)
        done = ", ".join(f"{number} {what}" for what, number in sorted(self._counts.items()))
        return f"{counted(sum(self._counts.values()), 'judgement')}{f': {done}' if done else ''}"

    def _step(self, row: StatementRow) -> int | None:
        """What one key does: how many statements to go on, None to end."""
        from kb import reviewing

        while True:
            key = self._key().lower()
            if key in ("q", "\x1b", "\x03", "\x04"):
                return None
            if key == "n":
                return 1
            acts: dict[str, tuple[str, Callable[[], Any]]] = {
                "a": ("accepted", lambda: self._judge(reviewing.accept, row)),
                "r": ("rejected", lambda: self._judge(reviewing.reject, row)),
                "e": ("edited", lambda: self._edit(row)),
                "s": ("split", lambda: self._split(row)),
                "m": ("merged", lambda: self._merge(row)),
                "l": ("unlinked", lambda: self._unlink(row)),
                "u": ("undone", self._undo),
            }
            if key not in acts:
                typer.echo(KEYS, err=True)
                continue
            what, act = acts[key]
            try:
                act()
            except (KBError, typer.Abort) as error:
                typer.echo(f"not {what}: {error}" if str(error) else f"not {what}", err=True)
                continue
            self._counts[what] += 1
            typer.echo(what)
            return -1 if key == "u" else 1

    def _judge(self, judge: Callable[..., Any], row: StatementRow, *what: Any) -> None:
        now = dt.datetime.now(dt.UTC)
        judge(self._kb.store, row.id, *what, version=row.version, by=self._kb.settings.user, now=now)
        self._judged.append(row.id)

    def _undo(self) -> None:
        from kb import reviewing

        if not self._judged:
            raise typer.Abort
        self._judge(reviewing.undo, self._kb.show(self._judged[-1]))
        del self._judged[-2:]

    def _split(self, row: StatementRow) -> None:
        from kb import reviewing
        from kb.cli.review import numbered

        reports = numbered(row, self._ask("which reports are of another statement (numbers)", ""))
        self._judge(reviewing.split, row, reports)

    def _merge(self, row: StatementRow) -> None:
        from kb import reviewing

        into = self._number("number of the statement that is the same")
        self._judge(reviewing.merge, row, into)
        self._judged[-1] = into

    def _unlink(self, row: StatementRow) -> None:
        from kb import reviewing

        other = self._number("number of the statement that it neither repeats, moves nor contradicts")
        self._judge(reviewing.unlink, row, other)

    def _number(self, question: str) -> int:
        answer = self._ask(question, "")
        if not (answer.isascii() and answer.isdigit()):
            raise typer.Abort
        return int(answer)

    def _edit(self, row: StatementRow) -> None:
        from kb import reviewing

        report = row.reports[0]
        text = self._kb.text_of(report)

        def changed(question: str, current: str) -> str | None:
            answer = self._ask(question, current)
            return None if answer == current else answer

        def words(question: str, spans: Spans) -> Spans | None:
            answer = changed(question, " ... ".join(text[start:end] for start, end in spans))
            return answer if answer is None else reviewing.spans_of(text, answer, near=report.content[0][0])

        kind: StatementKind | None = changed("kind", row.kind)  # type: ignore[assignment]  # reviewing checks it
        change = Edit(
            speaker=changed("speaker (id or name)", row.speaker or ""),
            kind=kind,
            horizon=changed("due (2027, 2026-06-30, vague, none)", _horizon(row)),
            report=report.id,
            content=words("content", report.content),
            source=words("source", report.source),
            cue=words("cue", report.cue),
        )
        self._judge(reviewing.edit, row, change)


def _horizon(row: StatementRow) -> str:
    if row.horizon is None:
        return "none"
    latest, earliest = row.horizon.latest, row.horizon.earliest
    if latest is None and earliest is None:
        return "vague"
    return str(latest) if earliest == latest else f"{earliest or ''}..{latest or ''}"
