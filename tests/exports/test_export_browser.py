"""The HTML timeline in a real Chromium, opened from a file: nothing leaves, filters work, axe finds nothing serious."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

NEEDED = "KB_TEST_BROWSER" in os.environ
"""Set in continuous integration, where a missing browser fails; without one on the path Playwright's own serves."""

pytestmark = pytest.mark.skipif(CHROMIUM is None and not NEEDED, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def address(tmp_path, build, written, story):
    bo = [replace(entry.statement, speaker="Bo Berg", kind="claim") for entry in build.entries(build.statement())]
    path = tmp_path / "timeline.html"
    path.write_bytes(written("html", [*story, *build.entries(bo[0])]))
    return path.as_uri()


@pytest.fixture
def page(browser, address):
    """The page, and every request that it made."""
    context = browser.new_context(viewport={"width": 1100, "height": 1400})
    opened = context.new_page()
    opened.requests = []
    opened.complaints = []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.goto(address)
    yield opened
    context.close()


def test_nothing_leaves_and_nothing_is_amiss(page, address):
    page.wait_for_timeout(200)
    assert [url for url in page.requests if url != address and not url.startswith("data:")] == []
    assert page.complaints == []


def test_filters_leave_in_what_was_chosen(page):
    shown = page.locator(".entry.full:visible")
    everything = shown.count()
    page.get_by_label("Speaker").select_option("Bo Berg")
    assert shown.count() == 1
    assert "Bo Berg" in shown.inner_text()
    assert page.locator("#f-count").inner_text() == f"1 of {everything} statements"
    page.get_by_label("Speaker").select_option("")
    page.get_by_label("Search words").fill("no such words")
    assert shown.count() == 0


def test_the_window_leaves_in_what_can_fall_due_within(page):
    due = page.locator(".entry.full[data-latest]")
    windows = [(one.get_attribute("data-earliest"), one.get_attribute("data-latest")) for one in due.all()]
    middle = sorted(latest for _, latest in windows)[len(windows) // 2]
    shown = page.locator(".entry.full:visible")
    page.get_by_label("Due from").fill(middle)
    assert 0 < shown.count() == sum(latest >= middle for _, latest in windows)
    page.get_by_label("Due until").fill(middle)
    assert 0 < shown.count() == sum(latest >= middle >= earliest for earliest, latest in windows)
    page.get_by_label("Due from").fill("")
    page.get_by_label("Due until").fill("1999-12-31")
    assert shown.count() == sum(earliest <= "1999-12-31" for earliest, _ in windows)
    assert shown.count() < len(windows)


def test_an_open_prediction_past_its_day_is_called_overdue(page):
    assert page.locator(".badge.overdue").first.inner_text().lower() == "overdue"


def test_it_reads_without_script_and_on_a_phone(browser, address):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    opened = context.new_page()
    opened.goto(address)
    assert opened.locator(".entry.full:visible").count() > 5
    assert not opened.locator("#filters").is_visible()
    widest = opened.locator("main").bounding_box()["width"]
    assert widest <= 360
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page, scheme):
    page.emulate_media(color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["impact"]) for rule in found if rule["impact"] in ("serious", "critical")] == []


def test_nothing_sticks_out_on_a_phone(browser, address):
    context = browser.new_context(viewport={"width": 360, "height": 800})
    opened = context.new_page()
    opened.goto(address)
    fields = opened.locator("#filters input:visible, #filters select:visible")
    edges = [field.bounding_box() for field in fields.all()]
    assert len(edges) == 6
    assert max(box["x"] + box["width"] for box in edges) <= 360
    context.close()
