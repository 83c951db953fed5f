"""A tar, packed with gzip or not, read from front to end in constant memory.

Not by ``tarfile``, which keeps every header and reads a long name whole, however long it says to be; only single
headers are left to it.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sources.archives import MAX_DIRECTORY_BYTES, MAX_RATIO, SMALL
from sources.members import BrokenError, Stream

BLOCK = 512
"""Bytes in which a tar counts; a header is one block."""
MAX_EXTENSION_BYTES = 65_536
"""Of what stands before a header because it does not fit into one: a long name, mostly."""
HEADER_BYTES = 100
"""What a member adds to the list of members, besides its name."""

_STEP = 65_536
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_BESIDE = (tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK)
"""Tell nothing that reading needs: comments on the whole archive, and where a link leads."""
_DATALESS = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE)
"""Have no bytes, whatever size they state."""
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_RECORD = re.compile(rb"(\d{1,8}) ([^=]+)=")
"""POSIX, pax interchange format: its length in all, a key, a value and a line feed."""
_SIZE = re.compile("[0-9]{1,20}")
_KEYS = {b"path": "name", b"size": "size"}


@dataclass(frozen=True, slots=True)
class Member:
    """``number`` tells members of one name apart."""

    number: int
    name: str
    size: int
    is_file: bool
    is_folder: bool


class Tar:
    """Its members in order; ``read`` gives the bytes of the one that iterating gave last.

    Both raise BrokenError where the archive is damaged, cut off, or not honest: one whose members or names are more
    than anybody has, or that unpacks to more than ``MAX_RATIO`` times its size.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._stream = Stream(file)
        self._unpacked = 0
        self._listed = 0
        self._left = 0
        """Bytes until the next header."""
        self._size = 0
        """Those of them that are the member's own."""

    def __iter__(self) -> Iterator[Member]:
        number, extension = 0, dict[str, str]()
        while info := self._header():
            if info.type in _PAX:
                extension |= _records(self._extension())
            elif info.type == tarfile.GNUTYPE_LONGNAME:
                extension["name"] = _text(self._extension().split(b"\0", 1)[0])
            elif info.type not in _BESIDE:
                number += 1
                yield self._member(info, number, extension)
                extension = {}

    def read(self) -> bytes:
        """The member's bytes, all in memory: look at its size before."""
        data = b"".join(self._pieces(self._size))
        self._size = 0
        return data

    def _header(self) -> tarfile.TarInfo | None:
        """The next header; None at the end. The bytes before it are passed over, if they were not read."""
        for _ in self._pieces(self._left):
            pass
        block = b"".join(self._pieces(BLOCK))
        if block == bytes(BLOCK):
            return None
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "replace")
        except tarfile.HeaderError as error:
            raise BrokenError(f"where a member should begin is none ({error})") from error
        self._expect(0 if info.type in _DATALESS else info.size)
        return info

    def _expect(self, size: int) -> None:
        if size < 0:
            raise BrokenError("a member states a size below zero")
        self._size, self._left = size, size + -size % BLOCK

    def _member(self, info: tarfile.TarInfo, number: int, extension: dict[str, str]) -> Member:
        name = extension.get("name", info.name)
        if "size" in extension and info.type not in _DATALESS:
            self._expect(int(extension["size"]))
        self._listed += HEADER_BYTES + len(name)
        if self._listed > MAX_DIRECTORY_BYTES:
            raise BrokenError(f"its members' names have more than {MAX_DIRECTORY_BYTES:,} bytes")
        return Member(number, name, self._size, info.type in _FILES, info.isdir() or name.endswith("/"))

    def _extension(self) -> bytes:
        if self._size > MAX_EXTENSION_BYTES:
            raise BrokenError(f"a name of {self._size:,} bytes")
        return self.read()

    def _pieces(self, size: int) -> Iterator[bytes]:
        """The next bytes, one after another."""
        while size:
            piece = self._stream.read(min(size, _STEP))
            if not piece:
                raise BrokenError("the file ends before the archive does")
            size -= len(piece)
            self._left = max(0, self._left - len(piece))
            self._count(len(piece))
            yield piece

    def _count(self, more: int) -> None:
        self._unpacked += more
        if self._unpacked > max(SMALL, MAX_RATIO * self._file.tell()):
            raise BrokenError(f"it unpacks to more than {MAX_RATIO} times its size, as no archive of documents does")


def is_tar(start: bytes) -> bool:
    """Whether a file that begins so, unpacked, is a tar: its first header has the right checksum."""
    try:
        tarfile.TarInfo.frombuf(start[:BLOCK], "utf-8", "replace")
    except tarfile.HeaderError:
        return False
    return True


def _records(data: bytes) -> dict[str, str]:
    """Name and size of a member, as far as an extended header states them."""
    found, at = {}, 0
    while record := _RECORD.match(data, at):
        end = at + int(record[1])
        if record[2] in _KEYS:
            found[_KEYS[record[2]]] = _text(data[record.end() : end - 1])
        at = max(end, record.end())
    if not _SIZE.fullmatch(size := found.get("size", "0")):
        raise BrokenError(f"a member states a size that is none: {size[:20]!r}")
    return found


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
