"""Partial dates, and horizons: when a prediction falls due, read from its words. Pure.

A horizon counts from the day the words were said, never from today. Its ``latest`` is the last day on which the
statement can still come true, so an ambiguous phrase takes the later reading ("by 2030" runs to the end of 2030); its
``strict_latest`` keeps the other one.
The grammar is data in ``kb.dates.rules``; this module applies it.
"""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from kb.dates.calendars import Calendar, Event, read_events
from kb.dates.partial import first_day, last_day, parse_partial, sooner
from kb.dates.periods import Edge, Period, add_months, part
from kb.dates.readers import Anchor, Groups, NeedsDate
from kb.dates.rules import PARTS, RELATIONS, RULES, Grammar, Relation, Rule, grammar
from kb.dates.tense import only_compares, tense_around
from kb.types import Horizon

__all__ = [
    "NEEDS_DATE",
    "Calendar",
    "Event",
    "find_horizon",
    "find_horizons",
    "first_day",
    "last_day",
    "parse_partial",
    "read_events",
    "sooner",
]

NEEDS_DATE = "needs-date"
"""Rule of a horizon whose phrase is relative to a day of speaking that nobody knows."""

# Letter by letter, so that offsets stay: lower case, straight apostrophes, one kind of hyphen and of space.
_PLAIN = str.maketrans(
    string.ascii_uppercase + "’‘ʼ–‑−\u00a0\u2009\u202f\t",
    string.ascii_lowercase + "'''---    ",
)
PLAIN_CALENDAR = Calendar()
"""Fiscal years are calendar years; only the bundled events."""
_ALSO_WORDS = frozenset(
    "may march jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri".split()
)
"""Months and weekdays that in lower case are more often other words ("may fall", "wed")."""
_DEADLINES = frozenset(["by", "due", "before", "until", "through"])
_RANGING = frozenset(["and", "until", "through"])
"""Relations of the second half of a range."""
_YEARS = range(1000, 9000)
"""Years with room for arithmetic on either side; beyond them ("in 900 decades") nothing is a horizon."""


def find_horizon(text: str, said_on: dt.date | None, *, calendar: Calendar = PLAIN_CALENDAR) -> Horizon | None:
    """When the statement ``text`` falls due: the first deadline, else period, else open end, else vague phrase.

    None when nothing in it points ahead of ``said_on``.
    """
    return min(find_horizons(text, said_on, calendar=calendar), key=_looseness, default=None)


def find_horizons(text: str, said_on: dt.date | None, *, calendar: Calendar = PLAIN_CALENDAR) -> list[Horizon]:
    """Every phrase of ``text`` that points ahead of ``said_on``, in text order.

    Without ``said_on`` only absolute phrases give dates; relative ones are vague with the rule "needs-date". An open
    end ("after 2027") has an ``earliest`` but no ``latest`` and counts as vague. Fiscal years are calendar years unless
    ``calendar`` says otherwise.
    """
    plain = text.translate(_PLAIN)
    rules = _rules(calendar)
    anchor = Anchor(said_on, calendar)
    phrases = [found for match in rules.phrase.finditer(plain) if (found := _read(match, text, rules, anchor))]
    horizons = (_horizon(phrase, text, plain, said_on) for phrase in _joined(phrases, plain))
    return [horizon for horizon in horizons if horizon]


@lru_cache(maxsize=8)
def _rules(calendar: Calendar) -> Grammar:
    return grammar(tuple(name.translate(_PLAIN) for name in calendar.names))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase that the grammar read; offsets include the relation."""

    start: int
    end: int
    relation: Relation | None
    parts: tuple[Edge, ...]
    rule: Rule
    groups: Groups
    period: Period | None
    """None: vague, or relative to an unknown day."""

    @property
    def names_year(self) -> bool:
        """Whether the phrase itself tells which of the many Marches or Fridays it means."""
        return any(self.groups.get(name) for name in ("year", "yy", "glued", "rel", "which", "unit"))


def _looseness(horizon: Horizon) -> int:
    """0 for a deadline, 1 for a period, 2 for an open end, 3 for a vague phrase."""
    if horizon.latest:
        return 1 if horizon.earliest else 0
    return 2 if horizon.earliest else 3


def _read(match: re.Match[str], text: str, rules: Grammar, anchor: Anchor) -> _Phrase | None:
    """What one match of the grammar says; None where it is no date after all, or one of the past."""
    plain, group = match.string, match.lastgroup or ""
    number = int(group.removeprefix("rule"))
    rule, relation = RULES[number], next((name for name in RELATIONS if match[name]), None)
    named = rules.rules[number].match(plain, match.end("parts"))
    parts = tuple(_parts(rules, match["parts"]))
    if named is None or relation == "since" or not (rule.read or rule.vague):
        return None
    if not _is_licensed(rules, rule, named, relation, parts) or _is_other_word(named, text):
        return None
    if relation is None and not parts and _is_named_thing(rule, named, text):
        return None
    try:
        period = _period(rule, named.groupdict(), parts, anchor)
    except (ValueError, OverflowError):
        return None
    if period and not (period.start.year in _YEARS and period.end.year in _YEARS):
        return None
    start, end = match.start() if relation != "and" else match.start("parts"), match.end()
    if tail := rules.tail.match(plain, end):
        relation, end = next(name for name in RELATIONS if name == tail.lastgroup), tail.end()
    return _Phrase(start, end, relation, parts, rule, named.groupdict(), period)


def _parts(rules: Grammar, words: str) -> Iterator[Edge]:
    for match in rules.parts.finditer(words):
        yield next(edge for edge in PARTS if edge.replace("-", "_") == match.lastgroup)


def _is_licensed(
    rules: Grammar, rule: Rule, named: re.Match[str], relation: Relation | None, parts: tuple[Edge, ...]
) -> bool:
    """Whether enough stands before the words to make them a date; for "... and March" the range decides later."""
    if parts or not rule.needs:
        return True
    if rule.needs == "clause":
        return relation is not None or rules.clause.search(named.string, 0, named.start()) is not None
    if rule.needs == "part" or relation is None:
        return False
    if (
        relation == "from"
        and rule.id == "year"
        and re.match(r" ?(?:to |-)", named.string[named.end() : named.end() + 4])
    ):
        return False  # "from 2030 to 3500 people"; a range of dates was read as such
    return rule.needs == "on" or relation != "on"


def _is_other_word(named: re.Match[str], text: str) -> bool:
    """Whether the month or weekday is in lower case where that makes it another word."""
    groups = named.groupdict()
    if groups.get("year"):
        return False
    names = [name for name in ("month", "weekday") if groups.get(name)]
    return any(groups[name].rstrip(".") in _ALSO_WORDS and text[named.start(name)].islower() for name in names)


def _is_named_thing(rule: Rule, named: re.Match[str], text: str) -> bool:
    """Whether a bare weekday is part of a name: "Mark Friday", "Wednesday Addams"."""
    if rule.id != "weekday" or named.groupdict().get("which"):
        return False
    before, after = text[: named.start()].rsplit(None, 1), text[named.end() :]
    first = before[-1] if before and named.start() and text[named.start() - 1] == " " else ""
    opens = not text[: named.start() - len(first)].strip() or first[-1:] in '.:;,!?”"'
    return (first[:1].isupper() and not opens) or re.match(r" [A-Z][a-z]", after) is not None


def _period(rule: Rule, groups: Groups, parts: tuple[Edge, ...], anchor: Anchor) -> Period | None:
    """The period meant; None where it is vague or needs a day of speaking. Raises ValueError for an impossible day."""
    if rule.read is None:
        return None
    try:
        period = rule.read(groups, anchor)
    except NeedsDate:
        return None
    for edge in reversed(parts):
        period = part(period, edge, anchor.said_on)
    return period


def _joined(phrases: Iterable[_Phrase], plain: str) -> list[_Phrase]:
    """The phrases, with "from March" and "to June 2026" made one, and halves of no range left out if they need one."""
    joined: list[_Phrase] = []
    for phrase in phrases:
        if joined and (together := _range(joined[-1], phrase, plain)):
            joined[-1] = together
        elif phrase.relation != "and" or phrase.parts or not phrase.rule.needs:
            joined.append(phrase)
    return [phrase for phrase in joined if not _lacks_other_end(phrase)]


def _range(first: _Phrase, second: _Phrase, plain: str) -> _Phrase | None:
    """Both phrases as one range, where a connecting word and nothing else lies between them."""
    between = plain[first.end : second.start].strip()
    connected = between in ("and", "to", "or", "-") if second.relation == "and" else between == ""
    if not connected or first.period is None or second.period is None or second.relation not in _RANGING:
        return None
    start, end = first.period.start, second.period.end
    if second.names_year and not first.names_year:  # "between March and June 2026"
        start = add_months(start, 12 * (end.year - start.year))
        start = start if start <= end else add_months(start, -12)
    elif end < start and second.names_year:  # "in March 2027 and May 2026": two periods
        return None
    elif end < start and second.rule.id == "weekday":  # "from Monday to Wednesday", said on a Tuesday
        end += dt.timedelta(days=7)
    elif end < start:  # "from December 2026 to March"
        end = add_months(end, 12 * (start.year - end.year))
        end = end if end >= start else add_months(end, 12)
    groups = {**first.groups, **second.groups}
    return replace(first, end=second.end, groups=groups, period=Period(start, end, "range"))


def _lacks_other_end(phrase: _Phrase) -> bool:
    """Whether a bare "between 2030" never found its "and": a number then, not a year."""
    is_range = phrase.period is not None and phrase.period.precision == "range"
    return phrase.relation == "between" and bool(phrase.rule.needs) and not is_range


def _horizon(phrase: _Phrase, text: str, plain: str, said_on: dt.date | None) -> Horizon | None:
    """The horizon that ``phrase`` sets; None when it lies in the past."""
    if _looks_back(phrase, plain, said_on):
        return None
    bounds = _bounds(phrase.relation, phrase.period, said_on) if phrase.period else _Bounds()
    if said_on and phrase.period and (phrase.period.end < said_on or (bounds.latest and bounds.latest < said_on)):
        return None
    # A stricter reading that was over before anything was said is none.
    strict = bounds.strict if bounds.strict and (said_on is None or bounds.strict >= said_on) else None
    names = (phrase.relation if phrase.relation != "and" else None, *phrase.parts, phrase.rule.id)
    rule = NEEDS_DATE if phrase.period is None and not phrase.rule.vague else "-".join(name for name in names if name)
    return Horizon(
        earliest=bounds.earliest,
        latest=bounds.latest,
        strict_latest=strict,
        precision=phrase.period.precision if phrase.period and bounds.latest else "vague",
        phrase=text[phrase.start : phrase.end],
        rule=rule,
        start=phrase.start,
        end=phrase.end,
    )


class _Bounds(NamedTuple):
    """First and last day on which something happens, None where that side is open; ``strict``: see Horizon."""

    earliest: dt.date | None = None
    latest: dt.date | None = None
    strict: dt.date | None = None


def _bounds(relation: Relation | None, period: Period, said_on: dt.date | None) -> _Bounds:
    """When what happens ``relation`` the period happens."""
    match relation:
        case "by":
            return _Bounds(None, period.by, period.strictly_by)
        case "due":
            return _Bounds(None, period.by)
        case "before":
            return _Bounds(None, period.before, period.strictly_before)
        case "until":
            return _Bounds(said_on, period.by, period.strictly_by)
        case "through":
            return _Bounds(said_on, period.by)
        case "after":
            return _Bounds(period.by + dt.timedelta(days=1))
        case "open":
            return _Bounds(period.start)
        case _:
            return _Bounds(period.start, period.end)


def _looks_back(phrase: _Phrase, plain: str, said_on: dt.date | None) -> bool:
    """Whether the verbs around tell of the past, asked only where the phrase itself leaves it open."""
    rule, period = phrase.rule, phrase.period
    if rule.tense == "any" or "rest" in phrase.parts:
        return False
    if rule.tense in ("span", "future") and only_compares(plain, phrase.start):
        return True
    begun = period is not None and (said_on is None or period.start <= said_on)
    if rule.tense == "auto" and phrase.names_year and not begun:
        return False
    tense = tense_around(plain, phrase.start, phrase.end)
    if rule.tense == "future":
        return tense != "future"
    # A doubtful form before a deadline is more often a participle: "all plants closed by 2030".
    return tense == "past" or (tense == "perhaps-past" and phrase.relation not in _DEADLINES)
