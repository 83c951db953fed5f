"""Short words for filling a store."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kb.store import Store, documents, sources, speakers, statements
from kb.text import sha256
from kb.types import (
    Attribution,
    DocumentData,
    Horizon,
    RawDocument,
    SpeakerMention,
    StatementData,
    StatementKind,
    Times,
)

NOW = dt.datetime(2025, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def document_data(
    text: str, *, external_id: str = "1", published: dt.date | None = None, times: Times = (), **raw: Any
) -> DocumentData:
    """An article with that text; ``raw`` are further fields of RawDocument."""
    moment = dt.datetime.combine(published, dt.time(12), dt.UTC) if published else None
    article = RawDocument(external_id=external_id, kind="article", text=text, published_at=moment, **raw)
    return DocumentData(raw=article, text=text, text_sha256=sha256(text), times=times)


def due(latest: str) -> Horizon:
    """A horizon of one day."""
    day = dt.date.fromisoformat(latest)
    return Horizon(earliest=day, latest=day, precision="day", phrase=latest, rule="test", start=0, end=len(latest))


class Record:
    """Fills a store, one transaction per call; every method returns the new id."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._documents = 0
        with store.transaction() as session:
            self.source_id = sources.register(session, "file", name="test", url="/test")

    def document(self, text: str, *, published: dt.date | None = None, times: Times = (), **raw: Any) -> int:
        self._documents += 1
        data = document_data(text, external_id=f"d{self._documents}", published=published, times=times, **raw)
        with self.store.transaction() as session:
            return documents.insert(session, self.source_id, data, NOW)

    def speaker(self, name: str, *spellings: str) -> int:
        with self.store.transaction() as session:
            return speakers.create(session, SpeakerMention(name=name, kind="person", spellings=spellings))

    def merge(self, from_id: int, into_id: int) -> int:
        with self.store.transaction() as session:
            return speakers.merge(session, from_id, into_id, made_by="ann", reason="same person", now=NOW)

    def said(
        self,
        speaker_id: int | None,
        words: str,
        *,
        kind: StatementKind = "prediction",
        on: str | None = "2024-12-03",
        horizon: Horizon | None = None,
        mentions: tuple[tuple[str, str], ...] = (),
    ) -> int:
        """A statement in a document of its own."""
        data = StatementData(kind=kind, text=words, horizon=horizon, mentions=mentions)
        with self.store.transaction() as session:
            statement_id = statements.insert(session, speaker_id, data, said_on=on)
        self.report(statement_id, data, self.document(f"It will be seen: {words}"))
        return statement_id

    def report(self, statement_id: int, data: StatementData, document_id: int) -> int:
        """A report of ``data`` in a document that has its words."""
        with self.store.transaction() as session:
            start = documents.get(session, document_id).text.index(data.text)
            attribution = Attribution(
                source=(),
                cue=(),
                content=((start, start + len(data.text)),),
                quote_kind="indirect",
                speaker=None,
                statement=data,
                confidence=0.5,
            )
            return statements.attach(session, statement_id, document_id, attribution, extractor="test", now=NOW)
