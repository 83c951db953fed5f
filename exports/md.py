"""Markdown (CommonMark with tables and footnotes): one page per speaker, with front matter.

A stream gets all pages one after the other; ``pages`` gives them apart, for a folder or an archive.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from exports import wording
from exports.rows import in_order, links_in_order, reports_in_order
from kb.text import clean_text, fold_words
from kb.types import EvidenceRow, OutcomeRow, Relation, Report, StatementRow, TimelineEntry

CELL_WIDTH = 100
"""Characters of the words in the table at the top of a page; the words in full are below it."""

LONGEST_NAME = 80
"""Characters of a file name; every file system takes more, and paths add up."""

Links = Sequence[tuple[str, Relation, str]]

_LABELS = {"statement": "said", "due": "due", "outcome": "outcome"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&^$])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and the name of the file it goes into."""

    name: str
    text: str


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
    """Write the pages of all speakers, in order of their names."""
    ordered = in_order(entries)
    for number, page in enumerate(pages(ordered)):
        out.write((("\n" if number else "") + page.text).encode("utf-8"))
    if not ordered:
        out.write(f"# {_escaped(title)}\n\nNothing on the record matches this selection.\n".encode())
    return len(ordered)


def pages(entries: Iterable[TimelineEntry]) -> Iterator[Page]:
    """One page per speaker, in order of their names; every file name is safe and occurs once."""
    by_speaker: dict[str, list[TimelineEntry]] = defaultdict(list)
    for entry in in_order(entries):
        by_speaker[clean_text(entry.statement.speaker or wording.UNKNOWN_SPEAKER)].append(entry)
    taken: Counter[str] = Counter()
    for speaker, own in sorted(by_speaker.items()):
        stem = "-".join(fold_words(speaker))[:LONGEST_NAME].strip("_-") or "speaker"
        taken[stem] += 1
        yield Page(f"{stem}-{taken[stem]}.md" if taken[stem] > 1 else f"{stem}.md", _page(speaker, own))


def _page(speaker: str, entries: list[TimelineEntry]) -> str:
    statements = {entry.statement.fingerprint: entry.statement for entry in entries}
    links = [link for link in links_in_order(entries) if link[2] in statements]
    notes: list[str] = []
    blocks = [
        f'---\ntitle: "{_yaml(speaker)}"\nstatements: {len(statements)}\n---',
        f"# {_escaped(speaker)}",
        "\n".join(["| Date | | Statement | Outcome |", "| --- | --- | --- | --- |", *map(_table_row, entries)]),
        *(block for row in statements.values() for block in _statement(row, _chain(row, links, statements), notes)),
    ]
    if notes:
        blocks.append("\n".join(notes))
    return "\n\n".join(blocks) + "\n"


def _table_row(entry: TimelineEntry) -> str:
    statement = entry.statement
    date = wording.spoken_when(entry) or "date unknown"
    outcome = entry.outcome or statement.outcome
    verdict = wording.VERDICTS[outcome.verdict][0] if outcome else ""
    return f"| {date} | {_LABELS[entry.kind]} | {_jump(statement)} | {verdict} |"


def _chain(row: StatementRow, links: Links, statements: Mapping[str, StatementRow]) -> list[str]:
    """What ``row`` does to earlier statements of the page."""
    own = [(relation, statements[earlier]) for later, relation, earlier in links if later == row.fingerprint]
    return [f"{wording.RELATIONS[relation]}: {_jump(earlier)}" for relation, earlier in own]


def _jump(statement: StatementRow) -> str:
    return f"[{_escaped(wording.shorten(wording.quoted(statement), CELL_WIDTH))}](#{_anchor(statement)})"


def _statement(statement: StatementRow, chain: list[str], notes: list[str]) -> Iterator[str]:
    said = wording.spoken_date(statement.said_on) if statement.said_on else "Date unknown"
    yield f'<a id="{_anchor(statement)}"></a>\n\n## {said}: {statement.kind}'
    yield "\n".join(f"> {line}" if line else ">" for line in _escaped(wording.quoted(statement)).split("\n"))
    yield "\n".join(f"- {line}" for line in [*chain, *_facts(statement, notes)])


def _facts(statement: StatementRow, notes: list[str]) -> Iterator[str]:
    if strength := wording.spoken_strength(statement):
        yield f"Strength: {strength}"
    if statement.horizon:
        due = wording.spoken_due(statement.horizon) or "no date given"
        yield f"Due: {due} (“{_escaped(_one_line(statement.horizon.phrase))}”)"
    if testability := wording.spoken_testability(statement):
        yield f"Testability: {testability}"
    for outcome in statement.outcomes:
        yield _outcome(outcome, statement, notes)
    for report in reports_in_order(statement):
        yield f"Reported by {_report(report, statement)}"
    if not statement.reports:
        yield "No report"


def _outcome(outcome: OutcomeRow, statement: StatementRow, notes: list[str]) -> str:
    label, meaning = wording.VERDICTS[outcome.verdict]
    heading = "Outcome" if outcome == statement.outcome else "Earlier outcome"
    marks = "".join(_note(item, notes) for item in outcome.evidence)
    reason = f" {_escaped(_one_line(outcome.reason))}" if outcome.reason else ""
    return f"{heading}: {label}, {meaning}; known {wording.spoken_date(outcome.known_on)}.{reason}{marks}"


def _note(item: EvidenceRow, notes: list[str]) -> str:
    """Keep the footnote of an item of evidence and return its mark."""
    mark = f"[^{len(notes) + 1}]"
    date = f", {wording.spoken_date(item.date)}" if item.date else ""
    quote = f": “{_escaped(_one_line(item.quote))}”" if item.quote else ""
    notes.append(f"{mark}: {item.direction.capitalize()}: {_place(item)}{date}{quote}")
    return mark


def _report(report: Report, statement: StatementRow) -> str:
    day = wording.spoken_date(report.published_at.date()) if report.published_at else ""
    date = f", {day}" if day not in wording.outlet(report) else ""
    same = wording.same_words(report.words, statement.text)
    words = "as above" if same else _escaped(_one_line(report.words))
    return f"{_place(report)}{date}, {wording.QUOTE_KINDS[report.quote_kind]}: {words}"


def _place(item: Report | EvidenceRow) -> str:
    link = wording.web_link(item.url)
    name = _escaped(_one_line(wording.outlet(item)))
    return f"[{name}](<{re.sub('([<>])', _percent, link)}>)" if link else name


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"


def _anchor(statement: StatementRow) -> str:
    return f"s-{statement.fingerprint}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _yaml(text: str) -> str:
    return _one_line(text).replace("\\", "\\\\").replace('"', '\\"')


def _escaped(text: str) -> str:
    """``text`` so that every Markdown reader shows exactly it."""
    return _LINE_START.sub(_escape_start, _SPECIAL.sub(r"\\\1", clean_text(text)))


def _escape_start(match: re.Match[str]) -> str:
    space, mark = match[1], match[2]
    return f"{space}{mark[:-1]}\\{mark[-1]}"
