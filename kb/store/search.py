"""Full-text search: FTS5 on SQLite, tsvector on PostgreSQL, behind one condition and one rank.

Migration 0001 made the indexes, and for PostgreSQL the functions that read texts and queries alike. Both databases stem
English words ("robots" finds "robot") and pass over accents and case; none has stop words.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, column, false, func, literal_column, not_, or_, select, table
from sqlmodel import Session, col

from kb.store.tables import Document, Statement
from kb.text import clean_text
from kb.types import AllOf, AnyOf, Filters, NotThis, Phrase, TextQuery

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


COMMON = 20_000
"""Statements: measured on a million (benchmarks/search.py), where 60,000 look-ups take 50 ms and counting them 1 ms."""

_SUFFIXES = (
    "able al ance ation ed ence er es ful ible ic ied ies ing ings ion ions ity ive ize ized ly ment ness or ous s"
).split()
"""Endings that the stemmers cut off, by which a prefix can be longer than the stem of the words it begins: "predicti*"
must find "prediction", which the index knows as "predict"."""

_CONFIGURATION: ColumnElement[str] = literal_column("'kb_english'::regconfig")


def text_of(filters: Filters) -> TextQuery | None:
    """What ``filters`` say of a statement's words; None when nothing."""
    asked: list[TextQuery] = [filters.text] if filters.text else []
    if filters.words:
        asked += [Phrase(term) for term in _terms(filters.words)] or [Phrase("")]
    return AllOf(tuple(asked)) if len(asked) > 1 else asked[0] if asked else None


def matches(session: Session, searched: Searched, words: str) -> ColumnElement[bool]:
    """A condition that the statement's or document's text has all ``words``; words in quotation marks as a phrase.

    Any input is safe. Words without a letter or digit match nothing.
    """
    return found(session, searched, text_of(Filters(words=words or " ")) or Phrase(""))


def found(session: Session, searched: Searched, text: TextQuery, *, last: bool = False) -> ColumnElement[bool]:
    """A condition that the statement's or document's text is as ``text`` says. Any input is safe.

    ``last``: other conditions, or the order, find the rows faster. SQLite takes every search for the better way.
    """
    of = Statement if searched == "statement" else Document
    if session.get_bind().dialect.name != "sqlite":
        tsquery = _tsquery(text)
        return func.kb_words(col(of.text)).op("@@", is_comparison=True)(_asked(tsquery)) if tsquery else false()
    fts = _fts(text)
    if fts is not None:
        index = fts_table(searched)
        # A plus before a column keeps SQLite from looking it up in an index: what is found is only compared.
        column_ = literal_column(f"+{searched}.id") if last else col(of.id)
        return column_.in_(select(index.c.rowid).where(matching(index, fts)))
    match text:  # what FTS5 cannot say at once: it knows only "this and not that"
        case NotThis(of=inner):
            return not_(found(session, searched, inner, last=last))
        case AllOf(of=parts):
            return and_(*(found(session, searched, part, last=last) for part in parts))
        case AnyOf(of=parts):
            return or_(*(found(session, searched, part, last=last) for part in parts))
        case _:
            return false()


def is_common(session: Session, text: TextQuery) -> bool:
    """Whether ``text`` finds so many statements that looking up each takes longer than going through an index."""
    fts = _fts(text) if session.get_bind().dialect.name == "sqlite" else None
    if fts is None:
        return False
    index = fts_table("statement")
    number: int = session.execute(select(func.count()).select_from(index).where(matching(index, fts))).scalar_one()
    return number > COMMON


def fts_table(searched: Searched) -> Any:
    """The index of SQLite, with its hidden column ``rank``: the lower, the better."""
    return table(f"{searched}_fts", column("rowid"), column("rank"))


def matching(index: Any, asked: str) -> ColumnElement[bool]:
    """That a row of an index of SQLite matches."""
    return literal_column(index.name).op("MATCH", is_comparison=True)(asked)


Ranking = tuple[Any | None, ColumnElement[bool], ColumnElement[float]]
"""An index to join by its rowid (SQLite), the condition that a statement matches, and its rank: lower is better."""


def ranking(session: Session, text: TextQuery) -> Ranking | None:
    """How to find statements by ``text`` and how well each fits: bm25 on SQLite, ts_rank and length on PostgreSQL.

    None where ``text`` only says what is not there.
    """
    if session.get_bind().dialect.name == "sqlite":
        fts = _fts(text)
        index = fts_table("statement")
        return (index, matching(index, fts), index.c.rank) if fts else None
    asked = _tsquery(text)
    if not asked:
        return None
    words = func.kb_words(col(Statement.text))
    return None, words.op("@@", is_comparison=True)(_asked(asked)), -func.ts_rank(words, _asked(asked), 1)


def _asked(tsquery: str) -> ColumnElement[str]:
    return func.to_tsquery(_CONFIGURATION, tsquery)


def _fts(text: TextQuery) -> str | None:
    """``text`` in the language of FTS5; None where that cannot say it."""
    match text:
        case Phrase():
            variants = [f'"{words}"{"*" if prefix else ""}' for words, prefix in _variants(text)]
            return f"({' OR '.join(variants)})" if variants else None
        case AnyOf(of=parts):
            asked = [_fts(part) for part in parts]
            return f"({' OR '.join(filter(None, asked))})" if all(asked) else None
        case AllOf(of=parts):
            wanted = [_fts(part) for part in parts if not isinstance(part, NotThis)]
            unwanted = [_fts(part.of) for part in parts if isinstance(part, NotThis)]
            if not wanted or not all(wanted) or not all(unwanted):
                return None
            positive = f"({' AND '.join(filter(None, wanted))})"
            return f"({positive} NOT ({' OR '.join(filter(None, unwanted))}))" if unwanted else positive
        case _:
            return None


def _tsquery(text: TextQuery) -> str:
    """``text`` in the language of PostgreSQL; empty where it finds nothing."""
    match text:
        case Phrase():
            return " | ".join(f"({_lexemes(words, prefix=prefix)})" for words, prefix in _variants(text))
        case NotThis(of=inner):
            asked = _tsquery(inner)
            return f"!({asked})" if asked else ""
        case AllOf(of=parts) | AnyOf(of=parts):
            asked_parts = [_tsquery(part) for part in parts]
            if isinstance(text, AllOf) and not all(asked_parts):
                return ""
            return (" & " if isinstance(text, AllOf) else " | ").join(f"({part})" for part in asked_parts if part)


def _lexemes(words: str, *, prefix: bool) -> str:
    """A phrase for ``to_tsquery``, without accents, as the index has them."""
    decomposed = unicodedata.normalize("NFD", words)
    plain = "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f").split()
    return " <-> ".join(f"'{word}'" for word in plain) + (":*" if prefix else "")


def _variants(phrase: Phrase) -> list[tuple[str, bool]]:
    """The words to look for instead of ``phrase``, and whether the last goes on; none where it has no word."""
    words = _plain(phrase.words)
    if not any(map(str.isalnum, words)):
        return []
    if not phrase.prefix:
        return [(words, False)]
    longer = {
        words[:-cut] + suffix
        for cut in range(1, min(len(words) - 2, max(map(len, _SUFFIXES))))
        for suffix in _SUFFIXES
        if suffix.startswith(words[-cut:])
    }
    return [(words, True), *((word, False) for word in sorted(longer))]


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
    return [term for term in map(_plain, found) if any(map(str.isalnum, term))][:MAX_WORDS]


def _plain(words: str) -> str:
    """``words`` with spaces for everything but letters and digits."""
    return " ".join("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in clean_text(words)).split())
