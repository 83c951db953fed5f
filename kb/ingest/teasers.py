"""Teasers and the pages behind them: how a teaser waits, and what becomes of it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from kb.ingest.pipeline import with_page
from kb.types import RawDocument, Skipped

NO_ARTICLE = "no article on its page"
LATER = "a later kb update fetches it"
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
