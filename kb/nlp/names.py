"""Names as strings: which words make a name, and whether two names can be one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from kb.nlp.lexicon import lexicon, nicknames, plain
from kb.text import fold

NEAR_SPELLING = 80.0
"""Least rapidfuzz ratio (0 to 100) of two spellings of a surname in one document. One letter in five: "Wimes" and
"Wines" give 80, "Delangue" and "De Lang" 86; "Clinton" and "Clifton" (86) only meet when the shorter name is never
introduced in full."""
SHORTEST_NEAR = 4
"""Letters below which a near spelling is chance ("Ham", "Kim")."""

CACHED_NAMES = 65_536
"""Names kept folded; a document has hundreds, a batch of them thousands."""

# Initials ("U.S.", "G.K."), handles, or letters joined by hyphen, apostrophe, ampersand or full stop; never "'s".
WORD = re.compile(r"(?:[^\W\d_]\.){2,}|(?<![\w.]['’])@?\w+(?:(?!['’]s\b)[-'’&./]\w+)*")

ARTICLES = frozenset(["a", "an", "the"])
PARTICLES = frozenset("al bin da das de del della den der di dos du el ibn la le st ten van von y".split())
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"])
_SMALL = ARTICLES | {"and", "at", "by", "for", "from", "in", "of", "on", "to", "with"}


class Fit(IntEnum):
    """How well a shorter name stands for a longer one; more is better."""

    NONE = 0
    NEAR = 1
    """Another spelling of the surname, or of the whole name."""
    FIRST = 2
    """The first word: a first name, or a surname that comes first ("Mr. Ban" for Ban Ki-moon)."""
    WITHIN = 3
    """Words from the middle."""
    LAST = 4
    """The last words: a surname, "Times" for New York Times."""
    SAME = 5


class Word(NamedTuple):
    """A word of a text with its offsets, without a possessive ending."""

    start: int
    end: int
    text: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter or is a handle."""
        return is_capital(self.text)


_ARTICLE = re.compile(r"(?:al|el|ul|as|ad|ar|an|at|az)-[A-Z]|[dl]['’][A-Z]")


def is_capital(word: str) -> bool:
    """Whether a word begins with a capital letter, if behind an article ("al-Sisi", "d'Arcy"), or is a handle."""
    return word[0].isupper() or word[0] == "@" or _ARTICLE.match(word) is not None


def words_of(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """The words of ``text[start:end]``."""
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        yield Word(match.start(), match.end(), match.group())


@lru_cache(maxsize=CACHED_NAMES)
def parts(name: str) -> tuple[str, ...]:
    """The folded words of a name without full stops, possessive, leading article and "Jr."."""
    found = [key for word in words_of(re.sub(r"['’]s\b", "", name)) if (key := plain(word.text))]
    if len(found) > 1 and found[0] in ARTICLES:
        del found[0]
    while len(found) > 1 and found[-1] in _SUFFIXES:
        del found[-1]
    return tuple(found)


@lru_cache(maxsize=CACHED_NAMES)
def joined(name: str) -> str:
    """The folded letters of a name without spaces and hyphens: "De Lang" and "Delang" are equal."""
    return re.sub(r"[\W_]", "", fold(name))


def person_fit(short: str, full: str) -> Fit:
    """How well ``short`` can be another way to write the person ``full``."""
    a, b = parts(short), parts(full)
    if a == b or joined(short) == joined(full):
        return Fit.SAME
    if len(a) > 1 and len(b) > 1 and _first_names_agree(a[0], b[0]):
        if a[-1] == b[-1]:
            return Fit.SAME
        if near(a[-1], b[-1]) and a[0] == b[0]:
            return Fit.NEAR
    fit = _place_within(a, b)
    return fit if fit or not _near_surname(a, b) else Fit.NEAR


def organisation_fit(short: str, full: str) -> Fit:
    """How well ``short`` can be another way to write the organisation ``full``."""
    a, b = _without_form(parts(short)), _without_form(parts(full))
    if a == b or is_acronym(short, full):
        return Fit.SAME
    return _place_within(a, b)


def is_acronym(short: str, full: str) -> bool:
    """Whether ``short`` is made of the first letters of ``full``: IMF, AROS, F.B.I., U.N."""
    letters = parts(short)
    capital = re.sub(r"\W", "", short).isupper()
    return capital and len(letters) == 1 and len(letters[0]) > 1 and letters[0] in _initials(full)


def keys(name: str) -> set[str]:
    """Strings of which two names share one whenever they fit, near spellings of a surname apart."""
    return {*parts(name), joined(name), *_initials(name)}


def near_keys(name: str) -> set[str]:
    """Strings of which a lone surname shares one with every longer name whose surname it may misspell."""
    words = parts(name)
    return {words[-1][0], "".join(words[-2:])[0]} if words else set()


def near(a: str, b: str) -> bool:
    """Whether two folded surnames are near spellings of one another."""
    a, b = joined(a), joined(b)
    return min(len(a), len(b)) >= SHORTEST_NEAR and a[0] == b[0] and fuzz.ratio(a, b) >= NEAR_SPELLING


def fullness(words: tuple[str, ...]) -> tuple[int, int]:
    """Orders the ``parts`` of names: a given name and a surname ("Clement Delange") are more than a particle and a
    surname ("De Lang")."""
    return sum(word not in PARTICLES for word in words), len(words)


def has_legal_form(words: tuple[str, ...]) -> bool:
    """Whether the ``parts`` of a name end in "Inc", "plc" and the like."""
    return len(words) > 1 and words[-1] in lexicon().legal_forms


def is_first_name(word: str) -> bool:
    """Whether ``word`` is a first name of the nickname list; False says nothing."""
    return plain(word) in nicknames()


def _initials(name: str) -> set[str]:
    words = [w for w in re.split(r"[\s-]+", fold(name)) if w]
    if len(words) < 2:
        return set()
    return {"".join(w[0] for w in words), "".join(w[0] for w in words if w not in _SMALL)}


def _without_form(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:-1] if has_legal_form(words) else words


def _place_within(a: tuple[str, ...], b: tuple[str, ...]) -> Fit:
    if not a or len(a) >= len(b):
        return Fit.NONE
    if b[-len(a) :] == a:
        return Fit.LAST
    if b[: len(a)] == a:
        return Fit.FIRST
    inner = any(b[i : i + len(a)] == a for i in range(1, len(b) - len(a)))
    return Fit.WITHIN if inner and a[0] not in PARTICLES | _SMALL else Fit.NONE


def _first_names_agree(a: str, b: str) -> bool:
    initial = min(len(a), len(b)) == 1 and a[0] == b[0]
    return a == b or initial or b in nicknames().get(a, ())


def _near_surname(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """A lone surname, perhaps with a particle ("De Lang"), against the end of a full name."""
    alone = len(a) == 1 or (len(a) == 2 and a[0] in PARTICLES)
    return alone and len(b) > 1 and (near("".join(a), b[-1]) or near("".join(a), "".join(b[-2:])))
