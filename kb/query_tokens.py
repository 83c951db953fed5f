"""What a query consists of: words, operators and filters, each with its place. Pure; ``kb.query`` reads on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.errors import QueryError
from kb.query_values import FILTERS, Value, no_filter
from kb.types import Phrase, TextQuery

MOST_WORDS = 64
"""Words and phrases in a query; FTS5 refuses expressions deeper than 256, and nobody writes so many."""

NOTHING = Phrase("")
"""Found nowhere: what a query of nothing but punctuation asks for."""

OPERATORS = ("AND", "OR", "NOT")

_OPENS, _CLOSES = '"“„«', '"”“»'
_FILTER = re.compile(r"(?P<name>[A-Za-z]+)(?P<colon>:)(?!//)(?P<value>[^\s:)])?")
_MINUS = re.compile(rf"-(?=[\w({_OPENS}{_CLOSES}])")
_BARE = re.compile(rf"[^\s(){_OPENS}{_CLOSES}]+")
_VALUE = re.compile(rf"[^\s,(){_OPENS}{_CLOSES}]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or phrase, an operator, a bracket or a filter; it stands at ``query[at:end]``."""

    kind: str
    """``AND``, ``OR``, ``NOT``, ``(``, ``)``, ``text``, ``filter``, or ``nothing`` for punctuation."""
    at: int
    end: int = 0
    text: TextQuery = NOTHING
    name: str = ""
    """Of a filter, as it is written."""
    values: tuple[Value, ...] = ()
    negated: bool = False
    """Whether a filter leaves out what passes it."""


def apart(query: str) -> tuple[list[Token], list[Token]]:
    """The words of a query with what joins them, and its filters; a NOT before a filter and an AND beside it are its.

    Raises QueryError for what is left open, for a filter that there is not, and for one in brackets or beside OR.
    """
    tokens = list(_tokens(query))
    meant = _joined([token for token in tokens if token.kind != "nothing"])
    if not meant:
        return tokens[:1], []
    words: list[Token] = []
    filters: list[Token] = []
    depth = 0
    for token, after in zip(meant, [*meant[1:], None], strict=True):
        depth += {"(": 1, ")": -1}.get(token.kind, 0)
        joins_filter = token.kind == "AND" and filters and not words and after
        if token.kind != "filter" and not joins_filter:
            words.append(token)
        if token.kind != "filter":
            continue
        negated = bool(words) and words[-1].kind == "NOT"
        if negated:
            words.pop()
        before = words[-1].kind if words else ""
        if depth or "OR" in (before, after.kind if after else ""):
            raise QueryError(
                f"{token.name}: holds for the whole query, so it cannot stand in brackets or beside OR; "
                f"put it at the end, several values as {token.name}:a,b",
                query=query,
                column=token.at,
            )
        if before == "AND":
            words.pop()
        filters.append(replace(token, negated=negated))
    return words, filters


def quoted(value: str) -> str:
    """``value`` as a filter takes it: in quotation marks where it must be."""
    return value if _VALUE.fullmatch(value) else in_marks(value)


def in_marks(words: str) -> str:
    """``words`` as a phrase; quotation marks within become apostrophes."""
    plain = "".join("'" if c in _OPENS + _CLOSES else c for c in words)
    return f'"{plain}"'


def _tokens(query: str) -> Iterator[Token]:
    at = words = 0
    while at < len(query):
        token, at = _token(query, at)
        words += token is not None and token.kind == "text"
        if words > MOST_WORDS:
            raise QueryError(f"more than {MOST_WORDS} words: leave some out", query=query, column=at - 1)
        if token is not None:
            yield replace(token, end=at)


def _token(query: str, at: int) -> tuple[Token | None, int]:
    """The token that begins at ``at``, None for white space and punctuation, and where the next one begins."""
    char = query[at]
    if char in "()":
        return Token(char, at), at + 1
    if char in _OPENS + _CLOSES:
        words, end = _quotation(query, at)
        return _phrase(query, at, words, end)
    if _MINUS.match(query, at):
        return Token("NOT", at), at + 1
    named = _FILTER.match(query, at)
    if named and (named["value"] or named["name"].lower() in FILTERS):
        if named["name"].lower() not in FILTERS:
            raise QueryError(no_filter(named["name"]), query=query, column=at)
        values, end = _values(query, named.end("colon"))
        return Token("filter", at, name=named["name"], values=values), end
    bare = _BARE.match(query, at)
    if bare is None:
        return None, at + 1
    if bare[0] in OPERATORS:
        return Token(bare[0], at), bare.end()
    word = bare[0].rstrip("*")
    return _phrase(query, at, word, at + len(word))


def _phrase(query: str, at: int, words: str, end: int) -> tuple[Token | None, int]:
    prefix = query[end : end + 1] == "*"
    while query[end : end + 1] == "*":
        end += 1
    if not any(map(str.isalnum, words)):
        return (Token("nothing", at) if words.strip() else None), max(end, at + 1)
    return Token("text", at, text=Phrase(words, prefix)), end


def _quotation(query: str, at: int) -> tuple[str, int]:
    """The words between two quotation marks, and where what follows begins."""
    closing = re.compile(f"[{_CLOSES}]").search(query, at + 1)
    if closing is None:
        raise QueryError("the quotation mark is never closed: add another one", query=query, column=at)
    return query[at + 1 : closing.start()], closing.end()


def _values(query: str, at: int) -> tuple[tuple[Value, ...], int]:
    values: list[Value] = []
    while True:
        if query[at : at + 1] in (*_OPENS, *_CLOSES):
            text, end = _quotation(query, at)
        else:
            bare = _VALUE.match(query, at)
            text, end = (bare[0], bare.end()) if bare else ("", at)
        values.append(Value(text.strip(), at))
        if query[end : end + 1] != ",":
            return tuple(values), end
        at = end + 1


def _joined(tokens: list[Token]) -> list[Token]:
    """``tokens`` with ``kind:a OR kind:b`` as ``kind:a,b``."""
    joined: list[Token] = []
    for token in tokens:
        if token.kind == "filter" and [one.kind for one in joined[-2:]] == ["filter", "OR"]:
            before = joined[-2]
            plain = [one.kind for one in joined[-3:-2]] != ["NOT"]
            if plain and before.name.lower() == token.name.lower():
                joined[-2:] = [replace(before, values=before.values + token.values, end=token.end)]
                continue
        joined.append(token)
    return joined
