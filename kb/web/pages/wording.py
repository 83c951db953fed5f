"""How things read on a page, besides what ``exports.wording`` says of them. Pure."""

from __future__ import annotations

import datetime as dt
import re
from typing import get_args

from kb.types import PartialDate, PredictionStatus, StatementKind, Verdict

KINDS: dict[StatementKind, str] = {
    "claim": "Claim",
    "prediction": "Prediction",
    "commitment": "Commitment",
    "opinion": "Opinion",
    "question": "Question",
    "other": "Other",
}
STATUSES: dict[PredictionStatus, str] = {
    "overdue": "Overdue",
    "due": "Due soon",
    "open": "Open",
    "resolved": "Resolved",
}
"""In the order of the board."""

VERDICT_ORDER = get_args(Verdict)

# What could make a text read other than it is written, or hide a part of it: controls, directional overrides and
# isolates, tags, and what stands for nothing (CVE-2021-42574). Joiners stay: emoji are made with them.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


def visible(value: object) -> object:
    """``value`` with hidden characters spelled out, ``⟦U+202E⟧``; what is no plain text stays as it is."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return _HIDDEN.sub(lambda match: f"⟦U+{ord(match[0]):04X}⟧", value)


def counted(number: int, one: str, many: str = "") -> str:
    """``1 report``, ``2 reports``, ``12,345 stories``."""
    return f"{number:,}\N{NO-BREAK SPACE}{one if number == 1 else many or f'{one}s'}"


def moment(when: dt.datetime | None) -> str:
    """``3 Dec 2024, 14:05 UTC``; "never" for None."""
    return f"{when.day} {when:%b %Y, %H:%M} UTC" if when else "never"


def ago(when: dt.datetime | None, now: dt.datetime) -> str:
    """``3 hours ago``, ``in 5 minutes``; "never" for None."""
    if when is None:
        return "never"
    seconds = (now - when).total_seconds()
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if abs(seconds) >= length:
            told = counted(int(abs(seconds) // length), unit)
            return f"{told} ago" if seconds > 0 else f"in {told}"
    return "just now" if seconds >= 0 else "in a moment"


def percent(share: float) -> str:
    """``67 %``."""
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


def length(span: dt.timedelta | None) -> str:
    """``every 2 hours``; nothing for None."""
    if span is None:
        return ""
    hours = span.total_seconds() / 3600
    if hours >= 36:
        return f"every {counted(round(hours / 24), 'day')}"
    return f"every {counted(round(hours), 'hour')}" if hours >= 1.5 else f"every {counted(round(hours * 60), 'minute')}"


def month(period: PartialDate) -> str:
    """``Mar 25``."""
    return f"{dt.date.fromisoformat(f'{period}-01'):%b %y}"
