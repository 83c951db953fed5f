"""The files of an X archive: scripts that assign a list, some in several parts, and whose archive it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from kb.errors import InputError
from kb.types import Author, Payload
from sources import x
from sources.decode import head
from sources.shapes import dict_at, text_at

_HEADER = re.compile(r"\s*window\.YTD\.(\w+)\.part(\d+)\s*=")


class Part(NamedTuple):
    """What a file says that it is: ``window.YTD.tweets.part0``."""

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose archive it is; ``author`` None and the rest empty where nothing tells."""

    author: Author | None = None
    handle: str = ""
    number: str = ""

    def url(self, post_id: str) -> str:
        """The address of one of the owner's posts."""
        return x.post_url(self.handle, post_id)


def part_of(payload: Payload) -> Part | None:
    """Which part of an archive a payload is; None for what is no part of one."""
    header = _HEADER.match(head(payload))
    return Part(header[1], int(header[2][:9])) if header else None


def records(script: str, name: str) -> list[Any]:
    """The JSON list that an archive's script assigns. Raises InputError."""
    try:
        found = json.loads(script.partition("=")[2].strip().removesuffix(";"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is a damaged part of an X archive: {error}") from error
    if not isinstance(found, list):
        raise InputError(f"{name} is a damaged part of an X archive: its content is no list")
    return found


def parts_beside(payload: Payload, stem: str) -> Iterator[list[Any]]:
    """Records of the numbered parts of another file: ``note-tweet-part1.js``, ``note-tweet-part2.js`` ..."""
    for number in count(1):
        name = f"{stem}-part{number}.js"
        data = payload.sibling(name)
        if data is None:
            return
        yield _records_of(data, name)


def file_beside(payload: Payload, name: str) -> list[Any]:
    """Records of another file of the archive; none where it is missing."""
    data = payload.sibling(name)
    return _records_of(data, name) if data is not None else []


def owner_of(payload: Payload) -> Owner:
    """The account, from ``account.js`` beside the posts, which do not name it."""
    found = file_beside(payload, "account.js")
    account = dict_at(found[0], "account") if found else {}
    handle = text_at(account, "username")
    author = x.account(handle, text_at(account, "accountDisplayName"))
    return Owner(author, handle, text_at(account, "accountId")) if author else Owner()


def _records_of(data: bytes, name: str) -> list[Any]:
    return records(data.decode("utf-8", "replace"), name)
