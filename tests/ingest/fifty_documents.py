"""Fifty small documents that share speakers and statements, and a program that ingests them:

    python fifty_documents.py DATABASE

prints one line per document when it is done with it.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from line_extractor import LineExtractor

from kb.ingest.adding import Demand
from kb.ingest.intake import Intake
from kb.ingest.outside import Hints, Outside
from kb.ingest.pipeline import Pipeline
from kb.store import open_store
from kb.types import Author, ItemResult, Payload, RawDocument, Skipped

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
SPEAKERS = (
    "Mira Okafor (chief executive of Havenlink)",
    "Mirra Okafoor (CEO of Havenlink)",
    "Jonas Brandt (mayor of Westport)",
    "Okafor",
)
SUBJECTS = "ferries cranes tunnels buses bridges".split()


def text_of(number: int) -> str:
    """Every subject comes back every fifth document, in other people's mouths and with other numbers."""
    subject = SUBJECTS[number % 5]
    first, second, third = (SPEAKERS[(number + step) % 4] for step in range(3))
    lines = [
        f"{first} predicts: At least {number // 10 + 3},000 electric {subject} will be ordered in 2027",
        f"{second} says that the harbour pays too much for its {subject} every single year",
        f"{third} predicts that nobody needs {subject} on the northern river in {2030 + number % 3}",
    ]
    return "\n".join(line for line in lines if number % 7 or "predicts:" not in line)


def payloads(_: Path) -> Iterator[Payload]:
    for number in range(50):
        yield Payload(data=text_of(number).encode(), name=f"{number:02}.txt", fetched_at=NOW)


def read(payload: Payload, _: Hints) -> Iterator[RawDocument | Skipped]:
    number = int(payload.name[:2])
    yield RawDocument(
        external_id=payload.name,
        kind="post" if number % 10 == 9 else "article",
        text=payload.data.decode(),
        published_at=dt.datetime(2025, 3, 1 + number % 28, tzinfo=dt.UTC),
        canonical_url=f"https://example.org/{number}",
        speaker=Author(name="Jonas Brandt", handle="x:jonas") if number % 10 == 9 else None,
    )


def ingest(database: Path) -> Iterator[ItemResult]:
    """Ingest all fifty; those that are there already come out ``unchanged``."""

    def no_network(*_: str | None) -> Iterable[RawDocument]:
        raise AssertionError("nothing here is fetched")

    extractor = LineExtractor()
    with open_store(f"sqlite:///{database}") as store:
        pipeline = Pipeline(store=store, extractor=lambda: extractor, now=lambda: NOW)
        outside = Outside(detect=lambda _: "text", read=read, files=payloads, fetch=no_network, fetch_page=no_network)  # type: ignore[arg-type]
        yield from Intake(pipeline, outside).add(["folder"], Demand())


if __name__ == "__main__":
    for result in ingest(Path(sys.argv[1])):
        print(result.status, flush=True)
