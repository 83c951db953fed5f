"""What ``kb add`` makes of targets, with an outside world made of dictionaries."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from line_extractor import LineExtractor
from world import FEED, NOW, World

from kb.ingest.adding import Demand
from kb.ingest.intake import Intake
from kb.ingest.outside import Hints, is_url
from kb.store import Store, sources
from kb.store.sources import StoredSource
from kb.types import Author, FoundFeed, Role


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def intake(store: Store, world: World, extractor: LineExtractor) -> Intake:
    return world.intake(store, extractor)


def registered(intake: Intake) -> list[StoredSource]:
    with intake.pipeline.store.reading() as session:
        return sources.list_active(session)


def statuses(intake: Intake, *targets: str, hints: Hints | None = None) -> dict[str, int]:
    return Counter(result.status for result in intake.add(targets, Demand(hints=hints or Hints())))


def test_a_url_is_registered_once_with_what_a_poll_needs(intake: Intake, world: World) -> None:
    world.pages[FEED] = ["One.", "Two."]
    hints = Hints(kind="feed", speaker=Author(name="Mira", role=Role(title="mayor")))
    assert statuses(intake, FEED, hints=hints) == {"added": 2}
    assert statuses(intake, FEED) == {"unchanged": 2}
    (source,) = registered(intake)
    assert (source.kind, source.url, source.etag, source.last_polled_at) == ("feed", FEED, '"1"', NOW)
    assert source.next_poll_at is not None
    world.etag = '"2"'
    assert [result.unchanged for result in intake.update(everything=True)] == [0]
    world.pages[FEED], world.etag = ["One."], '"3"'
    assert [result.unchanged for result in intake.update(everything=True)] == [1]
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
    results = list(intake.add(["gone", "f", "https://example.org/404"], Demand()))
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
    for count, _ in enumerate(intake.add([FEED, FEED + "2"], Demand(announce=totals.append)), start=1):
        assert count <= totals[-1]
    assert totals == [2, 3]


def test_validators_are_kept_only_when_every_document_is(intake: Intake, world: World) -> None:
    world.pages[FEED] = ["One.", "Two."]
    results = intake.add([FEED], Demand())
    next(results)
    assert registered(intake)[0].etag is None


def test_the_pages_of_teasers_are_fetched_at_once(intake: Intake, world: World) -> None:
    world.pages = {FEED: ["One.", "~https://example.org/a", "~https://example.org/b"], "https://example.org/a": ["A."]}
    totals: list[int] = []
    results = sorted(intake.add([FEED], Demand(announce=totals.append)), key=lambda result: result.item)
    assert [(result.item, result.status) for result in results] == [
        ("0", "added"),
        ("https://example.org/a", "added"),
        ("https://example.org/b", "waiting"),
    ]
    assert results[2].reason == "https://example.org/b answered 404; a later kb update fetches it"
    assert totals == [3]


def test_two_teasers_of_one_page_are_one_document_and_two_results(intake: Intake, world: World) -> None:
    world.files = {"f/saved": ["~https://example.org/a"], "f/again": ["~https://example.org/a"]}
    world.pages = {"https://example.org/a": ["A."]}
    totals: list[int] = []
    results = list(intake.add(["f"], Demand(announce=totals.append)))
    assert [result.status for result in results] == ["added", "unchanged"]
    assert (totals[-1], world.asked("https://example.org/a")) == (2, 1)


def test_pages_of_a_feed_in_a_file_are_tried_once(intake: Intake, world: World) -> None:
    world.files = {"saved": ["~https://example.org/a", "~https://example.org/b"]}
    world.pages = {"https://example.org/a": ["A."]}
    results = list(intake.add(["saved"], Demand()))
    assert [(result.status, result.reason) for result in results] == [
        ("added", ""),
        ("added", "only the summary: https://example.org/b answered 404"),
    ]


def test_a_page_that_names_feeds_makes_the_user_choose(intake: Intake, world: World) -> None:
    world.offered["https://example.org/"] = [FoundFeed(url=FEED, title="News"), FoundFeed(url=FEED + "2")]
    world.pages = {"https://example.org/": ["Welcome."], FEED: ["One."], FEED + "2": ["Two."]}
    (result,) = intake.add(["https://example.org/"], Demand())
    assert (result.status, FEED in result.reason, FEED + "2" in result.reason) == ("failed", True, True)
    assert registered(intake) == []
    asked = []

    def second(url: str, feeds: list[FoundFeed]) -> list[FoundFeed]:
        asked.append(url)
        return feeds[1:]

    results = list(intake.add(["https://example.org/"], Demand(choose=second)))
    assert ([result.status for result in results], asked) == (["added"], ["https://example.org/"])
    assert [source.url for source in registered(intake)] == [FEED + "2"]


def test_a_list_of_feeds_registers_them(intake: Intake, world: World) -> None:
    world.listed = {"https://example.org/opml": [FoundFeed(url=FEED, title="News"), FoundFeed(url=FEED + "2")]}
    world.listed["feeds.opml"] = [*world.listed["https://example.org/opml"], FoundFeed(url=FEED + "3")]
    world.pages = {"https://example.org/opml": ["?"], FEED: ["One."]}
    world.files = {"feeds.opml": ["?"]}
    assert statuses(intake, "https://example.org/opml") == {"registered": 2}
    assert statuses(intake, "feeds.opml") == {"unchanged": 2, "registered": 1}
    assert [(s.name, s.url) for s in registered(intake)][:2] == [("News", FEED), (FEED + "2", FEED + "2")]
    assert [result.status for result in intake.update()] == ["ok", "failed", "failed"]


def test_what_an_archive_holds_has_one_source(intake: Intake, world: World) -> None:
    world.files = {"box/1": ["One."], "box/2": ["Two."]}
    world.container = "box.mbox"
    list(intake.add(["box"], Demand()))
    assert [Path(source.url).name for source in registered(intake)] == ["box.mbox"]


def test_a_host_that_asks_to_be_left_alone_is(intake: Intake, world: World) -> None:
    world.busy[FEED] = (429, 60.0)
    for _ in range(2):
        (result,) = intake.add([FEED], Demand())
        assert result.status == "failed"
    assert result.reason == f"example.org is to be left alone until 2026-01-02 00:01 UTC: {FEED} answered 429"
    assert len(world.requests) == 1


@pytest.mark.parametrize("target", ["https://a.example", "FTP://a.example"])
def test_addresses(target: str) -> None:
    assert is_url(target)


@pytest.mark.parametrize("target", ["a.txt", "C:\\notes", "/a://b", "https"])
def test_paths(target: str) -> None:
    assert not is_url(target)
