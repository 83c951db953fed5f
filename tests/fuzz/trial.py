"""One input read to the end: documents, skipped items or an InputError, within its time, and nothing else."""

from __future__ import annotations

import datetime as dt
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import sources
from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped
from sources.files import payloads
from tests.fuzz.inputs import DATA

NOW = dt.datetime(2026, 2, 6, 8, 0, tzinfo=dt.UTC)
MAX_BYTES = 1_000_000
SECONDS = 30
"""For one input of a few kilobytes, which takes milliseconds: only what hangs takes so long, on any machine."""


class HangError(BaseException):
    """An input took too long; no parser may catch it."""


@contextmanager
def in_time() -> Iterator[None]:
    """Raises HangError when what is done inside takes too long."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise HangError(f"not read within {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def read_bytes(data: bytes, *, at_url: bool) -> None:
    """Read it as it comes from the network or from a file. Raises whatever a parser must not raise."""
    url = "https://quay.example/2026/02/05/story-of-the-day" if at_url else None
    with in_time():
        _read(Payload(data=data, name="input", url=url, fetched_at=NOW, sibling=_beside))


def read_file(data: bytes) -> None:
    """Read it as a file, archives opened."""
    with tempfile.TemporaryDirectory() as folder, in_time():
        path = Path(folder) / "input"
        path.write_bytes(data)
        for payload in payloads(path, NOW, MAX_BYTES):
            if isinstance(payload, Payload):
                assert len(payload.data) <= 10 * MAX_BYTES
                _read(payload)


def _beside(name: str) -> bytes | None:
    file = DATA / "samples" / name
    return file.read_bytes() if file.is_file() else None


def _read(payload: Payload) -> None:
    try:
        for item in sources.read_documents(payload):
            _check(item)
    except InputError:
        return


def _check(item: RawDocument | Skipped) -> None:
    if isinstance(item, Skipped):
        assert item.reason
        return
    assert item.external_id
    assert isinstance(item.text, str)
    assert all(0 <= turn.start < turn.end <= len(item.text) for turn in item.turns)
    for moment in (item.published_at, item.updated_at):
        assert moment is None or (moment.tzinfo is not None and moment <= NOW + dt.timedelta(days=1))
