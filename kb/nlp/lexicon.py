"""The word lists of speakers: titles, role nouns, nouns for organisations, groups and documents, nicknames.

Everything is folded as ``kb.text.fold`` does, without full stops, and read once, on first use.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from kb.nlp.rules import rules
from kb.text import fold

ROLE_ENDINGS = ("ologist", "woman", "person")
"""Endings that make a role noun of a word no list has; "man" would take in "German" and "Roman"."""

_PLURALS = (("s", ""), ("es", ""), ("ies", "y"), ("men", "man"))
"""Endings of plurals, and what the singular has there."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists of ``data/speakers.toml`` as sets."""

    courtesy: frozenset[str]
    abbreviated: dict[str, str]
    male: frozenset[str]
    female: frozenset[str]
    roles: frozenset[str]
    modifiers: frozenset[str]
    same_role: tuple[frozenset[str], ...]
    anybody: frozenset[str]
    corporate: tuple[str, ...]
    same: frozenset[str]
    other: frozenset[str]
    organisations: frozenset[str]
    general: frozenset[str]
    places: frozenset[str]
    legal_forms: frozenset[str]
    groups: frozenset[str]
    quantifiers: frozenset[str]
    documents: frozenset[str]
    apart: frozenset[str]

    def is_title(self, word: str) -> bool:
        """Whether ``word`` can stand before a person's name as a title: "Mr.", "Sen.", "President"."""
        key = plain(word)
        return key in self.courtesy or key in self.abbreviated or self.is_role(word)

    def is_role(self, word: str) -> bool:
        """Whether ``word`` names what one person does: "director", "spokeswoman", "CEO"."""
        key = plain(word)
        return key.split("-")[-1] in self.roles or key in self.roles or key.endswith(ROLE_ENDINGS)

    def is_one(self, word: str) -> bool:
        """Whether ``word`` is a noun for one person or one organisation: "man", "company"."""
        return self.is_role(word) or plain(word) in self.organisations

    def is_plural(self, word: str) -> bool:
        """Whether ``word`` is more than one person or organisation: "analysts", "officials", "people", "firms"."""
        one = (stem in self.roles or stem in self.organisations for stem in _singulars(word))
        return plain(word) in self.groups or any(one)

    def is_document(self, word: str) -> bool:
        """Whether ``word`` is something written, recorded or counted: "report", "polls"."""
        return plain(word) in self.documents or any(stem in self.documents for stem in _singulars(word))

    def is_speaking(self, word: str) -> bool:
        """Whether ``word`` can be the head of a source: people, an organisation, a document; "some", "everyone"."""
        return self.is_one(word) or self.is_plural(word) or self.is_document(word) or plain(word) in self.quantifiers

    def is_common(self, word: str) -> bool:
        """Whether ``word`` is a noun of any list, so that a capital at the start of a sentence means nothing."""
        key = plain(word)
        return key in self.organisations or self.is_role(key) or self.is_plural(key) or self.is_document(key)

    def is_corporate(self, title: str) -> bool:
        """Whether only a company or the like gives this title: "CEO", "co-founder and chief executive"."""
        padded = f" {plain(title)} "
        return any(f" {words} " in padded for words in self.corporate)

    def roles_of(self, word: str) -> frozenset[str]:
        """The role nouns that mean what ``word`` means, itself included; abbreviations written out."""
        key = plain(word)
        words = frozenset({key, *self.abbreviated.get(key, "").split()[-1:]})
        return words.union(*(group for group in self.same_role if group & words))

    def gender_of(self, word: str) -> str | None:
        """ "m" or "f" where the word itself shows it."""
        key = plain(word)
        return "m" if key in self.male else "f" if key in self.female else None


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """``word`` as the lists have it."""
    return fold(word).replace(".", "")


def _singulars(word: str) -> list[str]:
    """What ``word`` may be the plural of."""
    key = plain(word)
    return [key.removesuffix(ending) + singular for ending, singular in _PLURALS if key.endswith(ending)]


@cache
def lexicon() -> Lexicon:
    """The word lists."""
    data = rules("speakers")
    titles, roles, organisations = data["titles"], data["roles"], data["organisations"]
    return Lexicon(
        courtesy=frozenset(titles["courtesy"]),
        abbreviated=titles["abbreviated"],
        male=frozenset(roles["male"]),
        female=frozenset(roles["female"]),
        roles=frozenset(roles["male"] + roles["female"] + roles["neutral"]) - frozenset(titles["courtesy"]),
        modifiers=frozenset(roles["modifiers"]),
        same_role=tuple(frozenset(group) for group in roles["same"]),
        anybody=frozenset(roles["anybody"]),
        corporate=tuple(roles["corporate"]),
        same=frozenset(data["pointers"]["same"]),
        other=frozenset(data["pointers"]["other"]),
        organisations=frozenset(organisations["nouns"] + organisations["general"]),
        general=frozenset(organisations["general"]),
        places=frozenset(organisations["places"]),
        legal_forms=frozenset(organisations["forms"]),
        groups=frozenset(data["groups"]["nouns"]),
        quantifiers=frozenset(data["groups"]["quantifiers"]),
        documents=frozenset(data["documents"]["nouns"]),
        apart=frozenset(data["documents"]["apart"]),
    )


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """For each folded first name the names that the same person may go by; symmetric."""
    pairs: dict[str, set[str]] = {}
    data = json.loads(files("kb.nlp").joinpath("data", "nicknames.json").read_text(encoding="utf-8"))
    for name, others in data["pairs"].items():
        for other in others:
            pairs.setdefault(name, set()).add(other)
            pairs.setdefault(other, set()).add(name)
    return {name: frozenset(others) for name, others in pairs.items()}
