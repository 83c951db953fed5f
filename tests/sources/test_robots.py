"""What robots.txt forbids, and what its absence means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import FetchError
from kb.types import Payload
from sources.fetch import Fetched
from sources.robots import KEEP_FAILURE_SECONDS, KEEP_SECONDS, MAX_BYTES, MAX_DELAY, Robots

SITE = "https://news.example"
RULES = """\
# our rules
User-agent: GreedyBot/2.0
User-agent: other
Disallow: /

User-Agent: OnRecord/1.0
Disallow: /private/
Disallow: /*.pdf$
Allow: /private/open
Crawl-delay: 7

User-agent: *
Disallow: /all
"""


@dataclass
class Web:
    """A web in which each host has one file, or one way to fail; it remembers what was fetched."""

    files: dict[str, bytes | Callable[[str], Exception]]
    fetched: list[str] = field(default_factory=list)
    time: float = 0.0

    def fetch(self, url: str) -> Fetched:
        self.fetched.append(url)
        found = self.files[url.removesuffix("/robots.txt")]
        if callable(found):
            raise found(url)
        payload = Payload(data=found, name=url, url=url, fetched_at=dt.datetime.now(dt.UTC))
        return Fetched(payload=payload, status=200, url=url)

    @property
    def robots(self) -> Robots:
        return Robots(self.fetch, now=lambda: self.time)


def failure(status: int | None, wait: dt.timedelta | None = None) -> Callable[[str], Exception]:
    return lambda url: FetchError(f"{url} answered {status}", url=url, status=status, retry_after=wait)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/story", True),
        ("/all", True),  # our own group replaces the one for everybody
        ("/private/x", False),
        ("/%70rivate/x", False),
        ("/private/open/x", True),
        ("/report.pdf", False),
        ("/report.pdf?page=2", True),
        ("/robots.txt", True),
    ],
)
def test_the_group_that_names_us_counts(path: str, allowed: bool) -> None:
    refusal = Web({SITE: RULES.encode()}).robots.refusal(SITE + path)
    assert refusal == (None if allowed else f"{SITE}/robots.txt asks programs not to read this page")


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        (b"", True),
        (b"User-agent: *\nDisallow:", True),
        (b"User-agent: *\nDisallow: /", False),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", False),
        (b"user-agent:*\r\ndisallow:/\r\n", False),
        (b"User-agent: onrecords\nUser-agent: record\nUser-agent: on\nDisallow: /", True),
        (b"User-agent: another\nDisallow: /", True),
        (b"Disallow: /", True),
        (b"<!doctype html><title>Not found</title><p>Sorry", True),
        (bytes(range(256)), True),
        (b"User-agent: *\nDisallow: /\xff\n", True),
        (b"# " + b"x" * MAX_BYTES + b"\nUser-agent: *\nDisallow: /", True),
        (b"User-agent: *\nDisallow: /\n# " + b"x" * MAX_BYTES, False),
    ],
)
def test_files_of_all_kinds(rules: bytes, allowed: bool) -> None:
    assert (Web({SITE: rules}).robots.refusal(f"{SITE}/story") is None) is allowed


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (401, True), (403, True), (410, True), (429, False), (503, False)]
)
def test_no_file_is_no_rule_but_no_answer_is_a_refusal_for_now(status: int, allowed: bool) -> None:
    refusal = Web({SITE: failure(status)}).robots.refusal(f"{SITE}/story")
    assert (refusal is None) is allowed
    assert allowed or "cannot be read, so nothing of this site is fetched for now" in str(refusal)


def test_a_host_that_cannot_be_reached_is_left_alone_and_the_reason_said() -> None:
    web = Web({SITE: failure(None)})
    assert f"({SITE}/robots.txt answered None)" in str(web.robots.refusal(f"{SITE}/story"))
    assert web.robots.delay(f"{SITE}/story") is None


def test_each_host_and_port_has_its_own_file_which_is_fetched_once_a_day() -> None:
    files: dict[str, bytes | Callable[[str], Exception]] = {
        SITE: b"User-agent: *\nDisallow: /",
        "http://news.example": b"",
        f"{SITE}:8443": b"",
    }
    web = Web(files)
    robots = web.robots
    for _ in range(2):
        assert robots.refusal("https://NEWS.example/a?b#c")
        assert robots.refusal("http://news.example/a") is None
        assert robots.refusal(f"{SITE}:8443/a") is None
    assert web.fetched == [f"{site}/robots.txt" for site in (SITE, "http://news.example", f"{SITE}:8443")]
    files[SITE] = b""
    web.time = KEEP_SECONDS - 1
    assert robots.refusal(f"{SITE}/a")
    web.time = KEEP_SECONDS + 1
    assert robots.refusal(f"{SITE}/a") is None


def test_a_failure_is_remembered_for_an_hour_or_as_long_as_the_server_asks() -> None:
    web = Web({SITE: failure(503), "https://slow.example": failure(503, dt.timedelta(hours=3))})
    robots = web.robots
    for moment in (0.0, KEEP_FAILURE_SECONDS - 1, KEEP_FAILURE_SECONDS + 1, 3 * 3600 + 1):
        web.time = moment
        robots.refusal(f"{SITE}/a")
        robots.refusal("https://slow.example/a")
    assert web.fetched.count(f"{SITE}/robots.txt") == 3
    assert web.fetched.count("https://slow.example/robots.txt") == 2


@pytest.mark.parametrize(
    ("stated", "delay"),
    [("7", 7.0), ("0.5", 0.5), ("86400", MAX_DELAY), ("-1", None), ("nan", None), ("inf", None), ("soon", None)],
)
def test_crawl_delay(stated: str, delay: float | None) -> None:
    web = Web({SITE: f"User-agent: *\nCrawl-delay: {stated}".encode()})
    assert web.robots.delay(f"{SITE}/x") == delay


@pytest.mark.parametrize("url", ["ftp://news.example/x", "no address", "http://[bad", "", "https:///x"])
def test_what_is_no_web_address_has_no_rules(url: str) -> None:
    web = Web({})
    assert (web.robots.refusal(url), web.robots.delay(url), web.fetched) == (None, None, [])


def test_a_file_of_many_programs_and_many_rules_stays_small() -> None:
    agents = "".join(f"User-agent: a{number}\n" for number in range(17_000))
    rules = "Allow: /*a*b*c*d*e\n" * 12_000
    refusal = Web({SITE: f"{agents}User-agent: *\nDisallow: /x\n{rules}".encode()}).robots.refusal(f"{SITE}/x")
    assert refusal is not None


@given(st.binary(max_size=300) | st.text(alphabet="User-agent: *\nDsalow/$%#onrecd", max_size=300).map(str.encode))
def test_no_file_breaks_it(rules: bytes) -> None:
    robots = Web({SITE: rules}).robots
    assert robots.refusal(f"{SITE}/a%b?c=*$") in (None, f"{SITE}/robots.txt asks programs not to read this page")
    delay = robots.delay(SITE)
    assert delay is None or 0 <= delay <= MAX_DELAY
