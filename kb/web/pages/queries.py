"""Queries as text: taken apart where they are wrong, narrowed and widened by one filter. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.errors import NotFoundError, QueryError
from kb.query_tokens import quoted

_FILTER = re.compile(r'(?<!\S)(?:(?:NOT\s+|-)?[a-z]+:(?:"[^"]*"|\S)+)')
_BY = re.compile(r'(?<!\S)by:(?:"[^"]*"|\S)+')
_SUGGESTED = re.compile(r"did you mean (?P<quote>['\"])(?P<name>.+)(?P=quote)\?$")
_QUOTED = re.compile(r'["“„«][^"”“»]*["”“»]')


@dataclass(frozen=True, slots=True)
class Place:
    """A wrong query, taken apart where it goes wrong."""

    hint: str
    before: str
    at: str
    after: str


def place_of(error: QueryError) -> Place:
    """The place, with at least one character to mark."""
    at = min(error.column, len(error.query))
    hint = str(error).partition(": ")[2]
    return Place(hint, error.query[:at], error.query[at : at + 1] or "␣", error.query[at + 1 :])


def parts(query: str) -> list[str]:
    """Filters and what stands between them, in order."""
    found, at = [], 0
    for match in _FILTER.finditer(query):
        found += [query[at : match.start()].strip(), match[0]]
        at = match.end()
    return [part for part in [*found, query[at:].strip()] if part]


def is_filter(part: str) -> bool:
    """Whether a part is a filter; the others are words."""
    return _FILTER.fullmatch(part) is not None


def has_words(query: str) -> bool:
    """Whether a query asks for words."""
    return not all(map(is_filter, parts(query)))


def with_filter(query: str, added: str) -> str:
    """``query`` narrowed by filters, which take the place of others of these names; words with OR get brackets."""
    names = {part.partition(":")[0] for part in parts(added)}
    kept = [part for part in parts(query) if not is_filter(part) or part.partition(":")[0] not in names]
    return " ".join([*(part if is_filter(part) else _bracketed(part) for part in kept), added])


def without_filter(query: str, left_out: str) -> str:
    """``query`` without a filter, or several with spaces between them."""
    leaving = set(parts(left_out))
    return " ".join(part for part in parts(query) if part not in leaving)


def meant(error: NotFoundError, query: str) -> tuple[str, str] | None:
    """The name that the message suggests for one that nobody has, and the query that asks for it."""
    name, by = _SUGGESTED.search(str(error)), _BY.search(query)
    if not name or not by:
        return None
    return name["name"], f"{query[: by.start()]}by:{quoted(name['name'])}{query[by.end() :]}"


def _bracketed(words: str) -> str:
    """``words`` in brackets where OR would else reach over what follows them."""
    depth, either = 0, False
    for token in re.findall(r"[()]|\bOR\b", _QUOTED.sub(" ", words)):
        depth += {"(": 1, ")": -1}.get(token, 0)
        either = either or (token == "OR" and depth == 0)
    return f"({words})" if either else words
