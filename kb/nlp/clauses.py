"""Whether words hold a main clause, told without a tagger from closed classes and common verb forms. Pure.

Clauses are counted: every finite verb makes one, and every "who", "that" or "because" takes one away again, since the
verb that it brings is its own. What is left are main clauses: "the firm that won" has none, "the firm that won is
small" has one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from itertools import zip_longest

from kb.nlp.rules import words

_QUOTATION_MARK = re.compile(r"[“”„«»\"]|''")
_TOKEN = re.compile(r"'(?:ll|re|ve|d|m|s)\b|[^\W_]+(?:[.'-][^\W_]+)*|[^\w\s]", re.IGNORECASE)
_CONTRACTION = re.compile(r"(?<=\w)(?='(?:ll|re|ve|d|m|s)\b)", re.IGNORECASE)

# Marks and joining words before the first word of a clause.
_OPENING = re.compile(r"^(?:\W+|(?:and|but|or)\b)+", re.IGNORECASE)

# Adverbs that can stand between a subject and its verb; the bound keeps counting linear.
MAX_ADVERBS = 3


# Places behind the last token that can be looked at, as can be those before the first one.
_BEYOND = 8


@cache
def _listed(*keys: str) -> frozenset[str]:
    return frozenset().union(*(words("clauses", key) for key in keys))


@lru_cache(maxsize=1024)  # several components ask for those of a content
def holds_clause(text: str) -> bool:
    """Whether ``text`` holds a main clause; a "that" or "which" that opens it introduces the clause."""
    return bool(Clauses(text).main)


def _tokens(text: str) -> list[str]:
    """Words and marks but quotation marks, without an "and" that opens them; "we'll" is two."""
    plain = _OPENING.sub("", _QUOTATION_MARK.sub(" ", text.replace("’", "'")))
    return _TOKEN.findall(_CONTRACTION.sub(" ", plain))


class Clauses:
    """The finite verbs of a text, by the positions of their words."""

    def __init__(self, text: str) -> None:
        found = _tokens(text)
        # Empty ones at the end are what any place before the first or behind the last token holds.
        self._tokens = [token.lower() for token in found] + [""] * _BEYOND
        self._capitals = [token[0].isupper() for token in found]
        self.verbs: list[int] = []
        """Of verbs joined by "and" only the first."""
        for at in range(len(found)):
            if self._is_finite(at):
                self.verbs.append(at)

    @property
    def main(self) -> set[int]:
        """The verbs that no subordinating word takes: each takes the first one between itself and the next."""
        openers = [at for at in range(len(self._capitals)) if self._opens_subordinate(at)]
        taken = {self._taken(at, stop) for at, stop in zip_longest(openers, openers[1:], fillvalue=len(self._capitals))}
        return set(self.verbs) - taken

    def _taken(self, opener: int, stop: int) -> int | None:
        at = bisect_left(self.verbs, opener)
        if at == len(self.verbs) or self.verbs[at] >= stop:
            return None
        conjoins = self._in(opener, "conjunctions", "linkers")
        return None if conjoins and "," in self._tokens[opener : self.verbs[at]] else self.verbs[at]

    def _in(self, at: int, *keys: str) -> bool:
        return self._tokens[at] in _listed(*keys)

    def _before(self, at: int) -> int:
        """The token before, a few adverbs passed over."""
        for before in range(at - 1, at - 2 - MAX_ADVERBS, -1):
            if before <= 0 or not (self._in(before, "adverbs") or self._tokens[before].endswith("ly")):
                break
        return before

    def _is_finite(self, at: int) -> bool:
        before = self._before(at)
        if self.verbs and self._in(before, "joins"):
            return False
        if self._in(at, "finite", "contracted"):
            return True
        if self._tokens[at] == "'s":
            return self._in(at - 1, "is_after")
        if self._in(at, "auxiliaries"):
            return self._is_auxiliary(at, before)
        return self._tokens[at].isalpha() and not self._is_function_word(at) and self._is_lexical(at, before)

    def _is_auxiliary(self, at: int, before: int) -> bool:
        if self._tokens[at] == "may" and (self._in(before, "prepositions") or self._tokens[at + 1].isdigit()):
            return False  # the month
        helped = self._tokens[before] == "to" or self._in(before, "auxiliaries", "contracted", "finite")
        return not helped and not self._in(before, "articles")

    def _is_function_word(self, at: int) -> bool:
        return self._in(at, "determiners", "prepositions", "joins", "adverbs", "relatives", "subjects", "not_verbs")

    def _is_lexical(self, at: int, before: int) -> bool:
        if self._in(before, "subjects"):
            return True
        if self._in(before, "either"):
            return self._in(at, "third", "base") or self._is_past(at) or self._is_after_it(at, before)
        if self._in(at, "base") and self._is_plural(before):
            return True
        if self._is_past(at):
            return self._is_past_of(at, before)
        return self._tokens[at].endswith("s") and self._is_noun(before) and self._is_third(at)

    def _is_after_it(self, at: int, before: int) -> bool:
        return (
            self._tokens[before] == "it" and self._tokens[at].endswith("s") and not self._in(before - 1, "prepositions")
        )

    def _is_third(self, at: int) -> bool:
        """Whether a form in -s after a noun is a verb: by itself, or by what follows."""
        followed = self._in(at + 1, "objects")
        if self._in(at, "third"):
            return followed or not self._in(at, "plurals")
        return followed and self._tokens[at + 1] not in {"to", "that"}

    def _is_past(self, at: int) -> bool:
        return self._in(at, "past") or (self._tokens[at].endswith("ed") and not self._in(at, "not_past"))

    def _is_past_of(self, at: int, before: int) -> bool:
        """Whether a past form is a verb whose subject ends at ``before``, not a participle ("the plan made in May")."""
        if self._in(at + 1, "objects"):
            return before < 0 or self._is_noun(before) or self._tokens[before] == ","
        if self._in(at, "intransitive") and self._tokens[at + 1] != "by":
            return self._is_noun(before)
        return before >= 0 and self._capitals[before] and self._is_noun(before) and not self._in(at + 1, "prepositions")

    def _is_noun(self, at: int) -> bool:
        if not self._tokens[at][:1].isalpha():
            return self._tokens[at] == ")"
        verbal = self._in(at, "finite", "auxiliaries", "third", "past") and not self._in(at, "plurals")
        return not verbal and not self._is_function_word(at) and not self._tokens[at].endswith(("ing", "ed"))

    def _is_plural(self, at: int) -> bool:
        return (
            self._tokens[at].endswith("s") and not self._tokens[at].endswith(("ss", "us", "'s")) and self._is_noun(at)
        )

    def _opens_subordinate(self, at: int) -> bool:
        if self._tokens[at + 1] == "to":
            return False  # "how to", "whether to"
        if self._in(at, "conjunctions", "linkers") and self._tokens[at + 1].endswith(("ed", "ing")):
            return False  # "when asked"
        if self._in(at, "questions", "conjunctions"):
            return True
        if at > 0 and self._tokens[at] == "that":
            return not self._is_demonstrative(at)
        return at > 0 and (self._in(at, "relatives", "linkers") or self._is_contact(at))

    def _is_contact(self, at: int) -> bool:
        """Whether a pronoun opens a relative clause without "that": "the people we met"."""
        opens = self._in(at, "subjects") and self._is_noun(at - 1) and not self._in(at - 1, "times")
        return opens and self._in(0, "determiners") and (not self.verbs or self.verbs[0] >= at)

    def _is_demonstrative(self, at: int) -> bool:
        """Whether a "that" points ("at that time", "and that is")."""
        if self._in(at - 1, "prepositions") or not self._tokens[at + 1][:1].isalnum():
            return True
        return not self._is_noun(at - 1) and at + 1 in self.verbs
