"""How dates, due dates, verdicts and links read to people: one wording for every format that people read."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from urllib.parse import urlsplit

from kb.testable import TESTED, testability
from kb.text import OPENING, QUOTATION_MARKS, STRAIGHT, fold_words
from kb.types import (
    STATED,
    EvidenceRow,
    Horizon,
    PartialDate,
    QuoteKind,
    Relation,
    Report,
    StatementRow,
    TimelineEntry,
    Verdict,
)

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
UNKNOWN_SPEAKER = "Unknown speaker"

VERDICTS: dict[Verdict, tuple[str, str]] = {
    "true": ("True", "it came true"),
    "mostly": ("Mostly true", "it came true in the main"),
    "late": ("Late", "it came true after the due date"),
    "false": ("False", "it did not come true"),
    "unclear": ("Unclear", "the evidence does not settle it"),
    "void": ("Void", "the question fell away"),
    "unverifiable": ("Unverifiable", "nobody could tell"),
}
"""Verdict -> (label, what it means)."""

RELATIONS: dict[Relation, str] = {
    "repeats": "Repeats",
    "slips": "Moves to a later date",
    "contradicts": "Contradicts",
}
"""What a statement does to an earlier one."""

QUOTE_KINDS: dict[QuoteKind, str] = {
    "direct": "quoted",
    "indirect": "paraphrased",
    "mixed": "partly quoted",
    "self": "own words",
}

_WIDE = ("year", "decade")
_EXACT = ("day", "week")
_OPENING = tuple(OPENING + STRAIGHT)
_MARKS = tuple(QUOTATION_MARKS)
_OWN = ("direct", "self")


def spoken_date(date: PartialDate | dt.date) -> str:
    """``3 December 2024``, ``December 2024`` or ``2024``: as precise as the date itself."""
    year, *rest = str(date)[:10].split("-")
    month = [MONTHS[int(rest[0]) - 1]] if rest else []
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    return " ".join([*day, *month, year])


def spoken_due(horizon: Horizon) -> str | None:
    """``by the end of 2025``, ``by the end of June 2025``, ``by 7 June 2025``, ``on 7 June 2025``; None when undated.

    Names the last day on which the statement can come true, at the precision of the phrase.
    """
    date = due_date(horizon)
    if date is None:
        return None
    if horizon.earliest == horizon.latest:
        return f"on {spoken_date(date)}"
    return f"by {spoken_date(date)}" if len(date) == len("2025-12-31") else f"by the end of {spoken_date(date)}"


def due_date(horizon: Horizon) -> PartialDate | None:
    """``2025`` for a year that ends with December, ``2025-06`` for a period that ends with a month, else the last day.

    None when undated.
    """
    latest = horizon.latest
    if latest is None:
        return None
    if horizon.earliest == latest or horizon.precision in _EXACT:
        return latest.isoformat()
    if horizon.precision in _WIDE and (latest.month, latest.day) == (12, 31):
        return latest.isoformat()[:4]
    month_ends = latest.day == monthrange(latest.year, latest.month)[1]
    return latest.isoformat()[:7] if month_ends else latest.isoformat()


def spoken_strength(statement: StatementRow) -> str | None:
    """``likely, 55–80 % (ICD 203)``; either part alone where only one is known. A stated number is of no scale."""
    low, high = statement.p_low, statement.p_high
    if low is None or high is None:
        return statement.strength
    percent = f"{low * 100:.0f}" if low == high else f"{low * 100:.0f}–{high * 100:.0f}"
    scale = f" ({statement.p_scale})" if statement.p_scale not in (None, STATED) else ""
    return ", ".join([*([statement.strength] if statement.strength else []), f"{percent}\N{NO-BREAK SPACE}%{scale}"])


def spoken_testability(statement: StatementRow) -> str | None:
    """``0.5: no date, no number``: how well it can be told if it came true, and what is missing for that.

    None for what foretells nothing.
    """
    if statement.kind not in TESTED:
        return None
    found = testability(statement)
    return ": ".join(filter(None, (f"{found.score:.1f}", ", ".join(found.reasons))))


def spoken_when(entry: TimelineEntry) -> str | None:
    """The date of an entry: a due date as its phrase has it; None where nobody knows."""
    horizon = entry.statement.horizon
    due = spoken_due(horizon) if entry.kind == "due" and horizon else None
    return due or (spoken_date(entry.date) if entry.date else None)


def reported(report: Report) -> str:
    """Who reported it, and when: ``The Harbour Times, 3 December 2024``; a day that its title tells is not repeated."""
    who, day = outlet(report), spoken_date(report.published_at.date()) if report.published_at else ""
    return who if day in who else f"{who}, {day}"


def quoted(statement: StatementRow) -> str:
    """The statement's words, in quotation marks only where a document prints these very words as the speaker's own."""
    text, words = statement.text, _unquoted(statement.text)
    own = any(report.quote_kind in _OWN and same_words(report.words, text) for report in statement.reports)
    return f"“{words}”" if own and not words.startswith(_OPENING) else text


def same_words(words: str, other: str) -> bool:
    """Whether the two differ at most in case, white space and punctuation."""
    return fold_words(words) == fold_words(other)


def outlet(published: Report | EvidenceRow) -> str:
    """Who published it: the publisher, else the host of its address, else its title."""
    host = web_host(published.url) if published.url else None
    return published.publisher or host or published.title or "Untitled document"


def shorten(text: str, width: int) -> str:
    """``text`` on one line, cut at a word to at most ``width`` characters, the ellipsis included."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    cut = line[: width - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.") + "…"


def web_link(url: str | None) -> str | None:
    """``url`` if a reader can follow it safely: http or https with a host and no white space; else None."""
    return url if url and web_host(url) and len(url.split()) == 1 and url.isprintable() else None


def web_host(url: str) -> str | None:
    """The host of a web address without ``www.``; None for anything that is not http or https."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host and parts.scheme in ("http", "https") else None


def _unquoted(text: str) -> str:
    """``text`` without the pair of quotation marks around it, and the comma that English prints before the last."""
    inner = text[1:-1]
    paired = text.startswith(_OPENING) and text[1:].endswith(_MARKS) and not set(inner) & set(_MARKS)
    return inner.rstrip(", ") if paired else text
