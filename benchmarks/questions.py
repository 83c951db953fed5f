"""Questions to a record of a million statements, beside the bare SQL that finds the same rows.

    python benchmarks/questions.py [--statements 1000000]

The record is written straight into SQLite, as unevenly as real ones: few speakers say much, a fifth of the statements
are predictions, one in twenty of these has an outcome. Times are the best of nine runs, in milliseconds after opening;
the bar is 200 ms, and a busy machine shows in the bare SQL too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from kb import ask
from kb.scoreboard import scores
from kb.store import Store, open_store
from kb.types import Filters

SPEAKERS_EACH = 200
"""Statements for each speaker, on average."""
TODAY = dt.date(2026, 1, 1)
RUNS = 9
PAGE = 200
"""Rows that a table shows unless asked for more."""
WORDS = [
    f"{a}{b}{c}" for a in "bdfgklmnprstvz" for b in ("al", "en", "ir", "os", "um") for c in ("a", "ek", "in", "or")
]
COMMON, RARE = WORDS[20], WORDS[200]
"""In every 14th statement; in every 90th."""

COLUMNS = "id, speaker_id, kind, text, said_on, p_low, p_high, earliest, latest, precision, review, fingerprint"
INSERT = {
    "speaker": "INSERT INTO speaker (id, name, kind, watched) VALUES (?, ?, 'person', 0)",
    "alias": "INSERT INTO alias (speaker_id, text, folded, origin) VALUES (?, ?, ?, 'text')",
    "document": "INSERT INTO document (id, source_id, external_id, published_at, published_precision, fetched_at, "
    "kind, text, text_sha256) VALUES (?, 1, ?, ?, 'day', '2026-01-01 00:00:00', 'article', '', '')",
    "statement": f"INSERT INTO statement ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'machine', ?)",
    "attribution": "INSERT INTO attribution (statement_id, document_id, quote_kind, source_spans, cue_spans, "
    "content_spans, speaker_text, words, confidence, extractor, extracted_at) "
    "VALUES (?, ?, 'indirect', '[]', '[]', '[[0, 9]]', ?, '', 0.9, 'benchmark', '2026-01-01 00:00:00')",
    "outcome": "INSERT INTO outcome (statement_id, verdict, known_on, recorded_at, recorded_by, method, reason) "
    "VALUES (?, ?, ?, '2026-01-01 00:00:00', 'b', 'manual', '')",
}


def main() -> None:
    """Write the record and print what takes how long."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--statements", type=int, default=1_000_000)
    number = parser.parse_args().statements
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kb.db"
        start = time.perf_counter()
        write(path, number)
        print(f"{number:,} statements, {path.stat().st_size / 1e6:,.0f} MB, in {time.perf_counter() - start:.0f} s\n")
        with open_store(f"sqlite:///{path}") as store, sqlite3.connect(path) as bare:
            print(f"{'question':<52} {'rows':>7} {'ms':>7} {'bare SQL':>9} {'ratio':>6}")
            for name, question, sql, values in questions(store):
                report(name, question, partial(lambda s, v: bare.execute(s, v).fetchall(), sql, values))


def questions(store: Store) -> Iterator[tuple[str, Callable[[], list[object]], str, tuple[object, ...]]]:
    """Name, question, and the SQL with its values that finds the rows which answer it."""
    due = "SELECT * FROM statement WHERE kind = 'prediction' AND latest < ? ORDER BY latest"
    counted = "kind IN ('prediction', 'commitment') AND review <> 'rejected' AND repeats IS NULL"
    per_speaker = f"SELECT speaker_id, count(*), max(latest) FROM statement WHERE {counted} GROUP BY speaker_id"
    said = "SELECT s.* FROM statement_fts f JOIN statement s ON s.id = f.rowid WHERE statement_fts MATCH ? AND "

    def predictions(name: str, until: dt.date, **filters: object) -> tuple[str, Callable[[], list[object]], str, tuple]:
        asked = partial(ask.predictions, store, Filters(**filters), TODAY)
        limit = f" LIMIT {filters['limit']}" if "limit" in filters else ""
        return f"kb predictions {name}", asked, due + limit, (str(until),)

    early, soon = dt.date(2019, 2, 1), TODAY + dt.timedelta(days=30)
    yield predictions("--due-before 2026-01-01", TODAY, due_before=TODAY, limit=PAGE)
    yield predictions("--due-before 2019-02-01 --csv", early, due_before=early)
    yield predictions("--due 30d", soon, due_by=soon, limit=PAGE)
    yield "kb scores", partial(scores, store, Filters(limit=PAGE), TODAY), per_speaker, ()
    yield "kb scores --csv", partial(scores, store, Filters(), TODAY), per_speaker, ()
    for word, speaker in ((COMMON, 1), (COMMON, 500), (RARE, 1)):
        asked = partial(ask.said, store, Filters(words=word, by=name_of(speaker), limit=PAGE), TODAY)
        yield f"kb said {word} --by {name_of(speaker)!r}", asked, f"{said} s.speaker_id = ?", (word, speaker)


def report(name: str, question: Callable[[], list[object]], bare: Callable[[], list[object]]) -> None:
    """Print one line."""
    question()  # SQLAlchemy compiles each query once
    ours = min(milliseconds(question) for _ in range(RUNS))
    theirs = min(milliseconds(bare) for _ in range(RUNS))
    print(f"{name:<52} {len(question()):>7,} {ours:>7.1f} {theirs:>9.1f} {ours / theirs:>6.1f}")


def milliseconds(run: Callable[[], object]) -> float:
    """How long ``run`` takes."""
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def write(path: Path, number: int) -> None:
    """Make the record."""
    open_store(f"sqlite:///{path}").close()
    made = random.Random(number)
    speakers = max(number // SPEAKERS_EACH, 10)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("INSERT INTO source (id, kind, name, url, config, error_count, active) "
                           "VALUES (1, 'file', 'b', 'b', '{}', 0, 1)")  # fmt: skip
        names = [(i, name_of(i)) for i in range(1, speakers + 1)]
        connection.executemany(INSERT["speaker"], names)
        connection.executemany(INSERT["alias"], ((i, name, name.lower()) for i, name in names))
        documents = ((i, str(i), f"{day(made)} 12:00:00") for i in range(1, number // 10 + 2))
        connection.executemany(INSERT["document"], documents)
        connection.executemany(INSERT["statement"], statements(made, number, speakers))
        connection.executemany(INSERT["attribution"], ((i, 1 + i // 10, str(i)) for i in range(1, number + 1)))
        connection.executemany(INSERT["outcome"], outcomes(made, number))
        connection.execute("ANALYZE")


def statements(made: random.Random, number: int, speakers: int) -> Iterator[tuple[object, ...]]:
    """Rows of the statement table."""
    weights = [1 / rank**0.6 for rank in range(1, speakers + 1)]
    frequency = [1 / rank**0.8 for rank in range(1, len(WORDS) + 1)]
    said_by = made.choices(range(1, speakers + 1), weights, k=number)
    words = iter(made.choices(WORDS, frequency, k=8 * number))
    for id_, speaker in enumerate(said_by, 1):
        text = " ".join(next(words) for _ in range(8))
        kind = "prediction" if id_ % 5 == 0 else "claim"
        latest = day(made) if kind == "prediction" and id_ % 3 else None
        p = made.choice((None, None, 0.2, 0.6, 0.9)) if kind == "prediction" else None
        dated = (latest, latest, "day") if latest else (None, None, None)
        yield (id_, speaker, kind, text, day(made), p, p, *dated, str(id_))


def outcomes(made: random.Random, number: int) -> Iterator[tuple[object, ...]]:
    """Rows of the outcome table: every hundredth statement, each a prediction."""
    for id_ in range(100, number + 1, 100):
        yield id_, made.choice(("true", "mostly", "late", "false", "void")), day(made)


def day(made: random.Random) -> str:
    """Some day of eleven years."""
    return str(dt.date(2019, 1, 1) + dt.timedelta(days=int(made.random() * 4000)))


def name_of(number: int) -> str:
    """A name of two words that nobody else has."""
    return f"{WORDS[number % len(WORDS)]} {WORDS[number // len(WORDS)]}{WORDS[number % 97]}".title()


if __name__ == "__main__":
    main()
