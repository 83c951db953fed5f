"""kb extract: what the pipeline finds in a text, without a database."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.options import day
from kb.cli.output import Bar, console, counted, json_line, progress_bar
from kb.cli.session import session
from kb.errors import InputError
from kb.text import clean_text, sha256, words_at
from kb.types import Attribution, DocumentData, Horizon, Quantity, RawDocument, Role, StatedPart, StatementData

if TYPE_CHECKING:
    from rich.table import Table

STANDARD_INPUT = "-"


def extract(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE|-", help="Text files in UTF-8; - reads standard input.")],
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="Print one JSON object per input.")] = False,
    said_on: Annotated[
        dt.date | None,
        typer.Option(parser=day, metavar="DATE", help="The day that phrases such as next year count from."),
    ] = None,
) -> None:
    """Print what is found in plain text; nothing is stored.

    Offsets count Unicode code points of the text exactly as it was read.

    Example: kb extract article.txt --jsonl --said-on 2024-12-03
    """
    from kb.nlp import load_extractor

    settings = session(context).settings
    with progress_bar("extracting") as bar:
        bar.announce(len(files))
        reader = Reader(settings.max_bytes, said_on=said_on, bar=bar)
        for document, attributions in load_extractor(settings).pipe(reader.read(files)):
            if as_jsonl:
                sys.stdout.writelines(json_pieces(document, attributions))
                sys.stdout.flush()
            else:
                _print_table(document, attributions)
            bar.advance()
    if reader.failed:
        raise typer.Exit(1)


class Reader:
    """Reads inputs one by one; one that cannot be read is reported on stderr and counted, and the rest go on."""

    def __init__(self, max_bytes: int, *, said_on: dt.date | None, bar: Bar) -> None:
        self.failed = 0
        self._max_bytes = max_bytes
        self._said_on = said_on
        self._bar = bar

    def read(self, names: Iterable[str]) -> Iterator[DocumentData]:
        """The inputs that can be read, as documents whose text is exactly what was read."""
        for name in names:
            try:
                text = decode(read_bytes(name, self._max_bytes), name)
            except InputError as error:
                self.failed += 1
                self._bar.complain(f"failed: {error}")
                self._bar.advance()
            else:
                yield document_of(name, text, self._said_on)


def read_bytes(name: str, max_bytes: int) -> bytes:
    """The bytes of a file, or of standard input for ``-``. Raises InputError."""
    try:
        if name == STANDARD_INPUT:
            data = sys.stdin.buffer.read(max_bytes + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{name}: cannot be read: {reason}; give a text file") from error
    if len(data) > max_bytes:
        raise InputError(f"{name}: larger than {max_bytes:,} bytes; split it, or raise max_bytes in the settings file")
    return data


def decode(data: bytes, name: str) -> str:
    """``data`` as text, line ends untouched. Raises InputError for anything that is not UTF-8 text."""
    if (position := data.find(b"\0")) >= 0:
        raise InputError(f"{name}: not text: NUL byte at offset {position}; convert it to plain text first")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8: invalid byte at offset {error.start}; convert it to UTF-8") from error


def document_of(name: str, text: str, said_on: dt.date | None) -> DocumentData:
    """A document of kind ``file`` that is not cleaned, so that offsets fit the input."""
    published = dt.datetime.combine(said_on, dt.time(), dt.UTC) if said_on else None
    raw = RawDocument(
        external_id=name,
        kind="file",
        text=text,
        published_at=published,
        published_precision="day" if published else "unknown",
    )
    return DocumentData(raw=raw, text=text, text_sha256=sha256(text))


def extraction(document: DocumentData, attributions: Sequence[Attribution]) -> dict[str, Any]:
    """The object that ``kb extract --jsonl`` prints for one input."""
    return {
        "file": document.raw.external_id,
        "text_sha256": document.text_sha256,
        "attributions": [_attribution(a) for a in attributions],
    }


def json_pieces(document: DocumentData, attributions: Iterable[Attribution]) -> Iterator[str]:
    """The same on one line, piece by piece: a text of megabytes has tens of thousands of attributions."""
    yield json_line(extraction(document, ())).removesuffix("]}")
    for number, attribution in enumerate(attributions):
        yield ", " * (number > 0) + json_line(_attribution(attribution))
    yield "]}\n"


def _attribution(attribution: Attribution) -> dict[str, Any]:
    speaker = attribution.speaker
    return {
        "source": attribution.source,
        "cue": attribution.cue,
        "content": attribution.content,
        "quote_kind": attribution.quote_kind,
        "speaker": speaker.name if speaker else None,
        "speaker_kind": speaker.kind if speaker else None,
        "role": role_words(speaker.role) if speaker and speaker.role else None,
        "unknown_because": attribution.unknown_because,
        **_statement(attribution.statement),
        "confidence": round(attribution.confidence, 4),
        **({"said_on": attribution.said_on} if attribution.said_on else {}),
        **({"parts": [_part(part) for part in attribution.parts]} if attribution.parts else {}),
    }


def _part(part: StatedPart) -> dict[str, Any]:
    return {"content": part.content, **_statement(part.statement)}


def _statement(statement: StatementData) -> dict[str, Any]:
    return {
        "kind": statement.kind,
        "strength": statement.strength,
        "p_low": statement.p_low,
        "p_high": statement.p_high,
        "horizon": _horizon(statement.horizon) if statement.horizon else None,
        "quantity": _quantity(statement.quantity) if statement.quantity else None,
    }


def role_words(role: Role) -> str:
    """A role as people write it: "chief executive of Hugging Face"."""
    return " of ".join(part for part in (role.title, role.organisation) if part)


def _horizon(horizon: Horizon) -> dict[str, Any]:
    keys = ("earliest", "latest", "precision", "phrase", "rule", "strict_latest")
    return {key: getattr(horizon, key) for key in keys}


def _quantity(quantity: Quantity) -> dict[str, Any]:
    rendered = {"comparator": quantity.comparator, "value": number(quantity.value), "unit": quantity.unit}
    return rendered if quantity.high is None else {**rendered, "high": number(quantity.high)}


def number(value: float) -> float | int:
    """``value`` without a decimal point where it has no fraction."""
    return int(value) if value.is_integer() else value


def _print_table(document: DocumentData, attributions: Sequence[Attribution]) -> None:
    out = console()
    out.print(f"{document.raw.external_id}: {counted(len(attributions), 'statement')}", soft_wrap=True)
    if attributions:
        out.print(_table(document.text, attributions))


def _table(text: str, attributions: Sequence[Attribution]) -> Table:
    from kb.cli.views import new_table

    table = new_table("speaker", "kind", "words", "due", "confidence")
    for found in attributions:
        horizon = found.statement.horizon
        # The text is as read: control characters in it must not reach the terminal.
        table.add_row(
            clean_text(_speaker(found)),
            f"{found.statement.kind}\n{found.quote_kind}",
            " ".join(clean_text(words_at(text, found.content)).split()),
            str(horizon.latest or "no date") if horizon else "",
            f"{found.confidence:.2f}",
        )
    return table


def _speaker(found: Attribution) -> str:
    if found.speaker:
        return found.speaker.name
    return f"unknown: {found.unknown_because}" if found.unknown_because else "unknown"
