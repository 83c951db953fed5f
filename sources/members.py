"""A file as one stream of bytes, packed with gzip or not, that can be read on behind a damaged place."""

from __future__ import annotations

import zlib
from typing import BinaryIO

MAX_LINE = 65_536
"""Bytes of one line; longer ones come in pieces."""

_GZIP = b"\x1f\x8b\x08"
_STEP = 65_536
_GZIP_ONLY = zlib.MAX_WBITS | 16


class BrokenError(Exception):
    """Something is not as it must be; reading can go on behind it."""


class Stream:
    """Bytes of ``file`` unpacked as they are asked for, in constant memory.

    Every method raises BrokenError once for a gzip member that is damaged or not whole; what comes after that is from
    the next member.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._packed = file.read(_STEP)
        self._is_gzip = self._packed.startswith(_GZIP)
        self._member: zlib._Decompress | None = None
        self._ready = b""
        self._at = 0

    def readline(self) -> bytes:
        """One line with its end, at most ``MAX_LINE`` bytes; empty at the end."""
        while (end := self._ready.find(b"\n", self._at, self._at + MAX_LINE)) < 0:
            if len(self._ready) - self._at >= MAX_LINE or not self._more():
                return self._take(MAX_LINE)
        return self._take(end + 1 - self._at)

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        if self._at == len(self._ready):
            self._more()
        return self._take(size)

    def _take(self, size: int) -> bytes:
        taken = self._ready[self._at : self._at + size]
        self._at += len(taken)
        return taken

    def _more(self) -> bool:
        """Unpack a little more; False at the end."""
        try:
            more = self._unpack()
        except BrokenError:
            self._ready, self._at = b"", 0  # the half line before the damage is no line
            raise
        self._ready, self._at = self._ready[self._at :] + more, 0
        return bool(more)

    def _unpack(self) -> bytes:
        while self._fill():
            if not self._is_gzip:
                plain, self._packed = self._packed, b""
                return plain
            if self._member is None and not self._find_member():
                continue
            if plain := self._inflate():
                return plain
        if self._member is not None:
            self._member = None
            raise BrokenError("the file ends in the middle of it")
        return b""

    def _fill(self) -> bool:
        self._packed = self._packed or self._file.read(_STEP)
        return bool(self._packed)

    def _find_member(self) -> bool:
        """Go to where a gzip member begins; False when what was read so far has none."""
        start = self._packed.find(_GZIP)
        if start < 0:
            # The beginning of one may be at the very end.
            rest = self._file.read(_STEP)
            self._packed = self._packed[1 - len(_GZIP) :] + rest if rest else b""
            return False
        self._packed = self._packed[start:]
        self._member = zlib.decompressobj(_GZIP_ONLY)
        return True

    def _inflate(self) -> bytes:
        assert self._member is not None
        try:
            plain = self._member.decompress(self._packed, _STEP)
        except zlib.error as error:
            self._member, self._packed = None, self._packed[1:]
            raise BrokenError(f"damaged gzip data ({error})") from error
        if self._member.eof:
            self._packed, self._member = self._member.unused_data, None
        else:
            self._packed = self._member.unconsumed_tail
        return plain
