"""Queries as text: taken apart where they are wrong, narrowed and widened by filters and their values. Pure.

Every function but ``place_of`` raises QueryError for a query that cannot be read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from kb.errors import NotFoundError, QueryError
from kb.query_tokens import Token, apart, quoted
from kb.text import fold


@dataclass(frozen=True, slots=True)
class Place:
    """A wrong query, taken apart where it goes wrong."""

    hint: str
    before: str
    at: str
    after: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a query."""

    name: str
    values: tuple[str, ...]
    negated: bool = False
    """Whether it leaves out what passes it."""

    def __str__(self) -> str:
        """As a query has it."""
        return f"{'-' if self.negated else ''}{self.name}:{','.join(map(quoted, self.values))}"


def place_of(error: QueryError) -> Place:
    """The place, with at least one character to mark."""
    at = min(error.column, len(error.query))
    hint = str(error).partition(": ")[2]
    return Place(hint, error.query[:at], error.query[at : at + 1] or "␣", error.query[at + 1 :])


def filters_of(query: str) -> list[Filter]:
    """The filters of a query, in order."""
    return [
        Filter(token.name.lower(), tuple(value.text for value in token.values), token.negated)
        for token in apart(query)[1]
    ]


def has_words(query: str) -> bool:
    """Whether a query asks for words; not where it cannot be read."""
    try:
        return bool(apart(query)[0])
    except QueryError:
        return False


def values_of(query: str, name: str) -> list[str]:
    """The values of a filter, any of which will do."""
    return [value for one in filters_of(query) if _lets_in(one, name) for value in one.values]


def with_filter(query: str, added: str) -> str:
    """``query`` with filters in the place of others of these names; words with OR get brackets."""
    new = filters_of(added)
    names = {one.name for one in new}
    kept = (one for one in filters_of(query) if one.negated or one.name not in names)
    return _joined(query, [*kept, *new])


def without_filter(query: str, left_out: str) -> str:
    """``query`` without a filter, or several with spaces between them."""
    leaving = filters_of(left_out)
    return _joined(query, (one for one in filters_of(query) if one not in leaving))


def with_value(query: str, name: str, value: str) -> str:
    """``query`` widened by one more value of a filter that has some, else narrowed by the filter."""
    filters = filters_of(query)
    at = next((at for at, one in enumerate(filters) if _lets_in(one, name)), None)
    if at is None:
        return _joined(query, [*filters, Filter(name, (value,))])
    filters[at] = replace(filters[at], values=(*filters[at].values, value))
    return _joined(query, filters)


def without_values(query: str, name: str, values: Collection[str]) -> str:
    """``query`` without some values of a filter, and without the filter where those were all."""
    leaving = set(map(fold, values))
    kept = []
    for one in filters_of(query):
        left = tuple(value for value in one.values if not _lets_in(one, name) or fold(value) not in leaving)
        kept += [replace(one, values=left)] if left else []
    return _joined(query, kept)


def meant(error: NotFoundError, query: str) -> tuple[str, str] | None:
    """The name that is suggested for one that nobody has, and the query with it in that one's place; None without."""
    suggested = error.suggested
    if suggested is None:
        return None
    filters = [
        replace(
            one, values=tuple(suggested if one.name == "by" and value == error.name else value for value in one.values)
        )
        for one in filters_of(query)
    ]
    return suggested, _joined(query, filters)


def _lets_in(one: Filter, name: str) -> bool:
    return one.name == name and not one.negated


def _joined(query: str, filters: Iterable[Filter]) -> str:
    """The words of a query, and other filters."""
    words, others = apart(query)[0], list(map(str, filters))
    written = _written(words, query)
    return " ".join([f"({written})" if others and _has_either(words) else written, *others]).strip()


def _written(words: Iterable[Token], query: str) -> str:
    """What words, operators and brackets stand there, with a space where something stood between two."""
    written, end = "", 0
    for token in words:
        written += (" " if written and token.at > end else "") + query[token.at : token.end]
        end = token.end
    return written


def _has_either(words: Iterable[Token]) -> bool:
    """Whether an OR stands outside brackets: who reads on would take what follows for a part of it."""
    depth = 0
    for token in words:
        depth += {"(": 1, ")": -1}.get(token.kind, 0)
        if token.kind == "OR" and not depth:
            return True
    return False
