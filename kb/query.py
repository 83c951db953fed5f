"""The query language: words, "phrases", AND, OR, NOT, brackets, prefix* and filters such as ``by:Delangue``. Pure.

    query   = either
    either  = both { OR both }
    both    = part { [AND] part }
    part    = [NOT | -] ( "(" either ")" | "phrase"[*] | word[*] | filter )     a filter outside brackets only
    filter  = name ":" value { "," value }            a value may stand in quotation marks

Filters hold for the whole query wherever they stand, but not in brackets or beside OR; NOT before one leaves out what
passes it. Of several values any one will do, also where the filter stands again: ``kind:claim,opinion``,
``kind:claim kind:opinion`` and ``kind:claim OR kind:opinion`` are the same.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.errors import QueryError
from kb.query_values import FILTERS, Value, no_filter, read_filter
from kb.types import AllOf, AnyOf, Filters, NotThis, Phrase, TextQuery

MOST_WORDS = 64
"""Words and phrases in a query; FTS5 refuses expressions deeper than 256, and nobody writes so many."""
DEEPEST = 20
"""Brackets within brackets."""

NOTHING = Phrase("")
"""Found nowhere: what a query of nothing but punctuation asks for."""

_OPENS, _CLOSES = '"“„«', '"”“»'
_FILTER = re.compile(r"(?P<name>[A-Za-z]+)(?P<colon>:)(?!//)(?P<value>[^\s:)])?")
_MINUS = re.compile(rf"-(?=[\w({_OPENS}{_CLOSES}])")
_BARE = re.compile(rf"[^\s(){_OPENS}{_CLOSES}]+")
_VALUE = re.compile(rf"[^\s,(){_OPENS}{_CLOSES}]+")
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """``AND``, ``OR``, ``NOT``, ``(``, ``)``, ``text``, ``filter``, or ``nothing`` for punctuation."""
    at: int
    text: TextQuery = NOTHING
    name: str = ""
    values: tuple[Value, ...] = ()


def parse(query: str, *, today: dt.date, base: Filters | None = None) -> Filters:
    """``base`` narrowed by a query; ``today`` is what ``due:30d`` counts from. An empty query leaves everything in.

    Raises QueryError, which knows the place: for what is left open, a filter or value that does not exist (with the
    nearest that does), and for what both the query and ``base`` say.
    """
    given = base or Filters()
    words, filters = _apart(list(_tokens(query)), query)
    for token, negated in filters:
        if negated:
            out = read_filter(Filters(), token.name, token.values, query=query, today=today)
            given = replace(given, without=(*given.without, out))
        else:
            given = read_filter(given, token.name, token.values, query=query, today=today, base=base)
    parts = [given.text] if given.text else []
    if words:
        parts += _flat(_Reader(query, words).whole())
    if not parts:
        return given
    return replace(given, text=parts[0] if len(parts) == 1 else AllOf(tuple(parts)))


def quoted(value: str) -> str:
    """``value`` as a filter takes it: in quotation marks where it must be."""
    return value if _VALUE.fullmatch(value) else _in_marks(value)


def _in_marks(words: str) -> str:
    plain = "".join("'" if c in _OPENS + _CLOSES else c for c in words)
    return f'"{plain}"'


def spelled(text: TextQuery) -> str:
    """``text`` as a query."""
    if isinstance(text, Phrase):
        plain = text.words.isalnum() and text.words not in _OPERATORS
        return f"{text.words if plain else _in_marks(text.words)}{'*' if text.prefix else ''}"
    if isinstance(text, NotThis):
        return f"NOT {_bracketed(text.of)}"
    joint = " OR " if isinstance(text, AnyOf) else " "
    return joint.join(map(_bracketed, text.of))


def _bracketed(text: TextQuery) -> str:
    return f"({spelled(text)})" if isinstance(text, (AllOf, AnyOf)) else spelled(text)


# --- tokens ------------------------------------------------------------------------------------------------------


def _tokens(query: str) -> Iterator[_Token]:
    at = words = 0
    while at < len(query):
        token, at = _token(query, at)
        words += token is not None and token.kind == "text"
        if words > MOST_WORDS:
            raise QueryError(f"more than {MOST_WORDS} words: leave some out", query=query, column=at - 1)
        if token is not None:
            yield token


def _token(query: str, at: int) -> tuple[_Token | None, int]:
    """The token that begins at ``at``, None for white space and punctuation, and where the next one begins."""
    char = query[at]
    if char in "()":
        return _Token(char, at), at + 1
    if char in _OPENS + _CLOSES:
        words, end = _quotation(query, at)
        return _phrase(query, at, words, end)
    if _MINUS.match(query, at):
        return _Token("NOT", at), at + 1
    named = _FILTER.match(query, at)
    if named and (named["value"] or named["name"].lower() in FILTERS):
        if named["name"].lower() not in FILTERS:
            raise QueryError(no_filter(named["name"]), query=query, column=at)
        values, end = _values(query, named.end("colon"))
        return _Token("filter", at, name=named["name"], values=values), end
    bare = _BARE.match(query, at)
    if bare is None:
        return None, at + 1
    if bare[0] in _OPERATORS:
        return _Token(bare[0], at), bare.end()
    word = bare[0].rstrip("*")
    return _phrase(query, at, word, at + len(word))


def _phrase(query: str, at: int, words: str, end: int) -> tuple[_Token | None, int]:
    prefix = query[end : end + 1] == "*"
    while query[end : end + 1] == "*":
        end += 1
    if not any(map(str.isalnum, words)):
        return (_Token("nothing", at) if words.strip() else None), max(end, at + 1)
    return _Token("text", at, Phrase(words, prefix)), end


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


# --- structure ---------------------------------------------------------------------------------------------------


def _apart(tokens: list[_Token], query: str) -> tuple[list[_Token], list[tuple[_Token, bool]]]:
    """The words of a query, and its filters with whether NOT stands before each; an AND beside one goes with it."""
    meant = _joined([token for token in tokens if token.kind != "nothing"])
    if not meant:
        return tokens[:1], []
    words: list[_Token] = []
    filters: list[tuple[_Token, bool]] = []
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
        filters.append((token, negated))
    return words, filters


def _joined(tokens: list[_Token]) -> list[_Token]:
    """``tokens`` with ``kind:a OR kind:b`` as ``kind:a,b``."""
    joined: list[_Token] = []
    for token in tokens:
        if token.kind == "filter" and [one.kind for one in joined[-2:]] == ["filter", "OR"]:
            before = joined[-2]
            plain = [one.kind for one in joined[-3:-2]] != ["NOT"]
            if plain and before.name.lower() == token.name.lower():
                joined[-2:] = [replace(before, values=before.values + token.values)]
                continue
        joined.append(token)
    return joined


@dataclass(slots=True)
class _Reader:
    """Reads the words of a query from left to right."""

    query: str
    tokens: list[_Token]
    at: int = 0
    depth: int = 0

    def whole(self) -> TextQuery:
        """All of it."""
        if self.tokens[0].kind == "nothing":
            return NOTHING
        found = self._either()
        if self.at < len(self.tokens):
            raise self._error("this bracket closes nothing: leave it out, or open one before")
        return found

    def _either(self) -> TextQuery:
        parts = [self._both()]
        while self._takes("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _both(self) -> TextQuery:
        parts = [self._part()]
        while self._takes("AND") or self._kind() not in (None, "OR", ")"):
            parts.append(self._part())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _part(self) -> TextQuery:
        if self._takes("NOT"):
            return NotThis(self._part())
        if self._takes("("):
            return self._bracket()
        return self._next().text

    def _bracket(self) -> TextQuery:
        opened = self.tokens[self.at - 1]
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError(f"more than {DEEPEST} brackets within brackets", query=self.query, column=opened.at)
        node = self._either()
        if not self._takes(")"):
            raise QueryError("the bracket is never closed: add a )", query=self.query, column=opened.at)
        self.depth -= 1
        return node

    def _next(self) -> _Token:
        kind = self._kind()
        if kind != "text":
            raise self._error(_expected(self.tokens[self.at - 1].kind if self.at else "", kind))
        self.at += 1
        return self.tokens[self.at - 1]

    def _kind(self) -> str | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def _takes(self, kind: str) -> bool:
        taken = self._kind() == kind
        self.at += taken
        return taken

    def _error(self, message: str) -> QueryError:
        column = self.tokens[self.at].at if self.at < len(self.tokens) else len(self.query.rstrip())
        return QueryError(message, query=self.query, column=column)


def _expected(before: str, found: str | None) -> str:
    if found == ")" and before == "(":
        return "nothing stands between the brackets: leave them out"
    if before in _OPERATORS:
        return f'{before} needs something after it; for the word itself write "{before.lower()}"'
    if found in _OPERATORS:
        return f'{found} needs something before it; for the word itself write "{found.lower()}"'
    return "the query ends where something must follow"


def _flat(node: TextQuery) -> Iterator[TextQuery]:
    if isinstance(node, AllOf):
        for part in node.of:
            yield from _flat(part)
    else:
        yield node
