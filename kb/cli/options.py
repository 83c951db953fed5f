"""Options that several commands share, each declared once.

A value that cannot be read is a ConfigError: one line, like every other error, where Typer's own would take four.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

import typer

from kb.errors import ConfigError
from kb.query import parse
from kb.query_tokens import quoted
from kb.query_values import FILTERS, read_span
from kb.types import Filters, PartialDate, PredictionStatus, StatementKind, Verdict

T = TypeVar("T")

# How many digits of a date each precision writes: "2024", "2024-12", "2024-12-03".
_PARTIAL_FORMATS = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d"}


def partial_date(text: str) -> PartialDate:
    """Check that ``text`` is a year, a month or a day in ISO 8601."""
    try:
        dt.datetime.strptime(text, _PARTIAL_FORMATS[len(text)])
    except (KeyError, ValueError) as error:
        raise ConfigError(f"{text!r} is not a date; write 2024, 2024-12 or 2024-12-03") from error
    return text


def day(text: str) -> dt.date:
    """Read a day in ISO 8601."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is not a day; write 2024-12-03") from error


def span(text: str) -> dt.timedelta:
    """Read a length of time: ``30d``, ``2w``, ``3m``, ``1y``; a month has 30 days, a year 365."""
    found = read_span(text)
    if found is None:
        raise ConfigError(f"{text!r} is not a length of time; write 30d, 2w, 3m or 1y")
    return found


def verdict(text: str) -> Verdict:
    """Check that ``text`` is a verdict."""
    known: dict[str, Verdict] = {value: value for value in get_args(Verdict)}
    if text not in known:
        raise ConfigError(f"unknown verdict {text!r}; known: {', '.join(known)}")
    return known[text]


def statement_kind(text: str) -> StatementKind:
    """Check that ``text`` is a kind of statement."""
    known: dict[str, StatementKind] = {value: value for value in get_args(StatementKind)}
    if text not in known:
        raise ConfigError(f"unknown kind {text!r}; known: {', '.join(known)}")
    return known[text]


def day_option(meaning: str, *names: str) -> Any:
    """An option that takes a day, called like its parameter unless ``names`` are given."""
    return typer.Option(*names, parser=day, metavar="DATE", help=meaning)


Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY",
        help='Words, "phrases", AND, OR, NOT, prefix*, and filters: by: about: in: kind: verdict: due: since: until: '
        "strength: quote: review: topic:.",
    ),
]
Kind = Annotated[
    list[str] | None,
    typer.Option(metavar="KIND", help="claim, prediction, commitment, opinion, question or other; several as a,b."),
]
Status = Annotated[
    PredictionStatus | None, typer.Option(metavar="STATUS", help="Predictions that are open, due, overdue or resolved.")
]
DueBefore = Annotated[dt.date | None, day_option("Predictions whose last day is before this one.")]


def query_of(words: list[str]) -> str:
    """The query that several arguments make up: a filter whose value has spaces needs no quotation marks of its own.

    The shell has taken the marks of ``by:"Clément Delangue"``; a single argument is a query as it stands.
    """
    return words[0] if len(words) == 1 else " ".join(map(_kept_together, words))


def _kept_together(word: str) -> str:
    name, colon, value = word.partition(":")
    return f"{name}:{quoted(value)}" if colon and name.lower() in FILTERS and " " in value else word


@dataclass(frozen=True, kw_only=True)
class FilterOptions:
    """The filters of every question and export."""

    by: Annotated[list[str] | None, typer.Option(metavar="SPEAKER", help="Id, name or part of a name; repeatable.")] = (
        None
    )
    about: Annotated[str | None, typer.Option(metavar="WORDS", help="What the statement is about.")] = None
    outlet: Annotated[
        list[str] | None, typer.Option("--in", metavar="OUTLET", help="Publisher or host; repeatable.")
    ] = None
    since: Annotated[str | None, typer.Option(parser=partial_date, metavar="DATE", help="Said then or later.")] = None
    until: Annotated[str | None, typer.Option(parser=partial_date, metavar="DATE", help="Said then or earlier.")] = None
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="At most so many statements.")] = None

    def filters(
        self,
        words: list[str] | None = None,
        *,
        kind: Sequence[str] | None = None,
        due_before: dt.date | None = None,
        status: PredictionStatus | None = None,
    ) -> Filters:
        """The filters in the form that the record takes, those of the query ``words`` among them.

        Raises QueryError for a query that cannot be read, or says what an option says too; ConfigError for a ``kind``
        that there is not.
        """
        given = Filters(
            by=tuple(self.by or ()),
            about=self.about,
            outlet=tuple(self.outlet or ()),
            kind=tuple(statement_kind(one.strip()) for given in kind or () for one in given.split(",")),
            since=self.since,
            until=self.until,
            due_before=due_before,
            status=status,
            limit=self.limit,
        )
        return parse(query_of(words), today=dt.datetime.now(dt.UTC).date(), base=given) if words else given


@dataclass(frozen=True, kw_only=True)
class OutputOptions:
    """How a listing is printed: a table for people, or one of three formats for programs."""

    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="Print one JSON object per line.")] = False
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header.")] = False

    @property
    def is_table(self) -> bool:
        """Whether people read it."""
        return not (self.as_json or self.as_jsonl or self.as_csv)

    def __post_init__(self) -> None:
        if self.as_json + self.as_jsonl + self.as_csv > 1:
            raise typer.BadParameter("give only one of --json, --jsonl and --csv")


def grouped(command: Callable[..., T]) -> Callable[..., T]:
    """Give ``command`` one option per field of each parameter whose type is a dataclass.

    Typer reads options from a signature and has no groups of options; this writes the signature for it.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if name != "return" and is_dataclass(hint)}
    parameters = [p.replace(annotation=hints[p.name]) for p in inspect.signature(command).parameters.values()]
    plain = [p for p in parameters if p.name not in groups]
    options = [option for group in groups.values() for option in _parameters(group)]

    def run(**values: Any) -> T:
        for name, group in groups.items():
            values[name] = group(**{field.name: values.pop(field.name) for field in fields(group)})
        return command(**values)

    run.__doc__ = command.__doc__
    run.__name__ = command.__name__
    run.__annotations__ = {p.name: p.annotation for p in (*plain, *options)}
    run.__signature__ = inspect.Signature([p.replace(kind=p.KEYWORD_ONLY) for p in (*plain, *options)])  # type: ignore[attr-defined]
    return run


def _parameters(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(f.name, inspect.Parameter.KEYWORD_ONLY, default=f.default, annotation=hints[f.name])
        for f in fields(group)
    ]
