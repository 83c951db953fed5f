"""Targets and polled sources, with an outside world made of dictionaries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from line_extractor import LineExtractor

from kb.errors import FetchError, InputError
from kb.ingest.intake import Hints, Intake, Outside, is_url
from kb.ingest.pipeline import Pipeline
from kb.store import Store, sources
from kb.store.sources import StoredSource
from kb.types import Author, Payload, RawDocument, Role, Skipped

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
FEED = "https://example.org/feed"


@dataclass
class Answer:
    payload: Payload | None
    etag: str | None = None
    last_modified: str | None = None


@dataclass
class World:
    """Pages are lists of texts, one document each; "!" breaks off, "" is left out."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    etag: str | None = '"1"'
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    hints: list[Hints] = field(default_factory=list)

    def fetch(self, url: str, etag: str | None, _: str | None) -> Answer:
        self.requests.append((url, etag))
        if url not in self.pages:
            raise FetchError(f"{url} answered 404", url=url, status=404)
        if etag and etag == self.etag:
            return Answer(None)
        return Answer(self._payload(url, self.pages[url]), self.etag)

    def open(self, path: Path) -> Iterator[Payload | Skipped]:
        if not any(name.startswith(str(path)) for name in self.files):
            raise InputError(f"there is no file or folder {path}")
        for name, texts in self.files.items():
            yield self._payload(name, texts) if texts else Skipped(name, "cannot be read", failed=True)

    def read(self, payload: Payload, hints: Hints) -> Iterator[RawDocument | Skipped]:
        self.hints.append(hints)
        for number, text in enumerate(payload.data.decode().split("\0")):
            if text == "!":
                raise InputError(f"{payload.name} breaks off")
            published = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
            document = RawDocument(external_id=str(number), kind="article", text=text, published_at=published)
            yield document if text else Skipped(f"item {number}", "nothing in it")

    @staticmethod
    def detect(payload: Payload) -> str:
        if payload.data.startswith(b"?"):
            raise InputError(f"{payload.name} is of no known format")
        return "feed"

    @staticmethod
    def _payload(name: str, texts: list[str]) -> Payload:
        return Payload(data="\0".join(texts).encode(), name=name, fetched_at=NOW)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def intake(store: Store, world: World, extractor: LineExtractor) -> Intake:
    outside = Outside(detect=world.detect, read=world.read, files=world.open, fetch=world.fetch)
    return Intake(Pipeline(store=store, extractor=lambda: extractor, now=lambda: NOW), outside)


def registered(intake: Intake) -> list[StoredSource]:
    with intake.pipeline.store.reading() as session:
        return sources.list_active(session)


def statuses(intake: Intake, *targets: str, hints: Hints | None = None) -> dict[str, int]:
    return Counter(result.status for result in intake.add(targets, hints or Hints()))


def test_a_url_is_registered_once_with_what_a_poll_needs(intake: Intake, world: World) -> None:
    world.pages[FEED] = ["One.", "Two."]
    hints = Hints(kind="feed", speaker=Author(name="Mira", role=Role(title="mayor")))
    assert statuses(intake, FEED, hints=hints) == {"added": 2}
    assert statuses(intake, FEED) == {"unchanged": 2}
    (source,) = registered(intake)
    assert (source.kind, source.url, source.etag, source.last_polled_at) == ("feed", FEED, '"1"', NOW)
    world.etag = '"2"'
    intake.poll(source)
    assert world.hints[-1] == hints


def test_every_file_is_a_source_by_its_absolute_path(intake: Intake, world: World, monkeypatch: pytest.MonkeyPatch,
                                                     tmp_path: Path) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    world.files = {"notes/a.md": ["One."], "notes/b.md": ["Two."]}
    assert statuses(intake, "notes") == {"added": 2}
    world.files = {str(tmp_path / name): texts for name, texts in world.files.items()}
    assert statuses(intake, str(tmp_path / "notes")) == {"unchanged": 2}
    assert [source.url for source in registered(intake)] == [str(tmp_path / "notes/a.md"), str(tmp_path / "notes/b.md")]


def test_what_cannot_be_read_is_a_result_and_the_rest_goes_on(intake: Intake, world: World) -> None:
    world.files = {"f/torn": ["One.", "!", "Never read."], "f/locked": [], "f/odd": ["?"], "f/empty": ["Two.", ""]}
    results = list(intake.add(["gone", "f", "https://example.org/404"], Hints()))
    assert [(result.item, result.status) for result in results] == [
        ("gone", "failed"),
        ("0", "added"),
        ("f/torn", "failed"),
        ("f/locked", "failed"),
        ("f/odd", "failed"),
        ("0", "added"),
        ("item 1", "skipped"),
        ("https://example.org/404", "failed"),
    ]
    assert [r.reason for r in results if r.status == "failed"] == [
        "there is no file or folder gone",
        "f/torn breaks off",
        "cannot be read",
        "f/odd is of no known format",
        "https://example.org/404 answered 404",
    ]
    assert len(registered(intake)) == 2


def test_the_total_grows_over_all_targets(intake: Intake, world: World) -> None:
    world.pages = {FEED: ["One.", "Two."], FEED + "2": ["Three."]}
    totals: list[int] = []
    for count, _ in enumerate(intake.add([FEED, FEED + "2"], Hints(), announce=totals.append), start=1):
        assert count <= totals[-1]
    assert totals == [2, 3]


def test_polling_asks_for_what_is_new_only(intake: Intake, world: World) -> None:
    world.pages[FEED] = ["One."]
    statuses(intake, FEED)
    result = intake.poll(registered(intake)[0])
    assert (result.status, result.reason) == ("unchanged", "not modified")
    assert world.requests[-1] == (FEED, '"1"')
    assert registered(intake)[0].etag == '"1"'

    world.pages[FEED], world.etag = ["One, corrected.", "Two."], '"2"'
    result = intake.poll(registered(intake)[0])
    assert (result.status, result.added, result.changed, result.unchanged) == ("ok", 1, 1, 0)
    assert registered(intake)[0].etag == '"2"'


def test_a_poll_without_validators_reads_everything_again(intake: Intake, world: World) -> None:
    world.pages[FEED], world.etag = ["One."], None
    statuses(intake, FEED)
    result = intake.poll(registered(intake)[0])
    assert (result.status, result.unchanged) == ("unchanged", 1)


def test_a_failed_poll_is_recorded_and_keeps_the_validators(intake: Intake, world: World) -> None:
    world.pages[FEED] = ["One."]
    statuses(intake, FEED)
    (before,) = registered(intake)
    del world.pages[FEED]
    assert intake.poll(before).status == "failed"
    world.pages[FEED], world.etag = ["!"], '"2"'
    result = intake.poll(before)
    assert (result.status, result.failed, result.reason) == ("failed", 1, f"{FEED}: {FEED} breaks off")
    (after,) = registered(intake)
    assert (after.etag, after.error_count, after.last_error) == ('"1"', 2, result.reason)


def test_validators_are_kept_only_when_every_document_is(intake: Intake, world: World) -> None:
    world.pages[FEED] = ["One.", "Two."]
    results = intake.add([FEED], Hints())
    next(results)
    assert registered(intake)[0].etag is None


@pytest.mark.parametrize("target", ["https://a.example", "FTP://a.example"])
def test_addresses(target: str) -> None:
    assert is_url(target)


@pytest.mark.parametrize("target", ["a.txt", "C:\\notes", "/a://b", "https"])
def test_paths(target: str) -> None:
    assert not is_url(target)
