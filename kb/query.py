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
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.errors import QueryError
from kb.query_tokens import NOTHING, OPERATORS, Token, apart, in_marks
from kb.query_values import read_filter
from kb.types import AllOf, AnyOf, Filters, NotThis, Phrase, TextQuery

DEEPEST = 20
"""Brackets within brackets."""


def parse(query: str, *, today: dt.date, base: Filters | None = None) -> Filters:
    """``base`` narrowed by a query; ``today`` is what ``due:30d`` counts from. An empty query leaves everything in.

    Raises QueryError, which knows the place: for what is left open, a filter or value that does not exist (with the
    nearest that does), and for what both the query and ``base`` say.
    """
    given = base or Filters()
    words, filters = apart(query)
    for token in filters:
        if token.negated:
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


def spelled(text: TextQuery) -> str:
    """``text`` as a query."""
    if isinstance(text, Phrase):
        plain = text.words.isalnum() and text.words not in OPERATORS
        return f"{text.words if plain else in_marks(text.words)}{'*' if text.prefix else ''}"
    if isinstance(text, NotThis):
        return f"NOT {_bracketed(text.of)}"
    joint = " OR " if isinstance(text, AnyOf) else " "
    return joint.join(map(_bracketed, text.of))


def _bracketed(text: TextQuery) -> str:
    return f"({spelled(text)})" if isinstance(text, (AllOf, AnyOf)) else spelled(text)


@dataclass(slots=True)
class _Reader:
    """Reads the words of a query from left to right."""

    query: str
    tokens: list[Token]
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

    def _next(self) -> Token:
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
    if before in OPERATORS:
        return f'{before} needs something after it; for the word itself write "{before.lower()}"'
    if found in OPERATORS:
        return f'{found} needs something before it; for the word itself write "{found.lower()}"'
    return "the query ends where something must follow"


def _flat(node: TextQuery) -> Iterator[TextQuery]:
    if isinstance(node, AllOf):
        for part in node.of:
            yield from _flat(part)
    else:
        yield node
