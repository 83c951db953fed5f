"""Bytes are kept once with how they came, and are read again by the parsers of the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from line_extractor import LineExtractor, raw
from sqlmodel import Session, func, select

from kb.errors import InputError
from kb.ingest.origins import LARGE_FILE, remembering
from kb.ingest.outside import Hints
from kb.ingest.pipeline import Item, Pipeline
from kb.ingest.reparse import reparse
from kb.store import Store, documents, sources, statement_rows
from kb.store.check import check
from kb.store.tables import Arrival, Body
from kb.types import Author, ItemResult, Payload, RawDocument, Skipped

NOW = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
HINTS = Hints(kind="post", speaker=Author(name="Ana Ruiz"))


@dataclass
class Feed:
    """A parser of blocks ``id|text``, and the pipeline that it feeds."""

    store: Store
    sees: Callable[[str], str] = str
    """What the parser makes of a text."""
    breaks: bool = False
    hints: list[Hints] = field(default_factory=list)

    def read(self, payload: Payload, hints: Hints) -> Iterator[RawDocument | Skipped]:
        if self.breaks:
            raise InputError(f"{payload.name} is no feed")
        self.hints.append(hints)
        by = payload.sibling("by")
        for block in payload.data.decode().split("\0"):
            name, _, text = block.partition("|")
            yield raw(name, self.sees(text) + (f"\nby {by.decode()}" if by else ""))

    def poll(self, *blocks: str, by: bytes | None = None, url: str | None = "https://f.example/") -> list[str]:
        payload = Payload(
            data="\0".join(blocks).encode(), name="https://f.example/", url=url, fetched_at=NOW, status=200,
            headers={"etag": "e", "set-cookie": "secret"}, sibling=lambda name: by if name == "by" else None,
        )  # fmt: skip
        with self.store.transaction() as session:
            source_id = sources.register(session, "feed", name="Feed", url="https://f.example/")
        read = remembering(self.read)(payload, HINTS)
        items = (Item(source_id, item) for item in read if isinstance(item, RawDocument))
        return [result.status for result in self.pipeline.run(items)]

    def again(self, **chosen: object) -> list[ItemResult]:
        return list(reparse(self.pipeline, self.read, **chosen))  # type: ignore[arg-type]

    @property
    def pipeline(self) -> Pipeline:
        return Pipeline(store=self.store, extractor=LineExtractor, now=lambda: NOW)

    def count(self, table: type[Arrival] | type[Body]) -> int:
        with self.store.reading() as session:
            return session.exec(select(func.count()).select_from(table)).one()


@pytest.fixture
def feed(store: Store) -> Feed:
    return Feed(store)


def latest(session: Session, document_id: int) -> str:
    return documents.get(session, document_id).latest_text


def test_bodies_are_kept_once_and_only_those_that_gave_something(feed: Feed) -> None:
    for number in range(20):
        feed.poll("a|Boats.", f"b{number // 5}|News {number // 5}.")
    assert (feed.count(Body), feed.count(Arrival)) == (4, 4)
    with feed.store.reading() as session:
        arrival = session.get_one(Arrival, 1)
    assert (arrival.url, arrival.status, arrival.headers) == ("https://f.example/", 200, {"etag": "e"})
    assert check(feed.store) == []


def test_a_text_that_is_read_otherwise_becomes_a_revision_and_nothing_else_changes(feed: Feed) -> None:
    feed.poll("a|Ann says: Boats float", "b|Boats.", by=b"Bo")
    assert [result.status for result in feed.again()] == ["unchanged", "unchanged"]
    feed.sees = lambda text: text.replace("Boats float", "Ships sink")
    feed.hints.clear()
    changed, same = feed.again()
    assert (changed.status, changed.reason) == ("changed", "it is read otherwise now; kept as revision 1")
    assert (changed.statements, same.status) == (1, "unchanged")
    assert feed.hints == [HINTS]
    with feed.store.reading() as session:
        assert latest(session, 1) == "Ann says: Ships sink\nby Bo"
    assert [result.status for result in feed.again()] == ["unchanged", "unchanged"]
    assert (feed.count(Body), feed.count(Arrival)) == (2, 1)
    assert check(feed.store) == []


def test_the_bytes_of_the_last_text_are_read(feed: Feed) -> None:
    feed.poll("a|Boats float.")
    feed.poll("a|Boats sink.")
    feed.sees = str.upper
    assert [result.status for result in feed.again()] == ["unchanged"]  # capitals are layout
    feed.sees = lambda text: f"{text} So they say."
    assert [result.status for result in feed.again()] == ["changed"]
    with feed.store.reading() as session:
        assert latest(session, 1) == "Boats sink. So they say."


def test_what_the_parsers_no_longer_find_and_what_they_find_besides_is_left_alone(feed: Feed) -> None:
    feed.poll("a|Boats.", "b|Ferries.")
    read = feed.read
    feed.read = lambda payload, hints: (item for item in [*read(payload, hints), raw("c", "New.")][1:])  # type: ignore[method-assign]
    assert [(result.status, result.document_id) for result in feed.again()] == [("skipped", None), ("unchanged", 2)]
    feed.breaks, feed.read = True, read  # type: ignore[method-assign]
    assert [result.status for result in feed.again()] == ["failed", "failed"]


def test_another_source_that_reads_the_same_address_sees_changes(feed: Feed) -> None:
    def page(text: str, source: str, url: str = "https://p.example/") -> str:
        given = [raw(source, text, canonical_url="https://p.example/")]
        payload = Payload(data=text.encode(), name=url, url=url, fetched_at=NOW)
        (item,) = remembering(lambda *_: given)(payload, Hints())
        with feed.store.transaction() as session:
            source_id = sources.register(session, "page", name=source, url=source)
        assert isinstance(item, RawDocument)
        return next(feed.pipeline.run([Item(source_id, item)])).status

    assert page("Boats float.", "feed") == "added"
    assert page("Boats sink.", "page") == "changed"
    assert page("Boats burn.", "other", url="https://q.example/") == "unchanged"


def test_times_that_the_record_lacks_are_filled_in(feed: Feed) -> None:
    feed.poll("a|Intro.\nAnn predicts: Boats float", "b|Gulls.")
    read = feed.read
    feed.read = lambda payload, hints: (replace(item, times=((2, 75),)) for item in read(payload, hints))  # type: ignore[method-assign,type-var]
    assert [result.reason for result in feed.again(since=NOW.date())] == ["the same text, now with its times"] * 2
    assert [result.status for result in feed.again()] == ["unchanged", "unchanged"]
    with feed.store.reading() as session:
        (report,) = statement_rows.get(session, 1).reports
    assert (report.at_seconds, report.moment_url) == (75, None)


def test_times_stand_with_the_text_that_they_are_of(feed: Feed) -> None:
    feed.poll("a|Ann predicts: Boats float")
    read = feed.read
    feed.read = lambda payload, hints: (replace(item, times=((0, 9),)) for item in read(payload, hints))  # type: ignore[method-assign,type-var]
    feed.sees = lambda text: f"{text}\nAnn predicts: Gulls sing"
    assert [result.status for result in feed.again()] == ["changed"]
    with feed.store.reading() as session:
        told = [statement_rows.get(session, number).reports[0].at_seconds for number in (1, 2)]
    assert told == [None, 9]


def test_only_some_are_read_again(feed: Feed) -> None:
    feed.poll("a|Boats.")
    seen: list[int] = []
    assert len(feed.again(source_id=1, since=NOW.date(), announce=seen.append)) == 1
    assert feed.again(source_id=2) == feed.again(since=NOW.date() + dt.timedelta(days=1)) == []
    assert seen == [1]


def test_large_files_are_not_kept(feed: Feed) -> None:
    feed.poll("a|Boats.", "b" + " " * LARGE_FILE + "|Ferries.", url=None)
    assert feed.count(Body) == 0
    feed.poll("c|Gulls.", url=None)
    assert feed.count(Body) == 1
