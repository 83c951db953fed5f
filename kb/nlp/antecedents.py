"""Whom "he", "it", "they", "the senator" and "the company" stand for: the best entity named before. Pure.

Candidates must agree (person or organisation, gender where the text shows it); of these the one with most points
wins. Points are for being near, being the subject of its sentence, and having spoken last; for "he" and "she" the
clues of ``kb.nlp.clues`` are added, whose weights are fitted.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from kb.nlp.clues import Clues, Pronoun
from kb.nlp.entities import Entity
from kb.nlp.genders import show_genders, titles_of
from kb.nlp.layout import Layout
from kb.nlp.lexicon import lexicon, plain
from kb.nlp.mentions import Mention
from kb.nlp.names import organisation_fit, parts, words_of
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

_TOGETHER = re.compile(r"\s+and\s+(?:[A-Z]\w*\.?\s+)?")
"""Between two people named together, a title included."""
_NOTHING_ELSE = re.compile(r"[\s,)\]–—-]*(?:\([^)]*\)[\s,]*)?(?:,[^,.;:]{1,80},\s*)?")
"""Between a name and its relative clause: punctuation, brackets, an appositive."""


class Discourse:
    """The document up to a point: who was named where, and who spoke in which order."""

    def __init__(self, text: str, entities: Sequence[Entity], *, layout: Layout | None = None) -> None:
        self.layout = layout or Layout(text)
        self.names = Names(entities)
        self._quotations = quoted_spans(text)
        self.clues = Clues(self.layout, self.names, self.quotation_at)
        self._trail: list[tuple[int, Entity]] = []
        self._bodies: dict[str, list[Entity]] = {}
        self._holders: dict[str, list[Entity]] = {}
        self._unnamed: dict[str, Entity] = {}
        show_genders(entities, self.names, self.layout)
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

    def person(self, pronoun: Pronoun) -> Entity | None:
        """The person that "he" or "she" stands for."""
        recent = self._recent(pronoun.start)
        return self.choice([e for e in recent if e.may_be_person and not _clash(e.gender, pronoun.gender)], pronoun)

    def choice(self, candidates: Sequence[Entity], pronoun: Pronoun, *, speaks: bool = True) -> Entity | None:
        """Which of the ``candidates`` a pronoun stands for; None when nobody fits well enough.

        ``speaks``: it is a source, so that whom the text lets speak counts too.
        """
        points = {entity: self.clues.points(entity, pronoun, candidates) for entity in candidates}
        if speaks:
            told = {entity: self._points(entity, pronoun.start) + _shown(entity, pronoun) for entity in candidates}
            points = {entity: points[entity] + told[entity] for entity in candidates if told[entity] >= ENOUGH}
        return max(points, key=lambda entity: points[entity], default=None)

    def body(self, offset: int, *, kinds: Sequence[str] = ("organisation", "group")) -> Entity | None:
        """The organisation, group or document that "it" or "they" at ``offset`` stands for."""
        fitting = [e for e in self._recent(offset) if e.kind in kinds]
        best = max(fitting, key=lambda entity: self._points(entity, offset), default=None)
        return best if best and self._points(best, offset) >= ENOUGH else None

    def several(self, offset: int) -> Entity | None:
        """Whom "they" at ``offset`` stands for: two people named together since the organisation or group that fits."""
        body = self.body(offset)
        mention = body.last_before(offset) if body else None
        pair = self._pair(offset, since=mention.end if mention else 0)
        return pair or body

    def both(self, offset: int) -> Entity | None:
        """The two people named together last before ``offset``, for "both" and "each"."""
        return self._pair(offset, since=0) or self.body(offset, kinds=("group",))

    def _pair(self, offset: int, *, since: int) -> Entity | None:
        """ "Eva Lund and Olav Berg" in this sentence or the two before, if behind ``since``."""
        start = max(since, self.layout.sentence_start(offset, back=2), offset - REACH_CHARACTERS)
        persons = [m for m in self.names.within(start, offset) if self.names.entity_of[m].kind == "person"]
        for first, second in reversed(list(pairwise(persons))):
            if _TOGETHER.fullmatch(self.layout.text, first.end, second.start):
                named = [self.names.entity_of[mention].name for mention in (first, second)]
                return self.unnamed(Entity(name=" and ".join(named), kind="group"))
        return None

    def named_by(self, phrase: Phrase) -> Entity | None:
        """The organisation that "the fund" or "the company" stands for."""
        fitting = self._bodies.get(phrase.head)
        if not fitting and phrase.head in lexicon().general:
            fitting = self._bodies.get("organisation")
        if not fitting and phrase.head in lexicon().places:
            fitting = self._bodies.get("place")
        before = [e for e in fitting or () if e.last_before(phrase.start)]
        found = max(before, key=lambda e: e.mentions[e.count_before(phrase.start) - 1].end, default=None)
        return found or self._coined(phrase)

    def shortened(self, phrase: Phrase) -> Entity | None:
        """The one organisation whose name a phrase opens: "Kestrel", of Kestrel Robotics."""
        bodies = self._bodies.get(next(iter(parts(phrase.words)), ""), ())
        fitting = [e for e in bodies if e.kind == "organisation" and e.name.startswith(f"{phrase.words} ")]
        return fitting[0] if len(fitting) == 1 else None

    def _coined(self, phrase: Phrase) -> Entity | None:
        """The organisation named after somebody before: "the campaign" after "the Ferrer campaign"."""
        start = max(0, phrase.start - REACH_CHARACTERS)
        noun = re.compile(rf"(?:['’]s)? {re.escape(phrase.head)}\b")
        for mention in reversed(self.names.within(start, phrase.start)):
            match = noun.match(self.layout.text, mention.end)
            if match and self.names.entity_of[mention].kind != "other":
                name = self.layout.text[mention.start : match.end()]
                return self.unnamed(Entity(name=name, kind="organisation"))
        return None

    def holder(self, phrase: Phrase) -> Entity | None:
        """The person whose role "the senator" names; before its introduction (in headlines) the first such person."""
        gender = lexicon().gender_of(phrase.head)
        fitting = dict.fromkeys(e for role in lexicon().roles_of(phrase.head) for e in self._holders.get(role, ()))
        owned = self._owns(phrase)
        agreeing = [e for e in fitting if not _clash(e.gender, gender) and self._works_at(e, phrase, surely=owned)]
        return self._nearest(agreeing, phrase.start) or self._described(phrase, gender)

    def _described(self, phrase: Phrase, gender: str | None) -> Entity | None:
        """Whom "the man" or "the New York lawyer" means although no title says so: the person spoken of, if plain."""
        recent = self._recent(phrase.start)
        unnamed = next((e for e in reversed(recent) if e.one and e.name.endswith(phrase.head)), None)
        anybody = phrase.head in lexicon().anybody or phrase.points == "same"
        if unnamed or not (anybody or phrase.modifiers):
            return unnamed
        person = self.person(Pronoun(phrase.start, phrase.end, gender))
        if person is None or self._introduced_since(person, phrase):
            return None
        plainly = self._points(person, phrase.start) >= PLAIN and self._works_at(person, phrase, surely=True)
        return person if anybody or plainly else None

    def _works_at(self, person: Entity, phrase: Phrase, *, surely: bool) -> bool:
        """Whether a person can hold a role at the organisations that a phrase names; ``surely``: the text says so."""
        bodies = [e for m in phrase.names if (e := self.names.entity_of[m]).kind in ("organisation", "place")]
        named = [e for e in bodies if e.kind == "organisation" or self._owns(phrase)]
        employer = person.role.organisation if person.role else None
        if not named or employer is None:
            return not (named and surely)
        texts = {text for entity in named for text in entity.texts}
        return any(organisation_fit(employer, text) or organisation_fit(text, employer) for text in texts)

    def _owns(self, phrase: Phrase) -> bool:
        """Whether the phrase opens with an organisation's or a place's possessive."""
        return bool(phrase.names) and self.layout.text.startswith(("'s", "’s"), phrase.names[0].end)

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


def _only_title(between: str) -> bool:
    """Whether only a title stands between two names: "Trump lawyer Marc Kasowitz", "NBC's Dante Chinni"."""
    words = [plain(w.text) for w in words_of(between)]
    possessive = between.startswith(("'s", "’s"))
    return (
        "," not in between
        and (possessive or bool(words))
        and all(w in lexicon().modifiers or lexicon().is_title(w) for w in words)
    )


def _shown(entity: Entity, pronoun: Pronoun) -> float:
    return SHOWN_GENDER if pronoun.gender is not None and entity.gender == pronoun.gender else 0.0


def _clash(shown: str | None, wanted: str | None) -> bool:
    return shown is not None and wanted is not None and shown != wanted


def _roles(entity: Entity) -> frozenset[str]:
    """Every role noun that the document gives a person."""
    found = (lexicon().roles_of(word) for word in titles_of(entity) if lexicon().is_title(word))
    return frozenset().union(*found)
