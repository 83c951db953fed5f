"""Who the speaker of each attribution is, within one document.

doc.ents -> mentions -> entities (names, roles, gender) -> source phrases -> resolve -> SpeakerMention
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from spacy.language import Language
from spacy.tokens import Doc

from kb.nlp.antecedents import Discourse
from kb.nlp.clues import Pronoun
from kb.nlp.drafts import Draft, Setting, drafts_of, register_extensions, setting_of, text_of
from kb.nlp.entities import Entity, group
from kb.nlp.layout import Layout
from kb.nlp.lexicon import lexicon
from kb.nlp.mentions import Mention, find_mentions
from kb.nlp.phrases import Phrase, read_phrase
from kb.nlp.roles import correct_places, read_roles
from kb.nlp.selfsaid import voices
from kb.nlp.subjects import subject
from kb.nlp.voices import Voices
from kb.types import Role, Span, SpeakerMention

SURELY_REPORTED = 0.6
"""Confidence from which an attribution in a post or turn has its source though the noun is none of speakers."""


class Speakers:
    """Component that fills ``Draft.speaker``, mends sources, and keeps drafts within the turns they stand in."""

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        drafts = within_turns(text, setting_of(doc), drafts_of(doc))
        resolver = Resolver(text, [(e.start_char, e.end_char, e.label_) for e in doc.ents], setting_of(doc))
        resolver.mend_sources(drafts)
        for draft, speaker in zip(drafts, resolver.resolve(drafts), strict=True):
            draft.speaker = speaker
            draft.unknown_because = None if speaker else resolver.why_unknown(draft)
        doc._.drafts = drafts
        return doc


def within_turns(text: str, setting: Setting, drafts: Sequence[Draft]) -> list[Draft]:
    """``drafts`` with their content cut to the turn of their source; those that say something elsewhere only go."""
    spoken = Voices(text, voices(text, setting))
    kept = []
    for draft in drafts:
        said, draft.content = draft.content, spoken.cut(draft.content, _offset(draft))
        if draft.content or not said:
            kept.append(draft)
    return kept


class Resolver:
    """Resolves the sources of one document."""

    def __init__(self, text: str, entities: Sequence[tuple[int, int, str]], setting: Setting) -> None:
        self._text = text
        self._voices = Voices(text, voices(text, setting))
        layout = Layout(text)
        found = group(find_mentions(text, entities, layout=layout), self._voices.authors)
        read_roles(text, found)
        correct_places(found)
        self._authors = {entity.author: entity for entity in found if entity.author}
        self._discourse = Discourse(text, found, layout=layout)

    def mend_sources(self, drafts: Sequence[Draft]) -> None:
        """Give drafts without a source the subject of their cue.

        In posts and turns the author speaks where nobody else surely does: neither "six" nor "a chatbot" there.
        """
        for draft in drafts:
            if self._voices.at(_offset(draft)):
                phrase = self._phrase(draft)
                sure = phrase and (_can_speak(phrase) or draft.confidence >= SURELY_REPORTED)
                draft.source = draft.source if sure else ()
            elif not draft.source and (found := subject(self._text, draft, self._discourse.names)):
                draft.source = (found,)

    def resolve(self, drafts: Sequence[Draft]) -> list[SpeakerMention | None]:
        """The speaker of each draft, in the order given; None where the document does not tell."""
        found: dict[int, Entity | None] = {}
        waiting: list[int] = []
        for i in sorted(range(len(drafts)), key=lambda i: _offset(drafts[i])):
            phrase = self._phrase(drafts[i])
            if labelled := self._voices.labelled(_offset(drafts[i])):
                found[i] = self._authors[labelled]
            elif phrase is None or phrase.form == "first":
                waiting.append(i)
            else:
                found[i] = self._entity(phrase)
                self._note(phrase, found[i])
        found |= self._first_persons(waiting, drafts, found)
        mentions = {entity: _mention(entity) for entity in set(found.values()) if entity}
        return [mentions[entity] if (entity := found[i]) else None for i in range(len(drafts))]

    def why_unknown(self, draft: Draft) -> str:
        """Why a draft that was not resolved has no speaker, in words for its reader."""
        phrase = self._phrase(draft)
        if phrase is None:
            return "no source is named"
        match phrase.form:
            case "first":
                return f"no author is known and nobody is quoted as saying “{phrase.words}”"
            case "you":
                return f"whom “{phrase.words}” means is not known"
            case "who" | "which":
                return f"no name stands before “{phrase.words}”"
            case _:
                return f"nobody named before “{phrase.words}” fits"

    def _phrase(self, draft: Draft) -> Phrase | None:
        """The source, read; None without one."""
        span = _source(self._text, draft)
        return read_phrase(self._text, span, self._discourse.names) if span else None

    def _entity(self, phrase: Phrase) -> Entity | None:
        discourse, at = self._discourse, phrase.start
        match phrase.form:
            case "name":
                return discourse.names.entity_of[phrase.names[0]]
            case "you":
                return None
            case "he" | "she":
                return discourse.person(Pronoun(at, phrase.end, "m" if phrase.form == "he" else "f"))
            case "it":
                return discourse.body(at)
            case "they":
                return discourse.several(at)
            case "both":
                return discourse.both(at)
            case "who" | "which":
                return discourse.just_before(at, phrase.form)
            case "organisation":
                entity = discourse.named_by(phrase)
            case "role":
                entity = discourse.holder(phrase)
            case "group":
                entity = discourse.shortened(phrase)
            case _:
                entity = None
        return entity if entity or phrase.points else self._unnamed(phrase)

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
        author = self._voices.at(_offset(draft))
        voice = self._authors[author] if author else None
        if not draft.source:
            return voice
        quotation = self._discourse.quotation_at(_offset(draft))
        if quotation is None:
            return voice or self._essayist
        return uttered.get(quotation, voice)

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


def _can_speak(phrase: Phrase) -> bool:
    return phrase.form != "group" or not phrase.head or lexicon().is_speaking(phrase.head)


def _source(text: str, draft: Draft) -> Span | None:
    """Of several source spans the one nearest to the cue, then the longest; spans with only a space between are one."""
    spans: list[Span] = []
    for start, end in sorted(draft.source):
        if spans and text[spans[-1][1] : start].isspace():
            start = spans.pop()[0]
        spans.append((start, end))
    distance = {span: min((max(span[0] - b, a - span[1]) for a, b in draft.cue), default=0) for span in spans}
    return min(spans, key=lambda span: (distance[span], span[0] - span[1]), default=None)


def _offset(draft: Draft) -> int:
    """Where the source stands; for a draft without one, its content."""
    return min((start for start, _ in draft.source or draft.content), default=0)


@Language.factory("speakers", requires=["doc.ents", "doc._.drafts"], assigns=["doc._.drafts"])
def make_speakers(nlp: Language, name: str) -> Speakers:
    """Build the component."""
    register_extensions()
    return Speakers()
