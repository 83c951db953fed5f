"""How fast does a record of a million statements leave as CSV and JSON Lines, and in how much memory?

    python benchmarks/export.py [--statements 1000000] [--small 10000]

Statements are made up: ten to a document, spread over ten years, a third of them predictions with a due date, a
hundredth of these with an outcome. Every export runs in a process of its own, whose peak of resident memory the
system tells; what Python and the libraries need is in it. The bar is 200 MB, and that it does not grow with the record.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlmodel import insert

from kb.store import Store, open_store
from kb.store.tables import Attribution, Document, Evidence, Outcome, Source, Speaker, Statement
from kb.text import sha256

FORMATS = ("csv", "jsonl")
PER_DOCUMENT = 10
SPEAKERS = 5_000
FIRST_DAY = dt.date(2015, 1, 1)
DAYS = 3650
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PORTION = 1_000
"""Documents per INSERT."""
LIMIT_MB = 200

EXPORT = """
import json, resource, sys, time
from kb import open_kb
with open_kb(sys.argv[1]) as kb, open(sys.argv[3], "wb") as out:
    start = time.perf_counter()
    count = kb.export(sys.argv[2], out)
    seconds = time.perf_counter() - start
print(json.dumps([count, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
"""What a process runs; on Linux ru_maxrss counts kilobytes."""


def main() -> None:
    """Fill two records and print rate and peak memory of each export."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--statements", type=int, default=1_000_000, help="statements of the large record")
    parser.add_argument("--small", type=int, default=10_000, help="statements of the small record")
    options = parser.parse_args()
    print(f"{'statements':>11} {'format':>7} {'items':>10} {'seconds':>8} {'items/s':>8} {'MB out':>7} {'peak MB':>8}")
    peaks = [peak for number in (options.small, options.statements) for peak in measured(number)]
    print(
        f"\npeak of all: {max(peaks):.0f} MB, the bar is {LIMIT_MB} MB: {'met' if max(peaks) < LIMIT_MB else 'MISSED'}"
    )


def measured(number: int) -> Iterator[float]:
    """Print a line for each format of a record with that many statements; yield the peaks in MB."""
    with tempfile.TemporaryDirectory() as folder:
        db, out = Path(folder) / "kb.db", Path(folder) / "out"
        with open_store(f"sqlite:///{db}") as store:
            fill(store, number)
        for name in FORMATS:
            command = [sys.executable, "-c", EXPORT, str(db), name, str(out)]
            run = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ})
            count, seconds, peak = json.loads(run.stdout)
            rate, size = count / seconds, out.stat().st_size / 1e6
            line = f"{number:>11,} {name:>7} {count:>10,} {seconds:>8.1f} {rate:>8,.0f} {size:>7.0f} {peak:>8.0f}"
            print(line, flush=True)
            yield peak


def fill(store: Store, number: int) -> None:
    """A record of ``number`` statements."""
    start = time.perf_counter()
    with store.transaction() as session:
        session.add(Source(kind="feed", name="made up", url="https://made.up/feed"))
        speakers = [{"id": n, "name": f"Speaker {n}", "kind": "person"} for n in range(1, SPEAKERS + 1)]
        session.execute(insert(Speaker), speakers)
        documents = range(1, number // PER_DOCUMENT + 1)
        for first in range(0, len(documents), PORTION):
            made = [document(n) for n in documents[first : first + PORTION]]
            session.execute(insert(Document), [d for d, _ in made])
            rows = [row for _, own in made for row in own]
            for table, name in (
                (Statement, "statement"),
                (Attribution, "report"),
                (Outcome, "outcome"),
                (Evidence, "item"),
            ):
                values = [row[name] for row in rows if name in row]
                if values:
                    session.execute(insert(table), values)
    print(f"(filled in {time.perf_counter() - start:.0f} s)", file=sys.stderr)


def document(number: int) -> tuple[dict[str, Any], list[dict[str, dict[str, Any]]]]:
    """A document, and the rows of its statements."""
    day = FIRST_DAY + dt.timedelta(days=number * 7919 % DAYS)
    sentences = [
        f"The harbour number {number * PER_DOCUMENT + n} will open {n} new ports." for n in range(PER_DOCUMENT)
    ]
    text = "\n\n".join(f"Speaker {1 + (number + n) % SPEAKERS} said: {s}" for n, s in enumerate(sentences))
    values = {
        "id": number,
        "source_id": 1,
        "external_id": str(number),
        "url": f"https://made.up/{number}",
        "canonical_url": f"https://made.up/{number}",
        "title": f"Harbour news {number}",
        "publisher": "The Made-up Times",
        "published_at": dt.datetime.combine(day, dt.time(12), dt.UTC),
        "published_precision": "day",
        "fetched_at": NOW,
        "kind": "article",
        "text": text,
        "text_sha256": sha256(text),
    }
    return values, [statement(number, n, words, (text, day)) for n, words in enumerate(sentences)]


def statement(document_id: int, n: int, words: str, where: tuple[str, dt.date]) -> dict[str, dict[str, Any]]:
    """A statement with its report, and where there is one its outcome with evidence."""
    text, day = where
    id_ = document_id * PER_DOCUMENT + n
    start = text.index(words)
    speaker = f"Speaker {1 + (document_id + n) % SPEAKERS}"
    at = start - len(" said: ") - len(speaker)
    foretold = n % 3 == 0
    due = day + dt.timedelta(days=365)
    rows: dict[str, dict[str, Any]] = {
        "statement": {
            "id": id_,
            "speaker_id": 1 + (document_id + n) % SPEAKERS,
            "kind": "prediction" if foretold else "claim",
            "text": words,
            "said_on": day.isoformat(),
            "earliest": day if foretold else None,
            "latest": due if foretold else None,
            "precision": "day" if foretold else None,
            "fingerprint": f"{id_:032x}",
            "review": "machine",
        },
        "report": {
            "statement_id": id_,
            "document_id": document_id,
            "quote_kind": "direct",
            "source_spans": ((at, at + len(speaker)),),
            "cue_spans": (),
            "content_spans": ((start, start + len(words)),),
            "speaker_text": speaker,
            "words": words,
            "confidence": 0.9,
            "extractor": "made up",
            "extracted_at": NOW,
        },
    }
    if foretold and id_ % 300 == 0:
        known = {"known_on": due, "recorded_at": NOW, "recorded_by": "me", "method": "manual", "reason": "counted"}
        rows["outcome"] = {"id": id_, "statement_id": id_, "verdict": "true", **known}
        rows["item"] = {
            "statement_id": id_,
            "outcome_id": id_,
            "url": "https://made.up",
            "quote": "",
            "direction": "supports",
        }
    return rows


if __name__ == "__main__":
    main()
