"""Writing an export to a path: the whole file or none of it."""

from __future__ import annotations

import gzip
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, cast

from kb.errors import ExportError


@contextmanager
def open_output(path: Path) -> Iterator[BinaryIO]:
    """A file to write; it appears at ``path``, replacing what was there, when the block ends without an error.

    Until then the bytes are in a temporary file of the same folder, removed on any failure. Devices and pipes
    (``/dev/stdout``) are written to directly. What goes to a name that ends in ``.gz`` is packed, always to the same
    bytes. Raises ExportError when ``path`` cannot be written or the disk is full.
    """
    special = path.exists() and not path.is_file() and not path.is_dir()
    try:
        with path.open("wb") if special else _replacing(path.resolve()) as out, _packed(path, out) as packed:
            yield packed
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"cannot write {path}: {reason}; check the folder and its free space") from error


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Standard output, for bytes. Raises ExportError when it cannot be written to; BrokenPipeError stays itself."""
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ExportError(f"cannot write to standard output: {error.strerror or error}") from error


def write_pages(folder: Path, pages: Iterable[tuple[str, bytes]]) -> int:
    """Write (name, bytes) pages into ``folder``, made if need be, each whole or not at all; return how many.

    Raises ExportError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"cannot make the folder {folder}: {error.strerror}; give another path") from error
    count = 0
    for name, data in pages:
        with open_output(folder / name) as out:
            out.write(data)
        count += 1
    return count


def _packed(path: Path, out: BinaryIO) -> AbstractContextManager[BinaryIO]:
    if path.suffix != ".gz":
        return nullcontext(out)
    return cast("AbstractContextManager[BinaryIO]", gzip.GzipFile("", "wb", fileobj=out, mtime=0))


@contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    if target.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    temporary = target.with_name(f".onrecord-{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
