"""Partial dates, and horizons: when a prediction falls due, read from its words. Pure.

A horizon counts from the day the words were said, never from today. Its ``latest`` is the last day on which the
statement can still come true, so an ambiguous phrase takes the later reading ("by 2030" runs to the end of 2030).
The grammar is data in ``kb.dates.rules``; this module applies it.
"""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kb.dates.periods import Edge, Period, add_months, last_of_month, part
from kb.dates.readers import Anchor, Groups, NeedsDate
from kb.dates.rules import PARTS, RELATIONS, RULES, Relation, Rule, grammar
from kb.dates.tense import only_compares, tense_around
from kb.errors import InputError
from kb.types import Horizon, PartialDate

NEEDS_DATE = "needs-date"
"""Rule of a horizon whose phrase is relative to a day of speaking that nobody knows."""

# Letter by letter, so that offsets stay: lower case, straight apostrophes, one kind of hyphen and of space.
_PLAIN = str.maketrans(
    string.ascii_uppercase + "’‘ʼ–‑−\u00a0\u2009\u202f\t",
    string.ascii_lowercase + "'''---    ",
)
_ALSO_WORDS = frozenset(
    "may march jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri".split()
)
"""Months and weekdays that in lower case are more often other words ("may fall", "wed")."""
_YEARS = range(1000, 9000)
"""Years with room for arithmetic on either side; beyond them ("in 900 decades") nothing is a horizon."""


# --- partial dates -----------------------------------------------------------------------------------------------


def parse_partial(text: str) -> PartialDate:
    """``text`` as a partial date; raises InputError unless it is a year, month or day of the calendar."""
    stripped = text.strip()
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", stripped):
        try:
            dt.date.fromisoformat((stripped + "-01-01")[:10])
        except ValueError:
            pass
        else:
            return stripped
    raise InputError(
        f"{text!r} is not a date: write a year, month or day of the calendar, as 2025, 2025-12, 2025-12-03"
    )


def first_day(partial: PartialDate) -> dt.date:
    """The first day that ``partial`` covers."""
    return dt.date.fromisoformat((parse_partial(partial) + "-01-01")[:10])


def last_day(partial: PartialDate) -> dt.date:
    """The last day that ``partial`` covers."""
    first = first_day(partial)
    match partial.strip().count("-"):
        case 0:
            return first.replace(month=12, day=31)
        case 1:
            return last_of_month(first)
        case _:
            return first


# --- horizons ----------------------------------------------------------------------------------------------------


def find_horizon(text: str, said_on: dt.date | None, *, fiscal_start_month: int = 1) -> Horizon | None:
    """When the statement ``text`` falls due: the first deadline, else period, else open end, else vague phrase.

    None when nothing in it points ahead of ``said_on``.
    """
    return min(find_horizons(text, said_on, fiscal_start_month=fiscal_start_month), key=_looseness, default=None)


def find_horizons(text: str, said_on: dt.date | None, *, fiscal_start_month: int = 1) -> list[Horizon]:
    """Every phrase of ``text`` that points ahead of ``said_on``, in text order.

    Without ``said_on`` only absolute phrases give dates; relative ones are vague with the rule "needs-date". An open
    end ("after 2027") has an ``earliest`` but no ``latest`` and counts as vague. Fiscal years are calendar years unless
    ``fiscal_start_month`` (1 to 12) says otherwise.
    """
    plain = text.translate(_PLAIN)
    anchor = Anchor(said_on, fiscal_start_month)
    matches = grammar().phrase.finditer(plain)
    phrases = [phrase for match in matches if (phrase := _read(match, text, plain, anchor))]
    found = (_horizon(phrase, text, plain, said_on) for phrase in _joined(phrases, plain))
    return [horizon for horizon in found if horizon]


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


def _read(match: re.Match[str], text: str, plain: str, anchor: Anchor) -> _Phrase | None:
    """What one match of the grammar says; None where it is no date after all, or one of the past."""
    group = match.lastgroup or ""
    number = int(group.removeprefix("rule"))
    rule, relation = RULES[number], next((name for name in RELATIONS if match[name]), None)
    named = grammar().rules[number].match(plain, match.start(group))
    parts = tuple(_parts(match["parts"]))
    if named is None or relation == "since" or not (rule.read or rule.vague):
        return None
    if not _is_licensed(rule, named, relation, parts) or _is_other_word(named, text):
        return None
    try:
        period = _period(rule, named.groupdict(), parts, anchor)
    except (ValueError, OverflowError):
        return None
    if period and not (period.start.year in _YEARS and period.end.year in _YEARS):
        return None
    start, end = match.start() if relation != "and" else match.start("parts"), match.end()
    if tail := grammar().tail.match(plain, end):
        relation, end = next(name for name in RELATIONS if name == tail.lastgroup), tail.end()
    return _Phrase(start, end, relation, parts, rule, named.groupdict(), period)


def _parts(words: str) -> Iterator[Edge]:
    for match in grammar().parts.finditer(words):
        yield next(edge for edge in PARTS if edge.replace("-", "_") == match.lastgroup)


def _is_licensed(rule: Rule, named: re.Match[str], relation: Relation | None, parts: tuple[Edge, ...]) -> bool:
    """Whether enough stands before the words to make them a date; for "... and March" the range decides later."""
    if parts or not rule.needs:
        return True
    if rule.needs == "part" or relation is None:
        return False
    if relation == "from" and re.match(r" ?(?:to |-)", named.string[named.end() : named.end() + 4]):
        return False  # "from 2030 to 3500 people"; a range of dates was read as such
    return rule.needs == "on" or relation != "on"


def _is_other_word(named: re.Match[str], text: str) -> bool:
    """Whether the month or weekday is in lower case where that makes it another word."""
    groups = named.groupdict()
    if groups.get("year"):
        return False
    names = [name for name in ("month", "weekday") if groups.get(name)]
    return any(groups[name].rstrip(".") in _ALSO_WORDS and text[named.start(name)].islower() for name in names)


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
    if not connected or first.period is None or second.period is None or second.relation not in ("and", "until"):
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
        end = add_months(end, 12 * (start.year - end.year + 1))
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
    earliest, latest = _bounds(phrase.relation, phrase.period, said_on) if phrase.period else (None, None)
    if said_on and phrase.period and (phrase.period.end < said_on or (latest and latest < said_on)):
        return None
    names = (phrase.relation if phrase.relation != "and" else None, *phrase.parts, phrase.rule.id)
    rule = NEEDS_DATE if phrase.period is None and not phrase.rule.vague else "-".join(name for name in names if name)
    return Horizon(
        earliest=earliest,
        latest=latest,
        precision=phrase.period.precision if phrase.period and latest else "vague",
        phrase=text[phrase.start : phrase.end],
        rule=rule,
        start=phrase.start,
        end=phrase.end,
    )


def _bounds(
    relation: Relation | None, period: Period, said_on: dt.date | None
) -> tuple[dt.date | None, dt.date | None]:
    """First and last day on which what happens ``relation`` the period happens; None where that side is open."""
    match relation:
        case "by":
            return None, period.by
        case "before":
            return None, period.before
        case "until":
            return said_on, period.by
        case "after":
            return period.by + dt.timedelta(days=1), None
        case "open":
            return period.start, None
        case _:
            return period.start, period.end


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
    return tense == "past" or (tense == "perhaps-past" and phrase.relation not in ("by", "before", "until"))
