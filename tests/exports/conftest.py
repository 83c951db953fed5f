"""A small builder of timeline entries; every argument that a test does not name has a plain value."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hostile_text import HOSTILE

from exports import load_export
from kb.types import EvidenceRow, Horizon, OutcomeRow, Report, StatementRow, TimelineEntry


class Builder:
    """``build.statement(text=...)`` makes a row, ``build.entries(row, ...)`` its timeline entries."""

    def __init__(self) -> None:
        self._made = 0

    def report(self, **values: Any) -> Report:
        self._made += 1
        defaults: dict[str, Any] = {
            "document_id": self._made,
            "title": "Harbour plans for next year",
            "publisher": "The Harbour Times",
            "url": "https://harbour.example/plans",
            "published_at": dt.datetime(2024, 12, 3, 9, 30, tzinfo=dt.UTC),
            "quote_kind": "direct",
            "speaker_text": "Dana Whitlock",
            "words": "We will open ten ports in 2025.",
            "content": ((10, 41),),
            "confidence": 0.9,
            "text_sha256": "ab" * 32,
            "fetched_at": dt.datetime(2024, 12, 4, 6, 0, tzinfo=dt.UTC),
            "extractor": "onrecord 1",
            "extracted_at": dt.datetime(2024, 12, 4, 6, 1, tzinfo=dt.UTC),
        }
        return Report(**defaults | values)

    def horizon(self, **values: Any) -> Horizon:
        defaults: dict[str, Any] = {
            "earliest": dt.date(2025, 1, 1),
            "latest": dt.date(2025, 12, 31),
            "precision": "year",
            "phrase": "in 2025",
            "rule": "year",
            "start": 0,
            "end": 7,
        }
        return Horizon(**defaults | values)

    def evidence(self, **values: Any) -> EvidenceRow:
        self._made += 1
        defaults: dict[str, Any] = {
            "id": self._made,
            "url": "https://registry.example/ports",
            "document_id": None,
            "title": None,
            "publisher": None,
            "quote": "Ten ports were in service by November.",
            "direction": "supports",
            "date": "2025-11",
        }
        return EvidenceRow(**defaults | values)

    def outcome(self, **values: Any) -> OutcomeRow:
        self._made += 1
        defaults: dict[str, Any] = {
            "id": self._made,
            "verdict": "true",
            "known_on": dt.date(2025, 11, 20),
            "recorded_at": dt.datetime(2025, 11, 21, 8, 0, tzinfo=dt.UTC),
            "recorded_by": "ed",
            "method": "manual",
            "reason": "The registry counts ten.",
            "evidence": (self.evidence(),),
        }
        return OutcomeRow(**defaults | values)

    def statement(self, **values: Any) -> StatementRow:
        self._made += 1
        defaults: dict[str, Any] = {
            "id": self._made,
            "fingerprint": f"{self._made:032x}",
            "speaker_id": 1,
            "speaker": "Dana Whitlock",
            "kind": "prediction",
            "text": "We will open ten ports in 2025.",
            "said_on": "2024-12-03",
            "strength": "certain",
            "p_low": None,
            "p_high": None,
            "horizon": self.horizon(),
            "quantity": None,
            "review": "machine",
            "reports": (self.report(),),
        }
        return StatementRow(**defaults | values)

    def entries(self, *statements: StatementRow) -> list[TimelineEntry]:
        """What a timeline holds of ``statements``: when said, when due, and each outcome when known."""
        found = []
        for row in statements:
            found.append(TimelineEntry(kind="statement", date=row.said_on, statement=row))
            if row.horizon and row.horizon.latest:
                found.append(TimelineEntry(kind="due", date=row.horizon.latest.isoformat(), statement=row))
            found += [
                TimelineEntry(kind="outcome", date=outcome.known_on.isoformat(), statement=row, outcome=outcome)
                for outcome in row.outcomes
            ]
        return found


@pytest.fixture
def build() -> Builder:
    return Builder()


@pytest.fixture
def written() -> Callable[..., bytes]:
    """``written(format, entries)``: what the format makes of them."""

    def write(name: str, entries: Sequence[TimelineEntry], title: str = "What they said", **options: Any) -> bytes:
        out = io.BytesIO()
        load_export(name).write(entries, out, title=title, **options)
        return out.getvalue()

    return write


@pytest.fixture
def nothing() -> list[TimelineEntry]:
    return []


@pytest.fixture
def story(build: Builder) -> list[TimelineEntry]:
    """A statement of each sort: resolved, revised, vague, undated, unattributed, unreported, void, slipped, plain."""
    late = build.outcome(verdict="late", known_on=build.horizon().latest)
    entries = build.entries(
        build.statement(outcomes=(build.outcome(verdict="unclear", evidence=()), late)),
        build.statement(kind="commitment", said_on="2024", p_low=0.6, p_high=0.75, strength="likely"),
        build.statement(
            said_on="2024-12", horizon=build.horizon(earliest=None, latest=None, precision="vague", phrase="soon")
        ),
        build.statement(said_on=None, speaker=None, speaker_id=None),
        build.statement(kind="claim", horizon=None, strength=None, reports=()),
        build.statement(reports=(build.report(url="javascript:alert(1)"), build.report(published_at=None, url=None))),
        build.statement(speaker="Анна/../Öz", outcomes=(build.outcome(verdict="void", evidence=()),)),
    )
    first = entries[0].statement
    moved = build.statement(
        said_on="2025-06", horizon=build.horizon(latest=dt.date(2026, 3, 31), precision="quarter", phrase="by spring")
    )
    return entries + [replace(entry, links=(("slips", first.fingerprint),)) for entry in build.entries(moved)]


@pytest.fixture
def hostile(build: Builder) -> list[TimelineEntry]:
    report = build.report(
        title=HOSTILE, publisher=HOSTILE, words=HOSTILE, speaker_text=HOSTILE, url="http://[" + HOSTILE
    )
    evidence = build.evidence(url="javascript:alert('" + HOSTILE, quote=HOSTILE)
    return build.entries(
        build.statement(
            text=HOSTILE,
            speaker=HOSTILE,
            horizon=build.horizon(phrase=HOSTILE),
            reports=(report,),
            outcomes=(build.outcome(reason=HOSTILE, evidence=(evidence,)),),
        )
    )
