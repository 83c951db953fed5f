"""One statement or one speaker in full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.cli.views import due, merge_line, outlet, role_line
from kb.types import OutcomeRow, Report, RoleRow, SpeakerRow, StatementRow

if TYPE_CHECKING:
    from rich.text import Text


def statement_detail(row: StatementRow, *, status: str) -> Text:
    """A statement in its context: every report, then every outcome with its evidence."""
    from rich.text import Text

    said = f"{row.speaker or 'unknown'}, {row.said_on or 'undated'}"
    lines = [Text(f"{row.id}  {said}", style="bold"), Text(f"“{row.text}”"), Text(_nature(row, status))]
    for number, report in enumerate(row.reports, start=1):
        lines += [Text(), Text(f"Report {number} of {len(row.reports)}: {_where(report)}"), _in_context(report)]
    for outcome in row.outcomes:
        lines += [Text(), *(Text(line) for line in _outcome_lines(outcome))]
    return Text("\n").join(lines)


def _nature(row: StatementRow, status: str) -> str:
    parts: list[str] = [row.kind]
    if row.strength:
        parts.append(row.strength)
    if row.p_low is not None and row.p_high is not None:
        parts.append(f"probability {row.p_low:.0%} to {row.p_high:.0%}")
    if due(row):
        phrase = f" (“{row.horizon.phrase}”)" if row.horizon else ""
        parts.append(f"due {due(row)}{phrase}")
    if status:
        parts.append(status)
    if row.review != "machine":
        parts.append(row.review)
    return ", ".join(parts)


def _where(report: Report) -> str:
    date = f"{report.published_at:%Y-%m-%d}" if report.published_at else "undated"
    title = f"“{report.title}”, " if report.title and report.title != outlet(report) else ""
    as_printed = f", as “{report.speaker_text}”" if report.speaker_text else ""
    place = f"{title}{outlet(report)}, {date} [document {report.document_id}], {report.quote_kind}{as_printed}"
    return f"{place}\n{report.url}" if report.url else place


def _in_context(report: Report) -> Text:
    from rich.text import Text

    words = f"“{report.words}”"
    if report.context.strip() in ("", report.words):
        return Text(words)
    context = Text(f"in context: {report.context}")
    shift = context.plain.index(report.context) - report.context_start
    for start, end in report.content:
        context.stylize("bold", start + shift, end + shift)
    return Text("\n").join([Text(words), context])


def _outcome_lines(outcome: OutcomeRow) -> Iterator[str]:
    reason = f": {outcome.reason}" if outcome.reason else ""
    yield f"Outcome: {outcome.verdict}, known on {outcome.known_on}, recorded by {outcome.recorded_by}{reason}"
    for evidence in outcome.evidence:
        quote = f"“{evidence.quote}” " if evidence.quote else ""
        place = evidence.url or f"document {evidence.document_id}"
        date = f" ({evidence.date})" if evidence.date else ""
        yield f"  {evidence.direction}: {quote}{place}{date}"


def speaker_detail(row: SpeakerRow) -> str:
    """A speaker with every spelling, role and merge."""
    lines = [f"{row.id}  {row.name} ({row.kind}), {row.statements} statements"]
    lines += [f"also written: {', '.join(row.aliases)}"] if row.aliases else []
    lines += [f"role: {role_line(role)}{_seen(role)}" for role in row.roles]
    lines += [merge_line(merge) for merge in row.merges]
    return "\n".join(lines)


def _seen(role: RoleRow) -> str:
    first, last = role.first_seen, role.last_seen
    period = first if first == last else f"{first or '?'} to {last or '?'}"
    return f", seen {period}" if period else ""
