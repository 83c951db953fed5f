"""Who the speaker of each attribution is, within one document.

doc.ents -> mentions -> entities (names, roles, gender) -> source phrases -> resolve -> SpeakerMention
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property

from spacy.language import Language
from spacy.tokens import Doc

from kb.nlp.antecedents import Discourse
from kb.nlp.drafts import Draft, Setting, drafts_of, register_extensions, setting_of
from kb.nlp.entities import Entity, group
from kb.nlp.lexicon import lexicon
from kb.nlp.mentions import Mention, find_mentions
from kb.nlp.phrases import Phrase, read_phrase
from kb.nlp.roles import read_roles
from kb.nlp.selfsaid import voices
from kb.types import Role, Span, SpeakerMention


class Speakers:
    """Component that fills ``Draft.speaker``."""

    def __call__(self, doc: Doc) -> Doc:
        self.set_annotations(doc, self.resolve(doc))
        return doc

    def resolve(self, doc: Doc) -> list[SpeakerMention | None]:
        """The speaker of each draft, None where the document does not tell."""
        entities = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
        return Resolver(doc.text, entities, setting_of(doc)).resolve(drafts_of(doc))

    def set_annotations(self, doc: Doc, speakers: Sequence[SpeakerMention | None]) -> None:
        """Write ``speakers`` into the drafts, which are in the same order."""
        for draft, speaker in zip(drafts_of(doc), speakers, strict=True):
            draft.speaker = speaker


class Resolver:
    """Resolves the sources of one document."""

    def __init__(self, text: str, entities: Sequence[tuple[int, int, str]], setting: Setting) -> None:
        self._text = text
        self._voices = voices(text, setting)
        found = group(find_mentions(text, entities), dict.fromkeys(author for author, _ in self._voices))
        read_roles(text, found)
        self._authors = {entity.author: entity for entity in found if entity.author}
        self._discourse = Discourse(text, found)

    def resolve(self, drafts: Sequence[Draft]) -> list[SpeakerMention | None]:
        """The speaker of each draft, in the order given."""
        found: dict[int, Entity | None] = {}
        waiting: list[int] = []
        for i in sorted(range(len(drafts)), key=lambda i: _offset(drafts[i])):
            phrase = self._phrase(drafts[i])
            if phrase is None or phrase.form == "first":
                waiting.append(i)
            else:
                found[i] = self._entity(phrase)
                self._note(phrase, found[i])
        found |= self._first_persons(waiting, drafts, found)
        mentions = {entity: _mention(entity) for entity in set(found.values()) if entity}
        return [mentions[entity] if (entity := found[i]) else None for i in range(len(drafts))]

    def _phrase(self, draft: Draft) -> Phrase | None:
        """The longest source span, read; None without a source."""
        if not draft.source:
            return None
        span = max(draft.source, key=lambda s: s[1] - s[0])
        return read_phrase(self._text, span, self._discourse.names)

    def _entity(self, phrase: Phrase) -> Entity | None:
        discourse, at = self._discourse, phrase.start
        match phrase.form:
            case "name":
                return discourse.names.entity_of[phrase.names[0]]
            case "he" | "she":
                return discourse.person(at, "m" if phrase.form == "he" else "f")
            case "it" | "they":
                return discourse.body(at)
            case "who" | "which":
                return discourse.just_before(at, phrase.form)
            case "organisation":
                return discourse.named_by(phrase) or self._unnamed(phrase)
            case "role":
                return discourse.holder(phrase) or self._unnamed(phrase)
        return self._unnamed(phrase)

    def _unnamed(self, phrase: Phrase) -> Entity:
        """Organisations joined or named after somebody, and groups: the phrase is the name."""
        name = phrase.words
        if phrase.form == "several":
            for mention in phrase.names:
                name = name.replace(mention.text, self._discourse.names.entity_of[mention].name, 1)
        role_noun = lexicon().is_role(phrase.head)
        employer = next((m.text for m in phrase.names if m.label == "ORG"), None) if role_noun else None
        entity = Entity(
            name=name,
            kind="organisation" if phrase.form in ("names", "coined") else "group",
            one=role_noun,
            gender=lexicon().gender_of(phrase.head),
            role=Role(title=phrase.head, organisation=employer) if employer else None,
        )
        return self._discourse.unnamed(entity)

    def _note(self, phrase: Phrase, entity: Entity | None) -> None:
        """What a phrase was resolved to counts as named there, for the pronouns after it."""
        if entity is None:
            return
        if phrase.form != "name":
            entity.add(Mention(phrase.start, phrase.end, "", ""))
        self._discourse.speaks(phrase.start, entity)

    def _first_persons(
        self, waiting: Sequence[int], drafts: Sequence[Draft], found: Mapping[int, Entity | None]
    ) -> dict[int, Entity | None]:
        """ "I" and "we" are who utters the quotation they stand in, else the author of the post, turn or essay."""
        uttered: dict[Span, Entity | None] = {}
        for i, entity in found.items():
            for start, end in drafts[i].content:
                middle = (start + end) // 2  # a span may begin before the mark or end after it
                if quotation := self._discourse.quotation_at(middle):
                    uttered.setdefault(quotation, entity)
        return {i: self._first_person(drafts[i], uttered) for i in waiting}

    def _first_person(self, draft: Draft, uttered: Mapping[Span, Entity | None]) -> Entity | None:
        voice = self._voice(_offset(draft))
        if not draft.source:
            return voice
        quotation = self._discourse.quotation_at(_offset(draft))
        if quotation is None:
            return voice or self._essayist
        return uttered.get(quotation, voice)

    def _voice(self, offset: int) -> Entity | None:
        """The author whose post or turn it is at ``offset``."""
        at = bisect_right(self._voices, offset, key=lambda voice: voice[1][0]) - 1
        inside = at >= 0 and offset < self._voices[at][1][1]
        return self._authors[self._voices[at][0]] if inside else None

    @cached_property
    def _essayist(self) -> Entity | None:
        """Who writes "I" in an opinion piece: the person whom its last line introduces ("Ana Lim is a playwright")."""
        start = self._discourse.layout.paragraph_start(len(self._text))
        first = self._discourse.names.overlapping(start, start + 1)
        entity = self._discourse.names.entity_of[first] if first else None
        introduces = first is not None and re.match(r" is |, (?:a|an|the) ", self._text[first.end : first.end + 6])
        return entity if entity and introduces and entity.kind in ("person", "unknown") else None


def _mention(entity: Entity) -> SpeakerMention:
    handle = entity.author.handle if entity.author else None
    return SpeakerMention(
        name=entity.name, kind=entity.speaker_kind, role=entity.role, handle=handle, spellings=entity.spellings()
    )


def _offset(draft: Draft) -> int:
    """Where the source stands; for a draft without one, its content."""
    return min((start for start, _ in draft.source or draft.content), default=0)


@Language.factory("speakers", requires=["doc.ents", "doc._.drafts"], assigns=["doc._.drafts"])
def make_speakers(nlp: Language, name: str) -> Speakers:
    """Build the component."""
    register_extensions()
    return Speakers()
