"""Zip archives, read member by member: nothing is written to disk, whatever a member calls itself."""

from __future__ import annotations

import datetime as dt
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from kb.errors import InputError
from kb.types import Payload, Skipped
from sources.choice import choose, companion, limit_of

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
"""Of a zip, and of one without members."""
ARCHIVES = (*MAGIC, b"\x1f\x8b", b"WARC/", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd")
"""Of archives and packed files of every kind."""
MAX_DIRECTORY_BYTES = 16_000_000
"""The list of members is read whole; 100 bytes a member make this an account with 160,000 pictures."""
MAX_TOTAL = 200
"""Times the limit of one file that an archive may unpack to in all: 2 GB with the usual settings."""
MAX_RATIO = 200
"""How many times its packed size a member may have. Text packs to a tenth, repetitive JSON to a fiftieth; deflate can
reach 1,032."""
SMALL = 1_000_000
"""Members of fewer bytes are read whatever their ratio."""
OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|$)")
"""Begins the name of a member that unpacking would put elsewhere."""
LEADS_OUT = "its name leads out of the archive"
NESTED = "an archive inside an archive: unpack the outer one and add the folder"

_OFFICE = {"[Content_Types].xml": "an Office document", "mimetype": "an OpenDocument file or e-book"}
"""Members by which a zip is known that is one document."""
_TAIL = 65_557
"""Length of the record that ends a zip, with the longest comment."""
_END, _END64 = b"PK\x05\x06", b"PK\x06\x06"
_IN_64 = 0xFFFF_FFFF
"""Stands where a number is in the 64-bit record."""
_ENCRYPTED = 1
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,  # a way of packing that Python does not know
    RuntimeError,
    ValueError,
)
"""What ``zipfile`` raises for damaged and hostile archives."""


@dataclass(frozen=True, slots=True)
class _Archive:
    """A zip and its members by name; ``/`` between folders, whatever the program that packed it wrote."""

    path: Path
    members: dict[str, zipfile.ZipInfo]
    max_bytes: int

    def sibling(self, of: str, name: str) -> bytes | None:
        """A companion of a member. Opened anew: documents may be read when the archive is closed.

        Raises InputError for one that cannot be unpacked.
        """
        found = companion(self.members, of, name)
        if found is None:
            return None
        try:
            with zipfile.ZipFile(self.path) as archive:
                return _read(archive, self.members[found], limit_of(found, self.max_bytes))
        except _FAULTS as error:
            raise InputError(f"cannot read {self.path}/{found}: {error}") from error


def payloads(path: Path, now: dt.datetime, max_bytes: int) -> Iterator[Payload | Skipped]:
    """The documents in the zip at ``path``, in sorted order; ``now`` becomes ``fetched_at``.

    What is left out or cannot be read is Skipped with the reason; archives inside are not opened.
    """
    try:
        _check_directory(path)
        opened = zipfile.ZipFile(path)
    except _FAULTS as error:
        yield Skipped(str(path), f"damaged zip archive: {error}", failed=True)
        return
    with opened as archive:
        yield from _payloads(path, archive, now, max_bytes)


def too_much(path: Path, max_bytes: int) -> Skipped:
    """What to say of an archive all of whose documents together are too large."""
    return Skipped(str(path), f"unpacks to more than {MAX_TOTAL * max_bytes:,} bytes: not read further", failed=True)


def too_large(size: int, max_bytes: int) -> str:
    """Why a member is not read that is larger than a document may be."""
    return f"larger than {max_bytes:,} bytes ({size:,}); max_bytes in the settings file sets the limit"


def _payloads(path: Path, archive: zipfile.ZipFile, now: dt.datetime, max_bytes: int) -> Iterator[Payload | Skipped]:
    members = {}
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")
        if not name or OUTSIDE.match(name):
            yield Skipped(f"{path}/{name}", LEADS_OUT, failed=True)
        elif not name.endswith("/"):
            members[str(PurePosixPath(name))] = info
    if office := next((what for name, what in _OFFICE.items() if name in members), None):
        yield Skipped(str(path), f"{office}: save it as PDF or plain text", failed=True)
        return
    choice = choose(members, one_archive=True)
    whole = _Archive(path, members, max_bytes)
    left = MAX_TOTAL * max_bytes
    for name in choice.read:
        left -= members[name].file_size
        if left < 0:
            yield too_much(path, max_bytes)
            return
        yield _payload(whole, archive, name, now)
    yield from (Skipped(f"{path}/{name}", reason) for name, reason in choice.left_out)


def _payload(whole: _Archive, archive: zipfile.ZipFile, name: str, now: dt.datetime) -> Payload | Skipped:
    shown, info = f"{whole.path}/{name}", whole.members[name]
    try:
        data = _read(archive, info, limit_of(name, whole.max_bytes))
    except _FAULTS as error:
        return Skipped(shown, str(error) or "damaged", failed=True)
    if data.startswith(ARCHIVES):
        return Skipped(shown, NESTED, failed=True)
    sibling = partial(whole.sibling, name)
    return Payload(data=data, name=shown, fetched_at=now, container=str(whole.path), sibling=sibling)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, max_bytes: int) -> bytes:
    """Raises one of ``_FAULTS``."""
    if reason := _why_not(info, max_bytes):
        raise ValueError(reason)
    with archive.open(info) as member:
        return member.read()  # never more than the size that the archive states for the member


def _why_not(info: zipfile.ZipInfo, max_bytes: int) -> str | None:
    """Why a member is not to be unpacked; None when it may be."""
    if info.flag_bits & _ENCRYPTED:
        return "encrypted: unpack the archive with its password and add the folder"
    if info.file_size > max_bytes:
        return too_large(info.file_size, max_bytes)
    if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
        return f"unpacks to more than {MAX_RATIO} times its size, as no document does"
    return None


def _check_directory(path: Path) -> None:
    """Raise BadZipFile when the list of members, which ``zipfile`` reads whole, is too long."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    size = 0
    if (end := tail.rfind(_END)) >= 0:
        size = struct.unpack_from("<L", tail, end + 12)[0]
    if size == _IN_64 and (end := tail.rfind(_END64)) >= 0:
        size = struct.unpack_from("<Q", tail, end + 40)[0]
    if size > MAX_DIRECTORY_BYTES:
        raise zipfile.BadZipFile(f"its list of members has {size:,} bytes")
