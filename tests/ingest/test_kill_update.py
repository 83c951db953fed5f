"""A process that is killed at any moment of an update leaves a sound record, which the next update completes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import update_program
from news_server import NewsServer, serving

from kb.store import open_store, sources
from kb.store.check import check

KILLS = 50
FEEDS, ITEMS, PAGES = 4, 4, 2
HOSTS = ("127.0.0.1", "localhost")
Content = dict[str, list[tuple[object, ...]]]
CONTENT = {
    "documents": "SELECT s.url, d.external_id, d.url, d.title, d.kind, d.text FROM document d "
    "JOIN source s ON s.id = d.source_id",
    "revisions": "SELECT document_id, number, text FROM revision",
    "statements": "SELECT t.text, t.kind, t.latest, t.said_on, p.name, d.external_id FROM statement t "
    "JOIN speaker p ON p.id = t.speaker_id JOIN attribution a ON a.statement_id = t.id "
    "JOIN document d ON d.id = a.document_id",
    "speakers": "SELECT p.name, p.kind, a.text, a.origin FROM speaker p JOIN alias a ON a.speaker_id = p.id",
    "pages": "SELECT url FROM pending_page",
    "entries": "SELECT external_id, url, teaser_sha256, etag, vain FROM entry",
    "sources": "SELECT url, etag, body_sha256, error_count, active FROM source",
}
"""What must be the same in whatever order documents came: everything but numbers, and moments of fetching."""


@pytest.fixture(scope="module")
def server() -> Iterator[NewsServer]:
    with serving(items=ITEMS, teasers=FEEDS // 2, pages=PAGES) as server:
        yield server


@pytest.fixture(scope="module")
def subscribed(server: NewsServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record that knows the feeds and has read none."""
    path = tmp_path_factory.mktemp("subscribed") / "kb.db"
    with open_store(f"sqlite:///{path}") as store, store.transaction() as session:
        for number in range(FEEDS):
            sources.register(session, "feed", name=f"News {number}", url=server.feed(number, HOSTS[number % 2]))
    return path


@pytest.fixture(scope="module")
def program() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, update_program.__file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()


@pytest.fixture(scope="module")
def undisturbed(program: subprocess.Popen[str], subscribed: Path) -> tuple[Content, float]:
    """What one whole update makes of the news, and the seconds that it takes."""
    database = copied(subscribed, "whole")
    begin(program, database)
    start = time.monotonic()
    ended(program)
    return content(database), time.monotonic() - start


def copied(database: Path, name: str) -> Path:
    return Path(shutil.copy(database, database.with_name(f"{name}.db")))


def begin(program: subprocess.Popen[str], database: Path) -> int:
    """Start an update and return the number of its process."""
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(f"{database}\n")
    program.stdin.flush()
    return int(program.stdout.readline())


def ended(program: subprocess.Popen[str]) -> None:
    assert program.stdout is not None
    assert program.stdout.readline() == "ended\n"


def wait_for(database: Path, documents: int, *, at_most: float) -> None:
    """Until the update has stored so many documents; no longer than ``at_most`` seconds."""
    end = time.monotonic() + at_most
    with closing(sqlite3.connect(database, timeout=at_most)) as connection:
        while connection.execute("SELECT count(*) FROM document").fetchone()[0] < documents and time.monotonic() < end:
            time.sleep(0.001)


def content(database: Path) -> Content:
    with closing(sqlite3.connect(database)) as connection:
        return {name: sorted(connection.execute(query), key=repr) for name, query in CONTENT.items()}


def problems(database: Path) -> list[str]:
    with open_store(f"sqlite:///{database}") as store:
        return check(store)


def test_the_update_exercises_everything(undisturbed: tuple[Content, float]) -> None:
    found, _ = undisturbed
    assert len(found["documents"]) == FEEDS * ITEMS
    assert len(found["statements"]) == FEEDS * ITEMS
    assert (found["pages"], len(found["speakers"])) == ([], len({row[4] for row in found["statements"]}))


def test_killed_at_any_moment_and_run_again(
    program: subprocess.Popen[str], subscribed: Path, undisturbed: tuple[Content, float]
) -> None:
    whole, seconds = undisturbed
    each = seconds / len(whole["documents"])
    moments = random.Random(1)
    stages = set()
    for number in range(KILLS):
        database = copied(subscribed, f"killed{number}")
        process = begin(program, database)
        # A share of the documents and a part of the time of one: a busy machine is killed at as many different places.
        wait_for(database, moments.randrange(len(whole["documents"]) + 1), at_most=20 * seconds)
        time.sleep(moments.uniform(0, each))
        with suppress(ProcessLookupError):  # it was quicker this time
            os.kill(process, signal.SIGKILL)
        ended(program)
        assert problems(database) == []
        stages.add((len(content(database)["documents"]), len(content(database)["pages"])))
        begin(program, database)
        ended(program)
        assert problems(database) == []
        assert content(database) == whole
    assert len(stages) > 10
