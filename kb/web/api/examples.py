"""One example of everything that the API shows, for its description."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kb.types import (
    RECORD_VERSION,
    AccuracyRow,
    ChangeRow,
    ConflictRow,
    CorrectionRow,
    DocumentRow,
    EvidenceRow,
    FacetCount,
    Facets,
    Horizon,
    ImportResult,
    ItemResult,
    MergeRow,
    OutcomeRow,
    Quantity,
    Report,
    RevisionRow,
    RoleRow,
    SayingRow,
    Scorecard,
    SourceResult,
    SourceRow,
    SpeakerRow,
    StatementRow,
    SuggestedEvidence,
    SuggestionRow,
    TimelineEntry,
    WatchRow,
)
from kb.web.api import shapes

NOW = dt.datetime(2026, 2, 3, 9, 30, tzinfo=dt.UTC)
DAY = NOW.date()

REPORT = Report(
    id=7,
    document_id=3,
    title="Power from the tide",
    publisher="The Harbour Post",
    url="https://harbour.example/tide",
    published_at=NOW,
    quote_kind="direct",
    speaker_text="Maja Lindqvist, head of Tidal Nord,",
    words="We will have 40 turbines in the water by the end of 2027",
    content=((46, 102),),
    confidence=0.94,
)
EVIDENCE = EvidenceRow(
    id=1, url="https://harbour.example/turbines", document_id=9, quote="the 40th turbine", direction="supports",
    date="2027-11-30",
)  # fmt: skip
OUTCOME = OutcomeRow(
    id=1, verdict="true", known_on=dt.date(2027, 11, 30), recorded_at=NOW, recorded_by="ana", method="manual",
    reason="", evidence=(EVIDENCE,),
)  # fmt: skip
_ROW = StatementRow(
    id=12,
    fingerprint="5f0c8d1e",
    speaker_id=4,
    speaker="Maja Lindqvist",
    kind="prediction",
    text=REPORT.words,
    said_on="2026-02-03",
    strength="certain",
    p_low=None,
    p_high=None,
    horizon=Horizon(
        earliest=None, latest=dt.date(2027, 12, 31), precision="year", phrase="by the end of 2027", rule="end of year",
        start=37, end=56,
    ),
    quantity=Quantity(comparator="=", value=40, unit="turbines"),
    review="machine",
    reports=(REPORT,),
)  # fmt: skip
STATEMENT = shapes.statement(_ROW, DAY)
JUDGED = replace(STATEMENT, review="accepted", version=1)
SAYING = SayingRow(id=12, text=_ROW.text, said_on=_ROW.said_on, latest=dt.date(2027, 12, 31))
ENTRY = shapes.entry(TimelineEntry(kind="statement", date="2026-02-03", statement=_ROW), DAY)
FACETS = Facets(
    speaker=(FacetCount("Maja Lindqvist", "by:4", 3),),
    outlet=(FacetCount("The Harbour Post", 'in:"The Harbour Post"', 3),),
    kind=(FacetCount("prediction", "kind:prediction", 2), FacetCount("claim", "kind:claim", 1)),
    year=(FacetCount("2026", "since:2026 until:2026", 3),),
    verdict=(),
    counted=3,
    complete=True,
)
CORRECTION = CorrectionRow(
    id=5, judgement="9f31c2d4e5a60718", undoes=None, field="kind", old="claim", new="prediction", made_by="ana",
    made_at=NOW,
)  # fmt: skip
SUGGESTED = SuggestedEvidence(
    document_id=9, title="The 40th turbine", publisher="The Harbour Post", url="https://harbour.example/turbines",
    published_at=NOW, passage="Tidal Nord lowered its 40th turbine.", start=120, end=156, score=0.8,
    direction="supports", comparison="says 40 turbines; predicted 40: supports", reasons=("the same number",),
)  # fmt: skip
MERGE = MergeRow(
    id=2, from_id=8, from_name="M. Lindqvist", into_id=4, into_name="Maja Lindqvist", made_at=NOW, made_by="ana",
    reason="same firm and title", undone_at=None,
)  # fmt: skip
SPEAKER = SpeakerRow(
    id=4,
    name="Maja Lindqvist",
    kind="person",
    statements=3,
    aliases=("Maja Lindqvist", "M. Lindqvist"),
    roles=(RoleRow(title="head", organisation="Tidal Nord", first_seen="2026-02-03", last_seen="2026-02-03"),),
    merges=(MERGE,),
)
SUGGESTION = SuggestionRow(
    speaker_id=8, speaker="M. Lindqvist", candidate_id=4, candidate="Maja Lindqvist", score=88.0,
    reasons=("initial and surname fit", "both head of Tidal Nord"),
)  # fmt: skip
SCORECARD = Scorecard(
    speaker="Maja Lindqvist", predictions=6, due=5, counts={"true": 3, "false": 1}, hits=3, scored=4, hit_rate=0.75,
    low=0.3, high=0.95, shrunk=0.68, rank=1,
)  # fmt: skip
DOCUMENT = DocumentRow(
    id=3,
    kind="article",
    title="Power from the tide",
    author="Ola Berg",
    publisher="The Harbour Post",
    url="https://harbour.example/tide",
    published_at=NOW,
    fetched_at=NOW,
    copy_of=None,
    differs=(),
    copies=(),
    revision=0,
    text="Maja Lindqvist, head of Tidal Nord, said: “We will have 40 turbines in the water by the end of 2027”.",
    text_sha256="0b5c6d",
    revisions=(RevisionRow(number=0, title="Power from the tide", seen_at=NOW, reason=None),),
)
CHANGE = ChangeRow(
    document_id=3, title="Power from the tide", publisher="The Harbour Post", url="https://harbour.example/tide",
    revision=1, seen_at=NOW, reason="changed", kind="number", removed="There will be 50.", added="There will be 40.",
)  # fmt: skip
SOURCE = SourceRow(
    id=1, kind="feeds", name="The Harbour Post", url="https://harbour.example/feed.xml", documents=14,
    last_polled_at=NOW, every=dt.timedelta(hours=1),
)  # fmt: skip
ADDED = ItemResult(item="https://harbour.example/tide", status="added", statements=2, predictions=1, document_id=3)
REPARSED = ItemResult(item="https://harbour.example/tide", status="unchanged", document_id=3)
POLLED = SourceResult(source="The Harbour Post", url=SOURCE.url, status="ok", added=2, unchanged=12)
CONFLICT = ConflictRow(
    statement_id=12, text=_ROW.text, document_id=3, field="kind", person="prediction", machine="claim",
    extractor="onrecord 0.1", found_at=NOW,
)  # fmt: skip
ACCURACY = AccuracyRow(
    part="outlet", name="The Harbour Post", accepted=18, edited=1, rejected=1, precision=0.9, low=0.7, high=0.97,
    edits={"kind": 1},
)  # fmt: skip
IMPORTED = ImportResult(added={"document": 1, "statement": 2, "report": 2, "speaker": 1})
RECORD = f'{{"type":"onrecord","schema_version":{RECORD_VERSION}}}\n{{"type":"end","lines":0}}\n'
"""The smallest record that can be imported: an empty one."""
LISTED = ItemResult(item="Maja Lindqvist", status="added")
WATCHLIST = (
    "name,aliases,handles,role,organisation,wikidata id\n"
    "Maja Lindqvist,M. Lindqvist,x:maja|mastodon:maja@sea.example,head,Tidal Nord,\n"
)
WATCH = WatchRow(id=1, name="tides", query="by:Lindqvist kind:prediction", made_at=NOW, hits=2)
