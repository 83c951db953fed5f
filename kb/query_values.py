"""The filters of a query: what each is called, which values it takes, and what it does. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from kb.dates.partial import first_day, last_day, parse_partial
from kb.errors import InputError, QueryError
from kb.types import Filters, PartialDate, PredictionStatus, QuoteKind, Review, StatementKind, Strength, Verdict

DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
"""Days of the units of a length of time."""


TAKES_ONE = ("about", "due", "since", "until")
"""Filters of one value; the others take any number."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a filter, and the column at which it stands."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class _Given:
    """A filter as a query gives it."""

    name: str
    values: tuple[Value, ...]
    query: str
    today: dt.date
    base: Filters
    """What options say beside the query."""

    def error(self, message: str, value: Value | None = None) -> QueryError:
        """What is wrong with the filter, at the value."""
        at = (value or self.values[0]).at
        return QueryError(f"{self.name}: {message}", query=self.query, column=at)


Read = Callable[[Filters, _Given], Filters]


def read_filter(
    filters: Filters, name: str, values: tuple[Value, ...], *, query: str, today: dt.date, base: Filters | None = None
) -> Filters:
    """``filters`` narrowed by the filter ``name``, which must be one.

    Raises QueryError for an unknown value, and for what ``base`` says already.
    """
    given = _Given(name.lower(), values, query, today, base or Filters())
    for value in values:
        if not value.text:
            raise given.error("has no value; write it right behind the colon", value)
    return FILTERS[name.lower()](filters, given)


def no_filter(name: str) -> str:
    """Why nothing filters by ``name``, and what may have been meant."""
    known = ", ".join(f"{name}:" for name in FILTERS)
    near = nearest(name, FILTERS)
    return f'there is no filter {name}: {near}filters are {known}; to search for the words write "{name} ..."'


def nearest(word: str, known: Sequence[str] | dict[str, Any]) -> str:
    """ "did you mean X? ", or nothing where none is near."""
    import difflib  # only a wrong query needs it

    found = difflib.get_close_matches(word.lower(), list(known), n=1)
    return f"did you mean {found[0]}? " if found else ""


def read_span(text: str) -> dt.timedelta | None:
    """A length of time: ``30d``, ``2w``, ``3m`` (90 days), ``1y`` (365); None for anything else."""
    number, unit = text[:-1], text[-1:]
    if not (number.isascii() and number.isdigit() and len(number) <= 4 and unit in DAYS):
        return None
    return dt.timedelta(days=int(number) * DAYS[unit])


def _with(filters: Filters, field: str, value: Any) -> Filters:
    return replace(filters, **{field: value})


def _one(field: str) -> Read:
    """A filter with one value of any kind."""

    def read(filters: Filters, given: _Given) -> Filters:
        _check_new(filters, field, given)
        return _with(filters, field, ",".join(value.text for value in given.values))

    return read


def _date(field: str) -> Read:
    def read(filters: Filters, given: _Given) -> Filters:
        _check_new(filters, field, given)
        return _with(filters, field, _partial(given, _single(given)))

    return read


def _any_of(field: str, known: tuple[str, ...] = ()) -> Read:
    """A filter with any number of values, of a list unless that is empty: in one or in several, any of them will do."""

    def read(filters: Filters, given: _Given) -> Filters:
        if getattr(given.base, field):
            raise given.error("is given twice, by an option and in the query; leave one out")
        found = tuple(_known(given, value, known) if known else value.text for value in given.values)
        return _with(filters, field, tuple(dict.fromkeys((*getattr(filters, field), *found))))

    return read


def _due(filters: Filters, given: _Given) -> Filters:
    value = _single(given)
    if any((filters.status, filters.due_since, filters.due_before, filters.due_by)):
        raise given.error("stands twice; a range is written due:2026..2027-06", value)
    statuses: tuple[PredictionStatus, ...] = get_args(PredictionStatus)
    if value.text in statuses:
        return replace(filters, status=value.text)
    if (ahead := read_span(value.text)) is not None:
        try:
            return replace(filters, due_by=given.today + ahead)
        except OverflowError as error:
            raise given.error("no calendar has a day so far ahead", value) from error
    if not value.text.strip(".")[:1].isdigit():
        hint = nearest(value.text, statuses)
        raise given.error(f"takes {', '.join(statuses)}, 30d, 2027 or ..2026-06; {hint}".rstrip("; "), value)
    return _due_between(filters, given, value)


def _due_between(filters: Filters, given: _Given, value: Value) -> Filters:
    """``2027``, ``2026..2027-06``, ``..2026-06`` or ``2026..``."""
    first, dots, last = value.text.partition("..")
    last = last if dots else first
    since = first_day(_partial(given, replace(value, text=first))) if first else None
    until = last_day(_partial(given, replace(value, text=last))) if last else None
    if since and until and until < since:
        raise given.error(f"{last} is before {first}; turn them round", value)
    if until == dt.date.max:
        until = None  # nothing can be later
    return replace(filters, due_since=since, due_before=until and until + dt.timedelta(days=1))


def _single(given: _Given) -> Value:
    if len(given.values) > 1:
        raise given.error("takes one value", given.values[1])
    return given.values[0]


def _check_new(filters: Filters, field: str, given: _Given) -> None:
    if getattr(filters, field) is not None:
        raise given.error("is given twice; leave one out")


def _known(given: _Given, value: Value, known: tuple[str, ...]) -> str:
    if value.text.lower() in known:
        return value.text.lower()
    hint = nearest(value.text, known).strip()
    raise given.error(f"takes {', '.join(known)}{f'; {hint}' if hint else f', not {value.text!r}'}", value)


def _partial(given: _Given, value: Value) -> PartialDate:
    try:
        return parse_partial(value.text)
    except InputError as error:
        raise given.error(f"{value.text!r} is not a date; write 2024, 2024-12 or 2024-12-03", value) from error


FILTERS: dict[str, Read] = {
    "by": _any_of("by"),
    "about": _one("about"),
    "in": _any_of("outlet"),
    "kind": _any_of("kind", get_args(StatementKind)),
    "verdict": _any_of("verdict", get_args(Verdict)),
    "due": _due,
    "since": _date("since"),
    "until": _date("until"),
    "strength": _any_of("strength", get_args(Strength)),
    "quote": _any_of("quote", get_args(QuoteKind)),
    "review": _any_of("review", get_args(Review)),
    "topic": _any_of("topic"),
}
"""Name -> how it narrows filters."""
