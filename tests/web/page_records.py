"""A record that has something for every page: stories with source, cue and content, copies, outcomes, merges."""

from __future__ import annotations

import datetime as dt

from records import NOW, Record, document_data, due

from kb import outcomes
from kb.store import documents, statements
from kb.types import Attribution, Horizon, Spans, SpeakerMention, StatementData, StatementKind

HARBOUR = (
    "A quiet day at the harbour. 🌊👩‍🔬\n\n“We will have 40 turbines in the water by June 2025,” said Maja Lindqvist, "
    "the chief engineer of Tidal North.\n\nNobody else spoke."
)
MAJA_SAID = "We will have 40 turbines in the water by June 2025"
LATER = "Tidal North has 43 turbines in the water since May 2025, its annual report says. Ola Berg was there."


def span(text: str, words: str) -> Spans:
    """Where words stand in a text, for the first time; nowhere for none."""
    start = text.index(words)
    return ((start, start + len(words)),) if words else ()


def attribution(
    text: str,
    content: str,
    *,
    source: str = "",
    cue: str = "",
    kind: StatementKind = "prediction",
    horizon: Horizon | None = None,
    confidence: float = 0.8,
) -> Attribution:
    """One with its spans found in the text."""
    return Attribution(
        source=span(text, source),
        cue=span(text, cue),
        content=span(text, content),
        quote_kind="direct",
        speaker=SpeakerMention(name=source, kind="person") if source else None,
        statement=StatementData(kind=kind, text=content, horizon=horizon, strength="certain"),
        confidence=confidence,
    )


def said(
    record: Record, speaker_id: int | None, document_id: int, found: Attribution, *, on: str | None = "2024-12-03"
) -> int:
    """A statement reported in a document that is there already."""
    with record.store.transaction() as session:
        statement_id = statements.insert(session, speaker_id, found.statement, said_on=on)
        statements.attach(session, statement_id, document_id, found, extractor="test", now=NOW)
    return statement_id


def again(record: Record, statement_id: int, document_id: int, found: Attribution) -> None:
    """Another report of a statement."""
    with record.store.transaction() as session:
        statements.attach(session, statement_id, document_id, found, extractor="test", now=NOW)


def copy_of(record: Record, document_id: int, text: str, **raw: str) -> int:
    """A near duplicate of a document."""
    data = document_data(text, external_id=f"copy of {document_id}", published=dt.date(2024, 12, 4), **raw)
    with record.store.transaction() as session:
        return documents.insert(session, record.source_id, data, NOW, near_duplicate_of=document_id)


def fill_pages(record: Record) -> dict[str, int]:
    """Everything that pages show; numbers by name."""
    day = dt.date(2024, 12, 3)
    maja, ola = record.speaker("Maja Lindqvist", "M. Lindqvist"), record.speaker("Ola Berg")
    twin = record.speaker("Maja Lindkvist")
    harbour = record.document(
        HARBOUR, published=day, title="Turbines at sea", publisher="The Harbour Times", url="https://harbour.example/a"
    )
    marks = attribution(HARBOUR, MAJA_SAID, source="Maja Lindqvist", cue="said", horizon=due("2025-06-30"))
    overdue = said(record, maja, harbour, marks)
    wire = copy_of(
        record,
        harbour,
        f"{HARBOUR}\n\nFrom the wire.",
        title="Turbines",
        publisher="The Coast",
        url="https://coast.example/b",
    )
    again(record, overdue, wire, marks)
    post = "The tide has never been stronger, said Ola Berg. He will publish every figure."
    note = record.document(post, published=dt.date(2025, 5, 1), title="Notes", publisher="The Daily")
    claim = said(
        record,
        ola,
        note,
        attribution(post, "The tide has never been stronger", source="Ola Berg", cue="said", kind="claim"),
        on="2025-05-01",
    )
    promise = said(
        record, ola, note, attribution(post, "publish every figure", source="He", kind="commitment"), on="2025-05-01"
    )
    record.document(LATER, published=dt.date(2025, 7, 1), title="Annual report", url="https://tidal.example/2025")
    resolved = record.said(maja, "The bridge will open in 2024", horizon=due("2024-12-31"), on="2024-01-10")
    outcomes.resolve(
        record.store,
        resolved,
        "false",
        evidence=["https://harbour.example/bridge|The bridge stays shut"],
        reason="It stayed shut",
        recorded_by="ana",
        now=NOW,
    )
    for number in range(30):
        record.said(maja, f"Claim number {number} about the sea", kind="claim", on=f"2024-{number % 12 + 1:02}-05")
    return {
        "maja": maja,
        "ola": ola,
        "twin": twin,
        "harbour": harbour,
        "overdue": overdue,
        "claim": claim,
        "promise": promise,
        "resolved": resolved,
    }
