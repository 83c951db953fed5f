"""Which people a text shows to be men or women: by their titles, and by the pronouns beside them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kb.nlp.entities import Entity
from kb.nlp.layout import Layout
from kb.nlp.lexicon import lexicon
from kb.nlp.names import words_of
from kb.nlp.phrases import Names

GENDERED = re.compile(r"\b(?:(he|him|his|himself)|(she|her|hers|herself))\b", re.IGNORECASE)
"""Group 1 holds a masculine pronoun, group 2 a feminine one."""

ONE_SIDED = 0.75
"""Share of pronouns beside a person from which they show the gender."""
NEAR_CHARACTERS = 500
"""How far before a pronoun the person stands that it tells of; a bound for texts without sentence ends."""


def show_genders(entities: Sequence[Entity], names: Names, layout: Layout) -> None:
    """Set the gender of persons whose titles show it, or beside whom only "he" or only "she" is used."""
    votes: dict[Entity, Counter[str]] = {}
    for match in GENDERED.finditer(layout.text):
        at = match.start()
        for start in (layout.paragraph_start(at), layout.sentence_start(at)):
            near = {names.entity_of[m] for m in names.within(max(start, at - NEAR_CHARACTERS), at)}
            persons = [e for e in near if e.kind == "person"]
            if len(persons) == 1:
                votes.setdefault(persons[0], Counter())["m" if match[1] else "f"] += 1
    for entity in entities:
        if entity.kind == "person":
            entity.gender = _gender_of_titles(entity) or _one_sided(votes.get(entity, Counter()))


def _gender_of_titles(entity: Entity) -> str | None:
    shown = {lexicon().gender_of(title) for title in titles_of(entity)} - {None}
    return shown.pop() if len(shown) == 1 else None


def _one_sided(votes: Counter[str]) -> str | None:
    if not votes:
        return None
    gender, count = votes.most_common(1)[0]
    return gender if count >= ONE_SIDED * votes.total() else None


def titles_of(entity: Entity) -> list[str]:
    """The words of every title that the document gives a person."""
    of_role = entity.role.title if entity.role and entity.role.title else ""
    return [*(title for mention in entity.mentions for title in mention.titles), *(w.text for w in words_of(of_role))]
