"""The list of sources for feed readers."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pytest

from exports import load_export, rows_of
from kb.types import FoundFeed, Payload
from sources.opml import feeds

NOW = dt.datetime(2026, 2, 6, tzinfo=dt.UTC)
SOURCES = [
    {"type": "source", "kind": "feed", "name": "Quay & <Co>\x01", "url": "https://quay.example/feed?a=1&b=2"},
    {"type": "source", "kind": "page", "name": "Story", "url": "https://quay.example/story"},
    {"type": "source", "kind": "text", "name": "/home/ana/note.txt", "url": "/home/ana/note.txt"},
    {"type": "source", "kind": "jsonfeed", "name": "Notes", "url": "http://quay.example/feed.json"},
]


def written(record: object) -> tuple[int, bytes]:
    out = io.BytesIO()
    return load_export("opml").write(record, out, title="Statements"), out.getvalue()


def test_feeds_come_back_as_they_were() -> None:
    count, data = written(SOURCES)
    assert count == 3
    assert feeds(Payload(data=data, name="sources.opml", fetched_at=NOW)) == [
        FoundFeed(url="https://quay.example/feed?a=1&b=2", title="Quay & <Co>"),
        FoundFeed(url="http://quay.example/feed.json", title="Notes"),
    ]
    assert b'<outline type="link" text="Story" url="https://quay.example/story" />' in data
    assert b"note.txt" not in data


def test_only_the_sources_are_read_of_a_record() -> None:
    def lines() -> Iterator[dict[str, str]]:
        yield from SOURCES[:1]
        yield {"type": "speaker"}
        pytest.fail("read on")

    assert rows_of(load_export("opml")) == "record"
    assert written(lines())[0] == 1


def test_an_empty_record_gives_an_empty_list() -> None:
    count, data = written([])
    assert count == 0
    assert b"<body />" in data
