"""Whom "he", "it", "they", "the senator" and "the company" stand for: the best entity named before. Pure.

Candidates must agree (person or organisation, gender where the text shows it); of these the one with most points
wins. Points are for being near, being the subject of its sentence, and having spoken last.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from kb.nlp.entities import Entity
from kb.nlp.layout import Layout
from kb.nlp.lexicon import lexicon, plain
from kb.nlp.mentions import Mention
from kb.nlp.names import parts, words_of
from kb.nlp.phrases import Names, Phrase
from kb.nlp.quotes import quoted_spans
from kb.types import Span

# Points, tuned by hand on eleven documents of labelled sources.
NEAR_SENTENCES = 4
"""A candidate gets one point less for each sentence between; none from here on."""
SUBJECT = 1.5
SPOKE_LAST = 2.0
SAME_PARAGRAPH = 1.0
SHOWN_GENDER = 1.0
NAMED = 1.0
"""For somebody with a name, over "a source"."""
UNLABELLED = -3.0
"""For words of which only capitals make a name."""
NOT_QUOTED = 3.0
"""For a mention outside quotations: those inside are somebody else's talk."""
INTRODUCED = 1.0
"""For the first mention, with a role beside it: whom a text introduces it mostly lets speak."""
EACH_MENTION = 0.2
MENTIONS_COUNTED = 5
ENOUGH = 1.0
"""Points below which nothing fits well enough."""
REACH_SENTENCES = 20
"""How far back a pronoun reaches."""
REACH_CHARACTERS = 5_000
NEAR_CHARACTERS = 500
"""Bounds for texts without sentence ends."""

PLAIN = 6.0
"""Points from which a description without a title is taken for the person."""

ONE_SIDED = 0.75
"""Share of pronouns beside a person from which they show the gender."""

_GENDERED = re.compile(r"\b(?:(he|him|his|himself)|(she|her|hers|herself))\b", re.IGNORECASE)
_NOTHING_ELSE = re.compile(r"[\s,)\]–—-]*(?:\([^)]*\)[\s,]*)?(?:,[^,.;:]{1,80},\s*)?")
"""Between a name and its relative clause: punctuation, brackets, an appositive."""


class Discourse:
    """The document up to a point: who was named where, and who spoke in which order."""

    def __init__(self, text: str, entities: Sequence[Entity]) -> None:
        self.layout = Layout(text)
        self.names = Names(entities)
        self._quotations = quoted_spans(text)
        self._trail: list[tuple[int, Entity]] = []
        self._bodies: dict[str, list[Entity]] = {}
        self._holders: dict[str, list[Entity]] = {}
        self._unnamed: dict[str, Entity] = {}
        _show_genders(entities, self.names, self.layout)
        for entity in entities:
            self._index(entity)

    def _index(self, entity: Entity) -> None:
        if entity.kind in ("organisation", "place"):
            for word in {*parts(entity.name), entity.kind}:
                self._bodies.setdefault(word, []).append(entity)
        if entity.kind == "person":
            for role in _roles(entity):
                self._holders.setdefault(role, []).append(entity)

    def unnamed(self, entity: Entity) -> Entity:
        """``entity``, or the one known by the same phrase."""
        if entity.name not in self._unnamed:
            self._unnamed[entity.name] = entity
            self._index(entity)
        return self._unnamed[entity.name]

    def speaks(self, offset: int, entity: Entity) -> None:
        """Record that ``entity`` spoke; to be called in text order."""
        self._trail.append((offset, entity))

    def quotation_at(self, offset: int) -> Span | None:
        """The outermost quotation around ``offset``."""
        at = bisect_right(self._quotations, offset, key=lambda span: span[0]) - 1
        return self._quotations[at] if at >= 0 and offset < self._quotations[at][1] else None

    def person(self, offset: int, gender: str | None) -> Entity | None:
        """The person that "he" or "she" at ``offset`` stands for."""
        persons = [e for e in self._recent(offset) if e.may_be_person and not _clash(e.gender, gender)]
        return self._best(persons, offset, gender)

    def body(self, offset: int) -> Entity | None:
        """The organisation, group or document that "it" or "they" at ``offset`` stands for."""
        return self._best([e for e in self._recent(offset) if e.kind in ("organisation", "group")], offset)

    def named_by(self, phrase: Phrase) -> Entity | None:
        """The organisation that "the fund" or "the company" stands for."""
        fitting = self._bodies.get(phrase.head)
        if not fitting and phrase.head in lexicon().general:
            fitting = self._bodies.get("organisation")
        if not fitting and phrase.head in lexicon().places:
            fitting = self._bodies.get("place")
        before = [e for e in fitting or () if e.last_before(phrase.start)]
        return max(before, key=lambda e: e.mentions[e.count_before(phrase.start) - 1].end, default=None)

    def holder(self, phrase: Phrase) -> Entity | None:
        """The person whose role "the senator" names; before its introduction (in headlines) the first such person."""
        gender = lexicon().gender_of(phrase.head)
        fitting = dict.fromkeys(e for role in lexicon().roles_of(phrase.head) for e in self._holders.get(role, ()))
        agreeing = [e for e in fitting if not _clash(e.gender, gender)]
        return self._nearest(agreeing, phrase.start) or self._described(phrase, gender)

    def _described(self, phrase: Phrase, gender: str | None) -> Entity | None:
        """Whom "the man" or "the New York lawyer" means although no title says so: the person spoken of, if plain."""
        recent = self._recent(phrase.start)
        unnamed = next((e for e in reversed(recent) if e.one and e.name.endswith(phrase.head)), None)
        anybody = phrase.head in lexicon().anybody or phrase.points == "same"
        if unnamed or not (anybody or phrase.modifiers):
            return unnamed
        person = self.person(phrase.start, gender)
        if person is None or self._introduced_since(person, phrase):
            return None
        return person if anybody or self._points(person, phrase.start) >= PLAIN else None

    def _introduced_since(self, person: Entity, phrase: Phrase) -> bool:
        """Whether "a man" stands between the last mention of ``person`` and "the man"; ", a man" is an appositive."""
        mention = person.last_before(phrase.start)
        since = self.layout.text[mention.end : phrase.start] if mention else ""
        new = rf"(?<!,)\s(?:an?|one|another)\s(?:[\w-]+\s){{0,3}}{re.escape(phrase.head)}\b"
        return re.search(new, since, re.IGNORECASE) is not None

    def just_before(self, offset: int, form: str) -> Entity | None:
        """The name that "who" or "which" at ``offset`` follows."""
        start = max(self.layout.sentence_start(offset), offset - NEAR_CHARACTERS)
        for mention in reversed(self.names.within(start, offset)):
            entity = self.names.entity_of[mention]
            if (entity.kind == "person") == (form == "who") and entity.kind != "other":
                gap = self.layout.text[mention.end : offset]
                return entity if form == "which" or _NOTHING_ELSE.fullmatch(gap) else None
        return None

    def _recent(self, offset: int) -> list[Entity]:
        """Who was named or spoke within reach before ``offset``, the latest last."""
        start = max(self.layout.sentence_start(offset, back=REACH_SENTENCES), offset - REACH_CHARACTERS)
        first = bisect_left(self._trail, start, key=lambda spoke: spoke[0])
        spoke = [entity for at, entity in self._trail[first:] if at < offset]
        return list(dict.fromkeys([*(self.names.entity_of[m] for m in self.names.within(start, offset)), *spoke]))

    def _best(self, fitting: Sequence[Entity], offset: int, gender: str | None = None) -> Entity | None:
        def points(entity: Entity) -> float:
            shown = gender is not None and entity.gender == gender
            return self._points(entity, offset) + SHOWN_GENDER * shown

        best = max(fitting, key=points, default=None)
        return best if best and points(best) >= ENOUGH else None

    def _nearest(self, fitting: Iterable[Entity], offset: int) -> Entity | None:
        """The best of those named before ``offset``, else the first named after it."""
        before = [e for e in fitting if e.last_before(offset)]
        return max(before, key=lambda e: self._points(e, offset)) if before else next(iter(fitting), None)

    def _points(self, entity: Entity, offset: int) -> float:
        mention = entity.last_before(offset)
        if mention is None:
            return 0.0
        between = self.layout.sentence(offset) - self.layout.sentence(mention.start)
        points = max(0.0, NEAR_SENTENCES - between)
        points += SUBJECT * self._is_subject(mention)
        points += SAME_PARAGRAPH * (self.layout.paragraph(offset) == self.layout.paragraph(mention.start))
        points += NAMED * (not entity.one)
        points += UNLABELLED * (entity.kind == "unknown")
        points += NOT_QUOTED * (self.quotation_at(mention.start) is None)
        points += INTRODUCED * (mention is entity.mentions[0] and entity.role is not None)
        points += SPOKE_LAST * (self._spoke_last(offset) is entity)
        return points + EACH_MENTION * min(MENTIONS_COUNTED, entity.count_before(offset))

    def _spoke_last(self, offset: int) -> Entity | None:
        at = bisect_left(self._trail, offset, key=lambda spoke: spoke[0]) - 1
        return self._trail[at][1] if at >= 0 else None

    def _is_subject(self, mention: Mention) -> bool:
        """Whether it is the first name of its sentence that does not belong to the title of the next one."""
        start = max(self.layout.sentence_start(mention.start), mention.start - NEAR_CHARACTERS)
        before = [m for m in self.names.within(start, mention.start) if not self.quotation_at(m.start)]
        return all(_only_title(self.layout.text[a.end : b.start]) for a, b in pairwise([*before, mention]))


def _show_genders(entities: Sequence[Entity], names: Names, layout: Layout) -> None:
    """Set the gender of persons whose titles show it, or beside whom only "he" or only "she" is used."""
    votes: dict[Entity, Counter[str]] = {}
    for match in _GENDERED.finditer(layout.text):
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
    shown = {lexicon().gender_of(title) for title in _titles(entity)} - {None}
    return shown.pop() if len(shown) == 1 else None


def _one_sided(votes: Counter[str]) -> str | None:
    if not votes:
        return None
    gender, count = votes.most_common(1)[0]
    return gender if count >= ONE_SIDED * votes.total() else None


def _only_title(between: str) -> bool:
    """Whether only a title stands between two names: "Trump lawyer Marc Kasowitz", "NBC's Dante Chinni"."""
    words = [plain(w.text) for w in words_of(between)]
    possessive = between.startswith(("'s", "’s"))
    return (
        "," not in between
        and (possessive or bool(words))
        and all(w in lexicon().modifiers or lexicon().is_title(w) for w in words)
    )


def _clash(shown: str | None, wanted: str | None) -> bool:
    return shown is not None and wanted is not None and shown != wanted


def _titles(entity: Entity) -> list[str]:
    """The words of every title that the document gives a person."""
    of_role = entity.role.title if entity.role and entity.role.title else ""
    return [*(title for mention in entity.mentions for title in mention.titles), *(w.text for w in words_of(of_role))]


def _roles(entity: Entity) -> frozenset[str]:
    """Every role noun that the document gives a person."""
    found = (lexicon().roles_of(word) for word in _titles(entity) if lexicon().is_title(word))
    return frozenset().union(*found)
