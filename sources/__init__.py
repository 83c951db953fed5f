"""Where documents come from: one module per format, each of which reads payloads into documents.

To add a format, write a module after ``sources.formats.Format`` and put it into ``FORMATS``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from kb.errors import InputError
from kb.types import Author, Payload, RawDocument, Skipped
from sources import feeds, linkedin, pages, plain, transcripts, x_archive
from sources.formats import Format
from sources.sniff import unreadable

FORMATS: tuple[Format, ...] = (x_archive, linkedin, feeds, pages, transcripts, plain)
"""In the order of detection: what is unmistakable first, plain text last."""


def detect(payload: Payload) -> str:
    """The name of the payload's format. Raises InputError for an empty payload and for what no format reads."""
    return _detected(payload).NAME


def read_documents(
    payload: Payload, *, kind: str | None = None, speaker: Author | None = None
) -> Iterator[RawDocument | Skipped]:
    """Everything in a payload, in order.

    ``kind`` names the format instead of detecting it. ``speaker`` is who speaks in posts that do not name anybody; a
    text file without a kind of its own becomes a post by it. Raises InputError for a payload that cannot be read, and
    for posts of an unnamed author.
    """
    for item in (_named(kind) if kind else _detected(payload)).read(payload):
        yield _titled(_attributed(item, payload, speaker), payload) if isinstance(item, RawDocument) else item


def _detected(payload: Payload) -> Format:
    if not payload.data.strip(b"\0 \t\r\n"):
        raise InputError(f"{payload.name} is empty")
    if what := unreadable(payload):
        raise InputError(f"cannot read {payload.name}: found {what}; supported are {_names()}")
    return next(format_ for format_ in FORMATS if format_.matches(payload))


def _named(name: str) -> Format:
    for format_ in FORMATS:
        if name == format_.NAME:
            return format_
    raise InputError(f"there is no format {name!r}; known: {_names()}")


def _titled(document: RawDocument, payload: Payload) -> RawDocument:
    """A file without a title goes by its name."""
    if document.title or document.url or document.kind not in ("file", "transcript"):
        return document
    return replace(document, title=PurePath(payload.name).stem or None)


def _attributed(document: RawDocument, payload: Payload, speaker: Author | None) -> RawDocument:
    if document.speaker or document.kind not in ("post", "file"):
        return document
    if speaker:
        return replace(document, kind="post", speaker=speaker, author=document.author or speaker.name)
    if document.kind == "post":
        raise InputError(
            f"{payload.name} does not say who wrote these posts: name the speaker (--speaker), or put the export's "
            "account.js or Profile.csv beside it"
        )
    return document


def _names() -> str:
    return ", ".join(format_.NAME for format_ in FORMATS)
