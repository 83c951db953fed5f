"""What a wording says, reduced to what can be compared: stems, numbers, names, negation, direction. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kb.text import fold, fold_words

# Function words, auxiliaries, and the light verbs that reports exchange freely ("start to lead", "begin to lead").
_LIGHT = frozenset(
    """a about after again all also am an and any are as at be became because become becomes been before began begin
    begins begun being between big both bring brings brought but by can come comes continue could deliver delivered
    delivers did do does doing down during each even every few for from further gave get gets give given go goes
    going gone got had happen happened happens has have having he her here hers him his how i if in into is it its
    itself just large least like made major make makes making many may me might month months more most much must my
    next no nor not occur occurred occurs of off on once one only or other our out over own per quite rather really
    related same saw see seen sees shall she should since so some start started starting starts still such t take
    takes than that the their them then there these they think this those through thus to too under until up upon us
    very want was we went were what when where which while who whom whose why will with within without would year
    years yet you your""".split()
)
_NEGATION = re.compile(r"\b(?:no|not|never|nobody|nothing|none|neither|nor|cannot|without)\b|n't\b")
_LIGHT_PHRASES = re.compile(r"\b(?:takes?|taken|took|taking) place\b")
_MULTIPLIERS = dict.fromkeys(("k", "thousand"), 1e3) | dict.fromkeys(("m", "mn", "million"), 1e6)
_MULTIPLIERS |= dict.fromkeys(("b", "bn", "billion"), 1e9) | dict.fromkeys(("tn", "trillion"), 1e12)
_SMALL = dict(zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True))
_DIGITS = r"\d+(?:[, ]\d{3})+|\d+"
_NUMBER = re.compile(
    rf"(?<![\w.])({_DIGITS}|{'|'.join(_SMALL)})((?<=\d)\.\d+)?(?:[ -]?({'|'.join(_MULTIPLIERS)})\b)?(?!\w)"
)
# A capital inside a sentence, a capital inside a word, or capitals only.
_NAME = re.compile(r"(?<![.!?:\n] )(?<![\"“„«‘'(])(?<!^)\b[A-Z][\w-]+|\b\w*[a-z]\w*[A-Z]\w*|\b[A-Z]{2,}\b")


def stem(word: str) -> str:
    """What an English word's inflections and spellings share, roughly: enough to compare, not to print."""
    word = re.sub(r"ies$", "y", word).replace("iz", "is").replace("our", "or")
    word = re.sub(r"(?<=\w{3})(?:ings?|ed|es|(?<!s)s|e)$", "", word)
    return re.sub(r"([b-df-hj-np-tv-z])\1$", r"\1", word)


_RISING = frozenset(
    map(stem, "above boom climb double exceed expand gain grow higher increase more rise surge".split())
)
_FALLING = frozenset(map(stem, "below collapse decline decrease drop fall fewer halve less lose lower shrink".split()))


@dataclass(frozen=True, slots=True)
class Wording:
    """The comparable parts of one wording."""

    words: str
    """Folded words but the time phrase and a leading "that", padded with spaces so that ``in`` finds whole words."""
    informative: frozenset[str]
    """Stems of the words that carry the meaning, numbers left out."""
    numbers: frozenset[float]
    names: frozenset[str]
    """Stems of capitalised words, except where a sentence begins."""
    negated: bool
    direction: int
    """1 rising, -1 falling, 0 neither or both."""

    @property
    def size(self) -> int:
        """How much there is to compare."""
        return len(self.informative) + len(self.numbers)


@lru_cache(maxsize=4096)
def read_wording(text: str, time_phrase: str = "") -> Wording:
    """Read ``text`` without ``time_phrase``, because horizons compare as dates."""
    timeless = text.replace(time_phrase, " ") if time_phrase else text
    folded = fold(timeless)
    without_numbers = _LIGHT_PHRASES.sub(" ", _NUMBER.sub(" ", folded))
    stems = frozenset(stem(word) for word in fold_words(without_numbers))
    return Wording(
        words=f" {' '.join(fold_words(timeless)).removeprefix('that ')} ",
        informative=frozenset(stem(word) for word in fold_words(without_numbers) if word not in _LIGHT),
        numbers=frozenset(_numbers(folded)),
        names=frozenset(stem(word) for name in _NAME.findall(timeless) for word in fold_words(name)),
        negated=bool(_NEGATION.search(folded)),
        direction=bool(stems & _RISING) - bool(stems & _FALLING),
    )


def _numbers(folded: str) -> Iterator[float]:
    for digits, decimals, multiplier in _NUMBER.findall(folded):
        value = _SMALL.get(digits) or float(re.sub(r"\D", "", digits) + decimals)
        yield value * _MULTIPLIERS.get(multiplier, 1.0)
