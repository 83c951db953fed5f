"""Parts of a sentence, guessed from the words around a name or pronoun: subject, object, possessor. No parser. Pure."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from functools import cache
from typing import Literal

from kb.nlp.lexicon import lexicon, plain
from kb.nlp.names import WORD, is_capital
from kb.nlp.rules import words

Position = Literal[
    "subject",
    "inner subject",
    "opener",
    "object",
    "oblique",
    "possessor",
    "joined",
    "beside a comma",
    "relative",
    "owned",
    "other",
]
"""Where a name stands. ``inner subject``: before a verb, but behind a preposition or verb ("the son of Ana said");
``opener``: first in its clause, no verb found; ``relative``: behind "his" or "her" ("his wife Ana")."""

Case = Literal["subject", "object", "possessive"]

WORDS_BEFORE = 5
"""How many words before a name are looked at for what governs it: "by film critic Ana Lim"."""

_SUBJECTS = frozenset("he she it they we i who which".split())
_OWNERS = frozenset("his its their".split())
_OBJECTS = frozenset("him her hers them".split())
_POSSESSIVE = re.compile(r"['’]s\b|['’](?=\s)")
_BRACKET = re.compile(r"\s*\([^)]*\)\s*")
_ASIDE = re.compile(r",[^,.;:!?]{1,90},\s*")
_BORDER = re.compile(r"[.!?;:\n(“\"`]")
_BREAK = re.compile(r"[,;:—–(]| -- ")
_LETTERS_OF_VERB = 3


_SHARED = {
    "verbs": ("finite", "past", "third", "intransitive"),
    "prepositions": ("prepositions",),
    "adverbs": ("adverbs",),
}
"""Lists of ``data/clauses.toml`` that are part of ours."""


@cache
def _listed(kind: str) -> frozenset[str]:
    return words("syntax", kind).union(*(words("clauses", shared) for shared in _SHARED.get(kind, ())))


class Syntax:
    """The words of a text, each known by its number in text order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts, self._ends = array("L"), array("L")  # a list of words would be twenty times as large
        for match in WORD.finditer(text):
            self._starts.append(match.start())
            self._ends.append(match.end())

    def at(self, offset: int) -> int:
        """Number of the first word that begins at or after ``offset``."""
        return bisect_left(self._starts, offset)

    def word(self, number: int) -> str:
        """The folded word; empty outside the text."""
        return plain(self._printed(number)) if 0 <= number < len(self._starts) else ""

    def _printed(self, number: int) -> str:
        return self.text[self._starts[number] : self._ends[number]]

    def before(self, offset: int) -> str:
        """The folded word that stands before ``offset``."""
        return self.word(self.at(offset) - 1)

    def is_any(self, kind: str, number: int) -> bool:
        """Whether a word is in the list ``kind``: those of ``data/syntax.toml``, and "verbs"."""
        return self.word(number) in _listed(kind)

    def count(self, kind: str, start: int, end: int) -> int:
        """How many words between two offsets are in the list ``kind``."""
        return sum(self.is_any(kind, number) for number in range(self.at(start), self.at(end)))

    def case(self, start: int, end: int) -> Case:
        """What a pronoun is in its clause; "her" is possessive before a word that it can own. Nouns are subjects."""
        word = self.text[start:end].lower()
        if word not in _OWNERS and word not in _OBJECTS:
            return "subject"
        following = self.at(end)
        owned = following < len(self._starts) and self.text[end : self._starts[following]].strip(" \"“`‘'") == ""
        owns = word not in _OBJECTS or (owned and word == "her" and not self.is_any("not_owned", following))
        return "possessive" if owns else "object"

    def speaks(self, start: int, end: int) -> bool:
        """Whether a verb of speech stands beside: "he said", "said she"."""
        beside = (self.at(end), self.at(start) - 1)
        return any(self.is_any("speaking", number) for number in beside)

    def position(self, start: int, end: int) -> Position:
        """Where a name stands in its clause."""
        if _POSSESSIVE.match(self.text, end):
            return "possessor"
        governed = self._governed(start)
        if not self._has_verb(end):
            return governed
        return "inner subject" if governed in ("oblique", "object") else "subject"

    def verbs(self, start: int, end: int) -> int:
        """How many verbs stand between two offsets, an auxiliary and its verb counted as one."""
        found, auxiliary = 0, False
        for number in range(self.at(start), self.at(end)):
            verb = self._is_verb(number) or self._is_present(number)
            found += verb and not auxiliary
            auxiliary = (verb and self.is_any("auxiliaries", number)) or (auxiliary and self._is_adverb(number))
        return found

    def is_one_clause(self, start: int, end: int) -> bool:
        """Whether neither punctuation nor a conjunction stands between two offsets that opens another clause."""
        subordinate = self.count("subordinators", start, end) + self.count("relatives", start, end)
        return subordinate == 0 and not _BREAK.search(self.text, start, end)

    def _has_verb(self, end: int) -> bool:
        """Whether the verb of a subject follows, perhaps behind brackets, an appositive or an adverb."""
        aside = _BRACKET.match(self.text, end) or _ASIDE.match(self.text, end)
        number = self.at(aside.end() if aside else end)
        if number == len(self._starts) or not (aside or self.text[end : self._starts[number]].isspace()):
            return False
        while self._is_adverb(number):
            number += 1
        verb = self._is_verb(number) or self._ends_as_present(number)
        return verb and "." not in self.text[end : self._starts[number]]

    def _governed(self, start: int) -> Position:
        """What the words before a name make of it: the nearest preposition, verb, conjunction or border."""
        end, first = start, self.at(start) - 1
        for number in range(first, max(-1, first - WORDS_BEFORE), -1):
            word = self._printed(number)
            between = self.text[self._ends[number] : end]
            abbreviated = lexicon().is_title(word) or len(word) == 1
            if _BORDER.search(between.removeprefix(".") if abbreviated else between):
                return "opener" if number == first or "(" not in between else "other"
            found = self._governor(number, between, nearest=number == first)
            if found:
                return found
            end = self._starts[number]
        return "opener" if first < WORDS_BEFORE else "other"

    def _governor(self, number: int, between: str, *, nearest: bool) -> Position | None:
        """What one word before a name makes of it; None for a word that only belongs to the name."""
        if "," in between:
            return "beside a comma"
        if between.startswith(("'s", "’s")):
            return "owned"
        kinds: tuple[tuple[str, Position], ...] = (
            ("prepositions", "oblique"),
            ("conjunctions", "joined"),
            ("subordinators", "opener"),
            ("relatives", "opener"),
            ("owners", "relative"),
        )
        found = next((position for kind, position in kinds if self.is_any(kind, number)), None)
        gerund = nearest and self.word(number).endswith("ing")
        return found or ("object" if gerund or self._is_verb(number) else None)

    def _is_verb(self, number: int) -> bool:
        word = self.word(number)
        if not word or is_capital(self._printed(number)):
            return False
        listed = self.is_any("auxiliaries", number) or self.is_any("verbs", number)
        return listed or (word.endswith("ed") and len(word) > _LETTERS_OF_VERB)

    def _ends_as_present(self, number: int) -> bool:
        """Whether a word can be a third person ("asks"); behind a subject it mostly is."""
        word = self.word(number)
        ends = word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _LETTERS_OF_VERB
        return ends and not is_capital(self._printed(number)) and not self.is_any("prepositions", number)

    def _is_present(self, number: int) -> bool:
        """Whether a word ends as a third person and stands behind what can be its subject."""
        if number == 0 or not self._ends_as_present(number):
            return False
        lead = self.word(number - 1)
        subject = is_capital(self._printed(number - 1)) or lead in _SUBJECTS or lead in ("and", "that", "then")
        return subject or self._is_adverb(number - 1)

    def _is_adverb(self, number: int) -> bool:
        return self.word(number).endswith("ly") or self.is_any("adverbs", number)
