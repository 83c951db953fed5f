"""Polling: what is asked when, what is noted, and that nothing gets lost on the way."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from line_extractor import LineExtractor
from world import FEED, NOW, World

from kb.errors import NotFoundError
from kb.ingest.adding import Demand
from kb.ingest.intake import Intake
from kb.ingest.jobs import Pace
from kb.ingest.polling import FAILURES
from kb.store import Store, documents, open_store, pending, sources
from kb.store.sources import StoredSource

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
OTHER = "https://other.example/feed"
PAGE = "https://example.org/a"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without content: copying one is faster than making it."""
    path = tmp_path_factory.mktemp("empty") / "kb.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def store(tmp_path: Path, empty: Path) -> Iterator[Store]:
    shutil.copy(empty, tmp_path / "kb.db")
    with open_store(f"sqlite:///{tmp_path / 'kb.db'}") as opened:
        yield opened


@pytest.fixture
def world() -> World:
    return World(pages={FEED: ["One."]})


@pytest.fixture
def intake(store: Store, world: World, extractor: LineExtractor) -> Intake:
    return world.intake(store, extractor)


@pytest.fixture
def added(intake: Intake) -> Intake:
    """With one feed that was read."""
    list(intake.add([FEED], Demand()))
    return intake


def source(intake: Intake, name: str = FEED) -> StoredSource:
    with intake.pipeline.store.reading() as session:
        return sources.one(session, name)


def texts(intake: Intake) -> set[str]:
    with intake.pipeline.store.reading() as session:
        return {text for _, text, _ in documents.texts(session)}


def waiting(intake: Intake, name: str = FEED) -> int:
    with intake.pipeline.store.reading() as session:
        return pending.count(session, source(intake, name).id)


# --- when -------------------------------------------------------------------------------------------------------


def test_only_what_is_due_is_polled(added: Intake, world: World) -> None:
    world.requests.clear()
    assert list(added.update()) == []
    assert world.requests == []
    assert [r.source for r in added.update(name=FEED)] == [FEED]
    assert [r.source for r in added.update(everything=True)] == [FEED]
    world.now += DAY
    assert [r.source for r in added.update()] == [FEED]


def test_an_unknown_source_is_named_with_those_that_are_known(added: Intake) -> None:
    with pytest.raises(NotFoundError, match=f"no source 'News' that can be polled; known: {FEED}"):
        list(added.update(name="News"))


def test_news_brings_the_next_poll_nearer_and_silence_moves_it_away(added: Intake, world: World) -> None:
    assert source(added).next_poll_at == NOW + HOUR
    list(added.update(everything=True))
    assert source(added).poll_seconds == 5400
    world.pages[FEED], world.etag = ["One.", "Two."], '"2"'
    list(added.update(everything=True))
    assert source(added).poll_seconds == 2700
    assert source(added).news_at == NOW


@pytest.mark.parametrize("wish", ["max_age", "interval"])
def test_a_server_may_ask_for_fewer_polls(intake: Intake, world: World, wish: str) -> None:
    setattr(world, wish, HOUR * 5)
    list(intake.add([FEED], Demand()))
    assert source(intake).next_poll_at == NOW + HOUR * 5


# --- unchanged --------------------------------------------------------------------------------------------------


def test_not_modified_keeps_the_validators(added: Intake, world: World) -> None:
    (result,) = added.update(everything=True)
    assert (result.status, result.reason) == ("unchanged", "not modified")
    assert world.requests[-1] == (FEED, '"1"')
    assert source(added).etag == '"1"'
    world.pages[FEED], world.etag = ["One, corrected.", "Two."], '"2"'
    (result,) = added.update(everything=True)
    assert (result.status, result.added, result.changed, result.unchanged) == ("ok", 1, 1, 0)
    assert source(added).etag == '"2"'


def test_the_same_bytes_with_another_validator_replace_it(added: Intake, world: World) -> None:
    world.etag = '"2"'
    (result,) = added.update(everything=True)
    assert result.status == "unchanged"
    assert source(added).etag == '"2"'


def test_the_same_bytes_again_are_not_read_again(intake: Intake, world: World) -> None:
    world.etag = None
    list(intake.add([FEED], Demand()))
    world.hints.clear()
    (result,) = intake.update(everything=True)
    assert (result.status, world.hints) == ("unchanged", [])


def test_once_a_week_a_source_is_read_whole_whatever_its_server_says(added: Intake, world: World) -> None:
    world.now += DAY * 7
    (result,) = added.update()
    assert (world.requests[-1], result.unchanged) == ((FEED, None), 1)


# --- failures ---------------------------------------------------------------------------------------------------


def test_failures_wait_ever_longer_and_keep_the_validators(added: Intake, world: World) -> None:
    del world.pages[FEED]
    waits = []
    for _ in range(4):
        (result,) = added.update(everything=True)
        assert (result.status, result.reason) == ("failed", f"{FEED} answered 404")
        waits.append((source(added).next_poll_at or NOW) - NOW)
    assert waits == [HOUR, HOUR * 2, HOUR * 4, HOUR * 8]
    assert (source(added).error_count, source(added).etag) == (4, '"1"')
    world.pages[FEED] = ["One."]
    list(added.update(everything=True))
    assert (source(added).error_count, source(added).last_error) == (0, None)


def test_what_cannot_be_read_is_a_failure(added: Intake, world: World) -> None:
    world.pages[FEED], world.etag = ["!"], '"2"'
    (result,) = added.update(everything=True)
    assert (result.status, result.failed, result.reason) == ("failed", 1, f"{FEED}: {FEED} breaks off")
    assert (source(added).etag, source(added).last_error) == ('"1"', f"{FEED} breaks off")


def test_a_page_where_a_feed_was_is_a_failure_and_no_document(added: Intake, world: World) -> None:
    world.pages[FEED], world.etag = ["<html>Please sign in."], None
    (result,) = added.update(everything=True)
    assert (result.status, result.reason) == ("failed", f"{FEED} gave a page where a feed was")
    assert texts(added) == {"One."}


def test_a_source_that_always_fails_is_paused_and_says_so(added: Intake, world: World) -> None:
    del world.pages[FEED]
    for _ in range(FAILURES):
        (result,) = added.update(name=FEED)
    assert result.reason == f"paused after 30 failures in a row: {FEED} answered 404"
    assert not source(added).active
    assert list(added.update(everything=True)) == []


def test_a_source_that_is_gone_is_polled_no_more(added: Intake, world: World) -> None:
    world.busy[FEED] = (410, None)
    (result,) = added.update(everything=True)
    assert (result.status, result.reason) == ("failed", "gone for good: the server answered 410")
    assert list(added.update(everything=True)) == []


def test_one_failure_stops_no_other_source(added: Intake, world: World) -> None:
    world.pages[OTHER] = ["Two."]
    list(added.add([OTHER], Demand()))
    del world.pages[FEED]
    assert {r.source: r.status for r in added.update(everything=True)} == {FEED: "failed", OTHER: "unchanged"}


def test_an_error_that_no_server_caused_is_not_swallowed(added: Intake, world: World,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    world.pages = None  # type: ignore[assignment]
    with pytest.raises(RuntimeError, match="no InputError"):
        list(added.update(everything=True))


# --- hosts that want to be left alone ---------------------------------------------------------------------------


def test_a_busy_host_is_left_alone_by_this_update_and_the_next(added: Intake, world: World) -> None:
    for number in (2, 3):
        world.pages[f"{FEED}{number}"] = [f"{number}."]
        list(added.add([f"{FEED}{number}"], Demand()))
    world.busy = {f"{FEED}{number}": (429, 7200.0) for number in ("", 2, 3)}
    world.requests.clear()
    results = list(added.update(everything=True))
    assert [r.status for r in results] == ["waiting"] * 3
    assert len(world.requests) == 1
    assert sum("left alone until 2026-01-02 02:00 UTC" in r.reason for r in results) == 2
    world.now += HOUR
    assert [r.status for r in added.update(everything=True)] == ["waiting"] * 3
    assert len(world.requests) == 1
    world.now, world.busy = NOW + HOUR * 2, {}
    assert [r.status for r in added.update()] == ["unchanged"] * 3


def test_a_busy_host_behind_a_redirect_holds_up_nobody_else(added: Intake, world: World) -> None:
    world.pages |= {f"{FEED}2": ["2."], OTHER: ["3."]}
    for url in (f"{FEED}2", OTHER):
        list(added.add([url], Demand()))
    world.busy, world.finals = {FEED: (429, 7200.0)}, {FEED: OTHER}
    results = {r.source: r.status for r in added.update(everything=True)}
    assert (results[FEED], results[f"{FEED}2"]) == ("waiting", "unchanged")
    assert {r.source: r.status for r in added.update(everything=True)}[OTHER] == "waiting"


def test_pages_of_a_busy_host_wait_and_are_not_counted_as_tries(added: Intake, world: World) -> None:
    pages = [f"https://busy.example/{number}" for number in range(5)]
    world.pages[FEED], world.etag = [f"~{page}" for page in pages], '"2"'
    world.busy = dict.fromkeys(pages, (503, 600.0))
    (result,) = added.update(everything=True)
    assert (result.status, result.waiting, result.failed) == ("ok", 5, 0)
    assert sum(world.asked(page) for page in pages) == 1
    world.now, world.busy = NOW + HOUR, {}
    world.pages |= {page: [page] for page in pages}
    (result,) = added.update()
    assert (result.added, result.waiting) == (5, 0)


# --- moves ------------------------------------------------------------------------------------------------------


def test_a_move_is_followed_when_it_is_said_for_a_day_and_the_source_stays_itself(added: Intake, world: World) -> None:
    new = "https://new.example/feed"
    world.pages = {new: ["One."]}
    world.moved[FEED] = new
    before = source(added)
    list(added.update(everything=True))
    assert source(added).reads == FEED
    world.now += DAY
    list(added.update())
    after = source(added)
    assert (after.id, after.url, after.reads) == (before.id, FEED, new)
    list(added.update(everything=True))
    assert world.requests[-1][0] == new
    assert texts(added) == {"One."}


def test_a_source_that_moves_to_where_another_is_read_is_not_read_twice(added: Intake, world: World) -> None:
    world.pages[OTHER] = ["One."]
    list(added.add([OTHER], Demand()))
    world.moved[FEED] = OTHER
    list(added.update(everything=True))
    world.now += DAY
    list(added.update())
    moved = source(added)
    assert (moved.active, moved.inactive_because) == (False, f"moved to {OTHER}, which is source 2")


# --- pages ------------------------------------------------------------------------------------------------------


def test_pages_of_teasers_are_fetched_in_the_same_update_once(added: Intake, world: World) -> None:
    world.pages |= {FEED: [f"~{PAGE}"], PAGE: ["The whole story.", "@posted"]}
    world.etag = '"2"'
    (result,) = added.update(everything=True)
    assert (result.status, result.added, result.waiting) == ("ok", 2, 0)
    assert texts(added) == {"One.", "The whole story.", "@posted"}
    world.etag = None
    (result,) = added.update(everything=True)
    assert (world.asked(PAGE), result.status) == (1, "unchanged")


def test_a_page_that_failed_is_tried_again_on_later_updates(added: Intake, world: World) -> None:
    world.pages[FEED], world.etag = [f"~{PAGE}"], '"2"'
    world.busy[PAGE] = (500, None)
    (result,) = added.update(everything=True)
    assert (result.status, result.added, result.waiting) == ("ok", 0, 1)
    assert result.reason == f"{PAGE} answered 500; a later kb update fetches it"
    world.busy.clear()
    world.pages[PAGE] = ["The whole story."]
    assert list(added.update()) == []
    world.now += HOUR
    (result,) = added.update()
    assert (result.added, result.waiting, texts(added)) == (1, 0, {"One.", "The whole story."})


def test_a_hurried_user_tries_pages_at_once_and_uses_up_no_tries(added: Intake, world: World) -> None:
    world.pages[FEED], world.etag = [f"~{PAGE}"], '"2"'
    world.busy[PAGE] = (500, None)
    for _ in range(10):
        (result,) = added.update(everything=True)
        assert (result.added, result.waiting) == (0, 1)
    world.busy.clear()
    world.pages[PAGE] = ["The whole story."]
    assert [r.added for r in added.update(name=FEED)] == [1]


def test_a_page_that_never_comes_leaves_its_summary(added: Intake, world: World) -> None:
    world.pages[FEED], world.etag = [f"~{PAGE}"], '"2"'
    world.busy[PAGE] = (500, None)
    for _ in range(10):
        list(added.update(everything=True))
        world.now += DAY
    assert world.asked(PAGE) == 6
    assert texts(added) == {"One.", "In short."}


@pytest.mark.parametrize("refusal", ["robots", "status"])
def test_a_page_that_programs_may_not_read_leaves_its_summary_at_once(
    added: Intake, world: World, refusal: str
) -> None:
    world.pages[FEED], world.etag = [f"~{PAGE}"], '"2"'
    if refusal == "robots":
        world.forbidden = {PAGE}
    else:
        world.busy[PAGE] = (403, None)
    (result,) = added.update(everything=True)
    assert (result.added, world.asked(PAGE)) == (1, int(refusal == "status"))
    assert texts(added) == {"One.", "In short."}


def test_a_page_without_an_article_leaves_its_summary(added: Intake, world: World) -> None:
    world.pages |= {FEED: [f"~{PAGE}"], PAGE: [""]}
    world.etag = '"2"'
    assert next(added.update(everything=True)).added == 1


def test_no_more_pages_than_one_update_may_the_rest_next_time(store: Store, world: World,
                                                              extractor: LineExtractor) -> None:  # fmt: skip
    world.pace = Pace(workers=4, gap=0.0, max_pages=3)
    intake = world.intake(store, extractor)
    pages = [f"https://example.org/{number}" for number in range(8)]
    elsewhere = [f"https://other.example/{number}" for number in range(2)]
    world.pages = {FEED: [f"~{page}" for page in pages + elsewhere]} | {page: [page] for page in pages + elsewhere}
    (first, *_) = [len([r for r in intake.add([FEED], Demand()) if r.status == "added"])]
    assert (first, waiting(intake)) == (5, 5)
    assert [r.added for r in intake.update()] == [3]
    assert [(r.added, r.waiting) for r in intake.update()] == [(2, 0)]
    assert sum(map(world.asked, pages + elsewhere)) == 10


def test_two_feeds_with_one_page_fetch_it_once(added: Intake, world: World) -> None:
    world.pages |= {OTHER: [f"~{PAGE}"], FEED: [f"~{PAGE}"], PAGE: ["The whole story."]}
    world.etag = None
    list(added.add([OTHER], Demand()))
    list(added.update(everything=True))
    assert world.asked(PAGE) == 1
    assert texts(added) == {"One.", "The whole story."}


# --- stopping ---------------------------------------------------------------------------------------------------


def test_a_stopped_update_is_finished_by_the_next(added: Intake, world: World) -> None:
    numbers = [f"{number}." for number in range(40)]
    world.pages[FEED], world.etag = numbers, '"2"'
    stop = threading.Event()
    seen = 0

    class Stopping(LineExtractor):
        def pipe(self, documents):
            nonlocal seen
            for found in super().pipe(documents):
                seen += 1
                if seen == 5:
                    stop.set()
                yield found

    interrupted = world.intake(added.pipeline.store, Stopping())
    (result,) = interrupted.update(everything=True, stop=stop)
    assert (result.added, result.changed) == (4, 1)
    assert source(added).etag == '"1"'
    (result,) = added.update(everything=True)
    assert (result.added, result.unchanged) == (35, 5)
    assert set(numbers[1:]) <= texts(added)


def test_a_stop_before_the_first_answer_asks_nothing_more(added: Intake, world: World) -> None:
    stop = threading.Event()
    stop.set()
    assert list(added.update(everything=True, stop=stop)) == []
    assert source(added).last_polled_at == NOW


def test_watching_polls_what_falls_due_until_it_is_stopped(added: Intake, world: World) -> None:
    stop = threading.Event()
    results = []
    world.now += DAY
    for result in added.watch(stop):
        results.append(result.status)
        world.now += DAY
        if len(results) == 3:
            stop.set()
    assert results == ["unchanged"] * 3


def test_watching_nothing_ends(intake: Intake) -> None:
    assert list(intake.watch(threading.Event())) == []
