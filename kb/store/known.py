"""What of a record that is to be loaded the database has already, found before anything is changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from kb.store.dump import Line
from kb.store.tables import Alias, Attribution, Document, Revision, Source, Statement
from kb.text import fold


@dataclass(slots=True)
class Known:
    """Row ids by what lines call things; nothing in it for an empty database."""

    documents: dict[str, int] = field(default_factory=dict)
    """Documents with the same text."""
    statements: dict[str, int] = field(default_factory=dict)
    """Statements with the same fingerprint, or with a report of the same words at the same place."""
    speakers: dict[int, int] = field(default_factory=dict)
    """Who made these statements, where a name agrees."""
    saying: set[int] = field(default_factory=set)
    """Numbers of speakers who make a statement that is new."""


def other_identity(external_id: str, text_sha256: str) -> str:
    """Under which a document is kept beside one of the same identity with another text."""
    return f"{external_id}#{text_sha256[:12]}"


def find_document(session: Session, source: tuple[str, str], line: Line) -> Document | None:
    """The document with that identity or canonical address; if there are several, one with the same text."""
    kind, url = source
    identities = (line["external_id"], other_identity(line["external_id"], line["text_sha256"]))
    query = select(Document).join(Source, col(Source.id) == col(Document.source_id))
    same = query.where(Source.kind == kind, Source.url == url, col(Document.external_id).in_(identities))
    found = list(session.exec(same))
    if line["canonical_url"]:
        found += session.exec(select(Document).where(Document.canonical_url == line["canonical_url"]))
    return min(found, key=lambda document: document.text_sha256 != line["text_sha256"], default=None)


def find_known(session: Session, lines: Iterable[Line]) -> Known:
    """Read every line once. Raises KeyError, TypeError for a line that is not as ``dump`` writes it."""
    search = _Search(session)
    for line in lines:
        match line["type"]:
            case "source":
                search.sources[line["id"]] = (line["kind"], line["url"])
            case "speaker":
                search.names[line["id"]] = {fold(alias["text"]) for alias in line["aliases"]} | {fold(line["name"])}
            case "document":
                search.document(line)
            case "statement":
                search.statement(line)
    return search.known


class _Search:
    def __init__(self, session: Session) -> None:
        self.known = Known()
        self.sources: dict[int, tuple[str, str]] = {}
        self.names: dict[int, set[str]] = {}
        self.revised: dict[tuple[str, int], str] = {}
        """Hashes of revisions by the document and the number that lines give."""
        self._session = session

    def document(self, line: Line) -> None:
        found = find_document(self._session, self.sources[line["source"]], line)
        if found and found.text_sha256 == line["text_sha256"]:
            self.known.documents[line["id"]] = found.id
            self.revised |= {
                (line["id"], revision["number"]): revision["text_sha256"] for revision in line["revisions"]
            }

    def statement(self, line: Line) -> None:
        found = self._stored(line)
        number = line["speaker"]
        if found is None:
            self.known.saying.add(number)
            return
        self.known.statements[line["id"]] = found.id
        if number is not None and found.speaker_id is not None and self._share_name(number, found.speaker_id):
            self.known.speakers.setdefault(number, found.speaker_id)

    def _stored(self, line: Line) -> Statement | None:
        same = self._session.exec(select(Statement).where(Statement.fingerprint == line["id"])).first()
        return same or next(filter(None, map(self._reported, line["reports"])), None)

    def _reported(self, report: Line) -> Statement | None:
        document_id = self.known.documents.get(report["document"])
        if document_id is None:
            return None
        query = select(Statement).join(Attribution, col(Attribution.statement_id) == col(Statement.id))
        spans = tuple((start, end) for start, end in report["content_spans"])
        query = query.where(Attribution.document_id == document_id, Attribution.content_spans == spans)
        query = query.where(Attribution.revision == self._revision(report, document_id))
        return self._session.exec(query.where(Attribution.speaker_text == report["speaker_text"])).first()

    def _revision(self, report: Line, document_id: int) -> int | None:
        """The number here of the text that a report stands in; None where the document has no such text."""
        number = report.get("revision", 0)
        if not number:
            return 0
        query = select(Revision.number).where(Revision.document_id == document_id)
        return self._session.exec(query.where(Revision.text_sha256 == self.revised[report["document"], number])).first()

    def _share_name(self, number: int, speaker_id: int) -> bool:
        stored = self._session.exec(select(Alias.folded).where(Alias.speaker_id == speaker_id))
        return bool(self.names[number] & set(stored))
