"""HTML: a timeline in one file that opens without a network, works without script, prints, and reads on a phone.

The first entry of a statement shows it in full; its other entries (due date, outcomes) are one line that links there.
Whether an open prediction is due or overdue depends on the day of reading, so the page's script says it, not we.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from typing import Any, BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from exports import Tell, say_nothing, wording
from exports.rows import in_order, reports_in_order
from kb.text import clean_text
from kb.types import StatementRow, TimelineEntry

MAX_BYTES = 2_000_000
MAX_ITEMS = 2_000
"""Beyond these a phone scrolls badly and nobody reads on; the page says what it leaves out."""

FRAME_BYTES = 60_000
"""Kept free for everything but the entries: style, script, masthead, year headings (about 20 kB)."""

LINE_WIDTH = 110
"""Characters of the words in an entry of one line."""

UNDATED = "Undated"
"""Heading of the last group, where the years are the others."""

_OPEN = "open"
_RESOLVABLE = ("prediction", "commitment")


@dataclass(frozen=True, slots=True)
class _Summary:
    statements: int
    speakers: int
    predictions: int
    """Commitments included."""
    standing: list[tuple[str, int]]
    """How many of them ended in each way, or not yet; nothing that is zero."""


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str, tell: Tell = say_nothing) -> int:
    """Write the first 2,000 entries, fewer if they need more than 2 MB; the page says so when it leaves some out."""
    ordered = in_order(entries)
    environment = _environment()
    items = _items(ordered, environment)
    shown = list(zip(ordered, items, strict=False))
    by_year = groupby(shown, key=lambda pair: pair[0].date[:4] if pair[0].date else UNDATED)
    years = [(year, [item for _, item in group]) for year, group in by_year]
    page = environment.get_template("timeline.html").render(
        title=title,
        years=years,
        shown=len(items),
        total=len(ordered),
        summary=_summary(ordered),
        **_inlined(),
    )
    out.write(page.encode("utf-8"))
    if len(items) < len(ordered):
        tell(
            f"the page has the first {len(items):,} of {len(ordered):,} entries: choose a speaker, a topic or a time "
            "(--by, --about, --since); csv, json and sqlite hold everything"
        )
    return len(items)


def _items(ordered: Sequence[TimelineEntry], environment: Environment) -> list[Markup]:
    template = environment.get_template("entry.html")
    room = MAX_BYTES - FRAME_BYTES
    items: list[Markup] = []
    seen: set[str] = set()
    known = {entry.statement.fingerprint: entry.statement for entry in ordered}
    for entry in ordered[:MAX_ITEMS]:
        statement = entry.statement
        item = template.render(
            entry=entry,
            statement=statement,
            reports=reports_in_order(statement),
            full=statement.fingerprint not in seen,
            status=_status(statement),
            known=known,
        )
        room -= len(item.encode("utf-8"))
        if room < 0:
            break
        seen.add(statement.fingerprint)
        items.append(Markup(item))
    return items


def _status(statement: StatementRow) -> str | None:
    """The verdict that counts, ``open`` for a prediction or commitment without one, None for anything else."""
    if statement.outcome:
        return statement.outcome.verdict
    return _OPEN if statement.kind in _RESOLVABLE else None


def _summary(ordered: Sequence[TimelineEntry]) -> _Summary:
    statements = {entry.statement.fingerprint: entry.statement for entry in ordered}.values()
    statuses = Counter(_status(statement) for statement in statements if statement.kind in _RESOLVABLE)
    labels: dict[str, str] = {verdict: label.lower() for verdict, (label, _) in wording.VERDICTS.items()}
    labels[_OPEN] = "without an outcome"
    return _Summary(
        statements=len(statements),
        speakers=len({statement.speaker for statement in statements if statement.speaker}),
        predictions=statuses.total(),
        standing=[(label, statuses[status]) for status, label in labels.items() if statuses[status]],
    )


# --- the template's surroundings ---------------------------------------------------------------------------------


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("exports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_display,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        spoken_date=wording.spoken_date,
        spoken_due=wording.spoken_due,
        spoken_strength=wording.spoken_strength,
        spoken_testability=wording.spoken_testability,
        web_link=wording.web_link,
        web_host=wording.web_host,
        outlet=wording.outlet,
        quoted=wording.quoted,
        line=lambda statement: wording.shorten(wording.quoted(statement), LINE_WIDTH),
    )
    environment.globals.update(
        verdicts=wording.VERDICTS,
        quote_kinds=wording.QUOTE_KINDS,
        relations=wording.RELATIONS,
        unknown_speaker=wording.UNKNOWN_SPEAKER,
        same_words=wording.same_words,
    )
    return environment


def _display(value: Any) -> Any:
    """What the page prints for ``value``: text without control characters and bidirectional overrides."""
    if value is None:
        return ""
    return clean_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _inlined() -> dict[str, str]:
    """Style and script with their hashes for the content security policy: nothing else on the page can act."""
    values: dict[str, str] = {}
    for name, file in (("style", "timeline.css"), ("script", "timeline.js")):
        source = (files("exports") / "templates" / file).read_text("utf-8")
        digest = hashlib.sha256(source.encode("utf-8")).digest()
        values[name] = Markup(source)
        values[f"{name}_hash"] = f"sha256-{base64.b64encode(digest).decode('ascii')}"
    return values
