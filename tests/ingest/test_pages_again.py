"""The page behind an entry, read again when the entry has changed: what is asked, and that no article gets lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from line_extractor import LineExtractor
from news_site import Site, article, json_feed, site, teaser_feed
from world import FEED, World

from kb.app import KB, open_kb
from kb.config import Settings
from kb.ingest.adding import Demand
from kb.ingest.intake import Intake
from kb.ingest.teasers import MOST_VAIN
from kb.store import Store, documents, sources
from kb.store.check import check
from kb.types import SourceResult

PAGE = "https://example.org/a"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def news() -> Iterator[Site]:
    with site() as running:
        running.pages["/a"] = article("The ferry sails in May.")
        yield running


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[KB]:
    settings = Settings(db=str(tmp_path / "kb.db"), allow_private=True, gap=0.0, page_seconds=0.0)
    with open_kb(settings, extractor=LineExtractor) as ready:
        yield ready


@pytest.fixture
def known(kb: KB, news: Site) -> KB:
    """With one entry whose page was read."""
    tease(news, "In short.")
    assert [result.status for result in kb.add([news.url("/feed")])] == ["added"]
    assert news.asked() == ["/feed", "/a"]
    return kb


def tease(news: Site, summary: str, *, day: int = 1) -> None:
    """Put a feed with one entry on the server, which says when it was updated."""
    entries = {news.url("/a"): summary}
    news.pages["/feed"] = teaser_feed(entries, updated=f"2025-02-{day:02}T00:00:00Z")


def update(kb: KB) -> SourceResult:
    (result,) = kb.update(all=True)
    return result


def removed_and_added(kb: KB) -> list[tuple[str | None, str | None]]:
    return [(change.removed, change.added) for change in kb.changes()]


def test_other_words_of_a_teaser_have_its_page_asked_for_once_whether_it_has_changed(known: KB, news: Site) -> None:
    tease(news, "In short, and corrected.")
    result = update(known)
    assert [path for path, _ in news.requests] == ["/feed", "/a"]
    assert all(etag for _, etag in news.requests)
    assert (result.status, result.changed, result.unchanged, result.waiting) == ("unchanged", 0, 1, 0)
    assert removed_and_added(known) == []
    news.asked()
    update(known)
    assert news.asked() == ["/feed"]


@pytest.mark.parametrize(("summary", "day"), [("In short, and corrected.", 1), ("In short.", 2)], ids=["words", "date"])
def test_another_text_of_the_page_is_a_revision(known: KB, news: Site, summary: str, day: int) -> None:
    tease(news, summary, day=day)
    news.pages["/a"] = article("The ferry sails in June.")
    result = update(known)
    assert (result.status, result.added, result.changed) == ("ok", 0, 1)
    assert removed_and_added(known) == [("The ferry sails in May.", "The ferry sails in June.")]
    assert check(known.store) == []
    news.asked()
    tease(news, summary, day=day + 1)
    update(known)
    assert [etag for path, etag in news.requests if path == "/a"] == [news.etag("/a")]


@pytest.mark.parametrize("failure", ["gone", "no article", "unreadable"])
def test_a_page_that_gives_no_article_leaves_the_one_that_is_there(known: KB, news: Site, failure: str) -> None:
    tease(news, "In short, and corrected.")
    if failure == "gone":
        news.statuses["/a"] = 410
    else:
        news.pages["/a"] = "" if failure == "unreadable" else "<!DOCTYPE html><title>Sign in</title><form></form>"
    result = update(known)
    assert (result.status, result.changed, result.unchanged, result.waiting) == ("unchanged", 0, 1, 0)
    assert news.asked() == ["/feed", "/a"]
    assert removed_and_added(known) == []
    with known.store.reading() as session:
        ((_, text, _),) = documents.texts(session)
    assert "The ferry sails in May." in text


@pytest.mark.parametrize("noise", ["", "Updated 3:{} pm."], ids=["the same bytes", "noise"])
def test_an_entry_that_is_always_updated_has_its_page_asked_for_a_few_times(known: KB, news: Site, noise: str) -> None:
    for day in range(10, 20):
        tease(news, "In short.", day=day)
        news.pages["/a"] = article(f"The ferry sails in May.</p><p>{noise.format(day)}")
        update(known)
    assert news.asked().count("/a") == MOST_VAIN
    for day in (20, 21):
        tease(news, "In short, and corrected.", day=day)
        update(known)
    assert news.asked().count("/a") == 2
    assert removed_and_added(known) == []


def test_an_entry_of_an_older_record_is_known_from_its_next_change_on(known: KB, news: Site) -> None:
    with known.store.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM entry")
    for summary, asked in (("Two.", ["/feed"]), ("Three.", ["/feed", "/a"])):
        tease(news, summary)
        update(known)
        assert news.asked() == asked


def test_a_feed_that_gave_whole_articles_is_not_compared_with_its_pages(kb: KB, news: Site) -> None:
    news.pages["/feed"] = json_feed(["The whole story."])
    list(kb.add([news.url("/feed")]))
    for summary in ("One.", "Two."):
        news.pages["/feed"] = json_feed(["The whole story."]).replace(
            '"content_text": "The whole story."', f'"summary": "{summary}", "url": "{news.url("/a")}"'
        )
        update(kb)
    assert "/a" not in news.asked()


# --- with a clock ---------------------------------------------------------------------------------------------------


@pytest.fixture
def world() -> World:
    return World(pages={FEED: [f"~{PAGE}"], PAGE: ["The whole story."]})


@pytest.fixture
def intake(store: Store, world: World, extractor: LineExtractor) -> Intake:
    intake = world.intake(store, extractor)
    list(intake.add([FEED], Demand()))
    world.requests.clear()
    return intake


def say(world: World, words: str, etag: str) -> None:
    world.pages[FEED], world.etag = [f"~{PAGE} {words}"], etag


def texts(intake: Intake) -> set[str]:
    with intake.pipeline.store.reading() as session:
        return {text for _, text, _ in documents.texts(session)}


def test_a_page_that_fails_is_tried_again_and_given_up_until_the_teaser_changes(intake: Intake, world: World) -> None:
    say(world, "Two.", '"2"')
    world.busy[PAGE] = (500, None)
    (result,) = intake.update(everything=True)
    assert (result.waiting, result.reason) == (1, f"{PAGE} answered 500; a later kb update fetches it")
    for _ in range(10):
        world.now += DAY
        list(intake.update())
    assert (world.asked(PAGE), texts(intake)) == (MOST_VAIN, {"The whole story."})
    say(world, "Three.", '"3"')
    world.busy.clear()
    world.pages[PAGE] = ["Another story."]
    (result,) = intake.update(everything=True)
    assert (result.changed, result.waiting) == (1, 0)


def test_a_teaser_that_changes_brings_no_poll_nearer(intake: Intake, world: World) -> None:
    say(world, "Two.", '"2"')
    list(intake.update(everything=True))
    with intake.pipeline.store.reading() as session:
        assert sources.one(session, FEED).poll_seconds == 5400


def test_a_page_that_failed_is_read_when_it_is_there_again(intake: Intake, world: World) -> None:
    say(world, "Two.", '"2"')
    world.busy[PAGE] = (500, None)
    list(intake.update(everything=True))
    world.busy.clear()
    world.pages[PAGE] = ["Another story."]
    world.now += HOUR
    (result,) = intake.update()
    assert (result.changed, result.waiting, world.asked(PAGE)) == (1, 0, 2)


def test_a_teaser_that_changes_again_while_its_page_fails_begins_anew(intake: Intake, world: World) -> None:
    world.busy[PAGE] = (404, None)
    for number in range(2, 5):
        say(world, f"{number}.", f'"{number}"')
        (result,) = intake.update(everything=True)
        assert (result.waiting, texts(intake)) == (1, {"The whole story."})
        world.now += DAY
    world.busy.clear()
    world.pages[PAGE] = ["Another story."]
    assert [r.changed for r in intake.update()] == [1]


def test_a_page_that_robots_txt_forbids_by_now_is_not_asked_for(intake: Intake, world: World) -> None:
    say(world, "Two.", '"2"')
    world.forbidden = {PAGE}
    (result,) = intake.update(everything=True)
    assert (result.unchanged, result.waiting, world.asked(PAGE), texts(intake)) == (1, 0, 0, {"The whole story."})


def test_a_summary_without_its_page_gets_it_when_the_teaser_changes(store: Store, world: World,
                                                                    extractor: LineExtractor) -> None:  # fmt: skip
    world.busy[PAGE] = (403, None)
    intake = world.intake(store, extractor)
    list(intake.add([FEED], Demand()))
    assert texts(intake) == {"In short."}
    world.busy.clear()
    say(world, "Two.", '"2"')
    (result,) = intake.update(everything=True)
    assert result.changed == 1


# --- entries that lead to what another source brought -----------------------------------------------------------------


@pytest.mark.parametrize("other", ["another source", "the same feed"])
def test_a_page_whose_canonical_address_is_that_of_a_known_document_is_fetched_once(
    kb: KB, news: Site, other: str
) -> None:
    path = "/2025/02/ferries.html"
    story = news.url(path)
    news.pages |= dict.fromkeys((path, "/a"), article("The ferry sails in May.", canonical=story))
    entries = {news.url("/a"): "In short."}
    if other == "another source":
        list(kb.add([story]))
    else:
        entries = {story: "In short."} | entries
    for day in range(1, 5):
        further = "/older" if day > 1 else None  # asked for where everything on the first page is new
        news.pages["/feed"] = teaser_feed(entries, further, updated=f"2025-02-{day:02}T00:00:00Z")
        list(kb.add([news.url("/feed")]) if day == 1 else kb.update(source=news.url("/feed")))
    asked = news.asked()
    assert (asked.count("/a"), "/older" in asked) == (1, False)
    with kb.store.reading() as session:
        assert len(list(documents.texts(session))) == 1
