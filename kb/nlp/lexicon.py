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
    organisations: frozenset[str]
    general: frozenset[str]
    places: frozenset[str]
    legal_forms: frozenset[str]
    groups: frozenset[str]
    quantifiers: frozenset[str]
    documents: frozenset[str]

    def is_title(self, word: str) -> bool:
        """Whether ``word`` can stand before a person's name as a title: "Mr.", "Sen.", "President"."""
        key = plain(word)
        return key in self.courtesy or key in self.abbreviated or self.is_role(word)

    def is_role(self, word: str) -> bool:
        """Whether ``word`` names what one person does: "director", "spokeswoman", "CEO"."""
        key = plain(word)
        return key.split("-")[-1] in self.roles or key in self.roles or key.endswith(ROLE_ENDINGS)

    def is_plural(self, word: str) -> bool:
        """Whether ``word`` is more than one person: "analysts", "officials", "people"."""
        return plain(word) in self.groups or self.singular(word) is not None

    def singular(self, word: str) -> str | None:
        """The role noun that ``word`` is the plural of, None when it is not one."""
        key = plain(word)
        stems = (key.removesuffix("s"), key.removesuffix("es"), key[:-3] + "y", key[:-3] + "man")
        return next((s for s in stems if s != key and s in self.roles), None) if _plural_shape(key) else None

    def is_document(self, word: str) -> bool:
        """Whether ``word`` is something written, recorded or counted: "report", "polls"."""
        key = plain(word)
        return any(k in self.documents for k in (key, key.removesuffix("s"), key.removesuffix("es"), key[:-3] + "y"))

    def is_common(self, word: str) -> bool:
        """Whether ``word`` is a noun of any list, so that a capital at the start of a sentence means nothing."""
        key = plain(word)
        return key in self.organisations or self.is_role(key) or self.is_plural(key) or self.is_document(key)

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


def _plural_shape(key: str) -> bool:
    return key.endswith("s") or key.endswith("men")


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
        organisations=frozenset(organisations["nouns"] + organisations["general"]),
        general=frozenset(organisations["general"]),
        places=frozenset(organisations["places"]),
        legal_forms=frozenset(organisations["forms"]),
        groups=frozenset(data["groups"]["nouns"]),
        quantifiers=frozenset(data["groups"]["quantifiers"]),
        documents=frozenset(data["documents"]["nouns"]),
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
