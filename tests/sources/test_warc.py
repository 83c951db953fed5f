"""Web archives. The sample was written by warcio; the others are as plain as the standard allows."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opened import documents, found_in, read_all, reasons
from reading import MAX_BYTES, NOW

from kb.types import Payload, Skipped
from sources.members import MAX_LINE, BrokenError, Stream
from sources.warc import NAMED, payloads

SAMPLE = Path(__file__).parent.parent / "data" / "samples" / "cc-news-sample.warc.gz"
PAGE = "<html><head><title>{0}</title></head><body><article><p>“{0} cafés,” she said.</p></article></body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


class Archive:
    """A WARC in memory. ``starts`` are the offsets of its records."""

    def __init__(self, *, packed: bool = True) -> None:
        self.data = b""
        self.starts: list[int] = []
        self._packed = packed

    def add(self, body: bytes | str, url: str, http: dict[str, str] = HTML, *, status: str = "HTTP/1.1 200 OK",
            kind: str = "response", warc: dict[str, str] | None = None) -> None:  # fmt: skip
        content = body.encode() if isinstance(body, str) else body
        block = _header(status, http) + content
        record = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": "2026-02-03T12:00:01Z", **(warc or {})}
        record |= {"Content-Type": f"application/http; msgtype={kind}", "Content-Length": str(len(block))}
        data = _header("WARC/1.0", record) + block + b"\r\n\r\n"
        self.starts.append(len(self.data))
        self.data += gzip.compress(data) if self._packed else data

    def add_pages(self, count: int) -> Archive:
        for number in range(count):
            self.add(PAGE.format(number), f"https://a.example/{number}")
        return self

    def save(self, path: Path) -> Path:
        path.write_bytes(self.data)
        return path


def _header(first: str, fields: dict[str, str]) -> bytes:
    return "\r\n".join([first, *(f"{name}: {value}" for name, value in fields.items()), "", ""]).encode()


def urls(path: Path, **given: Any) -> list[str | None]:
    return [item.url for item in found_in(path, **given) if isinstance(item, Payload)]


def test_the_sample_of_cc_news() -> None:
    items = read_all(SAMPLE)
    read = documents(SAMPLE)
    assert [document.title for document in read if document.kind == "article"] == [
        "Quelmark bets on solid-state cells & a new plant",
        "Café chain",
        "Quelmark bets on solid-state cells & a new plant",
        "Norvane Freight CFO sees volumes flat until mid-2027",
        "Opinion: Brightloom's promise needs a deadline",
        "Quelmark bets on solid-state cells & a new plant",
    ]
    assert "forty cafés" in read[1].text
    assert "cut off when it was archived (length)" in str(items[-1])


def test_a_page_comes_with_its_address_and_the_moment_of_its_capture(tmp_path: Path) -> None:
    archive = Archive()
    archive.add(PAGE, "https://a.example/1")
    (page,) = found_in(archive.save(tmp_path / "a.warc.gz"))
    assert isinstance(page, Payload)
    assert page.url == "https://a.example/1"
    assert page.fetched_at == dt.datetime(2026, 2, 3, 12, 0, 1, tzinfo=dt.UTC)
    assert page.content_type == "text/html; charset=utf-8"
    assert page.container == str(tmp_path / "a.warc.gz")


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "whole.warc.gz"])
def test_packed_by_record_not_packed_or_packed_as_one(tmp_path: Path, name: str) -> None:
    archive = Archive(packed=name == "a.warc.gz").add_pages(3)
    data = archive.data
    (tmp_path / name).write_bytes(gzip.compress(data) if name.startswith("whole") else data)
    assert urls(tmp_path / name) == [f"https://a.example/{n}" for n in range(3)]


def test_only_answers_with_documents_are_read(tmp_path: Path) -> None:
    archive = Archive()
    archive.add(b"", "https://a.example/asked", kind="request", status="GET / HTTP/1.1")
    archive.add(b"", "https://a.example/again", kind="revisit")
    archive.add(b"1.2.3.4", "dns:a.example")
    archive.add("gone", "https://a.example/gone", status="HTTP/1.1 404 Not Found")
    archive.add(b"\x89PNG", "https://a.example/p.png", {"Content-Type": "image/png"})
    archive.add("User-agent: *", "https://a.example/robots.txt", {"Content-Type": "text/plain"})
    archive.add("{}", "https://a.example/api", {"Content-Type": "application/json"})
    archive.add('{"version": "https://jsonfeed.org/version/1.1"}', "https://a.example/feed.json",
                {"Content-Type": "application/json"})  # fmt: skip
    archive.add(PAGE, "https://a.example/1", {})
    path = archive.save(tmp_path / "a.warc.gz")
    assert urls(path) == ["https://a.example/feed.json", "https://a.example/1"]
    assert [reason for _, reason in reasons(path)] == [
        "HTTP status 404",
        "no document: image/png",
        "no document: text/plain",
        "no document: application/json",
    ]


def chunked(data: bytes) -> bytes:
    pieces = [data[at : at + 7] for at in range(0, len(data), 7)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "http"),
    [
        (PAGE.encode(), {}),
        (gzip.compress(PAGE.encode()), {"Content-Encoding": "gzip"}),
        (zlib.compress(PAGE.encode()), {"Content-Encoding": "deflate"}),
        (chunked(PAGE.encode()), {"Transfer-Encoding": "chunked"}),
        (chunked(gzip.compress(PAGE.encode())), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        (PAGE.encode(), {"Transfer-Encoding": "chunked"}),  # joined before it was archived
    ],
)
def test_the_body_is_what_the_server_meant(tmp_path: Path, body: bytes, http: dict[str, str]) -> None:
    archive = Archive()
    archive.add(body, "https://a.example/", HTML | http)
    (page,) = found_in(archive.save(tmp_path / "a.warc.gz"))
    assert isinstance(page, Payload)
    assert page.data == PAGE.encode()


def test_pages_that_cannot_be_unpacked_or_are_too_large(tmp_path: Path) -> None:
    archive = Archive()
    archive.add(b"abc", "https://a.example/br", HTML | {"Content-Encoding": "br"})
    archive.add(b"\x1f\x8bnothing packed", "https://a.example/no", HTML | {"Content-Encoding": "gzip"})
    archive.add(gzip.compress(b"x" * 2000), "https://a.example/bomb", HTML | {"Content-Encoding": "gzip"})
    archive.add(b"x" * 2000, "https://a.example/large")
    archive.add(gzip.compress(PAGE.encode())[:90], "https://a.example/cut", HTML | {"Content-Encoding": "gzip"},
                warc={"WARC-Truncated": "length"})  # fmt: skip
    archive.add(PAGE, "https://a.example/good")
    path = archive.save(tmp_path / "a.warc.gz")
    assert urls(path, max_bytes=1000) == ["https://a.example/good"]
    assert [
        (item.reason.split(" (")[0], item.failed) for item in found_in(path, 1000) if isinstance(item, Skipped)
    ] == [
        ("packed as br, which cannot be unpacked here", True),
        ("the packed data is damaged", True),
        ("unpacks to more than 1,000 bytes", True),
        ("larger than 1,000 bytes", True),
        ("cut off", False),
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_a_broken_record_does_not_take_the_next_one_with_it(tmp_path: Path, packed: bool) -> None:
    archive = Archive(packed=packed).add_pages(4)
    data = bytearray(archive.data)
    damage = archive.starts[1] + (20 if packed else 0)
    data[damage : damage + 6] = b"\xff" * 6
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    assert urls(path) == [f"https://a.example/{n}" for n in (0, 2, 3)]
    (broken,) = [item for item in found_in(path) if isinstance(item, Skipped)]
    assert broken.item == f"{path}, record 2"
    assert broken.failed


def test_a_wrong_length_is_noticed(tmp_path: Path) -> None:
    archive = Archive(packed=False).add_pages(3)
    data = archive.data
    at = data.index(b"Content-Length: ", archive.starts[1])
    path = tmp_path / "a.warc"
    path.write_bytes(data[:at] + b"Content-Length: 100\r\nX-Was: " + data[at + 16 :])
    assert urls(path)[-1] == "https://a.example/2"
    assert "it begins with" in reasons(path)[0][1]
    path.write_bytes(data[:at] + b"Content-Length: -1\r\nX-Was: " + data[at + 16 :])
    assert urls(path) == ["https://a.example/0", "https://a.example/2"]


def test_the_first_broken_records_are_named_and_all_are_counted(tmp_path: Path) -> None:
    archive = Archive().add_pages(20)
    data = bytearray(archive.data)
    for start in archive.starts[::2]:
        data[start + 20 : start + 26] = b"\xff" * 6
    (tmp_path / "a.warc.gz").write_bytes(data)
    found = reasons(tmp_path / "a.warc.gz")
    assert len(found) == NAMED + 1
    assert found[-1][1] == "10 broken records in all; the first 5 are named above"
    assert len(urls(tmp_path / "a.warc.gz")) == 10


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_that_ends_too_early(tmp_path: Path, packed: bool) -> None:
    data = Archive(packed=packed).add_pages(3).data
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data[:-60])
    assert urls(path) == ["https://a.example/0", "https://a.example/1"]
    assert [reason for _, reason in reasons(path)] in (
        ["broken: the archive ends in the middle of it"],
        ["broken: the file ends in the middle of it"],
    )


def test_long_header_lines_cost_no_more_than_others(tmp_path: Path) -> None:
    archive = Archive()
    archive.add(
        PAGE, "https://a.example/1", HTML | {"X": "a" + " " * 60_000 + "b"}, warc={"X": "a" + " " * 60_000 + "b"}
    )
    assert urls(archive.save(tmp_path / "a.warc.gz")) == ["https://a.example/1"]


def test_nothing_is_read_ahead(tmp_path: Path) -> None:
    """The first page is there before the last one is looked at, however many there are."""
    path = Archive().add_pages(200).save(tmp_path / "a.warc.gz")
    with path.open("r+b") as file:
        file.seek(-5, 2)
        file.truncate()
    pages: Iterator[Payload | Skipped] = payloads(path, NOW, MAX_BYTES)
    assert isinstance(next(pages), Payload)


@given(st.data())
def test_a_damaged_archive_never_raises(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    packed = data.draw(st.booleans())
    whole = bytearray(Archive(packed=packed).add_pages(3).data)
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("warc") / "a.warc"
    path.write_bytes(whole[data.draw(st.integers(0, 40)) : data.draw(st.integers(41, len(whole)))])
    assert all(isinstance(item, (Payload, Skipped)) for item in payloads(path, NOW, MAX_BYTES))


@given(st.lists(st.binary(max_size=300_000), max_size=4), st.booleans())
def test_the_stream_is_the_bytes(pieces: list[bytes], packed: bool) -> None:
    whole = b"".join(pieces)
    if not packed and whole.startswith(b"\x1f\x8b\x08"):
        return
    file = io.BytesIO(b"".join(gzip.compress(piece, 1) for piece in pieces or [b""]) if packed else whole)
    stream = Stream(file)
    lines = []
    while line := stream.readline():
        assert len(line) <= MAX_LINE
        lines.append(line)
    assert b"".join(lines) == whole


def test_the_stream_goes_on_behind_damage() -> None:
    first, second = gzip.compress(b"one\n"), gzip.compress(b"two\n")
    stream = Stream(io.BytesIO(first[:-8] + b"\xff" * 8 + second))
    with pytest.raises(BrokenError):
        list(iter(stream.readline, b""))
    assert stream.readline() == b"two\n"
    assert stream.readline() == b""
