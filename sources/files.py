"""Files and folders as payloads."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from kb.errors import InputError
from kb.types import Payload, Skipped

# Files that say something about the posts beside them and hold no documents of their own; read through ``sibling``.
_COMPANIONS = re.compile(
    r"(?:account|profile|note-tweet|manifest)\.js|(?:Profile|Positions)(?:_\d+)?\.csv", re.IGNORECASE
)


def payloads(path: Path, now: dt.datetime, max_bytes: int) -> Iterator[Payload | Skipped]:
    """The file at ``path``, or every file below it in sorted order; ``now`` becomes ``fetched_at``.

    Left out: hidden files and folders, links to folders (they may lead back up), and files that only accompany
    others. Skipped with a reason: files that are empty, larger than ``max_bytes`` or not readable. Raises InputError
    when there is nothing at ``path``.
    """
    if not path.exists():
        raise InputError(f"there is no file or folder {path}")
    for file in [path] if path.is_file() else _files_below(path):
        yield _payload(file, now, max_bytes)


def _files_below(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"cannot list folder {folder}: {error.strerror}") from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_below(entry)
        elif entry.is_file() and not _COMPANIONS.fullmatch(entry.name):
            yield entry


def _payload(file: Path, now: dt.datetime, max_bytes: int) -> Payload | Skipped:
    try:
        size = file.stat().st_size
        if size > max_bytes:
            return Skipped(str(file), f"larger than {max_bytes:,} bytes ({size:,})", failed=True)
        data = file.read_bytes()
    except OSError as error:
        return Skipped(str(file), f"cannot be read: {error.strerror}", failed=True)
    return Payload(
        data=data, name=str(file), fetched_at=now, sibling=lambda name: _sibling(file.parent, name, max_bytes)
    )


def _sibling(folder: Path, name: str, max_bytes: int) -> bytes | None:
    """The file ``name`` in ``folder``, whatever its letter case or member number (``Profile_1234.csv``)."""
    stem, suffix = Path(name).stem, Path(name).suffix
    wanted = re.compile(rf"{re.escape(stem)}(?:_\d+)?{re.escape(suffix)}", re.IGNORECASE)
    for file in sorted(folder.iterdir()):
        if wanted.fullmatch(file.name) and file.is_file() and file.stat().st_size <= max_bytes:
            return file.read_bytes()
    return None
