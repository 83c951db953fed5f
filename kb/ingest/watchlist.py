"""A list of people to watch, from a CSV file into the record: the whole file or nothing of it.

The first line names the columns ``name, aliases, handles, role, organisation, wikidata id``, in any order; ``kind``
(person or organisation) may follow. Several aliases or handles stand in one cell with ``|`` or ``;`` between them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from kb.errors import InputError
from kb.ingest.people import identify, names_of, telling_keys
from kb.store import Session, candidates, speakers
from kb.text import fold
from kb.types import ItemResult, Role, SpeakerKind, SpeakerMention

COLUMNS = ("name", "aliases", "handles", "role", "organisation", "wikidata id")
KINDS = ("person", "organisation")
LARGEST = 50_000_000
"""Bytes of a list that is read: hundreds of thousands of people."""

_WIKIDATA_ID = re.compile(r"Q[1-9]\d*")
_HANDLE = re.compile(r"(?P<channel>[a-z][\w.-]*):@?(?P<account>[^\s/:|;][^\s|;]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One line of the list."""

    name: str
    kind: SpeakerKind = "person"
    aliases: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    role: Role | None = None
    wikidata_id: str | None = None


def read_watchlist(path: Path, name: str | None = None) -> list[Watched]:
    """Every line of the file; ``name`` is what messages call it, its path unless given.

    Raises InputError, naming the line, for the first thing that cannot be read.
    """
    name = name or str(path)
    text = _text(path, name)
    header = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True)
    try:
        columns = _columns(name, next(rows, []))
        watched = [
            _watched(f"{name}, line {rows.line_num}", _cells(f"{name}, line {rows.line_num}", columns, row))
            for row in rows
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise InputError(f"{name}, line {rows.line_num}: not CSV ({error})") from error
    if not watched:
        raise InputError(f"{name} has no line below its column names")
    return watched


def store_watchlist(session: Session, watched: list[Watched]) -> Iterator[ItemResult]:
    """Watch everybody on the list: known speakers by Wikidata entry, handle or name, new ones otherwise."""
    for person in watched:
        speaker_id, is_new = _speaker(session, person)
        changed = _describe(session, speaker_id, person)
        yield ItemResult(item=person.name, status="added" if is_new else "changed" if changed else "unchanged")


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise InputError(f"{name} is larger than {LARGEST:,} bytes; split it")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(f"{name}, line {line}: not UTF-8; save the list as CSV in UTF-8") from error


def _columns(name: str, header: list[str]) -> list[str]:
    """The columns in our names; unknown ones keep theirs and are not read."""
    columns = [" ".join(re.split(r"[\s_]+", cell.strip().casefold())) for cell in header]
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise InputError(f"{name} has no column {', '.join(missing)}; its first line must be: {','.join(COLUMNS)}")
    return columns


def _cells(where: str, columns: list[str], row: list[str]) -> dict[str, str]:
    if len(row) != len(columns):
        raise InputError(f"{where}: {len(row)} cells, but {len(columns)} columns; put quotation marks around commas")
    return dict(zip(columns, (" ".join(cell.split()) for cell in row), strict=True))


def _watched(where: str, cells: dict[str, str]) -> Watched:
    kind = cells.get("kind", "").casefold() or "person"
    if not fold(cells["name"]):
        raise InputError(f"{where}: the name is empty")
    if kind not in KINDS:
        raise InputError(f"{where}: the kind is {kind!r}; write {' or '.join(KINDS)}")
    if cells["wikidata id"] and not _WIKIDATA_ID.fullmatch(cells["wikidata id"]):
        raise InputError(f"{where}: the Wikidata id is {cells['wikidata id']!r}; write it like Q42")
    role = Role(title=cells["role"] or None, organisation=cells["organisation"] or None)
    return Watched(
        name=cells["name"],
        kind=cast("SpeakerKind", kind),
        aliases=_several(cells["aliases"]),
        handles=tuple(_handle(where, handle) for handle in _several(cells["handles"])),
        role=role if role.title or role.organisation else None,
        wikidata_id=cells["wikidata id"] or None,
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[|;]", cell) if part.strip())


def _handle(where: str, handle: str) -> str:
    match = _HANDLE.fullmatch(handle)
    if match is None:
        raise InputError(f"{where}: the handle is {handle!r}; write it with its channel, as x:{handle.lstrip('@')}")
    return f"{match['channel'].lower()}:{match['account']}"


def _speaker(session: Session, person: Watched) -> tuple[int, bool]:
    """The speaker that a line means, and whether it is new."""
    mention = SpeakerMention(name=person.name, kind=person.kind, role=person.role)
    if person.wikidata_id:
        described = candidates.described(session, person.wikidata_id)
        if described:
            return min(described), False
    owners = candidates.given(session, set(map(fold, person.handles)))
    if owners:
        return min(owners), False
    ids = candidates.named(session, telling_keys(mention))
    ids |= candidates.given(session, set(map(fold, names_of(mention))))
    known = candidates.load(session, ids)
    free = [speaker for speaker in known if not (person.wikidata_id and speaker.wikidata_ids)]
    found = identify(mention, free).speaker_id
    return (speakers.create(session, mention, origin="import"), True) if found is None else (found, False)


def _describe(session: Session, speaker_id: int, person: Watched) -> bool:
    """Store what a line tells of a speaker; tell whether any of it is new."""
    changes = [speakers.watch(session, speaker_id, wikidata_id=person.wikidata_id)]
    changes += [speakers.add_alias(session, speaker_id, n, origin="import") for n in (person.name, *person.aliases)]
    changes += [speakers.add_alias(session, speaker_id, handle, origin="handle") for handle in person.handles]
    if person.role:
        changes.append(speakers.add_role(session, speaker_id, person.role, seen=None, document_id=None))
    return any(changes)
