"""Unpacking of gzip and deflate that never holds more than it may: one kilobyte can unpack to a megabyte."""

from __future__ import annotations

import zlib
from typing import Protocol

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_STEP = 65_536
GZIP = b"\x1f\x8b"
"""How a member of a gzip file begins; what else follows the end of one is padding."""


class TooLargeError(Exception):
    """The unpacked bytes are more than allowed."""


class DamagedError(Exception):
    """The bytes are not what the encoding says, or end too early."""


class Decoder(Protocol):
    """Takes a body piece by piece; ``finish`` gives it back whole."""

    def feed(self, chunk: bytes) -> None: ...
    def finish(self) -> bytes: ...


class Identity:
    """A body that is not packed."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Raises TooLargeError."""
        self._body += chunk
        if len(self._body) > self._limit:
            raise TooLargeError

    def finish(self) -> bytes:
        return bytes(self._body)


class Inflate(Identity):
    """A body in gzip (several members allowed), zlib or, as some servers send for ``deflate``, bare deflate."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._first = True
        self._held = b""
        self._over = False

    def feed(self, chunk: bytes) -> None:
        """Raises TooLargeError or DamagedError."""
        if self._first and chunk:
            self._first = False
            if not chunk.startswith(b"\x1f") and chunk[0] & 0x0F != 8:  # neither gzip's nor zlib's first byte
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            self._inflate(chunk)
        except zlib.error as error:
            raise DamagedError(f"the packed data is damaged ({error})") from error

    def finish(self) -> bytes:
        """Raises DamagedError when the packed data ended too early."""
        if not self._first and not self._stream.eof:
            raise DamagedError("the packed data ends too early")
        return super().finish()

    def _inflate(self, chunk: bytes) -> None:
        chunk = self._held + chunk
        self._held = b""
        while chunk and not self._over:
            if self._stream.eof:
                if not chunk.startswith(GZIP):
                    self._held = chunk if chunk == GZIP[:1] else b""  # the rest of it may be in the next piece
                    self._over = not self._held
                    return
                self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
            super().feed(self._stream.decompress(chunk, _STEP))
            chunk = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail


def decoder(content_encoding: str, limit: int) -> Decoder | None:
    """The decoder for a ``Content-Encoding``; None for one that was not asked for."""
    names = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
    if names in ([], ["identity"]):
        return Identity(limit)
    return Inflate(limit) if len(names) == 1 and names[0] in ("gzip", "x-gzip", "deflate") else None
