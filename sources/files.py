"""Files, folders and archives as payloads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from kb.errors import InputError
from kb.types import Payload, Skipped
from sources import archives, mail, tarballs, warc
from sources.choice import choose, homes, limit_of, stands_for
from sources.inflate import DamagedError, Inflate, TooLargeError
from sources.members import BrokenError, Stream
from sources.tar_ import is_tar

_GZIP = b"\x1f\x8b"
_HEAD_BYTES = 512
_STEP = 65_536

Found = Iterator[Payload | Skipped]


def payloads(path: Path, now: dt.datetime, max_bytes: int) -> Found:
    """The file at ``path``, or every file below it in sorted order; ``now`` becomes ``fetched_at``.

    A zip or tar gives its members, a web archive its pages, a mailbox its messages, one after another and however
    large it is; a ``.gz`` gives the file inside. Left out: hidden files and folders, links to folders (they may lead
    back up), and files that only accompany others. Skipped with a reason: what is private, larger than ``max_bytes`` or
    not readable. Raises InputError when there is nothing at ``path``.
    """
    if not path.exists():
        raise InputError(f"there is no file or folder {path}")
    if not path.is_dir():
        yield from _opened(path, now, max_bytes)
        return
    choice = choose((file.relative_to(path).as_posix() for file in _files_below(path)), one_archive=False)
    for name in choice.read:
        yield from _opened(path / name, now, max_bytes)
    yield from (Skipped(str(path / name), reason) for name, reason in choice.left_out)


def _files_below(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_below(entry)
        elif entry.is_file():
            yield entry


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"cannot list folder {folder}: {error.strerror}") from error


def _opened(file: Path, now: dt.datetime, max_bytes: int) -> Found:
    """What is in a file, by how it begins."""
    try:
        with file.open("rb") as opened:
            start = opened.read(_HEAD_BYTES)
        is_packed = start.startswith(_GZIP)
        read = _reader(_unpacked_start(file) if is_packed else start, is_packed=is_packed)
        yield from read(file, now, max_bytes)
    except OSError as error:
        yield Skipped(str(file), f"cannot be read: {error.strerror}", failed=True)


def _reader(start: bytes, *, is_packed: bool) -> Callable[[Path, dt.datetime, int], Found]:
    """How to read a file that begins so when it is unpacked."""
    if start.startswith(warc.MAGIC):
        return warc.payloads
    if is_tar(start):
        return tarballs.payloads
    if is_packed:
        return _gzip
    if start.startswith(archives.MAGIC):
        return archives.payloads
    return mail.payloads if mail.is_mailbox(start) else _plain


def _plain(file: Path, now: dt.datetime, max_bytes: int) -> Found:
    size, limit = file.stat().st_size, limit_of(file.name, max_bytes)
    if size > limit:
        yield Skipped(str(file), f"larger than {limit:,} bytes ({size:,})", failed=True)
    else:
        yield Payload(
            data=file.read_bytes(), name=str(file), fetched_at=now, sibling=partial(_sibling, file, max_bytes)
        )


def _unpacked_start(file: Path) -> bytes:
    """The first bytes of what is packed, of its first member that is not damaged."""
    with file.open("rb") as packed:
        stream = Stream(packed)
        while True:
            try:
                return stream.read(_HEAD_BYTES)
            except BrokenError:
                continue  # each one is further into the file


def _gzip(file: Path, now: dt.datetime, max_bytes: int) -> Found:
    """The one file in a ``.gz``."""
    unpack = Inflate(limit_of(file.stem, max_bytes))
    try:
        with file.open("rb") as packed:
            while chunk := packed.read(_STEP):
                unpack.feed(chunk)
        data = unpack.finish()
    except TooLargeError:
        yield Skipped(str(file), f"unpacks to more than {limit_of(file.stem, max_bytes):,} bytes", failed=True)
    except DamagedError as error:
        yield Skipped(str(file), f"damaged gzip data: {error}", failed=True)
    else:
        sibling = partial(_sibling, file, max_bytes)
        yield Payload(data=data, name=str(file), fetched_at=now, container=str(file), sibling=sibling)


def _sibling(file: Path, max_bytes: int, name: str) -> bytes | None:
    """The file ``name`` that accompanies ``file``."""
    for folder in homes(file):
        for entry in _entries(Path(folder)):
            if stands_for(entry.name, name) and entry.is_file():
                return entry.read_bytes() if entry.stat().st_size <= limit_of(entry.name, max_bytes) else None
    return None
