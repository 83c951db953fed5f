"""Loading lines of a record (``kb.store.dump``) into a database, empty or not.

Loading adds; nothing that is there is lost. Judgements of both sides are kept: outcomes stand in one ledger in the
order recorded, a person's reading goes before a machine's, and where two people disagree a line of ``conflicts`` says
so. Loading the same lines again changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, select

from kb.errors import InputError
from kb.store import corrections
from kb.store.corrections import APART
from kb.store.dump import Line
from kb.store.known import Known, find_known
from kb.store.load_documents import Documents
from kb.store.load_speakers import Speakers
from kb.store.load_statements import Statements
from kb.store.loading import Tally, row_values
from kb.store.tables import Correction, Document, Speaker
from kb.types import ImportResult

Lines = Callable[[], Iterator[tuple[int, Line]]]
"""Reads the lines, each with its number, from the start."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did, and the speakers (row ids) of whom a statement is new in a database that was not empty."""

    result: ImportResult
    touched: frozenset[int]


def load(session: Session, read: Lines, *, name: str, now: dt.datetime) -> Loaded:
    """Load every line in the transaction of ``session``. ``name`` is what messages call the lines' file.

    Raises InputError, with the number of the line, for one that cannot be loaded.
    """
    fresh = all(session.exec(select(table.id).limit(1)).first() is None for table in (Speaker, Document))
    known = Known()
    loader = _Loader(session, known, Tally(name, now))
    number = 0
    try:
        if not fresh:
            loader = _Loader(session, find_known(session, (line for _, line in read())), Tally(name, now))
        for number, line in read():  # noqa: B007  # told when a line fails
            loader.take(line)
        loader.finish()
    except (KeyError, TypeError, ValueError, AttributeError, IntegrityError, StatementError) as error:
        where = f"{name}, line {number}" if number else name
        raise InputError(f"{where}: {_explained(error)}; nothing was imported") from error
    return Loaded(loader.result(), frozenset() if fresh else frozenset(loader.statements.touched))


class _Loader:
    """Hands each line to who can load it."""

    def __init__(self, session: Session, known: Known, tally: Tally) -> None:
        self._session = session
        self._tally = tally
        self._people = Speakers(session, known, tally)
        self._documents = Documents(session, known, tally)
        self.statements = Statements(session, known, people=self._people, documents=self._documents, tally=tally)

    def take(self, line: Line) -> None:
        match line["type"]:
            case "source":
                self._documents.source(line)
            case "speaker":
                self._people.speaker(line)
            case "merge":
                self._people.merge(line)
            case "document":
                self._documents.document(line, self._people.id_of(line["speaker"]))
            case "role":
                self._people.role(line, self._documents.ids[line["document"]] if line["document"] else None)
            case "statement":
                self.statements.statement(line)
            case "correction":
                self._correction(line)
            case other:
                raise ValueError(f"no line of a record is a {other!r}")

    def finish(self) -> None:
        self._documents.finish()
        self.statements.finish()

    def result(self) -> ImportResult:
        tally = self._tally
        return ImportResult(added=dict(+tally.added), changed=tally.changed, conflicts=tuple(tally.conflicts))

    def _correction(self, line: Line) -> None:
        values = row_values("correction", line)
        query = select(Correction).where(Correction.document_sha256 == values["document_sha256"])
        if values not in [row.model_dump(exclude={"id"}) for row in self._session.exec(query)]:
            correction = Correction(**values)
            self._session.add(correction)
            self._session.flush()
            self._tally.added["correction"] += 1
            if correction.field == APART:
                corrections.parted_from(correction)  # raises for a value that later readings would stumble over
                self.statements.relink(corrections.place_of(correction))


def _explained(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing, or stands after what refers to it"
    return " ".join(str(getattr(error, "orig", None) or error).split())
