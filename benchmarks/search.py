"""Searches of a record of a million statements: a page with its total, and facets, beside the bare FTS query.

    python benchmarks/search.py [--statements 1000000] [--keep FILE]

Each of 200 queries has words (one common, one rare, two, a phrase, a prefix, OR, NOT) and two filters, and is asked by
date or by relevance as a page would: 50 rows, how many there are, and facets. The bare query is the same words against
the full-text index alone. Warm: every query is asked once
before, the best of three counts, and the bar is 150 ms at the 95th percentile. Then
the time of `kb said WORDS` as a process beside that of a Python that imports typer, rich and sqlmodel; the bar is 3
times.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from questions import COMMON, RARE, TODAY, WORDS, milliseconds, name_of, write

from kb import ask
from kb.query import parse
from kb.store import Store, open_store, search
from kb.types import Sort

QUERIES = 200
RUNS = 3
"""Of each query, of which the best counts: what other programs take is not the query's."""
PROCESSES = 7
SIZE = 50
BASELINE = [sys.executable, "-c", "import typer, rich, sqlmodel"]


def main() -> None:
    """Write the record, ask, and print what takes how long."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="use this database, made where there is none")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "kb.db"
        if not path.exists():
            write(path, given.statements)
        with open_store(f"sqlite:///{path}") as store, sqlite3.connect(path) as bare:
            searches(store, bare, given.statements)
        processes(path)


def searches(store: Store, bare: sqlite3.Connection, number: int) -> None:
    """Time every query, warm, and print the percentiles."""
    asked = list(queries(random.Random(number), number))
    rows = []
    for words, query, sort in asked:
        filters = parse(query, today=TODAY)
        fts = search._fts(parse(words, today=TODAY).text)  # what is asked of the index itself

        def both(filters=filters, sort=sort) -> object:
            return ask.search(store, filters, size=SIZE, sort=sort, today=TODAY)

        def page(filters=filters, sort=sort) -> object:
            return ask.page(store, filters, size=SIZE, sort=sort, today=TODAY)

        def facets(filters=filters) -> object:
            return ask.facets(store, filters, TODAY)

        def alone(fts=fts) -> object:
            return bare.execute("SELECT rowid FROM statement_fts WHERE statement_fts MATCH ?", (fts,)).fetchall()

        both(), page(), facets(), alone()
        best = (min(milliseconds(run) for _ in range(RUNS)) for run in (both, page, facets, alone))
        rows.append((*best, f"{query} ({sort})"))
    for column, name in enumerate(("page and facets", "page alone", "facets alone", "bare FTS")):
        print_line(name, [row[column] for row in rows])
    for row in sorted(rows, reverse=True)[:5]:
        print(f"  {row[0]:7.1f} ms (bare {row[3]:5.1f}): {row[4]}")


def print_line(name: str, times: list[float]) -> None:
    """Percentiles of some times."""
    cuts = statistics.quantiles(times, n=100)
    print(f"{name:<16} median {statistics.median(times):7.1f}  p95 {cuts[94]:7.1f}  max {max(times):7.1f} ms")


def queries(made: random.Random, number: int) -> Iterator[tuple[str, str, Sort]]:
    """Words, the whole query, and the order."""
    speakers = max(number // 200, 10)
    for index in range(QUERIES):
        some, other = made.choice(WORDS[:60]), made.choice(WORDS)
        words = [COMMON, RARE, f"{some} {other}", f'"{some} {other}"', f"{other[:4]}*", f"{some} OR {other}",
                 f"{some} -{COMMON}"][index % 7]  # fmt: skip
        year = made.randint(2019, 2029)
        filters = [
            f"by:{made.randint(1, speakers)} kind:claim",
            f'by:"{name_of(made.randint(1, speakers))}" since:{year}',
            f"kind:prediction until:{year}",
            f"kind:prediction due:{year}",
            f"since:{year} until:{year}",
            "kind:claim review:machine",
            "verdict:true kind:prediction",
        ][made.randrange(7)]
        yield words, f"{words} {filters}", "relevance" if index % 2 else "date"


def processes(path: Path) -> None:
    """Time the command as a process, and what the libraries that it needs take alone."""
    kb = shutil.which("kb") or str(Path(sys.executable).with_name("kb"))
    said = [kb, "--db", str(path), "said", COMMON, "--limit", "20"]
    ours, theirs = [], []
    for _ in range(PROCESSES):
        theirs.append(seconds(BASELINE))
        ours.append(seconds(said))
    print(f"\nkb said {COMMON}: {min(ours):.2f} s; importing typer, rich, sqlmodel: {min(theirs):.2f} s; "
          f"{min(ours) / min(theirs):.1f} times")  # fmt: skip


def seconds(command: list[str]) -> float:
    """How long a process takes."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
