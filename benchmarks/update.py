"""Updates of many feeds from a server on this machine: the first one, and a second one with nothing new.

    python benchmarks/update.py [--feeds 200] [--entries 100] [--teasers 20]

Every feed has a host of its own (127.0.1.1, 127.0.1.2 ...), which is asked once a second as on the network; of
``--teasers`` feeds the entries are teasers, whose pages are fetched. The extractor finds what a regular expression can,
so that the model's time, a tenth of a second per article, hides nothing. The third update meets servers without
validators, which send the same bytes again; the fourth, feeds in which nothing but a date of building has changed.

Bar: the second update requests no page, stores nothing but how the polls went, and is 20 times as fast as the first.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from kb.app import open_kb
from kb.config import Settings
from kb.store import open_store, sources

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "ingest"))

from line_extractor import LineExtractor
from news_server import NewsServer, serving

TABLES = ("document", "revision", "statement", "attribution", "speaker", "alias", "pending_page")


def main() -> None:
    """Run the updates and print what each took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--entries", type=int, default=100)
    parser.add_argument("--teasers", type=int, default=20, help="feeds of which only teasers are given")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(items=given.entries, teasers=given.teasers, address="0.0.0.0") as server,
    ):
        path = Path(folder) / "kb.db"
        subscribe(path, server, given.feeds)
        print(
            f"{given.feeds} feeds with {given.feeds * given.entries:,} entries, of {given.teasers} feeds teasers only\n"
        )
        print(f"{'update':<28} {'s':>8} {'entries/s':>10} {'feeds asked':>12} {'pages asked':>12} {'rows stored':>12} "
              f"{'times as fast':>14}")  # fmt: skip
        first = measured("first", path, server, 0.0)
        measured("nothing new, 304", path, server, first)
        server.validators = False
        measured("nothing new, same bytes", path, server, first)
        server.stamp = "<!-- built a minute later -->"
        measured("nothing new, other bytes", path, server, first)


def subscribe(path: Path, server: NewsServer, feeds: int) -> None:
    """Make a record that knows the feeds."""
    with open_store(f"sqlite:///{path}") as store, store.transaction() as session:
        for number in range(feeds):
            url = server.feed(number, f"127.0.1.{number % 250 + 1}")
            sources.register(session, "feed", name=f"News {number}", url=url)


def measured(name: str, path: Path, server: NewsServer, first: float) -> float:
    """Update, print a line about it, and return the seconds."""
    before, server.requests = rows(path), Counter()
    settings = Settings(db=str(path), allow_private=True, page_seconds=0.0)
    start = time.perf_counter()
    with open_kb(settings, extractor=LineExtractor) as kb:
        results = list(kb.update(all=True))
    seconds = time.perf_counter() - start
    failed = [result for result in results if result.status == "failed" or result.waiting]
    assert not failed, failed[0]
    entries = len(results) * server.items
    ratio = f"{first / seconds:.0f}" if first else ""
    print(f"{name:<28} {seconds:>8.1f} {entries / seconds:>10,.0f} {server.requests['feed']:>12,} "
          f"{server.requests['story']:>12,} {rows(path) - before:>12,} {ratio:>14}", flush=True)  # fmt: skip
    return seconds


def rows(path: Path) -> int:
    """How many rows the record has, polls aside."""
    with closing(sqlite3.connect(path)) as connection:
        return sum(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES)


if __name__ == "__main__":
    main()
