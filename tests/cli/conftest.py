"""A record in memory that answers the command line with fixed rows and remembers what it was asked."""

from __future__ import annotations

import datetime as dt
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from typer.testing import CliRunner, Result

from kb.cli.root import app
from kb.cli.session import Session
from kb.config import Settings
from kb.errors import InputError
from kb.types import (
    EvidenceRow,
    Filters,
    FoundFeed,
    Horizon,
    ImportResult,
    ItemResult,
    MergeRow,
    OutcomeRow,
    Report,
    RoleRow,
    Scorecard,
    SourceResult,
    SourceRow,
    SpeakerRow,
    StatementRow,
    SuggestedEvidence,
    SuggestionRow,
    WatchHits,
)

NOON = dt.datetime(2024, 12, 3, 12, tzinfo=dt.UTC)


def report(publisher: str, words: str, context: str) -> Report:
    start = context.index(words)
    return Report(
        document_id=7,
        title=f"A story in {publisher}",
        publisher=publisher,
        url=f"https://{publisher.lower()}.example/story",
        published_at=NOON,
        quote_kind="indirect",
        speaker_text="De Lang",
        words=words,
        content=((100 + start, 100 + start + len(words)),),
        confidence=0.9,
        context=context,
        context_start=100,
    )


def statement(**changes: Any) -> StatementRow:
    words = "At least 100,000 robots will be ordered in 2025"
    values: dict[str, Any] = {
        "id": 12,
        "fingerprint": "f" * 32,
        "speaker_id": 3,
        "speaker": "Clément Delangue",
        "kind": "prediction",
        "text": words,
        "said_on": "2024-12-03",
        "strength": "certain",
        "p_low": None,
        "p_high": None,
        "horizon": Horizon(
            earliest=dt.date(2025, 1, 1),
            latest=dt.date(2025, 12, 31),
            precision="year",
            phrase="in 2025",
            rule="year",
            start=0,
            end=7,
        ),
        "quantity": None,
        "review": "machine",
        "reports": (report("Alpha", words, f"{words}, he said."), report("Beta", words, f"He said: {words}.")),
    }
    return StatementRow(**{**values, **changes})


def outcome(verdict: Any = "false") -> OutcomeRow:
    evidence = EvidenceRow(
        id=1,
        url="https://count.example/" + "2025/" * 20,
        document_id=9,
        quote="9,000 were ordered",
        direction="refutes",
        date="2026-01-20",
        title="The annual count",
        publisher="Gamma",
    )
    return OutcomeRow(
        id=1,
        verdict=verdict,
        known_on=dt.date(2026, 1, 20),
        recorded_at=NOON,
        recorded_by="ana",
        method="manual",
        reason="the annual count",
        evidence=(evidence,),
    )


MERGE = MergeRow(
    id=4,
    from_id=5,
    from_name="Clem Delangue",
    into_id=3,
    into_name="Clément Delangue",
    made_at=NOON,
    made_by="ana",
    reason="same byline",
    undone_at=None,
)
SPEAKER = SpeakerRow(
    id=3,
    name="Clément Delangue",
    kind="person",
    statements=8,
    aliases=("Clément Delangue", "De Lang", "Clem Delangue"),
    accounts=("x:clem_ex",),
    roles=(
        RoleRow(
            title="chief executive",
            organisation="Hugging Face",
            first_seen="2024-12-02",
            last_seen="2024-12-08",
            document_id=7,
            document_title="A story in Alpha",
            publisher="Alpha",
        ),
    ),
    merges=(MERGE,),
)
SUGGESTION = SuggestionRow(
    speaker_id=None,
    speaker="C. Delangue",
    candidate_id=3,
    candidate="Clément Delangue",
    score=77.4,
    reasons=("similar spelling (86 %)", "but two accounts: x:clem and x:clem_ex"),
)
SCORECARD = Scorecard(
    speaker="Marit Solvang",
    predictions=3,
    due=2,
    counts={"true": 1, "false": 1},
    hits=1,
    scored=2,
    hit_rate=0.5,
    low=0.0945,
    high=0.9055,
)


SUGGESTED = SuggestedEvidence(
    document_id=9,
    title="The annual count",
    publisher="Gamma",
    url="https://count.example/2025",
    published_at=dt.datetime(2026, 1, 20, 12, tzinfo=dt.UTC),
    passage="In all,\n9,000 were ordered.",
    start=10,
    end=36,
    score=5.5,
    direction="refutes",
    comparison="says 9,000 robots; predicted at least 100,000 robots: refutes",
    reasons=("shares ordered", "has a figure in the same unit"),
)


class FakeKB:
    """The facade's methods, as the command line calls them."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.rows = [statement()]
        self.people = [SPEAKER]
        self.items: list[ItemResult] = []
        self.polled: list[SourceResult] = []
        self.source_rows: list[SourceRow] = []
        self.offered: list[FoundFeed] = []
        self.interrupt = False
        self.problems: list[str] = []
        self.cards = [SCORECARD]
        self.due_now = (0, 0)
        self.news: list[WatchHits] = []
        self.exported = 2
        self.imported = ImportResult(added={"document": 2, "merge": 1}, changed=1, conflicts=("statement 3: x",))
        self.error: BaseException | None = None

    def _called(self, name: str, **values: Any) -> None:
        self.calls.append((name, values))
        if self.error:
            raise self.error

    def add(
        self, targets: Any, *, kind: Any, speaker: Any, date: Any, choose: Any, announce: Callable[[int], None]
    ) -> Iterator[ItemResult]:
        self._called("add", targets=targets, kind=kind, speaker=speaker, date=date)
        announce(len(self.items))
        yield from self.items
        if self.offered:
            yield from self._chosen(targets[0], choose)

    def _chosen(self, url: str, choose: Any) -> Iterator[ItemResult]:
        try:
            yield from (ItemResult(item=feed.url, status="added") for feed in choose(url, self.offered))
        except InputError as error:
            yield ItemResult(item=url, status="failed", reason=str(error))

    def update(
        self,
        *,
        source: str | None,
        all: bool,  # noqa: A002
        stop: threading.Event,
        announce: Callable[[int], None],
    ) -> Iterator[SourceResult]:
        self._called("update", source=source, all=all)
        announce(len(self.polled))
        yield from self._polling(stop)

    def watch(self, stop: threading.Event) -> Iterator[SourceResult]:
        self._called("watch")
        yield from self._polling(stop)

    def _polling(self, stop: threading.Event) -> Iterator[SourceResult]:
        """What was polled; the interrupt comes after the first."""
        for result in self.polled:
            yield result
            if self.interrupt:
                signal.raise_signal(signal.SIGINT)
            if stop.is_set():
                return

    def sources(self) -> list[SourceRow]:
        return self.source_rows

    def pause_source(self, source: str) -> str:
        self._called("pause_source", source=source)
        return "Alpha"

    def resume_source(self, source: str) -> str:
        self._called("resume_source", source=source)
        return "Alpha"

    def remove_source(self, source: str) -> tuple[str, int]:
        self._called("remove_source", source=source)
        return "Alpha", 3

    def said(self, filters: Filters, *, sort: str = "date") -> list[StatementRow]:
        self._called("said", filters=filters)
        return self.rows

    def predictions(self, filters: Filters, *, today: dt.date | None = None) -> list[StatementRow]:
        self._called("predictions", filters=filters, today=today)
        return self.rows

    def show(self, statement_id: int) -> StatementRow:
        self._called("show", id=statement_id)
        return self.rows[0]

    def speakers(self, words: str | None = None, *, watched: bool = False) -> list[SpeakerRow]:
        self._called("speakers", words=words, watched=watched)
        return self.people

    def suggest_merges(self, name_or_id: str | None, *, limit: int) -> list[SuggestionRow]:
        self._called("suggest_merges", name_or_id=name_or_id, limit=limit)
        return [SUGGESTION]

    def import_speakers(self, file: Path) -> list[ItemResult]:
        self._called("import_speakers", file=file)
        return self.items

    def speaker(self, name_or_id: str) -> SpeakerRow:
        self._called("speaker", name_or_id=name_or_id)
        return SPEAKER

    def merge(self, from_: str, into: str, *, reason: str) -> MergeRow:
        self._called("merge", from_=from_, into=into, reason=reason)
        return MERGE

    def unmerge(self, merge_id: int) -> None:
        self._called("unmerge", merge_id=merge_id)

    def alias(self, speaker: str, text: str) -> None:
        self._called("alias", speaker=speaker, text=text)

    def resolve(self, statement_id: int, verdict: str, **values: Any) -> OutcomeRow:
        self._called("resolve", id=statement_id, verdict=verdict, **values)
        return outcome(verdict)

    def scores(self, **values: Any) -> list[Scorecard]:
        self._called("scores", **values)
        return self.cards

    def plot_scores(self, cards: Sequence[Scorecard], out: BinaryIO, *, format: str) -> None:  # noqa: A002
        self._called("plot_scores", cards=len(cards), format=format)
        out.write(b"drawn")

    def due(self) -> tuple[int, int]:
        return self.due_now

    def watched(self) -> list[WatchHits]:
        return self.news

    def suggest_evidence(self, statement_id: int, *, limit: int) -> list[SuggestedEvidence]:
        self._called("suggest_evidence", id=statement_id, limit=limit)
        return [SUGGESTED]

    def export(
        self, format_name: str, out: BinaryIO, filters: Filters, *, options: dict[str, Any], tell: Callable[[str], None]
    ) -> int:
        out.write(b"half")
        if format_name == "timelinejs":
            tell("2 of 3 slides")
        self._called("export", format=format_name, filters=filters, options=options)
        out.write(b" and half")
        return self.exported

    def export_pages(self, folder: Path, filters: Filters) -> int:
        self._called("export_pages", folder=folder, filters=filters)
        return 2

    def chart(self, kind: str, out: BinaryIO, filters: Filters, *, format: str) -> int:  # noqa: A002
        self._called("chart", kind=kind, filters=filters, format=format)
        out.write(b"drawn")
        return 2

    def import_record(self, file: Path) -> ImportResult:
        self._called("import_record", file=file)
        return self.imported

    def backup(self, file: Path) -> None:
        self._called("backup", file=file)

    def check(self) -> list[str]:
        self._called("check")
        return self.problems


@pytest.fixture
def fake() -> FakeKB:
    return FakeKB()


@pytest.fixture
def run(fake: FakeKB, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run ``kb`` with these arguments against the record in memory, as on a terminal 100 columns wide."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("KB_DB", raising=False)

    @contextmanager
    def opener(settings: Settings) -> Iterator[Any]:
        yield fake

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments), obj=Session(opener=opener))

    return invoke


@pytest.fixture
def make_statement() -> Callable[..., StatementRow]:
    return statement


@pytest.fixture
def make_outcome() -> Callable[..., OutcomeRow]:
    return outcome
