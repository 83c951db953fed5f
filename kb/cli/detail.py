"""One statement or one speaker in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from exports.wording import outlet, quoted, web_host
from kb.cli.output import counted
from kb.cli.views import before_lines, due, merge_line, other_names, role_line, testability_line
from kb.recordings import clock
from kb.text import QUOTATION_MARKS
from kb.types import EvidenceRow, Horizon, OutcomeRow, PartialDate, Report, RoleRow, SpeakerRow, StatementRow

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


def statement_detail(row: StatementRow, *, status: str) -> RenderableType:
    """A statement in its context: every report, then every outcome with its evidence."""
    from rich.console import Group
    from rich.text import Text

    heading = f"{row.id}  {row.speaker or 'unknown'}, {row.said_on or 'undated'}"
    lines = [Text(heading, style="bold"), Text(quoted(row)), Text(_nature(row, status))]
    lines += map(Text, (*testability_line(row), *before_lines(row), *_thread_lines(row)))
    lines += map(Text, _copies_line(row))
    shown = {(report.document_id, report.words) for report in row.reports}
    for number, report in enumerate(row.reports, start=1):
        lines += [Text(), Text(f"Report {number} of {len(row.reports)}: {_where(report)}"), *_address(report.url)]
        lines += _heard(report)
        lines += map(Text, _standing(report))
        if (report.story, report.words) not in shown or report.story == report.document_id:
            lines += _words_in_context(report)
    for outcome in row.outcomes:
        lines += [Text(), *_outcome_lines(outcome)]
    return Group(*lines)


def _nature(row: StatementRow, status: str) -> str:
    parts: list[str] = [row.kind]
    if row.strength:
        parts.append(row.strength)
    if row.p_low is not None and row.p_high is not None:
        scale = f" ({row.p_scale})" if row.p_scale else ""
        parts.append(f"probability {row.p_low:.0%} to {row.p_high:.0%}{scale}")
    if due(row):
        parts.append(f"due {due(row)}{_due_words(row.horizon)}")
    if status:
        parts.append(status)
    if row.review != "machine":
        parts.append(row.review)
    return ", ".join(parts)


def _due_words(horizon: Horizon | None) -> str:
    """The phrase that the due date was read from, and the stricter reading where it has one."""
    if horizon is None:
        return ""
    strictly = f", strictly by {horizon.strict_latest}" if horizon.strict_latest else ""
    return f" (“{horizon.phrase}”{strictly})"


def _thread_lines(row: StatementRow) -> Iterator[str]:
    """What the speaker said of the same, before and after."""
    if row.thread:
        yield "Said of the same:"
    for saying in row.thread:
        links = {"repeats": saying.repeats, "moves the date of": saying.slips, "may contradict": saying.contradicts}
        mark = " (this one)" if saying.id == row.id else ""
        mark += "".join(f", {what} {earlier}" for what, earlier in links.items() if earlier is not None)
        yield f"  {saying.id}  {saying.said_on or 'undated'}, due {saying.latest or 'no date'}{mark}: {saying.text}"


def _copies_line(row: StatementRow) -> Iterator[str]:
    """How many of the reports are one story, printed again: ten copies of a wire story are one report."""
    copies = Counter(report.story for report in row.reports if report.story != report.document_id)
    if copies:
        told = ", ".join(
            f"{number} {'copy' if number == 1 else 'copies'} of document {i}" for i, number in copies.items()
        )
        yield f"{counted(len(row.reports), 'report')}, {row.independent} independent: {told}"


def _standing(report: Report) -> Iterator[str]:
    """What the report's document is a copy of, what to know of it, and what its later texts made of the words."""
    if report.differs:
        yield f"like document {report.copy_of}, but {'; '.join(report.differs)}"
    elif report.copy_of:
        yield f"a copy of document {report.copy_of}"
    yield from (f"note: {note}" for note in report.notes)
    if report.revision:
        yield f"added in revision {report.revision}"
    if report.gone_in:
        yield f"no longer in revision {report.gone_in}: kb changes {report.document_id}"
    elif report.last_revision > report.revision:
        yield f"still there in revision {report.last_revision}"


def _heard(report: Report) -> Iterator[Text]:
    """Where to listen: the time in the recording, and its address."""
    from rich.text import Text

    if report.at_seconds is not None:
        yield Text(f"in the recording from {clock(report.at_seconds)}")
        yield from _address(report.moment_url)


def _where(report: Report) -> str:
    as_printed = f", as “{report.speaker_text}”" if report.speaker_text else ""
    as_printed += f", speaker unknown: {report.unknown_because}" if report.unknown_because else ""
    day = f"{report.published_at:%Y-%m-%d}" if report.published_at else None
    return f"{_published(report, day)} [document {report.document_id}], {report.quote_kind}{as_printed}"


def _published(item: Report | EvidenceRow, date: PartialDate | None) -> str:
    title = f"“{item.title}”, " if item.title and item.title != outlet(item) else ""
    return f"{title}{outlet(item)}, {date or 'undated'}"


def _address(url: str | None) -> Iterator[Text]:
    """``url`` on a line of its own, which runs over the edge rather than break: it can be copied and clicked."""
    from rich.text import Text

    if url:
        yield Text(url, no_wrap=True, overflow="ignore")


def _words_in_context(report: Report) -> Iterator[Text]:
    from rich.text import Text

    yield Text(report.words if report.words[0] in QUOTATION_MARKS else f"“{report.words}”")
    if report.context.strip() in ("", report.words):
        return
    context = Text(f"in context: {report.context}")
    shift = context.plain.index(report.context) - report.context_start
    for start, end in report.content:
        context.stylize("bold", start + shift, end + shift)
    yield context


def _outcome_lines(outcome: OutcomeRow) -> Iterator[Text]:
    from rich.text import Text

    reason = f": {outcome.reason}" if outcome.reason else ""
    yield Text(f"Outcome: {outcome.verdict}, known on {outcome.known_on}, recorded by {outcome.recorded_by}{reason}")
    for evidence in outcome.evidence:
        document = f" [document {evidence.document_id}]" if evidence.document_id else ""
        yield Text(f"{evidence.direction}: {_published(evidence, evidence.date)}{document}")
        yield from _address(evidence.url)
        if evidence.quote:
            yield Text(f"“{evidence.quote}”")
        if evidence.archived_sha256:
            yield Text(f"kept as text {evidence.archived_sha256[:12]}", style="dim")


def speaker_detail(row: SpeakerRow) -> str:
    """A speaker with every spelling, role and merge."""
    watched = ", on the list of people to watch" if row.watched else ""
    lines = [f"{row.id}  {row.name} ({row.kind}), {counted(row.statements, 'statement')}{watched}"]
    lines += other_names(row)
    lines += [f"Wikidata: {row.wikidata_id}"] if row.wikidata_id else []
    lines += [f"role: {role_line(role)}{_seen(role)}\n  {_first_in(role)}" for role in row.roles]
    lines += [merge_line(merge) for merge in row.merges]
    return "\n".join(lines)


def _seen(role: RoleRow) -> str:
    first, last = role.first_seen, role.last_seen
    period = first if first == last else f"{first or '?'} to {last or '?'}"
    return f", seen {period}" if period else ""


def _first_in(role: RoleRow) -> str:
    """The document that is the evidence of a role."""
    if role.document_id is None:
        return "from a list of people to watch"
    where = role.publisher or (web_host(role.url) if role.url else None)
    title = f"“{role.document_title}”" if role.document_title and role.document_title != where else None
    published = ", ".join(filter(None, (title, where, role.first_seen or "undated")))
    return f"first in {published} [document {role.document_id}]"
