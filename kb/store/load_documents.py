"""Loading the lines of sources and documents."""

from __future__ import annotations

from sqlmodel import Session, select

from kb.store import copies
from kb.store.dump import POLLING, Line, document_key
from kb.store.known import Known, find_document, other_identity
from kb.store.loading import Tally, row_values
from kb.store.tables import Document, Revision, Source
from kb.text import sha256


class Documents:
    """Sources and documents by what lines call them."""

    def __init__(self, session: Session, known: Known, tally: Tally) -> None:
        self.ids: dict[str, int] = {}
        self.revisions: dict[tuple[str, int], int] = {}
        """Numbers of revisions here by the document and the number there."""
        self._session = session
        self._known = known
        self._tally = tally
        self._sources: dict[int, Source] = {}
        self._duplicates: list[tuple[int, str]] = []

    def source(self, line: Line) -> None:
        """Register a source, or find it."""
        query = select(Source).where(Source.kind == line["kind"], Source.url == line["url"])
        source = self._session.exec(query).first()
        if source is None:
            source = Source(**row_values("source", line, leave_out=POLLING))
            self._session.add(source)
            self._session.flush()
            self._tally.added["source"] += 1
        self._sources[line["id"]] = source

    def document(self, line: Line, speaker_id: int | None) -> None:
        """Store a document, or find it; one with another text is kept beside that which is there."""
        if sha256(line["text"]) != line["text_sha256"]:
            raise ValueError("the text does not have its hash: the file was changed or cut")
        document_id = self._known.documents.get(line["id"])
        if document_id is None:
            document_id = self._insert(line, speaker_id)
        self.ids[line["id"]] = document_id
        self._add_revisions(document_id, line)

    def finish(self) -> None:
        """Point to the originals of near duplicates, which may stand after them."""
        for document_id, original in self._duplicates:
            self._session.get_one(Document, document_id).near_duplicate_of = self.ids.get(original)
        self._session.flush()

    def _insert(self, line: Line, speaker_id: int | None) -> int:
        source = self._sources[line["source"]]
        if document_key(source.kind, source.url, line["external_id"]) != line["id"]:
            raise ValueError("the id is not that of this source and external_id")
        values = row_values("document", line, leave_out=("source_id", "speaker_id", "near_duplicate_of"))
        document = Document(**values, source_id=source.id, speaker_id=speaker_id)
        other = find_document(self._session, (source.kind, source.url), line)
        if other:
            where = line["url"] or line["external_id"]
            self._tally.conflicts.append(
                f"document {where}: another text here and in {self._tally.name}; both are kept"
            )
            document.external_id = other_identity(document.external_id, document.text_sha256)
            document.canonical_url = None
        self._session.add(document)
        self._session.flush()
        copies.remember(self._session, document)
        self._tally.added["document"] += 1
        if line["near_duplicate_of"]:
            self._duplicates.append((document.id, line["near_duplicate_of"]))
        return document.id

    def _add_revisions(self, document_id: int, line: Line) -> None:
        if not line["revisions"]:
            return
        stored = self._session.exec(select(Revision).where(Revision.document_id == document_id)).all()
        numbers = {revision.text_sha256: revision.number for revision in stored}
        number = max(numbers.values(), default=0)
        for revision in line["revisions"]:
            if sha256(revision["text"]) != revision["text_sha256"]:
                raise ValueError("the text of a revision does not have its hash: the file was changed or cut")
            known = numbers.get(revision["text_sha256"])
            if known is None:
                number += 1
                values = row_values("revision", revision, leave_out=("document_id", "number"))
                self._session.add(Revision(document_id=document_id, number=number, **values))
                self._tally.added["revision"] += 1
            self.revisions[line["id"], revision["number"]] = known or number
        self._session.flush()
