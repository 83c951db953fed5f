"""Feeds that go on over several pages: what is followed, how far, and that nothing gets lost on the way."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from line_extractor import LineExtractor
from news_site import Site, archived_feed, atom_feed, json_feed, rss_feed, site
from world import FEED, Answer, World

from kb.app import KB, open_kb
from kb.config import Settings
from kb.ingest.adding import Demand
from kb.ingest.intake import Intake
from kb.store import Store, documents, sources
from kb.store.check import check
from kb.types import ItemResult, SourceResult

HOUR = dt.timedelta(hours=1)
SECOND = f"{FEED}?page=2"
THIRD = f"{FEED}?page=3"


@pytest.fixture
def news() -> Iterator[Site]:
    with site() as running:
        yield running


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[KB]:
    with opened(tmp_path) as ready:
        yield ready


def opened(folder: Path, **settings: int) -> KB:
    given = {"allow_private": True, "gap": 0.0, "page_seconds": 0.0, **settings}
    return open_kb(Settings(db=str(folder / "kb.db"), **given), extractor=LineExtractor)  # type: ignore[arg-type]


def words(store: Store) -> set[str]:
    with store.reading() as session:
        return {text for _, text, _ in documents.texts(session)}


def added(results: Iterator[ItemResult]) -> list[str]:
    return [result.status for result in results]


def update(kb: KB) -> SourceResult:
    (result,) = kb.update(all=True)
    return result


# --- over HTTP ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("feed", [json_feed, atom_feed, archived_feed, rss_feed])
def test_a_new_feed_is_read_to_its_end(kb: KB, news: Site, feed: Callable[..., str]) -> None:
    news.pages = {"/": feed(["1.", "2."], "/older"), "/older": feed(["3."], "/oldest"), "/oldest": feed(["4."])}
    assert added(kb.add([news.url("/")])) == ["added"] * 4
    assert news.asked() == ["/", "/older", "/oldest"]
    assert words(kb.store) == {"1.", "2.", "3.", "4."}
    assert check(kb.store) == []
    assert update(kb).status == "unchanged"
    assert news.asked() == ["/"]


def test_a_feed_of_a_list_is_read_to_its_end_by_its_first_update(kb: KB, news: Site, tmp_path: Path) -> None:
    news.pages = {"/": json_feed(["1."], "/2"), "/2": json_feed(["2."])}
    (tmp_path / "feeds.opml").write_text(f'<opml><body><outline xmlUrl="{news.url("/")}"/></body></opml>')
    list(kb.add([tmp_path / "feeds.opml"]))
    result = update(kb)
    assert (result.status, result.added, result.waiting, result.reason) == ("ok", 2, 0, "")


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        (["5.", "1."], ["/"]),
        (["5.", "6."], ["/", "/2", "/3"]),
    ],
    ids=["something is known", "everything is new"],
)
def test_a_known_feed_is_followed_only_where_something_may_have_slipped_behind_its_first_page(
    kb: KB, news: Site, first: list[str], asked: list[str]
) -> None:
    news.pages = {"/": json_feed(["1.", "2."], "/2"), "/2": json_feed(["3."])}
    list(kb.add([news.url("/")]))
    news.asked()
    news.pages = {
        "/": json_feed(first, "/2"),
        "/2": json_feed(["7.", "1."], "/3"),
        "/3": json_feed(["2.", "3."], "/4"),
        "/4": json_feed(["never read."]),
    }
    update(kb)
    assert news.asked() == asked
    assert words(kb.store) == {"1.", "2.", "3.", *first, *(["7."] if asked[1:] else [])}


def test_a_first_reading_ends_where_nothing_is_new(kb: KB, news: Site) -> None:
    news.pages = {"/": json_feed(["1."], "/2"), "/2": json_feed(["1."], "/3"), "/3": json_feed(["2."])}
    list(kb.add([news.url("/")]))
    assert news.asked() == ["/", "/2"]


@pytest.mark.parametrize("back", ["/", "/2", "/3"])
def test_pages_that_go_in_circles_are_read_once(kb: KB, news: Site, back: str) -> None:
    news.pages = {"/": json_feed(["1."], "/2"), "/2": json_feed(["2."], "/3"), "/3": json_feed(["3."], back)}
    list(kb.add([news.url("/")]))
    assert news.asked() == ["/", "/2", "/3"]


def test_a_feed_without_an_end_is_read_as_far_as_the_settings_say(tmp_path: Path, news: Site) -> None:
    news.pages = {f"/{n}": json_feed([f"{n}."], f"/{n + 1}") for n in range(1, 30)}
    with opened(tmp_path, max_feed_pages=4) as kb:
        list(kb.add([news.url("/1")]))
        assert news.asked() == ["/1", "/2", "/3", "/4"]
        update(kb)
        assert news.asked() == ["/1"]


def test_nothing_is_asked_of_another_host(kb: KB, news: Site) -> None:
    with site() as other:
        other.pages = {"/2": json_feed(["2."])}
        news.pages = {"/": json_feed(["1."], other.url("/2")), "/a": atom_feed(["3."], other.url("/2"))}
        list(kb.add([news.url("/"), news.url("/a")]))
        assert other.asked() == []
    assert words(kb.store) == {"1.", "3."}


def test_robots_txt_holds_for_further_pages(kb: KB, news: Site) -> None:
    news.pages = {
        "/robots.txt": "User-agent: *\nDisallow: /2",
        "/": json_feed(["1."], "/2"),
        "/2": json_feed(["2."]),
    }
    first, second = kb.add([news.url("/")])
    assert (first.status, second.status, second.item) == ("added", "failed", news.url("/2"))
    assert second.reason.startswith("page 2 of the feed is given up: ")
    assert "robots.txt" in second.reason
    assert news.asked() == ["/"]


def test_a_page_that_is_no_feed_is_tried_again(kb: KB, news: Site) -> None:
    news.pages = {"/": json_feed(["1."], "/2"), "/2": "<!DOCTYPE html><title>Please sign in</title>"}
    first, second = kb.add([news.url("/")])
    assert (first.status, second.status) == ("added", "waiting")
    assert second.reason == f"{news.url('/2')} gave a page where a jsonfeed was; a later kb update fetches it"
    news.pages["/2"] = json_feed(["2."])
    result = update(kb)
    assert (result.status, result.added, result.waiting) == ("ok", 1, 0)


# --- with a clock ---------------------------------------------------------------------------------------------------


@pytest.fixture
def world() -> World:
    return World(pages={FEED: ["@1"], SECOND: ["@2"]}, next_pages={FEED: SECOND})


@pytest.fixture
def intake(store: Store, world: World, extractor: LineExtractor) -> Intake:
    return world.intake(store, extractor)


def test_a_page_that_fails_costs_nothing_else_and_is_given_up_in_the_end(intake: Intake, world: World) -> None:
    world.busy[SECOND] = (500, None)
    assert [r.status for r in intake.add([FEED], Demand())] == ["added", "waiting"]
    assert words(intake.pipeline.store) == {"@1"}
    reasons = []
    for _ in range(40):
        world.now += HOUR
        reasons += [(r.failed, r.reason) for r in intake.update() if r.reason != "not modified"]
    assert world.asked(SECOND) == 6
    assert reasons[0] == (0, f"{SECOND} answered 500; a later kb update fetches it")
    assert reasons[-1] == (1, f"{SECOND}: page 2 of the feed is given up: {SECOND} answered 500")
    assert intake.next_due() is not None
    assert words(intake.pipeline.store) == {"@1"}


def test_a_page_that_failed_is_read_when_it_is_there_again(intake: Intake, world: World) -> None:
    world.busy[SECOND] = (500, None)
    world.next_pages[SECOND], world.pages[THIRD] = THIRD, ["@3"]
    list(intake.add([FEED], Demand()))
    world.busy.clear()
    world.now += HOUR
    (result,) = intake.update()
    assert (result.status, result.added, result.waiting) == ("ok", 2, 0)
    assert words(intake.pipeline.store) == {"@1", "@2", "@3"}


def test_a_page_of_which_nothing_can_be_read_is_tried_again_one_without_items_is_not(
    intake: Intake, world: World
) -> None:
    world.pages[SECOND] = ["!"]
    assert [r.status for r in intake.add([FEED], Demand())] == ["added", "waiting"]
    world.pages[SECOND] = []
    world.now += HOUR
    list(intake.update())
    world.now += HOUR * 24
    list(intake.update())
    assert world.asked(SECOND) == 2


def test_teasers_on_further_pages_become_documents(intake: Intake, world: World) -> None:
    page = "https://other.example/a"
    world.pages |= {SECOND: [f"~{page}"], page: ["The whole story."]}
    assert [r.status for r in intake.add([FEED], Demand())] == ["added", "added"]
    assert words(intake.pipeline.store) == {"@1", "The whole story."}


def test_a_busy_host_keeps_further_pages_waiting(intake: Intake, world: World) -> None:
    world.busy[SECOND] = (429, 7200.0)
    list(intake.add([FEED], Demand()))
    world.busy.clear()
    world.now += HOUR
    list(intake.update(everything=True))
    assert world.asked(SECOND) == 1
    world.now += HOUR
    list(intake.update())
    assert words(intake.pipeline.store) == {"@1", "@2"}


class Killed(BaseException):
    """What no program expects."""


class Mortal(LineExtractor):
    """Dies when it reads certain words."""

    def pipe(self, documents):
        for document, found in super().pipe(documents):
            if document.text == "@5":
                raise Killed
            yield document, found


def test_a_process_that_dies_on_a_first_page_loses_no_further_one(intake: Intake, world: World) -> None:
    list(intake.add([FEED], Demand()))
    world.pages |= {FEED: ["@4", "@5"], SECOND: ["@3", "@1"]}
    world.etag = '"2"'
    with pytest.raises(Killed):
        list(world.intake(intake.pipeline.store, Mortal()).update(everything=True))
    assert words(intake.pipeline.store) == {"@1", "@2", "@4"}
    list(intake.update(everything=True))
    assert words(intake.pipeline.store) == {"@1", "@2", "@3", "@4", "@5"}


def test_a_process_that_dies_on_a_further_page_loses_none(intake: Intake, world: World) -> None:
    world.pages |= {SECOND: ["@4", "@5"], THIRD: ["@6"]}
    world.next_pages[SECOND] = THIRD
    with pytest.raises(Killed):
        list(world.intake(intake.pipeline.store, Mortal()).add([FEED], Demand()))
    list(intake.update(everything=True))
    assert words(intake.pipeline.store) == {"@1", "@4", "@5", "@6"}


def test_a_page_is_asked_for_though_its_number_was_that_of_another(store: Store, extractor: LineExtractor) -> None:
    other, first, second = "https://other.example/feed", f"{FEED}/a", "https://other.example/a"

    class Late(World):
        def fetch(self, url: str, etag: str | None, modified: str | None) -> Answer:
            if url == other:
                while "First." not in words(store):
                    time.sleep(0.01)
            return super().fetch(url, etag, modified)

    world = Late(pages={FEED: [f"~{first}"], other: [f"~{second}"], first: ["First."], second: ["Second."]})
    with store.transaction() as session:
        for url in (FEED, other):
            sources.register(session, "feed", name=url, url=url)
    assert [r.waiting for r in world.intake(store, extractor).update()] == [0, 0]
    assert words(store) == {"First.", "Second."}
