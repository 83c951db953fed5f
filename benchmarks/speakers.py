"""Who may a name mean among 100,000 speakers: by index, beside a full scan. Does so large a record slow down ingesting?

    python benchmarks/speakers.py [--speakers 100000] [--small 1000]

Names are made up; surnames are as unevenly frequent as real ones (Zipf), so that the commonest is shared by hundreds.
The full scan is the fastest there is: it reads all names and lets rapidfuzz order them, without roles or reasons. Times
are medians in milliseconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from rapidfuzz import fuzz, process
from sqlmodel import Session, insert, select

from kb.ingest.pipeline import Item, Pipeline
from kb.ingest.suggest import suggest_for
from kb.nlp.lexicon import nicknames
from kb.store import Store, open_store, sources
from kb.store.speakers import keys_of
from kb.store.tables import Alias, NameKey, Speaker
from kb.store.tables import Role as StoredRole
from kb.text import fold, organisation_key, sha256
from kb.types import Attribution, DocumentData, RawDocument, Role, SpeakerMention, StatementData

SURNAMES = 20_000
STAFF = 50
"""People of each organisation; a fifth of them have a role on record."""
DOCUMENTS = 30
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ROWS = 10_000
"""Rows per INSERT."""


def main() -> None:
    """Fill two records and print what takes how long in each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--speakers", type=int, default=100_000, help="speakers of the large record")
    parser.add_argument("--small", type=int, default=1_000, help="speakers of the small record")
    options = parser.parse_args()
    print(f"{'speakers':>9} {'suggest':>9} {'slowest':>9} {'full scan':>9} {'scan : suggest':>15} {'document':>9}")
    times = [measured(number) for number in (options.small, options.speakers)]
    print(f"\nadding a document: {times[1] / times[0]:.2f} times as long among {options.speakers:,} as among few")


def measured(number: int) -> float:
    """Print the line of a record with that many speakers; return how long a document takes."""
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{Path(folder) / 'kb.db'}") as store:
        names = fill(store, number)
        asked = new_names(names)
        with store.reading() as session:
            suggest_for(session, asked[0], limit=20)  # SQLAlchemy compiles each query once
            suggest = [milliseconds(partial(suggest_for, session, name, limit=20)) for name in asked]
            scan = milliseconds(partial(full_scan, session, asked[0]))
        document = statistics.median(added(store, names))
    ratio = scan / statistics.median(suggest)
    print(
        f"{number:>9,} {statistics.median(suggest):>9.1f} {max(suggest):>9.1f} {scan:>9.0f} {ratio:>15.0f}"
        f" {document:>9.1f}"
    )
    return document


def fill(store: Store, number: int) -> list[str]:
    """Store speakers, every fifth with a role; return their names."""
    made = random.Random(number)
    first, last = sorted(nicknames()), [surname(made) for _ in range(SURNAMES)]
    frequency = [1 / (rank + 1) ** 0.7 for rank in range(SURNAMES)]
    names = [f"{made.choice(first).title()} {name}" for name in made.choices(last, frequency, k=number)]
    with store.transaction() as session:
        _insert(session, Speaker, ({"id": i, "name": n, "kind": "person"} for i, n in enumerate(names, 1)))
        _insert(session, Alias, (_alias(i, n) for i, n in enumerate(names, 1)))
        _insert(session, NameKey, ({"key": k, "speaker_id": i} for i, n in enumerate(names, 1) for k in keys(n)))
        _insert(session, StoredRole, (_role(i) for i in range(1, number + 1, 5)))
    return names


def keys(name: str) -> list[str]:
    """The keys that a person is stored under, in a stable order."""
    return sorted(keys_of(name, "person"))


def _alias(speaker_id: int, name: str) -> dict[str, object]:
    return {"speaker_id": speaker_id, "text": name, "folded": fold(name), "origin": "text"}


def _role(speaker_id: int) -> dict[str, object]:
    firm = organisation(speaker_id)
    key = organisation_key(firm)
    return {"speaker_id": speaker_id, "title": "analyst", "organisation": firm, "organisation_key": key}


def _insert(session: Session, table: type, rows: Iterable[dict[str, object]]) -> None:
    held = list(rows)
    for start in range(0, len(held), ROWS):
        session.connection().execute(insert(table), held[start : start + ROWS])


def organisation(number: int) -> str:
    """One of the organisations."""
    return f"Firm {number // STAFF}"


def surname(made: random.Random) -> str:
    """Two or three syllables."""
    return "".join(made.choice("bdfgklmnprstvz") + made.choice("aeiou") for _ in range(made.choice((2, 3)))).title() + (
        made.choice(["", "n", "r", "s", "nd"])
    )


def new_names(names: list[str]) -> list[str]:
    """Names that are not in the record: misspelt, with an initial, another form of the given name, a surname alone."""
    made = random.Random(1)
    asked = []
    for name in made.sample(names, 20):
        given, last = name.split(" ", 1)
        form = sorted(nicknames()[given.lower()])[0].title()
        asked += [f"{given} {last}h", f"{given[0]}. {last}", f"{form} {last}", f"{name}-Quill"]
    commonest = max({name.split()[-1] for name in names[:1000]}, key=[n.split()[-1] for n in names[:1000]].count)
    return [*asked, commonest, f"Quentin {commonest}"]


def full_scan(session: Session, name: str) -> list[tuple[str, float, int]]:
    """The names with most letters in common, found by reading all: rapidfuzz in one call, nothing compared in full."""
    names = list(session.exec(select(Alias.folded)))
    return process.extract(fold(name), names, scorer=fuzz.token_sort_ratio, limit=20)


def milliseconds(run: Callable[[], object]) -> float:
    """How long ``run`` takes."""
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


class Sayings:
    """Finds in a document what its lines say: ``NAME|ORGANISATION: words``."""

    version = "benchmark"

    def pipe(self, documents: Iterable[DocumentData], /) -> Iterator[tuple[DocumentData, tuple[Attribution, ...]]]:
        """Every document with one attribution for each line."""
        for document in documents:
            yield document, tuple(self._read(document.text))

    def _read(self, text: str) -> Iterator[Attribution]:
        start = 0
        for line in text.split("\n"):
            source, words = line.split(": ", 1)
            name, employer = source.split("|")
            role = Role(title="analyst", organisation=employer)
            yield Attribution(
                source=((start, start + len(name)),),
                cue=(),
                content=((start + len(source) + 2, start + len(line)),),
                quote_kind="indirect",
                speaker=SpeakerMention(name=name, kind="person", role=role),
                statement=StatementData(kind="claim", text=words),
                confidence=1.0,
            )
            start += len(line) + 1


def added(store: Store, names: list[str]) -> Iterator[float]:
    """How long each of some documents takes: three speakers, one of them new, one with a bare surname."""
    made = random.Random(2)
    with store.transaction() as session:
        source_id = sources.register(session, "file", name="benchmark", url="/benchmark")
    pipeline = Pipeline(store=store, extractor=Sayings, now=lambda: NOW)
    for number in range(DOCUMENTS):
        known = made.choice(names)
        said = [known, f"Zora {known.split()[-1]}-Quill{'abcdefghij'[number % 10]}", known.split()[-1]]
        text = "\n".join(f"{n}|{organisation(made.randrange(len(names)))}: Boats float {number}." for n in said)
        item = Item(source_id, RawDocument(external_id=sha256(text), kind="article", text=text, published_at=NOW))
        yield milliseconds(partial(list, pipeline.run([item])))


if __name__ == "__main__":
    main()
