"""Options that several commands share, each declared once."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, TypeVar, get_type_hints

import typer

from kb.types import Filters, PartialDate, PredictionStatus, StatementKind

T = TypeVar("T")

# How many digits of a date each precision writes: "2024", "2024-12", "2024-12-03".
_PARTIAL_FORMATS = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d"}


def partial_date(text: str) -> PartialDate:
    """Check that ``text`` is a year, a month or a day in ISO 8601."""
    try:
        dt.datetime.strptime(text, _PARTIAL_FORMATS[len(text)])
    except (KeyError, ValueError) as error:
        raise typer.BadParameter(f"{text!r} is not a date; write 2024, 2024-12 or 2024-12-03") from error
    return text


def day(text: str) -> dt.date:
    """Read a day in ISO 8601."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day; write 2024-12-03") from error


def day_option(meaning: str) -> Any:
    """An option that takes a day."""
    return typer.Option(parser=day, metavar="DATE", help=meaning)


Words = Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="Words that the statement contains.")]
Kind = Annotated[
    StatementKind | None,
    typer.Option(metavar="KIND", help="claim, prediction, commitment, opinion, question or other."),
]
Status = Annotated[
    PredictionStatus | None, typer.Option(metavar="STATUS", help="Predictions that are open, due, overdue or resolved.")
]
DueBefore = Annotated[dt.date | None, day_option("Predictions whose last day is before this one.")]


@dataclass(frozen=True, kw_only=True)
class FilterOptions:
    """The filters of every question and export."""

    by: Annotated[str | None, typer.Option(metavar="SPEAKER", help="Id, name or part of a name.")] = None
    about: Annotated[str | None, typer.Option(metavar="WORDS", help="What the statement is about.")] = None
    outlet: Annotated[str | None, typer.Option("--in", metavar="OUTLET", help="Publisher or host.")] = None
    since: Annotated[str | None, typer.Option(parser=partial_date, metavar="DATE", help="Said then or later.")] = None
    until: Annotated[str | None, typer.Option(parser=partial_date, metavar="DATE", help="Said then or earlier.")] = None
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="At most so many statements.")] = None

    def filters(
        self,
        words: list[str] | None = None,
        *,
        kind: StatementKind | None = None,
        due_before: dt.date | None = None,
        status: PredictionStatus | None = None,
    ) -> Filters:
        """The filters in the form that the record takes."""
        return Filters(
            words=" ".join(words) if words else None,
            by=self.by,
            about=self.about,
            outlet=self.outlet,
            kind=kind,
            since=self.since,
            until=self.until,
            due_before=due_before,
            status=status,
            limit=self.limit,
        )


@dataclass(frozen=True, kw_only=True)
class OutputOptions:
    """How a listing is printed: a table for people, or one of three formats for programs."""

    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="Print one JSON object per line.")] = False
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header.")] = False

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
