"""Full-text search: FTS5 on SQLite, tsvector on PostgreSQL, behind one condition.

Migration 0001 made the indexes, and for PostgreSQL the functions that read texts and queries alike. Both databases stem
English words ("robots" finds "robot") and pass over accents and case; none has stop words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from sqlalchemy import ColumnElement, column, false, func, literal_column, select, table
from sqlmodel import Session, col

from kb.store.tables import Document, Statement
from kb.text import clean_text

Searched = Literal["statement", "document"]

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


def _terms(words: str) -> list[str]:
    """The words and quoted phrases of ``words``, spaces for punctuation: "open-source" is a phrase of two words."""
    found = (phrase or word for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', clean_text(words)))
    plain = ("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in term) for term in found)
    return [" ".join(term.split()) for term in plain if any(map(str.isalnum, term))][:MAX_WORDS]
