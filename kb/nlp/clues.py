"""What speaks for a candidate being whom "he" or "she" stands for: clues, each with a weight. Pure.

Clues are read from the words around the pronoun and around the candidate's last mention before it (or its first one
after it: "In her letter, Ana said"). ``training/antecedents.py`` fits their weights, in ``data/antecedents.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.nlp.entities import Entity
from kb.nlp.genders import GENDERED
from kb.nlp.layout import Layout
from kb.nlp.mentions import Mention
from kb.nlp.phrases import Names
from kb.nlp.rules import rules
from kb.nlp.syntax import Case, Position, Syntax
from kb.types import Span

Clue = tuple[str, float]
"""Name and value; values of one name add up."""

FAR_SENTENCES = 4
FAR_RIVALS = 2
FAR_COUNT = 4
"""From here on, more makes no difference."""

LONGEST_GAP = 10
"""Characters between two words: spaces, marks."""

_SUBJECTS: frozenset[Position] = frozenset(["subject", "opener"])
_LINKS = {
    "who": re.compile(r"(?:\s?\([^)]*\))?,?\s+(?:who|whose)\b[^,;]*\Z"),
    "whom": re.compile(r"(?:\s?\([^)]*\))?,?\s+whom\b[^,;]*\Z"),
    "with": re.compile(r"\s(?:and|or|with)\s\Z"),
    "of": re.compile(r"['’]s\s(?:\w+\s)?\Z"),
}
"""What may stand between a name and the pronoun: "Ana, who lost her ...", "Ana and her ..."."""
_SHORT = 3
"""Words between a pronoun and a name that make them one phrase: "his father, Tom"."""


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun for a person; ``gender`` "m" or "f", None where the word does not show it."""

    start: int
    end: int
    gender: str | None


class Clues:
    """Reads the clues in one text."""

    def __init__(self, layout: Layout, names: Names, quotation_at: Callable[[int], Span | None]) -> None:
        self._text = layout.text
        self._layout = layout
        self._names = names
        self._quotation_at = quotation_at
        self._positions: dict[Mention, Position] = {}

    @cached_property
    def _syntax(self) -> Syntax:
        return Syntax(self._text)

    def points(self, entity: Entity, pronoun: Pronoun, rivals: Sequence[Entity]) -> float:
        """How much speaks for ``entity``, one of ``rivals``: a logarithm of odds against the others."""
        weights: dict[str, float] = rules("antecedents")["weights"]
        return sum(weights.get(name, 0.0) * value for name, value in self.of(entity, pronoun, rivals))

    def of(self, entity: Entity, pronoun: Pronoun, rivals: Sequence[Entity]) -> Iterator[Clue]:
        """The clues for ``entity``, named at least once; ``rivals`` are all candidates, itself included."""
        mention = entity.last_before(pronoun.start)
        others = {*rivals} - {entity}
        if mention is None:
            yield from self._behind(entity, pronoun, others)
        elif self._back(mention, pronoun) == 0:
            yield from self._same_sentence(mention, pronoun, others)
        else:
            yield from self._earlier(mention, pronoun, others)
        if mention:
            yield f"back {min(self._back(mention, pronoun), FAR_SENTENCES)}", 1
            yield from self._pronouns_between(mention, pronoun, others)
        yield from self._salience(entity, pronoun)
        yield from self._gender(entity, pronoun)
        yield from self._quotation(mention or entity.mentions[0], pronoun)

    def speaks(self, pronoun: Pronoun) -> bool:
        """Whether the pronoun stands beside a verb of speech."""
        return self._syntax.speaks(pronoun.start, pronoun.end)

    def _behind(self, entity: Entity, pronoun: Pronoun, others: Collection[Entity]) -> Iterator[Clue]:
        """For a candidate that is only named after the pronoun."""
        mention = entity.mentions[0]
        yield "behind", 1
        if self._layout.sentence(mention.start) > self._layout.sentence(pronoun.start):
            yield "behind: another sentence", 1
            return
        between = self._text[pronoun.end : mention.start]
        yield f"behind: {self._case(pronoun)}", 1
        fronted = "fronted" if self._opens_fronted(pronoun) else "in place"
        comma = "comma" if "," in between else "no comma"
        yield f"behind: {fronted}, {self._role(mention)}, {comma}", 1
        if "," not in between and len(between.split()) <= _SHORT:
            yield "behind: one phrase", 1
        yield "behind: rivals between", min(len(self._named(pronoun.end, mention.start, others)), FAR_RIVALS)

    def _same_sentence(self, mention: Mention, pronoun: Pronoun, others: Collection[Entity]) -> Iterator[Clue]:
        start, end = mention.end, pronoun.start
        between = self._text[start:end]
        rivals = len(self._named(start, end, others))
        verbs = self._syntax.verbs(start, end)
        yield f"same sentence: {self._position(mention)}", 1
        yield "same sentence: verbs", min(verbs, 3)
        yield "same sentence: commas", min(between.count(","), 3)
        yield "same sentence: rivals between", min(rivals, FAR_RIVALS)
        near = verbs <= 1 and self._syntax.is_one_clause(start, end)
        yield from self._within_clause(mention, pronoun, near=near, nearest=not rivals)
        for name, link in _LINKS.items():
            yield f"same sentence: {name}", link.match(self._text, start, end) is not None
        yield from self._addressed(mention, self._case(pronoun), rivals)

    def _within_clause(self, mention: Mention, pronoun: Pronoun, *, near: bool, nearest: bool) -> Iterator[Clue]:
        """The binding of a pronoun: "Ana saw her" are two people, "Ana saw her son" mostly not."""
        case, role = self._case(pronoun), self._role(mention)
        if case == "subject":
            yield f"same sentence: subject {self._opening(pronoun)}, {role}", 1
            return
        position = role if role == "subject" else self._position(mention)
        yield f"same sentence: {case}, {position}, {'near' if near else 'far'}", 1
        if case == "object" and role != "subject" and near and nearest:
            yield "same sentence: object beside", 1

    def _opening(self, pronoun: Pronoun) -> str:
        """What stands before the pronoun that opens its clause."""
        before = self._syntax.at(pronoun.start) - 1
        for kind in ("conjunctions", "relatives", "subordinators"):
            if self._syntax.is_any(kind, before):
                return kind
        lead = self._text[max(0, pronoun.start - LONGEST_GAP) : pronoun.start].rstrip()
        return "mark" if lead.endswith((",", ";", '"', "“", "`")) else "none"

    def _addressed(self, mention: Mention, case: Case, rivals: int) -> Iterator[Clue]:
        """ "Ana asked Ida if she": Ida is asked, Ana asks."""
        before, after = self._syntax.at(mention.start), self._syntax.at(mention.end)
        subject = self._role(mention) == "subject"
        if not subject and not rivals and self._any("addressing", before - 2, before):
            yield f"addressed: {case}", 1
        if subject and rivals and self._any("addressing", after, after + 3):
            yield f"addresses: {case}", 1

    def _earlier(self, mention: Mention, pronoun: Pronoun, others: Collection[Entity]) -> Iterator[Clue]:
        """For a candidate named in an earlier sentence."""
        start = self._layout.sentence_start(pronoun.start)
        first = "first" if self._layout.opens_sentence(pronoun.start) else "later"
        yield f"earlier: {self._position(mention)}", 1
        yield f"earlier: {first} {self._case(pronoun)}, {self._role(mention)}", 1
        yield "earlier: rivals between", min(len(self._named(mention.end, pronoun.start, others)), FAR_RIVALS)
        yield "earlier: rival in this sentence", bool(self._named(start, pronoun.start, others))

    def _pronouns_between(self, mention: Mention, pronoun: Pronoun, others: Collection[Entity]) -> Iterator[Clue]:
        """Pronouns of the same gender behind the candidate, before a rival is named."""
        until = next((m.start for m in self._named_at(mention.end, pronoun.start, others)), pronoun.start)
        own, rivals = self._pronouns(mention.end, until), self._pronouns(until, pronoun.start)
        yield "same pronoun behind it", pronoun.gender in own
        yield "same pronoun behind a rival", pronoun.gender in rivals - own

    def _salience(self, entity: Entity, pronoun: Pronoun) -> Iterator[Clue]:
        yield "count", min(entity.count_before(pronoun.start), FAR_COUNT)
        yield "one word", " " not in entity.name
        mention = entity.last_before(pronoun.start)
        yield "now in short", " " in entity.name and mention is not None and " " not in mention.text

    def _gender(self, entity: Entity, pronoun: Pronoun) -> Iterator[Clue]:
        known = entity.gender is not None and pronoun.gender is not None
        yield "gender shown", known and entity.gender == pronoun.gender
        yield "gender clashes", known and entity.gender != pronoun.gender

    def _quotation(self, mention: Mention, pronoun: Pronoun) -> Iterator[Clue]:
        inside = self._quotation_at(mention.start)
        yield "quoted", inside is not None
        yield "in another quotation", inside != self._quotation_at(pronoun.start)

    def _position(self, mention: Mention) -> Position:
        if mention not in self._positions:
            self._positions[mention] = self._syntax.position(mention.start, mention.end)
        return self._positions[mention]

    def _role(self, mention: Mention) -> str:
        return "subject" if self._position(mention) in _SUBJECTS else "other"

    def _case(self, pronoun: Pronoun) -> Case:
        return self._syntax.case(pronoun.start, pronoun.end)

    def _back(self, mention: Mention, pronoun: Pronoun) -> int:
        """How many sentences ``mention`` stands before the pronoun."""
        return self._layout.sentence(pronoun.start) - self._layout.sentence(mention.start)

    def _named(self, start: int, end: int, entities: Collection[Entity]) -> set[Entity]:
        """Which of ``entities`` are named between two offsets."""
        return {self._names.entity_of[m] for m in self._named_at(start, end, entities)}

    def _named_at(self, start: int, end: int, entities: Collection[Entity]) -> Iterator[Mention]:
        return (m for m in self._names.within(start, end) if self._names.entity_of[m] in entities)

    def _any(self, kind: str, start: int, end: int) -> bool:
        return any(self._syntax.is_any(kind, number) for number in range(start, end))

    def _opens_fronted(self, pronoun: Pronoun) -> bool:
        """Whether the pronoun's sentence opens with what stands before the main clause: "After her", "Seeing her"."""
        first = self._syntax.at(self._layout.sentence_start(pronoun.start))
        listed = any(self._syntax.is_any(kind, first) for kind in ("prepositions", "subordinators"))
        return listed or self._syntax.word(first).endswith(("ing", "ed"))

    def _pronouns(self, start: int, end: int) -> set[str]:
        """The genders of the pronouns between two offsets."""
        return {"m" if match[1] else "f" for match in GENDERED.finditer(self._text, start, end)}
