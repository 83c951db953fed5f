"""The pages in a real Chromium: with and without JavaScript, on a phone and a desk, light and dark.

Screenshots are kept in ``$KB_SCREENSHOTS``, else in pytest's temporary folder.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_records import HARBOUR, MAJA_SAID, fill_pages
from playwright.sync_api import Browser, Page, expect, sync_playwright
from records import Record
from serving import running
from test_pages_hostile import CASES, fill_hostile

from kb import reviewing
from kb.app import open_kb
from kb.config import Settings
from kb.store import open_store
from kb.web.app import create_app

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

NEEDED = "KB_TEST_BROWSER" in os.environ
"""Set in continuous integration, where a missing browser fails; without one on the path Playwright's own serves."""

pytestmark = pytest.mark.skipif(CHROMIUM is None and not NEEDED, reason="no Chromium is installed")

CODE = "come-in"
KINDS = {
    "search": "/?q=sea",
    "wrong": "/?q=sea kind:predicton",
    "statement": "/statements/{overdue}?edit=1",
    "resolved": "/statements/{resolved}",
    "resolve": "/statements/{overdue}/resolve",
    "document": "/documents/{harbour}",
    "predictions": "/predictions",
    "speakers": "/speakers",
    "speaker": "/speakers/{maja}",
    "topics": "/topics?q=sea OR turbines",
    "review": "/review",
    "accuracy": "/accuracy",
    "scores": "/scores",
    "sources": "/sources",
    "merges": "/merges",
    "watches": "/watches",
    "login": "/login",
    "help": "/help",
    "api": "/api",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ.get("KB_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    print(f"screenshots: {folder}")
    return folder


class Site:
    """A running server, its record, and the numbers in it."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(db=str(folder / "kb.db"), user="owner")
        with open_store(self.settings.db_url) as store:
            record = Record(store)
            self.numbers = fill_pages(record)
            self.hostile = fill_hostile(record)
        self.app = create_app(lambda: open_kb(self.settings), local=True)
        self.address = ""

    def to(self, path: str) -> str:
        return self.address + path.format(**self.numbers)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"))
    with running(made.app) as made.address:
        yield made


@pytest.fixture
def look(browser: Browser, site: Site) -> Iterator:
    """Opens a browser of its own: ``look(width=360, script=False, editor=True)``."""
    contexts = []

    def opened(*, width: int = 1280, script: bool = True, editor: bool = False, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.complaints = []
        page.on("console", lambda told: page.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        if editor:
            site.app.state.login_code = CODE
            page.goto(site.to(f"/login?code={CODE}"))
        return page

    yield opened
    for context in contexts:
        context.close()


def width_of(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def serious(page: Page, **options: object) -> list[tuple[str, list[str]]]:
    """What axe finds serious or critical: rules, and the elements that break them."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    bad = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in bad]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_every_page_fits_and_axe_finds_nothing_serious(look, site, pictures, width, scheme):
    page = look(width=width, scheme=scheme, editor=True)
    for name, path in KINDS.items():
        page.goto(site.to(path))
        page.screenshot(path=pictures / f"{name}-{width}-{scheme}.png", full_page=True)
        assert serious(page) == [], name
        assert width_of(page) <= width, name
    assert [told for told in page.complaints if "status of 400" not in told] == []


def test_the_colours_of_dark_pages_have_contrast_on_a_desk_too(look, site):
    page = look(scheme="dark", editor=True)
    for name in ("statement", "resolve", "document", "speaker", "topics", "review"):
        page.goto(site.to(KINDS[name]))
        assert serious(page, runOnly=["color-contrast"]) == [], name


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", [360, 1280])
def test_search_open_a_statement_and_see_the_quotation_marked(look, site, width, script):
    page = look(width=width, script=script)
    page.goto(site.to("/"))
    page.get_by_label("Search the record").fill("turbines kind:prediction")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=MAJA_SAID).click()
    mark = page.locator("mark.content[data-start]").first
    expect(mark).to_have_text(MAJA_SAID)
    assert int(mark.get_attribute("data-start")) == HARBOUR.index(MAJA_SAID)
    expect(page.locator("mark.source[data-start]").first).to_have_text("Maja Lindqvist")
    page.get_by_role("link", name="The whole document").first.click()
    expect(page.locator(f"#s{site.numbers['overdue']} + mark")).to_have_text(MAJA_SAID)
    assert page.locator(f"#s{site.numbers['overdue']} + mark").bounding_box()["y"] < 900
    assert width_of(page) <= width


def test_facets_and_pages_are_swapped_in_and_can_be_gone_back_from(look, site):
    page = look()
    page.goto(site.to("/?q=sea"))
    page.get_by_label("Narrow the search").get_by_role("link", name="2024", exact=False).first.click()
    expect(page).to_have_url(site.to("/?q=sea+since%3A2024+until%3A2024&sort=relevance"))
    page.get_by_role("link", name="More →").click()
    expect(page.get_by_role("link", name="←")).to_be_visible()
    expect(page.locator("#found article")).to_have_count(5)
    page.go_back()
    expect(page.locator("#found article")).to_have_count(25)
    assert page.complaints == []


def test_reviewing_with_nothing_but_the_keyboard(look, site):
    page = look(editor=True)
    page.goto(site.to("/review?q=kind:claim+number&order=newest"))
    items = page.locator(".judge-item")
    first, second, third = (items.nth(i).get_attribute("data-statement") for i in range(3))
    page.keyboard.press("j")
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(f"#q{first} [role=status]")).to_have_text("accepted")
    expect(page.locator(f"#q{second}")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator(f"#q{second} [role=status]")).to_have_text("rejected")
    expect(page.locator(f"#q{third}")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(page.locator(f"#q{second} [data-key=a]")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page).to_have_url(site.to(f"/statements/{third}?edit=1#edit"))
    page.goto(site.to("/review?q=review:accepted"))
    expect(page.locator(f"#q{first}")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Only what fits")).to_be_focused()
    page.keyboard.type("aaa")  # keys are letters while one types
    assert page.complaints == []


def test_a_conflict_is_told_in_the_queue(look, site):
    page = look(editor=True)
    page.goto(site.to("/review?q=kind:claim+number&order=confidence"))
    item = page.locator(".judge-item").nth(2)
    number = int(item.get_attribute("data-statement"))
    with open_store(site.settings.db_url) as store:
        reviewing.reject(store, number, version=0, by="bo", now=dt.datetime.now(dt.UTC))
    item.get_by_role("button", name="Accept").click()
    told = page.locator(f"#q{number} [role=alert]")
    expect(told).to_contain_text("Somebody judged this one meanwhile")
    expect(told).to_contain_text("bo")


def test_correcting_by_selecting_in_the_document(look, site):
    page = look(editor=True)
    page.goto(site.to("/statements/{claim}?edit=1"))
    page.evaluate(
        """() => { const mark = document.querySelector("mark.content[data-start]").firstChild;
                   getSelection().setBaseAndExtent(mark, 4, mark, 8); }"""
    )
    page.get_by_role("button", name="Use the selection").first.click()
    expect(page.get_by_label("What was said")).to_have_value("tide")
    page.get_by_role("button", name="Save the correction").click()
    expect(page.locator("mark.content[data-start]").first).to_have_text("tide")
    expect(page.locator("h1")).to_contain_text("tide")


@pytest.mark.parametrize(("script", "statement"), [(True, "overdue"), (False, "promise")], ids=["script", "no-script"])
def test_resolving_with_evidence(look, site, script, statement):
    page = look(script=script, editor=True)
    page.goto(site.to(f"/statements/{{{statement}}}/resolve"))
    if statement == "overdue":
        page.get_by_role("checkbox").first.check()
    page.get_by_label("Other evidence").fill("https://tidal.example/2025 | 43 turbines | 2025-07-01")
    page.get_by_role("radio", name="Mostly").check()
    page.get_by_label("Why").fill("They stand")
    page.get_by_role("button", name="Record the outcome").click()
    expect(page.locator(".outcome").first).to_contain_text("Mostly true")
    expect(page.locator(".outcome").first).to_contain_text("recorded by owner")


@pytest.mark.parametrize("name", ["CSV", "JSONL", "Calendar", "Page"])
def test_taking_a_list_away(look, site, name):
    page = look()
    page.goto(site.to("/?q=turbines"))
    with page.expect_download() as download:
        page.get_by_label("Take this list with you").get_by_role("link", name=name, exact=True).click()
    assert b"turbines" in Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_timeline_tells_what_is_under_the_focus_and_hides_kinds(look, site, width):
    page = look(width=width)
    page.goto(site.to("/speakers/{maja}"))
    page.locator("a.lane").first.focus()
    expect(page.locator("#timeline-caption")).to_contain_text("The bridge will open")
    page.get_by_role("button", name="claims").click()
    expect(page.locator("a.tick").first).to_be_hidden()
    assert page.locator("#timeline-svg").bounding_box()["width"] > 300


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("name", CASES)
def test_hostile_documents_are_shown_as_they_are(look, site, pictures, name, script):
    page = look(script=script, width=360)
    statement, document = site.hostile[name]
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for path in (f"/documents/{document}", f"/statements/{statement}"):
        page.goto(site.address + path)
        content = page.locator("mark.content[data-start]").first
        assert int(content.get_attribute("data-start")) == CASES[name][0].index(CASES[name][1])
        if name != "bidi":
            assert content.evaluate("mark => mark.textContent") == CASES[name][1]
        assert content.is_visible()
        assert width_of(page) <= 360
    page.screenshot(path=pictures / f"hostile-{name}.png")
    assert all(url.startswith(site.address) for url in asked)
    assert page.title() != "owned"
    assert page.complaints == []


def test_a_document_of_a_megabyte_opens_whole(look, site):
    page = look(width=360)
    _, document = site.hostile["long"]
    page.goto(f"{site.address}/documents/{document}")
    page.get_by_role("link", name="Show all").click()
    text = page.locator(".sheet .text").evaluate("text => text.textContent.length")
    assert text == len(CASES["long"][0])
    assert width_of(page) <= 360
