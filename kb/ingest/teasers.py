"""Teasers and the pages behind them: how a teaser waits, what becomes of it, when its page is read again. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from kb.ingest.pipeline import with_page
from kb.store.entries import StoredEntry
from kb.text import fingerprint
from kb.types import RawDocument, Skipped

NO_ARTICLE = "no article on its page"
LATER = "a later kb update fetches it"
MOST_VAIN = 5
"""Readings of one page in a row that gave nothing new, after which only other words of its teaser have it read again:
some feeds give every entry the time of the request as that of its update."""
_MOMENTS = ("published_at", "updated_at")
_LISTS = ("people", "notes")


def pack(teaser: RawDocument) -> dict[str, Any]:
    """A teaser as JSON values. Who speaks, and in which turn, is left out: teasers are articles."""
    values = {field.name: getattr(teaser, field.name) for field in fields(teaser)}
    packed = {name: value for name, value in values.items() if value is None or isinstance(value, (str, bool))}
    moments = {name: value.isoformat() for name, value in values.items() if isinstance(value, dt.datetime)}
    return packed | moments | {"notes": list(teaser.notes), "people": list(teaser.people)}


def unpack(packed: Mapping[str, Any]) -> RawDocument:
    """The reverse of ``pack``; fields that are not known here were those of another version."""
    known = {field.name for field in fields(RawDocument)}
    values = {name: value for name, value in packed.items() if name in known}
    moments = {name: dt.datetime.fromisoformat(values[name]) for name in _MOMENTS if values.get(name)}
    lists = {name: tuple(packed.get(name, ())) for name in ("notes", "people")}
    return RawDocument(**values | moments | lists)


def completed(teaser: RawDocument, read: Iterable[RawDocument | Skipped]) -> list[RawDocument]:
    """The teaser with the article of its page, then the posts embedded there; empty when the page has no article.

    An episode's page is its transcript.
    """
    documents = [document for document in read if isinstance(document, RawDocument)]
    articles = [document for document in documents if document.kind in ("article", "transcript")]
    if not articles:
        return []
    return [with_page(teaser, articles[0]), *(document for document in documents if document.kind == "post")]


def summary(teaser: RawDocument, why: str) -> RawDocument:
    """The teaser as a document of its own, because its page cannot be had."""
    return replace(teaser, complete=True, notes=(*teaser.notes, f"only the summary: {why}"))


def page_url(teaser: RawDocument) -> str:
    """Where the text of a teaser is."""
    return teaser.text_url or teaser.url or ""


def entry(teaser: RawDocument, document_id: int) -> StoredEntry:
    """What to remember of a teaser with a document."""
    return StoredEntry(
        document_id=document_id, url=page_url(teaser), teaser_sha256=_digest(teaser), updated_at=teaser.updated_at
    )


def has_news(known: StoredEntry, teaser: RawDocument) -> bool:
    """Whether the page of a teaser may have changed since it was read: other words, or a later date of its update."""
    if known.teaser_sha256 != _digest(teaser):
        return True
    updated = teaser.updated_at and (known.updated_at is None or teaser.updated_at > known.updated_at)
    return bool(updated) and known.vain < MOST_VAIN


def seen_again(known: StoredEntry, teaser: RawDocument) -> StoredEntry:
    """What to remember of an entry whose page is going to be read again."""
    vain = known.vain if known.teaser_sha256 == _digest(teaser) else 0
    return replace(known, teaser_sha256=_digest(teaser), updated_at=teaser.updated_at, vain=vain)


def _digest(teaser: RawDocument) -> str:
    return fingerprint([teaser.title or "", teaser.text])
