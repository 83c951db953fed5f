"""W3C PROV-JSON: where every statement and outcome comes from: document, extraction, judgement, evidence.

statement -wasQuotedFrom-> document    statement -wasGeneratedBy-> extraction -wasAssociatedWith-> software
outcome -wasDerivedFrom-> statement    outcome -wasAttributedTo-> person    outcome -wasRevisionOf-> outcome
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, BinaryIO

from exports.rows import in_order, links_in_order, reports_in_order, statements_in_order, utc_text, write_json
from kb.text import fingerprint
from kb.types import EvidenceRow, OutcomeRow, Report, SpeakerKind, StatementRow, TimelineEntry

PREFIXES = {"onrecord": "urn:onrecord:"}
AGENTS: dict[SpeakerKind | None, str] = {"person": "prov:Person", "organisation": "prov:Organization"}
"""What speakers are in PROV, which has no word for unnamed groups."""
_QUOTATION, _REVISION = "prov:Quotation", "prov:Revision"


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
    """Write the provenance of every statement; returns their number. PROV has no place for ``title``."""
    ordered = in_order(entries)
    statements = statements_in_order(ordered)
    document = _Document()
    for statement in statements:
        _add_statement(document, statement)
    for later, relation, earlier in links_in_order(ordered):
        document.relation(
            "wasDerivedFrom",
            prov_generatedEntity=f"onrecord:statement/{later}",
            prov_usedEntity=f"onrecord:statement/{earlier}",
            prov_type=f"onrecord:{relation}",
        )
    write_json({"prefix": PREFIXES, **document.parts}, out)
    return len(statements)


class _Document:
    """A PROV document under construction; relations are numbered in the order made."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self._relations = 0

    def node(self, kind: str, identity: str, **attributes: str | None) -> str:
        """An entity, activity or agent; attribute names have ``_`` for the colon."""
        known = {name.replace("_", ":", 1): value for name, value in attributes.items() if value is not None}
        self.parts[kind].setdefault(identity, {}).update(known)
        return identity

    def relation(self, kind: str, **ends: str) -> None:
        self._relations += 1
        self.parts[kind][f"_:r{self._relations}"] = {name.replace("_", ":", 1): end for name, end in ends.items()}


def _add_statement(document: _Document, statement: StatementRow) -> None:
    identity = document.node(
        "entity",
        f"onrecord:statement/{statement.fingerprint}",
        prov_value=statement.text,
        prov_type=f"onrecord:{statement.kind}",
    )
    if statement.speaker:
        speaker = _agent(document, "speaker", statement.speaker, AGENTS.get(statement.speaker_kind))
        document.relation("wasAttributedTo", prov_entity=identity, prov_agent=speaker)
    for report in reports_in_order(statement):
        _add_report(document, identity, report)
    previous = None
    for number, outcome in enumerate(statement.outcomes, start=1):
        previous = _add_outcome(document, f"{statement.fingerprint}/{number}", outcome, (identity, previous))


def _add_report(document: _Document, statement: str, report: Report) -> None:
    source = _document_entity(document, report)
    document.relation("wasDerivedFrom", prov_generatedEntity=statement, prov_usedEntity=source, prov_type=_QUOTATION)
    if report.extractor and report.extracted_at:
        at = utc_text(report.extracted_at)
        key = fingerprint([report.extractor, at, source])
        activity = document.node("activity", f"onrecord:extraction/{key}", prov_startTime=at, prov_endTime=at)
        agent = document.node(
            "agent",
            f"onrecord:software/{fingerprint([report.extractor])}",
            prov_label=report.extractor,
            prov_type="prov:SoftwareAgent",
        )
        document.relation("used", prov_activity=activity, prov_entity=source)
        document.relation("wasGeneratedBy", prov_entity=statement, prov_activity=activity)
        document.relation("wasAssociatedWith", prov_activity=activity, prov_agent=agent)


def _add_outcome(document: _Document, key: str, outcome: OutcomeRow, about: tuple[str, str | None]) -> str:
    statement, previous = about
    at = utc_text(outcome.recorded_at)
    identity = document.node(
        "entity", f"onrecord:outcome/{key}", prov_value=outcome.verdict, prov_type="onrecord:outcome"
    )
    activity = document.node("activity", f"onrecord:resolution/{key}", prov_startTime=at, prov_endTime=at)
    person = _agent(document, "user", outcome.recorded_by, AGENTS["person"])
    document.relation("wasGeneratedBy", prov_entity=identity, prov_activity=activity)
    document.relation("wasAssociatedWith", prov_activity=activity, prov_agent=person)
    document.relation("wasAttributedTo", prov_entity=identity, prov_agent=person)
    document.relation("wasDerivedFrom", prov_generatedEntity=identity, prov_usedEntity=statement)
    if previous:
        document.relation(
            "wasDerivedFrom", prov_generatedEntity=identity, prov_usedEntity=previous, prov_type=_REVISION
        )
    for item in outcome.evidence:
        document.relation("used", prov_activity=activity, prov_entity=_document_entity(document, item))
    return identity


def _document_entity(document: _Document, item: Report | EvidenceRow) -> str:
    digest = item.text_sha256 if isinstance(item, Report) else None
    key = fingerprint([item.url or "", digest or "", item.title or ""])
    return document.node(
        "entity", f"onrecord:document/{key}", prov_location=item.url, prov_label=item.title, onrecord_textSha256=digest
    )


def _agent(document: _Document, role: str, name: str, kind: str | None) -> str:
    identity = f"onrecord:{role}/{fingerprint([name])}"
    return document.node("agent", identity, prov_label=name, prov_type=kind)
