"""Full-text search: FTS5 on SQLite, tsvector on PostgreSQL, behind one condition.

Migration 0001 made the indexes, and for PostgreSQL the functions that read texts and queries alike. Both databases stem
English words ("robots" finds "robot") and pass over accents and case; none has stop words.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, column, false, func, literal_column, select, table
from sqlmodel import Session, col

from kb.store.tables import Document, Statement
from kb.text import clean_text

Searched = Literal["statement", "document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """A document that has some of the words."""

    id: int
    title: str | None
    publisher: str | None
    url: str | None
    published_at: dt.datetime
    text: str


MAX_WORDS = 64
"""Words of a query that count; FTS5 refuses expressions deeper than 256."""


def matches(session: Session, searched: Searched, words: str) -> ColumnElement[bool]:
    """A condition that the statement's or document's text has all ``words``; words in quotation marks as a phrase.

    Any input is safe. Words without a letter or digit match nothing.
    """
    terms = _terms(words)
    if not terms:
        return false()
    query = " ".join(f'"{term}"' for term in terms)
    searched_table = Statement if searched == "statement" else Document
    if session.get_bind().dialect.name == "sqlite":
        index = table(f"{searched}_fts", column("rowid"))
        found = select(index.c.rowid).where(literal_column(index.name).op("MATCH")(query))
        return col(searched_table.id).in_(found)
    return func.kb_words(col(searched_table.text)).op("@@", is_comparison=True)(func.kb_query(query))


def documents_with(
    session: Session, words: Collection[str], *, after: dt.date | None, limit: int
) -> list[FoundDocument]:
    """Documents published after a day (None: dated ones) that have some of ``words``, those with most and rarest first.

    Any input is safe. Words without a letter or digit find nothing.
    """
    terms = [term for word in words for term in _terms(word)][:MAX_WORDS]
    if not terms:
        return []
    if session.get_bind().dialect.name == "sqlite":
        index = table("document_fts", column("rowid"), column("rank"))
        found = literal_column(index.name).op("MATCH")(" OR ".join(f'"{term}"' for term in terms))
        query = select(Document).join(index, col(Document.id) == index.c.rowid).where(found).order_by(index.c.rank)
    else:
        asked = func.kb_query(" or ".join(f'"{term}"' for term in terms))
        texts = func.kb_words(col(Document.text))
        query = select(Document).where(texts.op("@@", is_comparison=True)(asked))
        query = query.order_by(func.ts_rank(texts, asked).desc())
    published = col(Document.published_at)
    next_day = dt.datetime.combine(after + dt.timedelta(days=1), dt.time(), dt.UTC) if after else None
    query = query.where(published >= next_day if next_day else published.is_not(None))
    return [
        FoundDocument(
            id=document.id,
            title=document.title,
            publisher=document.publisher,
            url=document.url,
            published_at=document.published_at,
            text=document.text,
        )
        for document in session.scalars(query.limit(limit))
        if document.published_at
    ]


def _terms(words: str) -> list[str]:
    """The words and quoted phrases of ``words``, spaces for punctuation: "open-source" is a phrase of two words."""
    found = (phrase or word for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', clean_text(words)))
    plain = ("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in term) for term in found)
    return [" ".join(term.split()) for term in plain if any(map(str.isalnum, term))][:MAX_WORDS]
