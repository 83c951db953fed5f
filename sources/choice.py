"""Which files of a folder or archive are read: documents, never the private parts of somebody's own export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import TypeVar

P = TypeVar("P", bound=PurePath)

COMPANIONS = re.compile(
    r"(?:account|profile|note-tweet|manifest)\.js|(?:Profile|Positions)(?:_\d+)?\.csv|actor\.json", re.IGNORECASE
)
"""Files that say something about the posts beside them and hold no documents of their own; read as siblings."""

POSTS_TIMES = 10
"""How many times larger than other files the posts of an account may be: 100,000 posts of X take 100 MB."""

_MEDIA = re.compile(
    r".*\.(?:jpe?g|png|gif|webp|heic|svg|ico|bmp|tiff?|mp4|m4[av]|mov|webm|mkv|avi|mp3|ogg|opus|wav|flac|css|map|woff2?|ttf)",
    re.IGNORECASE,
)
_MAC_SHADOWS = "__MACOSX"
"""Folder with what macOS puts beside every file of a zip."""
_ARTICLES = "articles"
"""Folder of a LinkedIn export with the pages that the member wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Export:
    """One kind of account export."""

    what: str
    marker: re.Pattern[str]
    """A file by whose name the export is known."""
    own: re.Pattern[str]
    """Files that it consists of, private ones among them."""
    public: re.Pattern[str]
    """Those of them that may be opened: posts, and who wrote them."""
    public_folder: str | None = None
    """Name of a folder, in small letters, all of whose files may be opened."""

    def is_public_folder(self, path: PurePosixPath) -> bool:
        """Whether ``path`` lies in the folder whose files may be opened."""
        return any(part.lower() == self.public_folder for part in path.parts[:-1])


def _names(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_EXPORTS = (
    _Export(
        what="an X archive",
        marker=_names(r"tweets?\.js|account\.js"),
        own=_names(r".*\.js|Your archive\.html"),
        public=_names(r"(?:tweets?|community-tweet|note-tweet)(?:-part\d+)?\.js|(?:account|profile|manifest)\.js"),
    ),
    _Export(
        what="a LinkedIn export",
        marker=_names(r"Shares(?:_\d+)?\.csv|Connections(?:_\d+)?\.csv|Ad_Targeting\.csv"),
        own=_names(r".*\.csv"),
        public=_names(r"(?:Shares|Comments|Profile|Positions)(?:_\d+)?\.csv"),
        public_folder=_ARTICLES,
    ),
    _Export(
        what="a Mastodon archive",
        marker=_names(r"outbox\.json"),
        own=_names(r"(?:likes|bookmarks)\.json"),
        public=_names(r"(?:outbox|actor)\.json"),
    ),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Names in the order of reading, and those left unopened with the reason."""

    read: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


def choose(names: Iterable[str], *, one_archive: bool) -> Choice:
    """Choose among relative names with ``/`` between folders.

    Left out without a word: hidden files, and companions, which are read with the posts that they belong to.
    ``one_archive``: all names are from one archive, so that nothing in an account's export is read but its public
    parts. In a folder, where other documents may lie beside, only files that such an export has are left alone.
    """
    visible = sorted((PurePosixPath(name) for name in names if not _is_hidden(name)), key=lambda path: path.parts)
    found = _exports(visible)
    kinds = {export for exports in found.values() for export in exports}
    # Several kinds in one archive: somebody packed a folder of documents.
    whole = kinds if one_archive and len(kinds) == 1 else set()
    read, left_out = [], []
    for path in visible:
        exports = whole or found.get(path.parent, set())
        if private_to := _private_to(path, exports, strict=bool(whole)):
            left_out.append((str(path), f"private part of {private_to}: not opened"))
        elif _MEDIA.fullmatch(path.name):
            left_out.append((str(path), "picture, sound or film"))
        elif not COMPANIONS.fullmatch(path.name):
            read.append(str(path))
    return Choice(tuple(read), tuple(left_out))


def homes(path: P) -> Iterator[P]:
    """The folders in which a file's companions may lie, the nearest first.

    That is its own folder: an account in the folder above may be another's. Only LinkedIn's articles lie deeper than
    their author's profile.
    """
    folder = path.parent
    yield folder
    while folder.name.lower() == _ARTICLES:
        folder = folder.parent
        yield folder


def stands_for(name: str, wanted: str) -> bool:
    """Whether a file is the ``wanted`` one, whatever its letter case or member number (``Profile_1234.csv``)."""
    path = PurePosixPath(wanted)
    return bool(_names(rf"{re.escape(path.stem)}(?:_\d+)?{re.escape(path.suffix)}").fullmatch(name))


def companion(members: Iterable[str], of: str, name: str) -> str | None:
    """The member of an archive that is the companion ``name`` of another one."""
    places = list(homes(PurePosixPath(of)))
    paths = map(PurePosixPath, sorted(members))
    return next((str(path) for path in paths if path.parent in places and stands_for(path.name, name)), None)


def limit_of(name: str, max_bytes: int) -> int:
    """The largest size of a file: posts of years may be in one."""
    own = PurePosixPath(name).name
    return max_bytes * POSTS_TIMES if any(export.public.fullmatch(own) for export in _EXPORTS) else max_bytes


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == _MAC_SHADOWS for part in PurePosixPath(name).parts)


def _exports(paths: Iterable[PurePosixPath]) -> dict[PurePosixPath, set[_Export]]:
    """The exports that lie in each folder."""
    found: dict[PurePosixPath, set[_Export]] = {}
    for path in paths:
        for export in _EXPORTS:
            if export.marker.fullmatch(path.name):
                found.setdefault(path.parent, set()).add(export)
    return found


def _private_to(path: PurePosixPath, exports: set[_Export], *, strict: bool) -> str | None:
    """The export of which ``path`` is a private part; None for what may be opened."""
    if any(export.public.fullmatch(path.name) or export.is_public_folder(path) for export in exports):
        return None
    return next((export.what for export in exports if strict or export.own.fullmatch(path.name)), None)
