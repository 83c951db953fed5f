"""Whether the words around a time phrase look back or ahead: "said on Monday" against "will decide on Monday". Pure.

A glance at a few words on either side, enough to choose between last Monday and next Monday; no parser.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from typing import Literal

Tense = Literal["past", "perhaps-past", "future"]

_WINDOW = 80
"""Characters looked at on either side: a clause, and a bound on the work per phrase."""

_FUTURE = frozenset(
    """will won't shall would wouldn't could should may might must can can't cannot going gonna expect expects expected
    expecting plan plans planned planning predict predicts predicted forecast forecasts project projects projected
    anticipate anticipates anticipated intend intends intended aim aims aimed aiming hope hopes hoped hoping promise
    promises promised pledge pledges pledged vow vows vowed commit commits committed schedule scheduled slated due set
    likely poised target targets targeted propose proposes proposed upcoming takes begins starts opens launches ships
    arrives ends expires closes meets votes decides comes goes is are am isn't aren't it's we're they're""".split()
)
_PAST = frozenset(
    """said was were wasn't weren't did didn't had hadn't rose fell grew became began went came gave took saw knew
    thought shrank broke spoke chose drove wrote swore drew threw flew wore froze stole hid ate""".split()
)
# These forms are participles too ("will be held"), as are those in -ed, so they count only where no other verb does.
_PERHAPS_PAST = frozenset(
    """has have hasn't haven't been held sold built made paid told cut put sent left won lost met kept led found
    bought brought got beat hit hurt ran stood taught sought dealt felt spent struck swung split shut quit""".split()
)
_ED_BUT_NO_PAST = frozenset(
    "need feed seed deed weed shed speed breed bleed greed indeed hundred united limited exceed proceed succeed".split()
)
_HELPERS = frozenset("be been being to have having get gets getting".split())
_ARTICLES = frozenset("a an the its his her their our my this these those no more most very".split())
_PUBLISHED = frozenset(
    """report study survey interview poll note letter statement speech post article filing memo email release paper
    conference podcast blog video thread essay column""".split()
)
"""What somebody has published: "according to a report [in January], sales will fall"."""
_NEAR = 2
"""Words between which a verb and its helper, or a verb and its time, still belong together."""
_STOPS = frozenset([*".;:!?,\n…", "that", "but", "because", "while", "although"])

_COMPARING = r"(?:first|only|worst|best|most|least|highs?|lows?|times?|once|twice|record|\w{3,12}est)"


def tense_around(plain: str, start: int, end: int) -> Tense | None:
    """What the verbs nearest to ``plain[start:end]`` say, those before it first; None where there is none.

    ``plain`` is in lower case with straight apostrophes. "perhaps-past" is a form that can also be a participle.
    """
    before = _clause(reversed(_words(plain[max(0, start - _WINDOW) : start])))
    # A comma right after the phrase does not end its clause: "On Monday, the company said".
    after = _clause(_words(plain[end : end + _WINDOW].removeprefix(",")))
    if before:
        after = after[:_NEAR]
    if before[:1] and before[0] in _PUBLISHED and not any(map(_tense_of, before)):
        return "past"
    return _nearest_before(before) or next((tense for tense in map(_tense_of, after) if tense), None)


def only_compares(plain: str, start: int) -> bool:
    """Whether the phrase at ``start`` measures a comparison, whatever the tense: "the first rise [in two years]"."""
    return _comparison().search(plain[max(0, start - _WINDOW) : start]) is not None


def _clause(words: Iterable[str]) -> list[str]:
    """The words up to the first stop."""
    return list(itertools.takewhile(lambda word: word not in _STOPS, words))


def _nearest_before(words: list[str]) -> Tense | None:
    """The tense of the first of ``words`` (nearest first) that has one and is no participle: "will be held"."""
    for position, word in enumerate(words):
        tense = _tense_of(word)
        if tense and not (tense == "perhaps-past" and _is_participle(words[position + 1 : position + 1 + _NEAR])):
            return tense
    return None


def _is_participle(before: list[str]) -> bool:
    """Whether the words before (nearest first) make a doubtful form a participle: "will be held", "a planned"."""
    helped = any(word in _HELPERS or _tense_of(word) in ("past", "future") for word in before)
    return helped or (bool(before) and before[0] in _ARTICLES)


def _tense_of(word: str) -> Tense | None:
    if word in _FUTURE or word.endswith("'ll"):
        return "future"
    if word in _PAST:
        return "past"
    regular = re.fullmatch(r"\w{2,}ed", word) and word not in _ED_BUT_NO_PAST
    return "perhaps-past" if regular or word in _PERHAPS_PAST else None


def _words(text: str) -> list[str]:
    return _word().findall(text)


@functools.cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[\w'-]+|[.,](?!\d)|[;:!?\n…]")


@functools.cache
def _comparison() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_COMPARING}(?: \w{{1,20}}){{0,3}} ?$")
