"""Who a document names: mentions grouped into entities. Pure.

    find_mentions -> group (full names first, then what stands for them) -> Entity

An entity's name is its fullest spelling. Full names found anywhere in the document also serve mentions before them
(headlines name people by surname).
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from kb.nlp.lexicon import lexicon
from kb.nlp.mentions import Mention
from kb.nlp.names import (
    Fit,
    fullness,
    has_legal_form,
    is_acronym,
    is_first_name,
    keys,
    near_keys,
    organisation_fit,
    parts,
    person_fit,
)
from kb.text import title_case
from kb.types import Author, Role, SpeakerKind

EntityKind = Literal["person", "organisation", "place", "group", "other", "unknown"]
"""``place`` speaks as an organisation does; ``other`` is a nationality, event or work; ``unknown`` only capitals."""

TITLE_VOTES = 2
"""What a mention with a title ("Mr. Ban") counts among the labels of a name."""

_KIND_OF_LABEL: dict[str, EntityKind] = {"PERSON": "person", "ORG": "organisation", "GPE": "place", "MISC": "other"}
_SURNAME_OF_TWO = re.compile(r"(?:Ma?c|[A-Z]['’]|De|Di|Du|La|Le|Van|Fitz)[A-Z]")
_SPEAKER_KIND: dict[EntityKind, SpeakerKind] = {
    "person": "person",
    "organisation": "organisation",
    "place": "organisation",
    "unknown": "person",
}


MOSTLY = 4
"""How many times as often an organisation is called by its short name, where that is its name."""


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody that a document speaks of; grows while mentions and pronouns are resolved to it."""

    name: str
    kind: EntityKind
    mentions: list[Mention] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    """Of its mentions: a few, however long the document."""
    gender: str | None = None
    """ "m" or "f" where the text shows it."""
    role: Role | None = None
    author: Author | None = None
    """Set when the entity is the author of the post or of a turn."""

    one: bool = False
    """An unnamed single person ("a source"); its kind is group."""

    @property
    def speaker_kind(self) -> SpeakerKind:
        """The kind it has as a speaker; what only capitals show is a person, or with an "s" a group ("Birchers")."""
        if self.kind == "unknown" and len(parts(self.name)) == 1 and self.name.endswith("s"):
            return "group"
        return _SPEAKER_KIND.get(self.kind, "group")

    @property
    def may_be_person(self) -> bool:
        """Whether "he" can stand for it; one capital at the start of a sentence says too little."""
        shown = " " in self.name or len(self.mentions) > 1
        return self.kind == "person" or self.one or (self.kind == "unknown" and shown)

    def count_before(self, offset: int) -> int:
        """How many mentions end at or before ``offset``."""
        return bisect_right(self.mentions, offset, key=lambda m: m.end)

    def last_before(self, offset: int) -> Mention | None:
        """The last mention that ends at or before ``offset``."""
        count = self.count_before(offset)
        return self.mentions[count - 1] if count else None

    def add(self, mention: Mention) -> None:
        """Put a mention in its place."""
        insort(self.mentions, mention, key=lambda m: m.start)
        self.texts.add(mention.text)

    def spellings(self) -> tuple[str, ...]:
        """Other spellings of the same name: near ones, longer and shorter full names, acronyms; no bare surnames."""
        seen = dict.fromkeys(m.text for m in self.mentions if m.text not in ("", self.name))
        return tuple(text for text in seen if self._is_spelling(text))

    def _is_spelling(self, text: str) -> bool:
        if self.kind != "person":
            return is_acronym(text, self.name)
        if parts(text) == parts(self.name):
            return text.casefold() != self.name.casefold()
        return person_fit(text, self.name) in (Fit.NEAR, Fit.SAME)


def group(mentions: Sequence[Mention], authors: Iterable[Author] = ()) -> list[Entity]:
    """The entities that ``mentions`` name; ``authors`` come first and are there even if never named."""
    by_name: dict[tuple[str, ...], list[Mention]] = {}
    displayed = _display_names(mentions)
    for mention in mentions:
        by_name.setdefault(parts(displayed.get(mention.text, mention.text)), []).append(mention)
    register = _Register(Entity(name=a.name, kind=a.kind, role=a.role, author=a) for a in authors)
    for name in sorted(by_name, key=fullness, reverse=True):
        _place(by_name[name], register)
    for entity in register.entities:
        entity.name = entity.author.name if entity.author else _fullest(entity)
    return sorted(register.entities, key=lambda e: e.mentions[0].start if e.mentions else -1)


def _display_names(mentions: Sequence[Mention]) -> dict[str, str]:
    """The name before each handle in brackets: "Clem Delgado (@clem)"."""
    pairs = pairwise(sorted(mentions, key=lambda m: m.start))
    return {b.text: a.text for a, b in pairs if b.text.startswith("@") and b.start - a.end == len(" (")}


class _Register:
    """Entities by what a shorter or other spelling of their names can share with them."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entities: list[Entity] = []
        self._by_key: dict[str, list[Entity]] = {}
        self._by_letter: dict[str, list[Entity]] = {}
        for entity in entities:
            self.add(entity)

    def add(self, entity: Entity) -> None:
        self.entities.append(entity)
        for key in keys(entity.name):
            self._by_key.setdefault(key, []).append(entity)
        for key in near_keys(entity.name):
            self._by_letter.setdefault(key, []).append(entity)

    def fitting(self, name: str, kind: EntityKind) -> list[Entity]:
        """The entities that a name fits best, in the order they came; near spellings only when nothing else fits."""
        found = _best_fits(name, kind, (e for key in sorted(keys(name)) for e in self._by_key.get(key, ())))
        return found or _best_fits(
            name, kind, (e for key in sorted(near_keys(name)) for e in self._by_letter.get(key, ()))
        )


def _best_fits(name: str, kind: EntityKind, candidates: Iterable[Entity]) -> list[Entity]:
    fits = {entity: fit for entity in dict.fromkeys(candidates) if (fit := _fit(name, kind, entity))}
    best = max(fits.values(), default=Fit.NONE)
    return [entity for entity, fit in fits.items() if fit == best]


def _place(mentions: Sequence[Mention], register: _Register) -> None:
    """Give all mentions of one name to the entities they fit best, or to a new one."""
    name, kind = next((m.text for m in mentions if m.text[0] != "@"), mentions[0].text), _kind(mentions)
    fitting = register.fitting(name, kind)
    if not fitting:
        fitting = [Entity(name=name, kind=kind)]
        register.add(fitting[0])
    if any(entity.kind == "person" for entity in fitting):
        fitting = [max(fitting, key=_prominence)]
    chosen = [max(fitting, key=lambda e: _nearness(e, mention.start)) for mention in mentions]
    for entity, mention in zip(chosen, mentions, strict=True):
        entity.add(mention)
        entity.kind = kind if entity.kind == "unknown" else entity.kind


def _kind(mentions: Sequence[Mention]) -> EntityKind:
    """What most mentions of a name are labelled, else what its words show."""
    votes: Counter[str] = Counter()
    for mention in mentions:
        if mention.label:
            votes[mention.label] += TITLE_VOTES if mention.titles else 1
    return _KIND_OF_LABEL[votes.most_common(1)[0][0]] if votes else _kind_of_words(mentions[0].text)


def _kind_of_words(name: str) -> EntityKind:
    words = parts(name)
    if name.startswith("@"):
        return "person"
    if any(w in lexicon().organisations for w in words) or has_legal_form(words) or name.isupper():
        return "organisation"
    if len(words) == 1 and any(c.isupper() for c in name[1:]) and not _SURNAME_OF_TWO.match(name):
        return "organisation"
    return "person" if len(words) in (2, 3) and is_first_name(words[0]) else "unknown"


def _prominence(person: Entity) -> tuple[int, int]:
    """A surname means whom the text names most in full, and of two so named the one named first."""
    full = [m.start for m in person.mentions if " " in m.text]
    return len(full), -min(full, default=0)


def _nearness(body: Entity, offset: int) -> tuple[int, int]:
    """ "The Council" means the council named last, else the one named most."""
    before = body.last_before(offset)
    return (1, before.end) if before else (0, len(body.mentions))


def _fit(name: str, kind: EntityKind, entity: Entity) -> Fit:
    """``Fit.NONE`` unless the kinds allow it, but an acronym tells more than its label.
    Places only join their equals."""
    kinds = {kind, entity.kind}
    if entity.kind == "organisation" and is_acronym(name, entity.name):
        return Fit.SAME
    if len(kinds) == 2 and "unknown" not in kinds:
        return Fit.NONE
    if "person" in kinds or kinds == {"unknown"}:
        fit = person_fit(name, entity.name)
        return fit if kind == "person" or fit >= Fit.LAST or fit == Fit.NEAR else Fit.NONE
    fit = organisation_fit(name, entity.name)
    allowed = (Fit.SAME, Fit.LAST, Fit.FIRST) if "organisation" in kinds else (Fit.SAME,)
    return fit if fit in allowed else Fit.NONE


def _plainest(entity: Entity, counts: Counter[str]) -> str | None:
    """The name by which an organisation is first and mostly called: GitHub, though its "GitHub Trust" is named once.

    A full name that the text introduces comes first.
    """
    first = min(entity.mentions, key=lambda m: m.start).text
    longer = [text for text in counts if fullness(parts(text)) > fullness(parts(first))]
    opens = all(text.startswith(f"{first} ") for text in longer)
    return first if longer and opens and sum(map(counts.__getitem__, longer)) * MOSTLY <= counts[first] else None


def _fullest(entity: Entity) -> str:
    """The fullest spelling, then one that is not in capitals, then the most frequent, then the first."""
    counts = Counter(m.text for m in entity.mentions)
    if entity.kind == "organisation" and (plain_name := _plainest(entity, counts)):
        return plain_name
    name = max(
        counts,
        key=lambda text: (not text.startswith("@"), fullness(parts(text)), not text.isupper(), counts[text]),
        default=entity.name,
    )
    return title_case(name) if entity.kind == "person" else name
