"""The pages in process: what they show, where they lead, and that forms judge without JavaScript."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from lxml import html
from page_records import LATER, MAJA_SAID, attribution, fill_pages, said
from records import NOW, Record
from starlette.testclient import TestClient

from kb import ask, reviewing
from kb.app import open_kb
from kb.config import Settings
from kb.ingest.repeats import link_speakers
from kb.store import open_store
from kb.web.app import create_app

HOST = "http://localhost"
LOGIN_CODE = "let-me-in"
PAGES = (
    "/ /?q=sea /?q=nothing-at-all /predictions /predictions?kind=commitment /predictions?status=overdue /speakers "
    "/speakers?q=maja /speakers/{maja} /statements/{overdue} /statements/{resolved} /statements/{overdue}/resolve "
    "/documents/{harbour} /topics /topics?q=sea /review /accuracy /scores /scores?per=year /sources /merges "
    "/watches /login /help"
).split()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """The record, made once, and its numbers."""
    path = tmp_path_factory.mktemp("record") / "kb.db"
    with open_store(f"sqlite:///{path}") as store:
        return path, fill_pages(Record(store))


@pytest.fixture
def numbers(settings: Settings, made: tuple[Path, dict[str, int]]) -> dict[str, int]:
    shutil.copyfile(made[0], settings.db)
    return made[1]


@pytest.fixture
def filled(settings: Settings, numbers: dict[str, int]) -> Iterator[Record]:
    with open_store(settings.db_url) as store:
        record = Record.__new__(Record)
        record.store, record.source_id, record._documents = store, 1, 100  # more than there are
        yield record


@pytest.fixture(scope="module")
def shared_app() -> FastAPI:
    """One application for all tests, as its first answer takes a while; each start opens the record of the moment."""
    app = create_app(lambda: open_kb(app.state.settings), local=True)
    return app


@pytest.fixture
def local_app(shared_app: FastAPI, settings: Settings, numbers: dict[str, int]) -> FastAPI:
    shared_app.state.settings, shared_app.state.login_code = settings, LOGIN_CODE
    return shared_app


@pytest.fixture
def desk(client: TestClient) -> TestClient:
    """An editor's browser."""
    assert client.get(f"/login?code={LOGIN_CODE}").status_code == 200
    return client


def read(client: TestClient, address: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def send(client: TestClient, address: str, form: int = 0, status: int = 200, **values: object) -> html.HtmlElement:
    """Fill in the form of that number on a page whose action is a part of ``address`` and send it."""
    page, _, action = address.partition(" ")
    found = [one for one in read(client, page).forms if action in (one.get("action") or page)][form]
    data = {key: value for key, value in found.form_values() if key not in values}
    answer = client.post(found.get("action") or page, data={**data, **values})
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


@pytest.mark.parametrize("who", ["client", "desk"])
def test_every_page_opens_and_has_nothing_inline(who, numbers, request):
    browser = request.getfixturevalue(who)
    for address in PAGES:
        page = read(browser, address.format(**numbers))
        assert page.xpath("//script[not(@src)] | //style | //@style | //@*[starts-with(name(), 'on')]") == [], address
        assert len(page.xpath("//h1")) == 1, address
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), address


def test_every_link_leads_somewhere(client, numbers):
    seen, waiting = set(), [address.format(**numbers) for address in PAGES]
    while waiting and len(seen) < 90:
        address = waiting.pop(0)
        kind = re.sub(r"\d+", "N", address.partition("?")[0])
        if address in seen or sum(re.sub(r"\d+", "N", one.partition("?")[0]) == kind for one in seen) > 3:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code < 400, address
        if answer.headers["content-type"].startswith("text/html") and "/exports/" not in address:
            page = html.fromstring(answer.text)
            found = [link.partition("#") for link in page.xpath("//a/@href | //link/@href")]
            waiting += [path for path, _, _ in found if path.startswith("/")]
            assert all(place in page.xpath("//@id") for path, _, place in found if place and not path), address
    assert any("/exports/ics" in one for one in seen)
    assert any("/api/v1/" in one for one in seen)


def test_a_statement_stands_marked_in_its_document(client, numbers):
    page = read(client, f"/statements/{numbers['overdue']}")
    marks = {mark.get("class"): mark.text_content() for mark in page.xpath("//mark[@data-start]")}
    assert marks == {"content": MAJA_SAID, "source": "Maja Lindqvist", "cue": "said"}
    assert "🌊👩‍🔬" in page.xpath("//div[contains(@class, 'excerpt')]")[0].text_content()
    assert "1 report and 1 copy" in text_of(page)
    assert text_of(page.xpath("//span[@class='copies']")[0]) == "also printed, as 1 copy, by The Coast"


@pytest.mark.parametrize(
    ("recording", "link"),
    [("https://c.example/41.mp3", ["https://c.example/41.mp3#t=723"]), ("javascript:alert(1)", []), (None, [])],
)
def test_what_was_said_in_a_recording_leads_to_its_second(client, filled, recording, link):
    words = "We ship in May"
    document = filled.document(
        f"Ann: {words}.", times=((0, 3), (5, 723)), recording_url=recording, notes=("heard <b>badly",)
    )
    number = said(filled, None, document, attribution(f"Ann: {words}.", words))
    page = read(client, f"/statements/{number}")
    assert "in the recording from 0:12:03" in " ".join(text_of(page).split())
    assert page.xpath("//a[normalize-space()='0:12:03']/@href") == link
    (report,) = client.get(f"/api/v1/statements/{number}").json()["reports"]
    assert (report["at_seconds"], report["moment_url"]) == (723, link[0] if link else None)
    assert report["notes"] == ["heard <b>badly"]
    for shown in (page, read(client, f"/documents/{document}")):
        assert "heard <b>badly" in [text_of(note) for note in shown.xpath("//p[@class='notice']")]


def test_a_document_has_all_that_is_said_in_it(client, numbers):
    page = read(client, f"/documents/{numbers['harbour']}")
    assert page.xpath(f"//a[@id='s{numbers['overdue']}']/following-sibling::mark[1]")[0].text_content() == MAJA_SAID
    assert page.xpath(f"//aside//a[@href='#s{numbers['overdue']}']")


@pytest.mark.parametrize(
    ("query", "marked", "hint"),
    [
        ("robots kind:predicton", "p", "did you mean prediction?"),
        ('sea "tide', '"', "never closed"),
        ("sea AND", "␣", "AND"),
    ],
)
def test_a_wrong_query_shows_the_place_and_the_fix(client, numbers, query, marked, hint):
    for path in ("/", "/predictions", "/topics", "/review"):
        answer = client.get(path, params={"q": query})
        page = html.fromstring(answer.text)
        assert answer.status_code == 400
        assert page.xpath("//pre[@class='caret']/mark")[0].text_content() == marked
        assert hint in text_of(page.xpath("//*[@id='wrong-query']")[0])
        assert page.xpath("//input[@name='q']")[0].get("value") == query


def test_a_name_that_nobody_has_is_answered_with_a_likely_one(client, numbers):
    page = read(client, '/?q=sea by:"Ola Berg",Lindquist,Maja -by:Nobody', 404)
    href = page.xpath("//a[bdi='Maja Lindqvist']/@href")[0]
    assert parse_qs(urlsplit(href).query)["q"] == ['sea by:"Ola Berg","Maja Lindqvist",Maja -by:Nobody']


def test_facets_narrow_and_widen(client, numbers):
    page = read(client, "/?q=sea")
    claims = page.xpath("//aside//a[bdi='Claim']")[0]
    narrowed = read(client, claims.get("href"))
    assert narrowed.xpath("//input[@name='q']")[0].get("value") == "sea kind:claim"
    back = narrowed.xpath("//aside//a[bdi='Claim']")[0]
    assert back.get("aria-current") == "true"
    assert back.get("href") == "/?q=sea&sort=relevance"


def follow(client: TestClient, page: html.HtmlElement, *labels: str) -> tuple[html.HtmlElement, str]:
    """Where clicks on values of facets lead, and the query there."""
    for label in labels:
        page = read(client, page.xpath(f"//aside//a[bdi='{label}']/@href")[0])
    return page, page.xpath("//input[@name='q']")[0].get("value")


def chosen(page: html.HtmlElement) -> list[str]:
    return [link.text for link in page.xpath("//aside//a[@aria-current='true']/bdi")]


def test_values_of_a_facet_are_chosen_and_left_out_one_by_one(client, numbers):
    page, query = follow(client, read(client, "/"), "Prediction", "Commitment")
    assert query == "kind:prediction,commitment"
    assert chosen(page) == ["Prediction", "Commitment"]
    assert page.xpath("//aside//a[bdi='Claim']/span/text()") == ["31"], "what another click would add"
    assert len(page.xpath("//article")) == 3
    assert [text_of(chip) for chip in page.xpath("//ul[@class='chips']//a")] == [
        "kind:prediction ×",
        "kind:commitment ×",
    ]
    page, query = follow(client, page, "Ola Berg", "Maja Lindqvist", "Prediction")
    assert query == f"kind:commitment by:{numbers['ola']},{numbers['maja']}"
    assert sorted(chosen(page)) == ["Commitment", "Maja Lindqvist", "Ola Berg"]
    assert [text_of(chip) for chip in page.xpath("//ul[@class='chips']//a")][1:] == [
        "by Ola Berg ×",
        "by Maja Lindqvist ×",
    ]
    page, query = follow(client, page, "Ola Berg", "Commitment", "Maja Lindqvist")
    assert (query, chosen(page)) == ("", [])


def test_a_year_takes_the_place_of_another(client, numbers):
    page, query = follow(client, read(client, "/?q=turbines OR tide"), "2024", "2025")
    assert query == "(turbines OR tide) since:2025 until:2025"
    assert chosen(page) == ["2025"]
    assert page.xpath("//aside//a[bdi='2024']")


def test_narrowing_either_of_two_words_keeps_both(client, numbers):
    page = read(client, "/?q=turbines OR tide")
    narrowed = read(client, page.xpath("//aside//a[bdi='The Daily']/@href")[0])
    assert narrowed.xpath("//input[@name='q']")[0].get("value") == '(turbines OR tide) in:"The Daily"'
    assert len(narrowed.xpath("//article")) == 1
    board = read(client, "/predictions?q=turbines OR tide")
    links = board.xpath("//nav[@class='take']/a/@href")
    assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_paging_shows_every_statement_once(client, numbers):
    address, seen = "/?q=kind:claim", []
    while address:
        page = read(client, address)
        seen += page.xpath("//article/@data-statement")
        address = next(iter(page.xpath("//a[@rel='next']/@href")), None)
    assert len(seen) == len(set(seen)) == 31


def test_an_empty_record_says_how_to_begin(settings):
    app = create_app(lambda: open_kb(settings), local=True)
    with TestClient(app, base_url=HOST) as browser:
        assert "kb demo" in browser.get("/").text
        assert browser.get("/predictions").status_code == browser.get("/speakers").status_code == 200


# --- judging -----------------------------------------------------------------------------------------------------


def test_accepting_rejecting_and_undoing(desk, numbers):
    here = f"/statements/{numbers['claim']}"
    assert "accepted" in text_of(send(desk, f"{here} /accept"))
    assert "rejected" in text_of(send(desk, f"{here} /reject"))
    assert "accepted" in text_of(send(desk, f"{here} /undo").xpath("//p[@class='eyebrow']")[0])


def test_the_second_of_two_reviewers_is_told_what_the_first_did(desk, numbers, filled):
    here = f"/statements/{numbers['claim']}"
    form = next(one for one in read(desk, here).forms if one.get("action") == f"{here}/accept")
    reviewing.reject(filled.store, numbers["claim"], version=0, by="bo", now=NOW)
    answer = desk.post(f"{here}/accept", data=dict(form.form_values()))
    page = html.fromstring(answer.text)
    assert answer.status_code == 409
    assert "bo" in text_of(page.xpath("//*[@id='conflict']")[0])
    assert "rejected" in text_of(page.xpath("//*[@id='conflict']")[0])
    assert send(desk, f"{here} /accept") is not None  # now the reviewer has seen it


def test_correcting_by_words(desk, numbers):
    here = f"/statements/{numbers['overdue']}?edit=1"
    changed = {"content": "40 turbines in the water", "kind": "claim", "horizon": "none", "speaker": "Ola Berg"}
    page = send(desk, f"{here} /edit", **changed)
    assert text_of(page.xpath("//p[@class='byline']")[0]) == "Ola Berg, 3 December 2024"
    assert page.xpath("//mark[@class='content']")[1].text_content() == "40 turbines in the water"
    assert text_of(page.xpath("//p[@class='eyebrow']")[0]) == "Claim edited"


def test_a_wrong_correction_keeps_what_was_typed(desk, numbers):
    here = f"/statements/{numbers['overdue']}?edit=1"
    page = send(desk, f"{here} /edit", status=422, content="words that nobody said", horizon="soon")
    assert "does not say" in text_of(page.xpath("//*[@role='alert']")[0])
    assert page.xpath("//textarea[@name='content']")[0].text.strip() == "words that nobody said"
    assert page.xpath("//input[@name='horizon']")[0].get("value") == "soon"


def test_a_correction_of_nothing_accepts(desk, numbers):
    page = send(desk, f"/statements/{numbers['overdue']}?edit=1 /edit")
    assert "accepted" in text_of(page.xpath("//p[@class='eyebrow']")[0])


def test_splitting_and_merging(desk, numbers):
    here = f"/statements/{numbers['overdue']}"
    form = next(one for one in read(desk, f"{here}?edit=1").forms if one.get("action") == f"{here}/split")
    second = form.xpath(".//input[@name='reports']/@value")[1]
    data = {name: value for name, value in form.form_values() if name != "reports"}
    answer = desk.post(f"{here}/split", data={**data, "reports": second})
    other = answer.url.path
    assert answer.status_code == 200
    assert other != here
    page = send(desk, f"{other}?edit=1 /merge", into=numbers["overdue"])
    assert "1 report and 1 copy" in text_of(page)


def test_taking_a_wrong_link_back(desk, filled, numbers):
    first = ask.show(filled.store, numbers["overdue"])
    again = filled.said(numbers["maja"], first.text, on="2026-01-01", horizon=first.horizon)
    with filled.store.transaction() as session:
        link_speakers(session, [numbers["maja"]])
    here = f"/statements/{again}"
    assert "repeats" in text_of(read(desk, here).xpath("//ol[@class='thread']")[0])
    page = send(desk, f"{here} /unlink")
    assert not page.xpath("//ol[@class='thread']")
    assert "nothing to do with “We will have 40 turbines" in text_of(page.xpath("//ol[@class='history']")[0])
    assert page.xpath("//form[contains(@action, '/undo')]")


def test_resolving_with_a_suggested_passage(desk, numbers):
    here = f"/statements/{numbers['overdue']}/resolve"
    page = read(desk, here)
    passage = page.xpath("//input[@name='evidence']/@value")[0]
    assert passage.partition(":")[2] in LATER
    told = send(desk, here, form=1, status=422, verdict="true", known_on="2025-07-01")
    assert "needs evidence" in text_of(told.xpath("//*[@role='alert']")[0])
    done = send(desk, here, form=1, verdict="true", known_on="2025-07-01", evidence=passage, reason="They stand")
    outcome = text_of(done.xpath("//div[contains(@class, 'outcome')]")[0])
    assert "True" in outcome
    assert "43 turbines" in outcome
    assert "recorded by owner" in outcome


def test_merging_speakers_and_parting_them(desk, numbers):
    page = send(desk, f"/speakers/{numbers['maja']} /merge")
    assert "Maja Lindkvist was merged into Maja Lindqvist" in text_of(page)
    page = send(desk, f"/speakers/{numbers['maja']} /unmerge")
    assert "undone" in text_of(page)


def test_a_swap_is_answered_with_the_statement_alone(desk, numbers):
    form = next(one for one in read(desk, "/review").forms if (one.get("action") or "").endswith("/accept"))
    answer = desk.post(form.get("action"), data=dict(form.form_values()), headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith("<article")
    assert "accepted" in answer.text


# --- who may -----------------------------------------------------------------------------------------------------


def test_a_number_leads_on_over_two_merges(client, numbers, filled):
    path = [numbers["promise"], numbers["claim"], numbers["overdue"]]
    for gone, into in pairwise(path):
        version = ask.show(filled.store, gone).version
        reviewing.merge(filled.store, gone, into, version=version, by="ana", now=NOW)
    for gone in path[:-1]:
        page = read(client, f"/statements/{gone}", 404)
        assert f"statement {gone} was merged into statement {path[-1]}" in text_of(page.xpath("//main")[0])
        (link,) = page.xpath(f"//main//a[.='Statement {path[-1]}']/@href")
        assert read(client, link).xpath("//main")


def test_nobody_judges_without_logging_in(client, numbers):
    for act in ("accept", "edit", "split", "merge", "unlink", "resolve"):
        answer = client.post(f"/statements/{numbers['claim']}/{act}", data={"version": "0"})
        assert answer.status_code == 401
        assert "Log in" in answer.text
    assert not read(client, "/review").xpath("//form[@method='post']")


def test_a_form_of_another_site_is_refused(desk, numbers):
    for path in (f"/statements/{numbers['claim']}/accept", "/add", "/logout", f"/speakers/{numbers['ola']}/alias"):
        data = {"version": "0", "url": "https://a.example", "text": "O. B.", "csrf_token": "0" * 64}
        assert desk.post(path, data=data).status_code == 403


def test_a_token_lets_in_and_leads_back(client, make_token, numbers):
    assert "unknown" in client.post("/login", data={"token": "no-token"}).text
    answer = client.post("/login", data={"token": make_token("ana", "editor"), "next": "/review?order=newest"})
    assert answer.url.path == "/review"
    assert "ana" in answer.text
    assert "Log in" in send(client, "/review /logout").text_content()


@pytest.mark.parametrize(
    "next_", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_logging_in_leads_nowhere_else(client, make_token, numbers, next_):
    data = {"token": make_token("ana", "editor"), "next": next_}
    answer = client.post("/login", data=data, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_reading_from_elsewhere_needs_a_token(team, numbers):
    for path in ("/", "/statements/1", "/review", "/sources"):
        answer = team.get(path)
        assert answer.status_code == 401
        assert "Log in" in answer.text
    assert team.get("/login").status_code == 200


@pytest.mark.parametrize(
    "path", ["/statements/99999999999999999999999", "/documents/0", "/?q=%00", "/speakers/x", "/nowhere"]
)
def test_addresses_of_nothing_are_told_on_a_page(client, numbers, path):
    answer = client.get(path)
    assert answer.status_code in (404, 422)
    assert "That did not work" in answer.text


def test_only_the_web_is_read_from_a_page(desk, numbers):
    token = read(desk, "/sources").xpath("//input[@name='csrf_token']/@value")[0]
    for url in ("/etc/passwd", "file:///etc/passwd", "C:\\secrets.txt"):
        assert desk.post("/add", data={"url": url, "csrf_token": token}).status_code == 422


def test_one_topic_across_outlets(client, numbers):
    page = read(client, "/topics?q=turbines OR tide")
    rows = {row.xpath("th")[0].text_content().strip(): row for row in page.xpath("//table[@class='heat']/tbody/tr")}
    assert set(rows) == {"The Harbour Times", "The Coast", "The Daily"}
    assert text_of(rows["The Daily"].xpath("td[last()]")[0]) == "1"
    assert page.xpath(f"//section//h3[bdi='The Daily']/..//a[@href='/statements/{numbers['claim']}']")


def test_saving_a_search_and_forgetting_it(desk, numbers):
    page = send(desk, "/?q=turbines /watches")
    assert page.xpath("//th/a[@href='/?q=turbines&sort=date']")
    assert "No search is saved" in text_of(send(desk, "/watches /remove"))
