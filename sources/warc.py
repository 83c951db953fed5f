"""Web archives (WARC, ISO 28500; CC-NEWS among them): the pages in them, one record at a time.

Read here and not with a library, because a damaged record must not end the file, as it does in warcio, and neither a
record nor a line may take more memory than it is allowed to.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.types import Payload, Skipped
from sources.inflate import DamagedError, TooLargeError, decoder
from sources.members import BrokenError, Stream
from sources.times import parse_moment

MAGIC = b"WARC/"
NAMED = 5
"""Broken records that are reported one by one; of the others the number."""
MAX_HEADERS = 500
"""Lines of one header."""

_VERSION = re.compile(rb"WARC/\d+\.\d+\s*$")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b")
_PAGES = re.compile(
    r"(?:text/html|application/xhtml\+xml|[\w.+-]+/(?:[\w.-]+\+)?xml|application/feed\+json|application/pdf)?"
)
"""Media types of documents; without any, the content decides."""
_JSON_FEED = re.compile(rb"jsonfeed\.org/version/")
_HEAD_BYTES = 4096

Headers = dict[str, str]


def payloads(path: Path, now: dt.datetime, max_bytes: int) -> Iterator[Payload | Skipped]:
    """Every page, feed and PDF that a server answered with, in the order of the archive.

    ``fetched_at`` is the record's date, ``now`` where it has none. Requests, metadata and revisits are passed over
    without a word. ``max_bytes`` limits one answer, not the archive.
    """
    broken = 0
    with path.open("rb") as file:
        records = _Records(Stream(file))
        while True:
            try:
                if (found := _next_page(records, path, now, max_bytes)) is None:
                    break
                yield from found
            except BrokenError as error:
                broken += 1
                if broken <= NAMED:
                    yield Skipped(f"{path}, record {records.number}", f"broken: {error}", failed=True)
                records.lost = True
    if broken > NAMED:
        yield Skipped(str(path), f"{broken} broken records in all; the first {NAMED} are named above", failed=True)
    if not records.number:
        yield Skipped(str(path), "a web archive without records", failed=True)


class _Records:
    """Goes from record to record; ``number`` counts them from 1.

    When one is broken, ``lost`` is to be set, and the next one is looked for wherever it begins.
    """

    def __init__(self, stream: Stream) -> None:
        self.number = 0
        self.lost = False
        self._stream = stream
        self._left = 0

    def next(self) -> Headers | None:
        """The header of the next record, what was not read of the one before passed over; None at the end.

        Raises BrokenError, also for a record that does not end where it says.
        """
        self.number += 1
        line = self._line_behind_damage() if self.lost else self._line_behind_record()
        if not line:
            self.number -= 1
            return None
        if not _VERSION.match(line):
            raise BrokenError(f"it begins with {line[:30]!r}, not with WARC/1.0; is the length before it wrong?")
        headers = self._headers()
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdigit() or len(length) > len(str(2**63)):
            raise BrokenError(f"its length is {length!r}")
        self._left = int(length)
        return headers

    def read(self) -> bytes:
        """What is left of the record. Raises BrokenError when the archive ends before it."""
        pieces = []
        while self._left:
            pieces.append(self._piece())
        return b"".join(pieces)

    @property
    def left(self) -> int:
        """How many bytes of the record are not read yet."""
        return self._left

    def _line_behind_damage(self) -> bytes:
        self._left = 0
        while (line := self._stream.readline()) and not _VERSION.match(line):
            pass
        self.lost = False
        return line

    def _line_behind_record(self) -> bytes:
        while self._left:
            self._piece()
        while (line := self._stream.readline()) and not line.strip():
            pass
        return line

    def _headers(self) -> Headers:
        headers: Headers = {}
        for _ in range(MAX_HEADERS):
            line = self._stream.readline()
            if not line.strip():
                return headers
            name, value = _field(line)
            headers.setdefault(name, value)
        raise BrokenError(f"its header has more than {MAX_HEADERS} lines")

    def _piece(self) -> bytes:
        piece = self._stream.read(self._left)
        if not piece:
            self._left = 0
            raise BrokenError("the archive ends in the middle of it")
        self._left -= len(piece)
        return piece


@dataclass(frozen=True, slots=True)
class _Answer:
    """An HTTP response without its body."""

    status: int
    headers: Headers

    @property
    def media_type(self) -> str:
        """In small letters, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def _next_page(records: _Records, path: Path, now: dt.datetime, max_bytes: int) -> tuple[Payload | Skipped, ...] | None:
    """What the next record gives: one item, or nothing where it is no answer; None at the end of the archive."""
    headers = records.next()
    if headers is None:
        return None
    url = headers.get("warc-target-uri", "").strip("<> ").replace(" ", "%20")
    if headers.get("warc-type", "").lower() != "response" or not url.lower().startswith(("http://", "https://")):
        return ()
    shown = f"{path}: {url}"
    if records.left > max_bytes:
        return (Skipped(shown, f"larger than {max_bytes:,} bytes ({records.left:,})", failed=True),)
    head, _, body = records.read().partition(b"\r\n\r\n")
    answer = _answer(head)
    if reason := _no_page(answer, body):
        return (Skipped(shown, reason),)
    cut = headers.get("warc-truncated")
    try:
        data = _unpacked(body, answer.headers, max_bytes)
    except TooLargeError:
        return (Skipped(shown, f"unpacks to more than {max_bytes:,} bytes", failed=True),)
    except DamagedError as error:
        return (Skipped(shown, f"cut off ({cut}) inside packed data" if cut else str(error), failed=not cut),)
    moment = parse_moment(headers.get("warc-date"), now)
    return (
        Payload(
            data=data,
            name=shown,
            url=url,
            content_type=answer.headers.get("content-type"),
            fetched_at=moment.at if moment else now,
            container=str(path),
            notes=(f"cut off when it was archived ({cut})",) if cut else (),
        ),
    )


def _answer(head: bytes) -> _Answer:
    first, *lines = head.split(b"\n")
    status = _STATUS.match(first)
    if status is None:
        raise BrokenError(f"its content begins with {first[:30]!r}, not with HTTP/1.1 200")
    return _Answer(int(status[1]), dict(map(_field, lines)))


def _field(line: bytes) -> tuple[str, str]:
    """Name, in small letters, and value of a header line."""
    name, _, value = line.decode("utf-8", "replace").partition(":")
    return name.strip().lower(), value.strip()


def _no_page(answer: _Answer, body: bytes) -> str | None:
    """Why an answer is no document; None when it may be one."""
    if answer.status != 200:
        return f"HTTP status {answer.status}"
    if not body:
        return "an answer without content"
    if _PAGES.fullmatch(answer.media_type):
        return None
    if answer.media_type == "application/json" and _JSON_FEED.search(body, 0, _HEAD_BYTES):
        return None
    return f"no document: {answer.media_type}"


def _unpacked(body: bytes, headers: Headers, limit: int) -> bytes:
    """The body as the server meant it. Raises TooLargeError or DamagedError."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _joined(body)
    encoding = headers.get("content-encoding", "")
    unpack = decoder(encoding, limit)
    if unpack is None:
        raise DamagedError(f"packed as {encoding}, which cannot be unpacked here")
    unpack.feed(body)
    return unpack.finish()


def _joined(body: bytes) -> bytes:
    """The chunks of a chunked body; a body that is none although the header says so is left as it is, as some archives
    keep bodies already joined."""
    pieces: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at)) >= 0:
        size = body[at:end].partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", size):
            break
        if not int(size, 16):
            return b"".join(pieces)
        pieces.append(body[end + 2 : end + 2 + int(size, 16)])
        at = end + 2 + int(size, 16) + 2
    return b"".join(pieces) if pieces else body
