"""A web archive read record by record: memory must not grow with its length.

    python benchmarks/warc.py [--pages 500 2000]

Each archive (generated, gzip by record, pages of 20 to 60 kilobytes, a request beside every answer, one record in fifty
broken) is read in a process of its own: unpacked, detected and parsed into documents, with an extractor that finds
nothing. Printed are pages a second, the peak of resident memory above what the program takes before it reads, that of
the process that parses pages, and how the progress bar grew with the pages.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kb.app import open_kb
from kb.types import Attribution, DocumentData

BROKEN_EVERY = 50
WORDS = [
    f"{a}{b}{c}" for a in "bdfgklmnprstvz" for b in ("al", "en", "ir", "os", "um") for c in ("a", "ek", "in", "or")
]


class NoExtractor:
    """Finds nothing, so that only reading and storing are measured."""

    version = "none"

    def pipe(self, documents: Iterator[DocumentData]) -> Iterator[tuple[DocumentData, tuple[Attribution, ...]]]:
        for document in documents:
            yield document, ()


def generate(path: Path, pages: int) -> None:
    """Write an archive with so many pages."""
    rng = random.Random(pages)
    with path.open("wb") as file:
        for number in range(pages):
            url = f"https://quay.example/2026/02/03/story-{number}"
            file.write(record(url, "request", f"GET {url} HTTP/1.1\r\nHost: quay.example\r\n\r\n".encode()))
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            packed = record(url, "response", head + page(rng, number))
            file.write(packed[:90] + b"\xff" * 9 + packed[99:] if number % BROKEN_EVERY == 1 else packed)


def record(url: str, kind: str, block: bytes) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-02-03T12:00:00Z\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 6)


def page(rng: random.Random, number: int) -> bytes:
    paragraphs = (" ".join(rng.choices(WORDS, k=60)) for _ in range(rng.randint(50, 150)))
    body = "".join(f"<p>{text.capitalize()}.</p>" for text in paragraphs)
    head = f"<!doctype html><html><head><title>Story {number}</title></head>"
    return f"{head}<body><article><h1>Story {number}</h1>{body}</article></body></html>".encode()


def measure(path: Path) -> None:
    """Read ``path`` into an empty record and print a line about it."""
    with tempfile.TemporaryDirectory() as folder, open_kb(Path(folder) / "kb.db", extractor=NoExtractor) as kb:
        (Path(folder) / "first.txt").write_text("Everything is loaded and set up now.", encoding="utf-8")
        list(kb.add([Path(folder) / "first.txt"]))
        before, begun, announced = peak(), time.perf_counter(), [0]
        statuses = [result.status for result in kb.add([path], announce=announced.append)]
        seconds = time.perf_counter() - begun
    pages, failed = statuses.count("added"), statuses.count("failed")
    parser = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{pages} pages read, {failed} lines on broken records, {path.stat().st_size / 1e6:.0f} MB: "
        f"{pages / seconds:.0f} pages/s, {peak() - before:.0f} MB above the start ({before:.0f} MB), "
        f"{parser:.0f} MB in the process that parses, "
        f"the bar grew {len(announced) - 1} times to {announced[-1]}"
    )


def peak() -> float:
    """The most resident memory that the process has had, in megabytes (Linux counts in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[500, 2000])
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read:
        measure(arguments.read)
        return
    print(dt.date.today().isoformat(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for pages in arguments.pages:
            path = Path(folder) / f"{pages}.warc.gz"
            generate(path, pages)
            subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)


if __name__ == "__main__":
    main()
