"""Is a new document a copy of one among 50,000? By index, beside a full scan; how many edited copies are found.

    python benchmarks/copies.py [--documents 50000] [--small 1000]

Stories are made up of words as unevenly frequent as English ones (Zipf) and carry the boilerplate of one of fifty
outlets; all were published within 30 days, which is the worst case. Asked about are copies that were edited in the ways
of newspapers, and texts that are none: follow-ups that share 40 % of a story as background, and strangers with the same
boilerplate. The full scan is the fastest there is: it reads the same sketches, all of them, and counts what is shared.
Times are medians in milliseconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate, islice
from pathlib import Path

from sqlmodel import Session, insert, select

from kb.ingest.copies import Copy, find_copy
from kb.shingles import shingles, sketch
from kb.store import Store, copies, documents, open_store, sources
from kb.store.tables import Document, Shingle
from kb.text import sha256
from kb.types import DocumentData, RawDocument

VOCABULARY = 20_000
OUTLETS = 50
NOW = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
ROWS = 5_000
"""Documents per INSERT."""
ASKED = 40
"""Texts of each kind that are asked about."""


def main() -> None:
    """Fill two records and print what takes how long in each, then what was found in the large one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=50_000, help="documents of the large record")
    parser.add_argument("--small", type=int, default=1_000, help="documents of the small record")
    options = parser.parse_args()
    print(f"{'documents':>9} {'lookup':>8} {'slowest':>8} {'store':>8} {'full scan':>10} {'scan : lookup':>14}")
    times = [measured(number) for number in (options.small, options.documents)]
    print(f"\nlookup and storing: {times[1] / times[0]:.2f} times as long among {options.documents:,} as among few")


def measured(number: int) -> float:
    """Print the line of a record with that many documents, and what was found; return how long one takes."""
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{Path(folder) / 'kb.db'}") as store:
        made = Maker(number)
        fill(store, made, number)
        asked = list(made.asked())
        with store.reading() as session:
            find_copy(session, data(asked[0][2], "warm"), NOW)  # SQLAlchemy compiles each query once
            found: list[Copy | None] = []
            lookups = [milliseconds(partial(find, session, text, found)) for _, _, text in asked]
            scan = milliseconds(partial(full_scan, session, asked[0][2]))
        stored = [milliseconds(partial(add, store, text, n)) for n, (_, _, text) in enumerate(asked)]
    lookup, storing = statistics.median(lookups), statistics.median(stored)
    print(f"{number:>9,} {lookup:>8.1f} {max(lookups):>8.1f} {storing:>8.1f} {scan:>10.0f} {scan / lookup:>14.0f}")
    if number > ROWS:
        print_found(asked, found)
    return lookup + storing


def find(session: Session, text: str, found: list[Copy | None]) -> None:
    """Look a text up and note what was found."""
    found.append(find_copy(session, data(text, "asked"), NOW))


def print_found(asked: list[tuple[str, int | None, str]], found: list[Copy | None]) -> None:
    """Of each kind: how many were linked to the right story, to a wrong one, and noted as differing in a fact."""
    print(f"\n{'asked about':<16} {'n':>4} {'right':>6} {'wrong':>6} {'noted':>6}")
    right = linked = wanted = 0
    for kind in dict.fromkeys(kind for kind, _, _ in asked):
        pairs = [(o, c) for (k, o, _), c in zip(asked, found, strict=True) if k == kind]
        hits = sum(c is not None and o == c.document_id for o, c in pairs)
        links = sum(c is not None for _, c in pairs)
        noted = sum(c is not None and bool(c.differs) for _, c in pairs)
        print(f"{kind:<16} {len(pairs):>4} {hits:>6} {links - hits:>6} {noted:>6}")
        right, linked, wanted = right + hits, linked + links, wanted + sum(o is not None for o, _ in pairs)
    print(f"precision {right / linked:.3f}, recall {right / wanted:.3f}")


class Maker:
    """Makes stories, and texts that were made from them."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)
        self.words = [self._word() for _ in range(VOCABULARY)]
        self.weights = list(accumulate(1 / (rank + 1) for rank in range(VOCABULARY)))
        self.boilerplate = [self.paragraph(4) for _ in range(OUTLETS)]
        self.kept: dict[int, str] = {}
        """The stories that are asked about, by the number of their document."""

    def stories(self, number: int) -> Iterator[str]:
        """Stories of three to twelve paragraphs, with the boilerplate of their outlet."""
        every = max(number // (ASKED * 6), 1)
        for n in range(1, number + 1):
            story = "\n\n".join(self.paragraph(5) for _ in range(self.random.randint(3, 12)))
            if n % every == 0:
                self.kept[n] = story
            yield f"{story}\n\n{self.random.choice(self.boilerplate)}"

    def asked(self) -> Iterator[tuple[str, int | None, str]]:
        """(kind, number of the document that it is a copy of, text)."""
        ways: dict[str, Callable[[str], str]] = {
            "wire copy": lambda s: f"LONDON, Jan 5 (Newswire) - {s}\n\nReporting by Ann Poe; Editing by Bo Quist",
            "word in thirty": lambda s: self.edited(s, 30),
            "word in fifteen": lambda s: self.edited(s, 15),
            "first 40 %": lambda s: s[: len(s) * 2 // 5],
            "middle third": lambda s: s[len(s) // 3 : len(s) * 2 // 3],
            "another figure": self.another_figure,
        }
        kept = iter(self.kept.items())
        for kind, way in ways.items():
            for n, story in islice(kept, ASKED):
                yield kind, n, f"{way(story)}\n\n{self.random.choice(self.boilerplate)}"
        for _, story in islice(self.kept.items(), ASKED):
            background = story[: len(story) * 2 // 5]
            news = "\n\n".join(self.paragraph(5) for _ in range(background.count("\n\n") * 3 // 2 + 1))
            yield "follow-up", None, f"{news}\n\n{background}"
        for _ in range(ASKED):
            yield "stranger", None, f"{self.paragraph(5)}\n\n{self.paragraph(5)}\n\n{self.boilerplate[0]}"

    def paragraph(self, sentences: int) -> str:
        """Sentences of 8 to 24 words, one of them with a figure."""
        made = []
        for n in range(sentences):
            words = self.random.choices(self.words, cum_weights=self.weights, k=self.random.randint(8, 24))
            figure = f" {self.random.randint(2, 9_000):,}" if n == 1 else ""
            made.append(f"{' '.join(words).capitalize()}{figure}.")
        return " ".join(made)

    def edited(self, text: str, every: int) -> str:
        """``text`` with about one word in ``every`` replaced by another that is no figure."""
        return " ".join(
            word if self.random.randrange(every) or not word.isalpha() else self.random.choice(self.words)
            for word in text.split(" ")
        )

    def another_figure(self, text: str) -> str:
        """``text`` with its first figure changed."""
        words = text.split(" ")
        at = next(i for i, word in enumerate(words) if word[0].isdigit())
        words[at] = "9,876."
        return " ".join(words)

    def _word(self) -> str:
        return "".join(self.random.choice("bcdfghklmnprstvw") + self.random.choice("aeiou") for _ in range(3))


def data(text: str, name: str) -> DocumentData:
    """An article with that text, of the middle of the month."""
    published = NOW - dt.timedelta(days=15)
    raw = RawDocument(external_id=name, kind="article", text=text, published_at=published)
    return DocumentData(raw=raw, text=text, text_sha256=sha256(text))


def fill(store: Store, made: Maker, number: int) -> None:
    """Store that many stories with their sketches."""
    stories = enumerate(made.stories(number), start=1)
    with store.transaction() as session:
        sources.register(session, "file", name="benchmark", url="/benchmark")
    while some := list(islice(stories, ROWS)):
        with store.transaction() as session:
            session.connection().execute(insert(Document), [_document(n, text) for n, text in some])
            session.connection().execute(insert(Shingle), [row for n, text in some for row in _sketch(n, text)])


def _document(number: int, text: str) -> dict[str, object]:
    at = NOW - dt.timedelta(days=number % 30)
    row = {"id": number, "source_id": 1, "external_id": str(number), "kind": "article", "published_precision": "day"}
    return {**row, "published_at": at, "fetched_at": at, "text": text, "text_sha256": sha256(text)}


def _sketch(number: int, text: str) -> Iterator[dict[str, int]]:
    day = copies.day_of(NOW - dt.timedelta(days=number % 30), NOW)
    return ({"hash": h, "day": day, "document_id": number} for h in sketch(shingles(text)))


def add(store: Store, text: str, number: int) -> None:
    """Store one document with its sketch."""
    with store.transaction() as session:
        documents.insert(session, 1, data(text, f"added {number}"), NOW)


def full_scan(session: Session, text: str) -> list[tuple[int, int]]:
    """The documents with most hashes in common, found by reading all sketches."""
    own = set(sketch(shingles(text)))
    shared = Counter(i for i, h in session.exec(select(Shingle.document_id, Shingle.hash)) if h in own)
    return shared.most_common(copies.LOOKED_AT)


def milliseconds(run: Callable[[], object]) -> float:
    """How long ``run`` takes."""
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
