"""Is this the same statement as one already stored? Pure.

A statement is what one speaker said once. A post, an article that quotes it and a third that paraphrases it report
one statement; saying it again a year later, or the same thing with another number, is another. The rules, first that
applies wins:

    beside      both are the speaker's own words in one document, and differ        -> two
    words       the same words, or one wording inside the other, due the same day   -> one
    paraphrase  another's report: informative words, numbers, names, direction,
                negation and due date all agree                                     -> one
    fragment    a few words inside a stored wording, and inside only one            -> one
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from kb.dates import sooner
from kb.ingest.wording import Wording, read_wording
from kb.types import Horizon, PartialDate, QuoteKind, StatementKind

REPORT_DAYS = 30
"""Reports of one saying appear within this many days of one another. The news cycle of a quotation is days (Leskovec
et al. 2009, "Meme-tracking"); a month leaves room for weeklies and year-end lists, and keeps annual forecasts apart."""
WHOLE_WORDS = 4
"""Informative words from which on a wording can stand for a statement by itself; fewer are a fragment."""
FRAGMENT_WORDS = 2
"""Fewer informative words than this ("yes", "it will") identify nothing."""
SHARED = 0.82
"""Share of the shorter wording's informative words that a paraphrase keeps. Set on tests/data/ingest/same.jsonl: at
0.80 two predictions join that differ in one word of five ("in coding", "in medicine"), at 0.84 reports are missed that
change one word of six. Joining two predictions is the worse mistake."""
SHORTER = 0.34
"""A wording much shorter than the other shares its words by chance; below this ratio only containment counts."""

_FORWARD = ("prediction", "commitment")
_VERBATIM = ("direct", "self")
_FIGURES = re.compile(r"\d+")
_NEARNESS: tuple[QuoteKind, ...] = ("indirect", "mixed", "direct", "self")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A statement as one document words it."""

    text: str
    kind: StatementKind
    quote_kind: QuoteKind
    said_on: PartialDate | None
    document_id: int
    horizon: Horizon | None = None

    @property
    def wording(self) -> Wording:
        """What ``text`` says, with the horizon's phrase left to ``horizon``."""
        return read_wording(self.text, self.horizon.phrase if self.horizon else "")


@dataclass(frozen=True, slots=True)
class Known:
    """A stored statement with every wording of it."""

    statement_id: int
    sayings: tuple[Saying, ...]


def find_same(new: Saying, known: Sequence[Known]) -> int | None:
    """The stored statement that ``new`` reports, None when it is a new one. ``known``: this speaker's statements."""
    known = [k for k in known if _can_be_one(new, k)]
    scored = ((max(likeness(new, old) for old in k.sayings), -k.statement_id) for k in known)
    score, negative_id = max(scored, default=(0.0, 0))
    if score > 0:
        return -negative_id
    holding = [k.statement_id for k in known if any(is_fragment(new, old) for old in k.sayings)]
    return holding[0] if len(holding) == 1 else None


def _can_be_one(new: Saying, known: Known) -> bool:
    near = any(within_days(new.said_on, old.said_on) for old in known.sayings)
    return near and not any(said_beside(new, old) for old in known.sayings)


def said_beside(new: Saying, old: Saying) -> bool:
    """Whether one document gives both as the speaker's own words: then both were said.

    An article may quote a part again; two items of a post are two, even where one contains the other.
    """
    own = new.quote_kind in _VERBATIM and old.quote_kind in _VERBATIM
    if not own or new.document_id != old.document_id or new.wording.words == old.wording.words:
        return False
    return new.quote_kind == old.quote_kind == "self" or not contained(new, old)


def contained(new: Saying, old: Saying) -> bool:
    """Whether the words of one stand in the other, in that order and without a gap."""
    a, b = new.wording.words, old.wording.words
    return a in b or b in a


def likeness(new: Saying, old: Saying) -> float:
    """How surely both word one statement: 2 for equal words, 1 for containment, less for a paraphrase, 0 for no."""
    a, b = new.wording, old.wording
    if not same_due(new.horizon, old.horizon):
        return 0.0
    if a.words == b.words and a.words.strip():
        return 2.0
    if min(a.size, b.size) < WHOLE_WORDS:
        return 0.0
    if contained(new, old):
        return 1.0
    if new.quote_kind == old.quote_kind == "self" or not agree(new, old):
        return 0.0  # a speaker's two posts are two sayings
    return shared(a, b) if shared(a, b) >= SHARED else 0.0


def is_fragment(new: Saying, old: Saying) -> bool:
    """A few words quoted out of the other's wording."""
    enough = min(new.wording.size, old.wording.size) >= FRAGMENT_WORDS
    return enough and contained(new, old) and same_due(new.horizon, old.horizon)


def agree(new: Saying, old: Saying) -> bool:
    """Nothing in the two wordings contradicts: time direction, numbers, names, negation, rise or fall."""
    a, b = new.wording, old.wording
    return (
        (new.kind in _FORWARD) == (old.kind in _FORWARD)
        and a.numbers == b.numbers
        and a.negated == b.negated
        and a.direction * b.direction >= 0
        and not (a.names - b.informative and b.names - a.informative)
    )


def shared(a: Wording, b: Wording) -> float:
    """Share of the shorter wording that the longer one has too; 0 where their lengths are too far apart."""
    short, long = sorted((a, b), key=lambda wording: wording.size)
    if short.size < SHORTER * long.size:
        return 0.0
    return (len(short.informative & long.informative) + len(short.numbers & long.numbers)) / short.size


def same_due(a: Horizon | None, b: Horizon | None) -> bool:
    """Whether two horizons can be one: either is unknown, both end on the same day, or in the same words.

    One without a last day ("soon", or a date that a reviewer took back) agrees with every day that its own words do not
    contradict: "in 2027" is not "in 2029", whatever was made of either.
    """
    if a is None or b is None:
        return True
    if a.latest is None or b.latest is None:
        figures = (set(_FIGURES.findall(phrase)) for phrase in (a.phrase, b.phrase))
        named = [found for found in figures if found]
        return len(named) < 2 or named[0] == named[1]
    return a.latest == b.latest or a.phrase.casefold() == b.phrase.casefold()


def within_days(a: PartialDate | None, b: PartialDate | None, days: int = REPORT_DAYS) -> bool:
    """Whether two dates are at most ``days`` apart; dates without a day contradict nothing that they leave open."""
    if a is None or b is None:
        return True
    precision = min(len(a), len(b))
    if precision < len("2024-12-03"):
        return a[:precision] == b[:precision]
    return abs((dt.date.fromisoformat(a) - dt.date.fromisoformat(b)).days) <= days


def fuller(new: Saying, old: Iterable[Saying]) -> bool:
    """Whether ``new`` shows better than every old report what was said: nearer to the speaker, then longer."""
    return all(_fullness(new) > _fullness(saying) for saying in old)


def _fullness(saying: Saying) -> tuple[int, int]:
    return _NEARNESS.index(saying.quote_kind), saying.wording.size


def said_first(sayings: Iterable[Saying]) -> PartialDate | None:
    """The earliest date among the reports: a saying is not later than its first report."""
    dates = [s.said_on for s in sayings if s.said_on]
    return reduce(sooner, dates) if dates else None
