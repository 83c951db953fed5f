"""Loading the lines of statements with their reports, outcomes and evidence."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, select

from kb.store import reviews, speakers
from kb.store.corrections import Place
from kb.store.documents import text_at
from kb.store.dump import LINKS, Line
from kb.store.known import Known
from kb.store.load_documents import Documents
from kb.store.load_speakers import Speakers
from kb.store.loading import Tally, row_values
from kb.store.tables import Attribution, Evidence, Mention, Outcome, Speaker, Statement
from kb.text import words_at

NOT_READ = frozenset(("id", "speaker_id", "said_on", "fingerprint", "review", *LINKS))
"""Columns of a statement that are not read from its words."""

SHOWN = 60
"""Characters of a statement that messages show."""


class Statements:
    """Statements by fingerprint."""

    def __init__(self, session: Session, known: Known, *, people: Speakers, documents: Documents, tally: Tally) -> None:
        self.touched: set[int] = set()
        """Speakers (row ids) of whom a statement is new or was changed."""
        self._session = session
        self._known = known
        self._people = people
        self._documents = documents
        self._tally = tally
        self._new: dict[str, int] = {}
        self._links: list[tuple[int, str, str]] = []

    def statement(self, line: Line) -> None:
        """Store a statement, or add what a known one lacks."""
        speaker_id = self._people.id_of(line["speaker"])
        known = self._known.statements.get(line["id"])
        if known is None:
            statement = self._insert(line, speaker_id)
        else:
            statement = self._session.get_one(Statement, known)
            self._compare(statement, line, speaker_id)
        self._add_mentions(statement, line)
        for report in line["reports"]:
            self._add_report(statement, report)
        self._add_outcomes(statement, line)
        self._add_evidence(statement, None, line["evidence"])
        self._session.flush()

    def relink(self, place: Place) -> None:
        """Have the statement there compared anew with what its speaker said besides."""
        for report in reviews.at(self._session, place):
            speaker_id = self._session.get_one(Statement, report.statement_id).speaker_id
            self.touched |= {speaker_id} if speaker_id is not None else set()

    def finish(self) -> None:
        """Point to earlier statements, which may stand after those that point to them."""
        for statement_id, link, fingerprint in self._links:
            earlier = self._new.get(fingerprint, self._known.statements.get(fingerprint))
            setattr(self._session.get_one(Statement, statement_id), link, earlier)
        self._session.flush()

    def _insert(self, line: Line, speaker_id: int | None) -> Statement:
        values = row_values("statement", {**line, "fingerprint": line["id"]}, leave_out=("speaker_id", *LINKS))
        if not line["reports"]:
            raise ValueError("no document reports the statement")
        statement = Statement(**values, speaker_id=speaker_id)
        self._session.add(statement)
        self._session.flush()
        self._new[line["id"]] = statement.id
        self._links += [(statement.id, link, line[link]) for link in LINKS if line[link]]
        self._tally.added["statement"] += 1
        if speaker_id is not None:
            self.touched.add(speaker_id)
        return statement

    # --- statements that are there ---

    def _compare(self, statement: Statement, line: Line, speaker_id: int | None) -> None:
        """Take over what a person read where here only a machine did; say where two people disagree."""
        reading = row_values("statement", line, leave_out=NOT_READ)
        differs = any(getattr(statement, name) != value for name, value in reading.items())
        if line["review"] != "machine" and statement.review == "machine":
            for name, value in {**reading, "review": line["review"]}.items():
                setattr(statement, name, value)
            self._tally.changed += 1
            if statement.speaker_id is not None:
                self.touched.add(statement.speaker_id)
        elif line["review"] != "machine" and (differs or line["review"] != statement.review):
            self._disagree(statement, f"{statement.review} here, {line['review']} in {self._tally.name}; ours counts")
        if speaker_id and statement.speaker_id and self._root(speaker_id) != self._root(statement.speaker_id):
            names = (self._session.get_one(Speaker, id_).name for id_ in (statement.speaker_id, speaker_id))
            ours, theirs = names
            self._disagree(statement, f"said by {ours} here, by {theirs} in {self._tally.name}; ours counts")

    def _disagree(self, statement: Statement, how: str) -> None:
        text = statement.text if len(statement.text) <= SHOWN else f"{statement.text[: SHOWN - 1]}…"
        self._tally.conflicts.append(f"statement {statement.id} (“{text}”): {how}")

    def _root(self, speaker_id: int) -> int:
        return speakers.root_of(self._session.get_one(Speaker, speaker_id))

    # --- what belongs to a statement ---

    def _add_mentions(self, statement: Statement, line: Line) -> None:
        stored = set()
        if statement.fingerprint not in self._new:
            query = select(Mention.entity, Mention.label).where(Mention.statement_id == statement.id)
            stored = set(self._session.exec(query).all())
        for entity, label in line["mentions"]:
            if (entity, label) not in stored:
                self._session.add(Mention(statement_id=statement.id, entity=entity, label=label))

    def _add_report(self, statement: Statement, report: Line) -> None:
        document_id = self._documents.ids[report["document"]]
        values = row_values("attribution", report, leave_out=("statement_id", "document_id"))
        if values["revision"]:
            values["revision"] = self._documents.revisions[report["document"], values["revision"]]
        if report["document"] in self._known.documents:
            same = select(Attribution.id).where(
                Attribution.document_id == document_id,
                Attribution.revision == values["revision"],
                Attribution.content_spans == values["content_spans"],
                Attribution.speaker_text == values["speaker_text"],
            )
            if self._session.exec(same).first() is not None:
                return
        text = text_at(self._session, document_id, values["revision"])
        for spans, words in (("content_spans", "words"), ("source_spans", "speaker_text")):
            if words_at(text, values[spans]) != values[words]:
                raise ValueError(f"{values[words]!r} does not stand at its place in the document")
        self._session.add(Attribution(statement_id=statement.id, document_id=document_id, **values))
        self._tally.added["report"] += 1

    def _add_outcomes(self, statement: Statement, line: Line) -> None:
        stored: list[Outcome] = []
        if statement.fingerprint not in self._new:
            query = select(Outcome).where(Outcome.statement_id == statement.id)
            stored = sorted(self._session.exec(query), key=lambda row: (row.recorded_at, row.id))
        read = [(row_values("outcome", o, leave_out=("statement_id",)), o["evidence"]) for o in line["outcomes"]]
        ours = [_same(row) for row in stored]
        new = [(values, items) for values, items in read if values not in ours]
        if new and stored and ours[-1] not in [values for values, _ in read]:
            self._weigh(statement, ours[-1], read[-1][0])
        last = max((row.id for row in stored), default=None)
        for values, items in new:
            outcome = Outcome(statement_id=statement.id, supersedes=last, **values)
            self._session.add(outcome)
            self._session.flush()
            last = outcome.id
            self._tally.added["outcome"] += 1
            self._add_evidence(statement, outcome.id, items)

    def _weigh(self, statement: Statement, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        if ours["verdict"] == theirs["verdict"]:
            return
        told = [f"{o['verdict']} ({o['recorded_by']}, {o['recorded_at']:%Y-%m-%d})" for o in (ours, theirs)]
        later = "ours" if ours["recorded_at"] >= theirs["recorded_at"] else "theirs"
        self._disagree(statement, f"{told[0]} here, {told[1]} in {self._tally.name}; {later} is the later and counts")

    def _add_evidence(self, statement: Statement, outcome_id: int | None, items: list[Line]) -> None:
        known: list[dict[str, Any]] = []
        if outcome_id is None and items:
            query = select(Evidence).where(Evidence.statement_id == statement.id, Evidence.outcome_id == None)  # noqa: E711
            known = [row.model_dump(exclude={"id"}) for row in self._session.exec(query)]
        for item in items:
            values = row_values("evidence", item, leave_out=("statement_id", "outcome_id", "document_id"))
            document_id = self._documents.ids[item["document"]] if item["document"] else None
            ends: dict[str, Any] = {"statement_id": statement.id, "outcome_id": outcome_id, "document_id": document_id}
            if {**values, **ends} not in known:
                self._session.add(Evidence(**values, **ends))
                self._tally.added["evidence"] += 1


def _same(outcome: Outcome) -> dict[str, Any]:
    """What two outcomes share that are one."""
    return outcome.model_dump(exclude={"id", "statement_id", "supersedes"})
