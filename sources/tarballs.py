"""Tar archives, read member by member: nothing is written to disk, whatever a member calls itself.

A tar has no list of members. It is gone through once to see what is in it, and once more to read what is chosen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from kb.errors import InputError
from kb.types import Payload, Skipped
from sources import archives
from sources.choice import choose, companion, limit_of
from sources.members import BrokenError
from sources.tar_ import Member, Tar


@dataclass(slots=True)
class _Contents:
    """What is in the tar at ``path``; of several members with one name the last, which replaces the others."""

    path: Path
    members: dict[str, Member] = field(default_factory=dict)
    not_read: list[Skipped] = field(default_factory=list)


def payloads(path: Path, now: dt.datetime, max_bytes: int) -> Iterator[Payload | Skipped]:
    """The documents in the tar at ``path``, in its order; ``now`` becomes ``fetched_at``.

    What is left out or cannot be read is Skipped with the reason. Of a damaged archive, what stands before the damage
    is read. Archives inside are not opened, links not followed.
    """
    contents = _contents(path)
    choice = choose(contents.members, one_archive=True)
    yield from _chosen(contents, {contents.members[name]: name for name in choice.read}, now, max_bytes)
    yield from contents.not_read
    yield from (Skipped(f"{path}/{name}", reason) for name, reason in choice.left_out)


def _contents(path: Path) -> _Contents:
    found, at = _Contents(path), "its first member"
    try:
        with path.open("rb") as file:
            for member in Tar(file):
                at = member.name
                _note(found, member)
    except BrokenError as error:
        found.not_read.append(Skipped(str(path), f"damaged tar archive: {error}, at {at}", failed=True))
    return found


def _note(found: _Contents, member: Member) -> None:
    name = member.name.replace("\\", "/")
    if not name or archives.OUTSIDE.match(name):
        found.not_read.append(Skipped(f"{found.path}/{name}", archives.LEADS_OUT, failed=True))
    elif member.is_file and not member.is_folder:
        found.members[str(PurePosixPath(name))] = member
    elif not member.is_folder:
        found.not_read.append(Skipped(f"{found.path}/{name}", "a link or device, no file: not followed"))


def _chosen(
    contents: _Contents, chosen: dict[Member, str], now: dt.datetime, max_bytes: int
) -> Iterator[Payload | Skipped]:
    left = archives.MAX_TOTAL * max_bytes
    with suppress(BrokenError), contents.path.open("rb") as file:  # damage is told with the contents
        tar = Tar(file)
        for member in tar:
            if member not in chosen:
                continue
            left -= member.size
            if left < 0:
                yield archives.too_much(contents.path, max_bytes)
                return
            yield _payload(contents, tar, chosen[member], now, max_bytes)


def _payload(contents: _Contents, tar: Tar, name: str, now: dt.datetime, max_bytes: int) -> Payload | Skipped:
    shown, size, limit = f"{contents.path}/{name}", contents.members[name].size, limit_of(name, max_bytes)
    if size > limit:
        return Skipped(shown, archives.too_large(size, limit), failed=True)
    data = tar.read()
    if data.startswith(archives.ARCHIVES):
        return Skipped(shown, archives.NESTED, failed=True)
    sibling = partial(_sibling, contents, name, max_bytes)
    return Payload(data=data, name=shown, fetched_at=now, container=str(contents.path), sibling=sibling)


def _sibling(contents: _Contents, of: str, max_bytes: int, name: str) -> bytes | None:
    """A companion of a member, looked for from the beginning. Raises InputError for one that cannot be read."""
    found = companion(contents.members, of, name)
    if found is None:
        return None
    wanted, limit, data = contents.members[found], limit_of(found, max_bytes), None
    if wanted.size > limit:
        raise InputError(f"cannot read {contents.path}/{found}: {archives.too_large(wanted.size, limit)}")
    with suppress(BrokenError), contents.path.open("rb") as file:
        tar = Tar(file)
        data = next((tar.read() for member in tar if member == wanted), None)
    return data
