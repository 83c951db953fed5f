"""Plain text and Markdown, with optional front matter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast, get_args

from kb.text import fold
from kb.types import Author, DocumentKind, Payload, RawDocument, Skipped
from sources.decode import decode
from sources.times import parse_moment
from sources.turns import find_times, find_turns
from sources.urls import canonical_url, identity, resolve

NAME = "text"
KEYS = frozenset("title date updated author handle url recording publisher kind language".split())
"""What front matter may say; other keys are left alone."""

_ALIASES = {
    **dict.fromkeys(["authors", "by", "byline"], "author"),
    **dict.fromkeys(["published", "pubdate", "publishdate"], "date"),
    **dict.fromkeys(["lastmod", "modified"], "updated"),
    **dict.fromkeys(["audio", "video"], "recording"),
    **{"lang": "language", "link": "url", "source_url": "url"},
}
"""What site generators (Hugo, Jekyll, Pelican) and note programs (Obsidian) call the same."""

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_TOML_MATTER = re.compile(r"\+\+\+[ \t]*\r?\n(.*?)\r?\n\+\+\+[ \t]*(?:\r?\n|$)", re.DOTALL)
_ENTRY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*)|$)")
_QUOTES = "\"'"
_DEEPER = re.compile(r"[ \t]+\S|-[ \t]|#")
"""A line that belongs to the entry above it, or a comment."""
_KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
_MARKDOWN_NAME = re.compile(r"\.(?:md|markdown|mdown)$", re.IGNORECASE)
_HEADING = re.compile(r"\s*#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_LINE_MARKS = re.compile(r"^(?:#{1,6}[ \t]+|(?:>[ \t]?)+)|[ \t]+#+[ \t]*$", re.MULTILINE)
_FENCES = re.compile(r"^(?:```.*|~~~.*|[ \t]*(?:[-*_][ \t]*){3,})$\n?", re.MULTILINE)
_IMAGES = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)")
_LINKS = re.compile(r"\[([^\]\n]{1,500})\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,500}\])")
_EMPHASIS = re.compile(r"(?<![\w\\])(?:[*_]{1,3}|`+)(?=[^\s*_`])|(?<=[^\s*_`])(?:[*_]{1,3}|`+)(?!\w)")
"""Marks that open before a word or close after one; not paired, so that a page of stray marks costs no time."""


@dataclass(frozen=True, slots=True)
class _FrontMatter:
    entries: dict[str, str] = field(default_factory=dict)
    length: int = 0
    """How many characters of the text it takes."""


def matches(payload: Payload) -> bool:
    """Any text: detection has ruled out what is no text before it asks here."""
    return True


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One document of the kind that the front matter names, ``file`` without it.

    The text of a file without Markdown and front matter is exactly the file's.
    """
    source = decode(payload)
    matter = _front_matter(source)
    body = source[matter.length :]
    if matter.length or _MARKDOWN_NAME.search(payload.name) or "markdown" in (payload.content_type or ""):
        heading = _HEADING.match(body)
        title = matter.entries.get("title") or (_readable(heading[1]) if heading else "")
        # The title is kept beside the text, not in it as well.
        rest = body[heading.end() :] if heading and fold(_readable(heading[1])) == fold(title) else body
        yield _document(payload, matter.entries | {"title": title}, _readable(rest))
    else:
        yield _document(payload, {}, body)


def _document(payload: Payload, entries: dict[str, str], text: str) -> RawDocument:
    published, updated = (parse_moment(entries.get(key), payload.fetched_at) for key in ("date", "updated"))
    kind = cast("DocumentKind", entries["kind"]) if entries.get("kind") in _KINDS else "file"
    author, url = entries.get("author"), entries.get("url") or payload.url
    return RawDocument(
        external_id=identity(payload, url),
        kind=kind,
        text=text,
        url=url,
        canonical_url=canonical_url(url) if url else None,
        title=entries.get("title") or None,
        author=author,
        publisher=entries.get("publisher"),
        language=entries.get("language"),
        published_at=published.at if published else None,
        published_precision=published.precision if published else "unknown",
        updated_at=updated.at if updated else None,
        speaker=Author(name=author, handle=entries.get("handle")) if kind == "post" and author else None,
        turns=find_turns(text) if kind == "transcript" else (),
        times=find_times(text) if kind == "transcript" else (),
        recording_url=resolve(payload.url, entries.get("recording")),
        notes=tuple(_remarks(entries, payload)),
    )


def _remarks(entries: dict[str, str], payload: Payload) -> Iterator[str]:
    for key in ("date", "updated"):
        moment = parse_moment(entries.get(key), payload.fetched_at)
        if moment is None and entries.get(key):
            yield f"{key} {entries[key]!r} in the front matter is not usable; write it as 2024-12-03"
        elif moment and moment.note:
            yield moment.note
    if entries.get("kind") and entries["kind"] not in _KINDS:
        yield f"kind {entries['kind']!r} in the front matter is unknown; known: {', '.join(_KINDS)}"


def _front_matter(text: str) -> _FrontMatter:
    """``key: value`` lines between two ``---`` lines at the very start, or TOML between ``+++``; anything else there is
    text."""
    if match := _TOML_MATTER.match(text):
        try:
            stated = tomllib.loads(match[1].replace("\r\n", "\n"))
        except (tomllib.TOMLDecodeError, RecursionError):
            return _FrontMatter()
        return _FrontMatter(_known({key: _one_line(value) for key, value in stated.items()}), match.end())
    match = _FRONT_MATTER.match(text)
    entries = _entries(match[1].splitlines()) if match else None
    return _FrontMatter(_known(entries), match.end()) if match and entries else _FrontMatter()


def _entries(lines: list[str]) -> dict[str, str] | None:
    """The entries of the part of YAML that front matter uses: values on the same line, lists in brackets or below. None
    when a line is something else."""
    entries: dict[str, str] = {}
    key = None
    for line in lines:
        if entry := _ENTRY.fullmatch(line.rstrip()):
            key = entry[1]
            value = (entry[2] or "").strip()
            listed = value[1:-1].split(",") if value.startswith("[") and value.endswith("]") else [value]
            entries[key] = ", ".join(part.strip().strip(_QUOTES) for part in listed)
        elif key and (item := line.strip()).startswith("- "):
            entries[key] += f"{', ' if entries[key] else ''}{item[2:].strip().strip(_QUOTES)}"
        elif line.strip() and not (key and _DEEPER.match(line)):
            return None
    return entries


def _known(entries: dict[str, str]) -> dict[str, str]:
    """The entries that say something of the document, by the names of ``KEYS``."""
    named = {_ALIASES.get(key.lower(), key.lower()): value for key, value in entries.items()}
    return {key: value for key, value in named.items() if key in KEYS and value}


def _one_line(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(item for item in value if isinstance(item, str))
    return "" if isinstance(value, dict) else str(value)


def _readable(markdown: str) -> str:
    """Markdown as a reader sees it: headings, quotes, emphasis and links lose their marks, lists keep theirs."""
    text = _FENCES.sub("", markdown)
    text = _LINE_MARKS.sub("", text)
    text = _LINKS.sub(r"\1", _IMAGES.sub("", text))
    return _EMPHASIS.sub("", text).strip()
