"""Writing an export to a path: the whole file or none of it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kb.errors import ExportError


@contextmanager
def open_output(path: Path) -> Iterator[BinaryIO]:
    """A file to write; it appears at ``path``, replacing what was there, when the block ends without an error.

    Until then the bytes are in a temporary file of the same folder, removed on any failure. Devices and pipes
    (``/dev/stdout``) are written to directly. Raises ExportError when ``path`` cannot be written or the disk is full.
    """
    special = path.exists() and not path.is_file() and not path.is_dir()
    try:
        with path.open("wb") if special else _replacing(path.resolve()) as out:
            yield out
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"cannot write {path}: {reason}; check the folder and its free space") from error


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
