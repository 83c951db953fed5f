"""Unpacking piece by piece, within a limit."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.inflate import DamagedError, TooLargeError, decoder

LIMIT = 10_000


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def unpacked(encoding: str, data: bytes, size: int) -> bytes:
    """``data`` fed in pieces of ``size`` bytes."""
    body = decoder(encoding, LIMIT)
    assert body
    for start in range(0, len(data), size):
        body.feed(data[start : start + size])
    return body.finish()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("", bytes), ("identity", bytes), ("gzip", gzip.compress), ("deflate", zlib.compress), (" Deflate", bare)],
)
@given(data=st.binary(max_size=300), size=st.integers(1, 40))
def test_what_was_packed_comes_back(encoding: str, pack: Callable[[bytes], bytes], data: bytes, size: int) -> None:
    assert unpacked(encoding, pack(data), size) == data


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5), st.integers(1, 40), st.binary(max_size=5))
def test_members_are_joined_and_padding_is_dropped(members: list[bytes], size: int, padding: bytes) -> None:
    packed = b"".join(gzip.compress(member) for member in members)
    assert unpacked("gzip", packed + b"\0" + padding, size) == b"".join(members)


@given(data=st.binary(max_size=300), size=st.integers(1, 40), encoding=st.sampled_from(["", "gzip", "deflate"]))
def test_any_bytes_are_read_or_refused(data: bytes, size: int, encoding: str) -> None:
    with suppress(DamagedError, TooLargeError):
        assert len(unpacked(encoding, data, size)) <= LIMIT


@pytest.mark.parametrize(
    ("encoding", "pack"), [("", bytes), ("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", bare)]
)
@pytest.mark.parametrize("size", [1, 70_000])
def test_one_byte_too_many(encoding: str, pack: Callable[[bytes], bytes], size: int) -> None:
    assert len(unpacked(encoding, pack(b"x" * LIMIT), size)) == LIMIT
    with pytest.raises(TooLargeError):
        unpacked(encoding, pack(b"x" * (LIMIT + 1)), size)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate, gzip", "gzip;q=1", "?"])
def test_what_was_not_asked_for_has_no_decoder(encoding: str) -> None:
    assert decoder(encoding, LIMIT) is None
