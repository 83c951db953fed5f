"""kb update, kb sources, and choosing among the feeds of a page."""

from __future__ import annotations

import datetime as dt
import io
import json
import signal
from collections.abc import Callable

import pytest

from kb.cli.choosing import asked
from kb.types import FoundFeed, ItemResult, SourceResult, SourceRow, WatchHits, WatchRow

NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
ALPHA = SourceResult(source="Alpha", url="https://a.example", status="ok", added=2)
BETA = SourceResult(source="Beta", url="https://b.example", status="failed", reason="HTTP 404:\ngone")
GAMMA = SourceResult(source="Gamma", url="https://c.example", status="waiting", waiting=1, reason="its host is busy")
ROWS = [
    SourceRow(id=1, kind="feed", name="Alpha", url="https://a.example", documents=12, waiting=3, last_polled_at=NOON,
              next_poll_at=NOON + dt.timedelta(hours=1), every=dt.timedelta(minutes=45)),
    SourceRow(id=2, kind="feed", name="Beta", url="https://b.example", documents=0, error_count=4,
              last_error="it answered 503", last_polled_at=NOON, next_poll_at=NOON + dt.timedelta(hours=4)),
    SourceRow(id=3, kind="page", name="https://c.example", url="https://c.example", documents=1, active=False,
              inactive_because="gone for good: the server answered 410"),
    SourceRow(id=4, kind="feed", name="New", url="https://d.example", documents=0),
]  # fmt: skip


# --- kb update --------------------------------------------------------------------------------------------------


def test_one_line_per_source_and_a_summary(run: Callable, fake) -> None:
    fake.polled = [ALPHA, BETA, GAMMA]
    result = run("update")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Alpha: ok: 2 added, 0 changed, 0 unchanged, 0 failed",
        "Beta: failed: 0 added, 0 changed, 0 unchanged, 0 failed (HTTP 404: gone)",
        "Gamma: waiting: 0 added, 0 changed, 0 unchanged, 0 failed, 1 page waiting (its host is busy)",
        "3 sources, 1 with failures",
    ]


def test_a_host_that_asks_to_wait_is_no_failure(run: Callable, fake) -> None:
    fake.polled = [GAMMA]
    assert run("update").exit_code == 0


def test_without_sources_it_says_how_to_begin(run: Callable) -> None:
    result = run("update")
    assert (result.exit_code, result.output) == (0, "nothing to poll: kb add URL registers a feed or a page\n")


def test_when_nothing_is_due_it_says_when_something_is(run: Callable, fake) -> None:
    fake.source_rows = ROWS[:3]
    assert run("update").stdout == "nothing is due before 2026-01-02 13:00 UTC; kb update --all polls everything now\n"


def test_it_ends_with_what_is_due(run: Callable, fake) -> None:
    fake.due_now = (2, 3)
    assert run("update").stdout.splitlines()[-1] == "2 overdue, 3 due within 30 days: kb predictions --due 30d"


def test_news_of_saved_searches_are_listed(run: Callable, fake) -> None:
    watch = WatchRow(id=1, name="boats", query="boats", made_at=NOON, hits=2)
    fake.news = [WatchHits(watch=watch, rows=tuple(fake.rows[:1])), WatchHits(watch=watch, rows=(), problem="gone")]
    lines = run("update").stdout.splitlines()
    assert lines[-3] == "new in 'boats': 1 statement: kb watch show boats"
    assert fake.rows[0].text in lines[-2]
    assert lines[-1] == "saved search 'boats': gone"


def test_one_source_or_all(run: Callable, fake) -> None:
    assert run("update", "--source", "Alpha").exit_code == 0
    assert run("update", "--all").exit_code == 0
    assert fake.calls == [("update", {"source": "Alpha", "all": False}), ("update", {"source": None, "all": True})]


def test_an_interrupt_ends_it_after_what_is_under_way(run: Callable, fake) -> None:
    fake.polled, fake.interrupt = [ALPHA, BETA], True
    before = signal.getsignal(signal.SIGINT)
    result = run("update")
    assert (result.exit_code, result.stderr) == (130, "stopped; the next kb update goes on from here\n")
    assert result.stdout.splitlines()[-1] == "1 source, 0 with failures"
    assert signal.getsignal(signal.SIGINT) is before


def test_watching_ends_by_an_interrupt_only_and_that_is_no_failure(run: Callable, fake) -> None:
    fake.polled, fake.interrupt = [BETA, ALPHA], True
    result = run("update", "--watch")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == "1 source, 1 with failures"
    assert fake.calls == [("watch", {})]


@pytest.mark.parametrize("option", [["--all"], ["--source", "Alpha"]])
def test_watching_polls_what_falls_due_and_nothing_else(run: Callable, option: list[str]) -> None:
    result = run("update", "--watch", *option)
    assert (result.exit_code, "--watch polls what falls due" in result.stderr) == (2, True)


# --- kb sources -------------------------------------------------------------------------------------------------


def test_sources_are_listed_with_how_they_do(run: Callable, fake) -> None:
    fake.source_rows = ROWS
    lines = [" ".join(line.split()) for line in run("sources", "list").stdout.splitlines()]
    assert any(line.startswith("1 Alpha 12 2026-01-02 12:00 2026-01-02 13:00 ok") for line in lines)
    assert any("https://a.example 3 waiting" in line for line in lines)
    text = " ".join(lines)
    assert "failed 4 in a row" in text
    assert "paused: gone for good" in text
    assert "4 New 0 never now new" in text


def test_only_what_needs_a_look(run: Callable, fake) -> None:
    fake.source_rows = ROWS
    found = json.loads(run("sources", "list", "--failing", "--json").stdout)
    assert [(row["name"], row["health"]) for row in found] == [("Beta", "failing"), ("https://c.example", "paused")]


def test_for_programs(run: Callable, fake) -> None:
    fake.source_rows = ROWS[:1]
    (found,) = json.loads(run("sources", "list", "--json").stdout)
    assert (found["every"], found["waiting"], found["next_poll_at"]) == (45, 3, "2026-01-02T13:00:00+00:00")
    header, line = run("sources", "list", "--csv").stdout.splitlines()
    assert dict(zip(header.split(","), line.split(","), strict=True))["every_minutes"] == "45"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("pause", "paused Alpha"),
        ("resume", "resumed Alpha; the next kb update polls it"),
        ("remove", "removed Alpha; 3 documents of it stay in the record"),
    ],
)
def test_sources_are_paused_resumed_and_removed(run: Callable, fake, command: str, said: str) -> None:
    assert run("sources", command, "Alpha").stdout == f"{said}\n"
    assert fake.calls == [(f"{command}_source", {"source": "Alpha"})]


# --- kb add -----------------------------------------------------------------------------------------------------

SITE = "https://port.example/"
FEEDS = [FoundFeed(url=f"{SITE}feed", title="News"), FoundFeed(url=f"{SITE}economy")]


def test_a_page_with_feeds_makes_the_user_choose(run: Callable, fake) -> None:
    fake.offered = FEEDS
    result = run("add", SITE)
    assert result.exit_code == 2
    assert result.stderr == (
        f"failed: {SITE} is no article but names feeds; choose with --feed N or --feed all: "
        f"1. News ({SITE}feed); 2. {SITE}economy\n"
    )


@pytest.mark.parametrize(("feed", "number"), [("1", 1), ("2", 1), ("all", 2)])
def test_chosen_by_number_or_all(run: Callable, fake, feed: str, number: int) -> None:
    fake.offered = FEEDS
    result = run("add", SITE, "--feed", feed)
    assert (result.exit_code, result.stdout) == (0, f"{number} item{'s' * (number > 1)}: {number} added\n")


def test_a_feed_that_is_not_there_is_a_failed_item(run: Callable, fake) -> None:
    fake.offered = FEEDS
    result = run("add", SITE, "--feed", "3")
    assert (result.exit_code, result.stderr.startswith(f"failed: {SITE} has no feed 3: 1. News")) == (1, True)


@pytest.mark.parametrize("feed", ["0", "-1", "first", "²"])
def test_a_number_that_is_none_is_refused(run: Callable, feed: str) -> None:
    result = run("add", SITE, f"--feed={feed}")
    assert (result.exit_code, result.stderr) == (2, f"error: --feed takes a number from 1, or all; not {feed!r}\n")


def test_what_waits_and_what_was_registered_is_told(run: Callable, fake) -> None:
    fake.items = [
        ItemResult(item="a", status="waiting", reason="its page: a later kb update fetches it"),
        ItemResult(item="b", status="registered"),
    ]
    assert run("add", "feeds.opml").stdout.splitlines() == [
        "2 items: 1 registered, 1 waiting",
        "waiting: 1 x its page: a later kb update fetches it",
        "kb update reads what was registered",
    ]


@pytest.mark.parametrize(("answer", "chosen"), [("2", FEEDS[1:]), ("", FEEDS[:1]), ("all", FEEDS), ("none", [])])
def test_asked_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, chosen: list[FoundFeed]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))
    assert list(asked(SITE, FEEDS)) == chosen
    assert "  1  News (https://port.example/feed)\n  2  https://port.example/economy\n" in capsys.readouterr().err
