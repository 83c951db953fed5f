"""How well pronouns are resolved where the pronoun and two names are given: the GAP corpus.

    python -m training.evaluate_gap ../shared/corpora/gap/gap-development.tsv

Runs the function that chooses antecedents in the product, without the encoder: the two gold names are the candidates,
other names are found by their capitals. Prints precision, recall and F1 over the decisions "is A" and "is B", for both
genders, and the bias (feminine F1 / masculine F1), as in Webster et al. 2018, "Mind the GAP".
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.nlp.antecedents import Discourse
from kb.nlp.clues import Pronoun
from kb.nlp.entities import Entity, group
from kb.nlp.mentions import Mention, find_mentions
from kb.types import Span

MASCULINE = ("he", "him", "his")


@dataclass(frozen=True)
class Snippet:
    """A text with a pronoun and two names; ``coreferent`` says of each name whether the pronoun means it."""

    text: str
    pronoun: Pronoun
    names: tuple[Span, Span]
    coreferent: tuple[bool, bool]

    def read(self) -> tuple[Discourse, list[Entity]]:
        """The text as the product reads it, and the two candidates."""
        mentions = find_mentions(self.text, [(*name, "PERSON") for name in self.names])
        for start, end in self.names:
            if not any(m.start < end and start < m.end for m in mentions):
                mentions.append(Mention(start, end, self.text[start:end], "PERSON"))
        entities = group(sorted(mentions, key=lambda m: m.start))
        candidates = [self._named(entities, name) for name in self.names]
        if candidates[0] is candidates[1]:
            candidates[1] = self._split(candidates[0], self.names[1])
            entities.append(candidates[1])
        return Discourse(self.text, entities), candidates

    def _named(self, entities: list[Entity], name: Span) -> Entity:
        return next(e for e in entities if any(m.start < name[1] and name[0] < m.end for m in e.mentions))

    def _split(self, entity: Entity, name: Span) -> Entity:
        """The person at ``name`` set apart: the corpus says that they are two."""
        mentions = [m for m in entity.mentions if m.start < name[1] and name[0] < m.end]
        entity.mentions[:] = [m for m in entity.mentions if m not in mentions] or entity.mentions
        return Entity(name=self.text[slice(*name)], kind="person", mentions=mentions)


def snippets(path: Path) -> Iterator[Snippet]:
    """The examples of a GAP file."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            spans = {key: _span(row, key) for key in ("Pronoun", "A", "B")}
            gender = "m" if row["Pronoun"].lower() in MASCULINE else "f"
            yield Snippet(
                text=row["Text"],
                pronoun=Pronoun(*spans["Pronoun"], gender),
                names=(spans["A"], spans["B"]),
                coreferent=(row["A-coref"] == "TRUE", row["B-coref"] == "TRUE"),
            )


def _span(row: dict[str, str], key: str) -> Span:
    start = int(row[f"{key}-offset"])
    return start, start + len(row[key])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    counts: Counter[tuple[str, str]] = Counter()
    for snippet in snippets(parser.parse_args().file):
        discourse, candidates = snippet.read()
        chosen = discourse.choice(candidates, snippet.pronoun, speaks=False)
        for candidate, right in zip(candidates, snippet.coreferent, strict=True):
            outcome = ("right" if right else "wrong") if candidate is chosen else "missed" if right else "none"
            counts += Counter({(group, outcome): 1 for group in ("all", snippet.pronoun.gender or "")})
    figures = {key: f1(counts, key, name) for key, name in (("all", "all"), ("m", "masculine"), ("f", "feminine"))}
    print(f"{'bias':<10} {figures['f'] / figures['m']:5.3f}")


def f1(counts: Counter[tuple[str, str]], key: str, name: str) -> float:
    """Prints the figures of one gender; the F1, 0 to 100."""
    right, wrong, missed = (counts[key, outcome] for outcome in ("right", "wrong", "missed"))
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    figure = 200 * right / max(1, 2 * right + wrong + missed)
    print(f"{name:<10} P {100 * precision:5.1f}  R {100 * recall:5.1f}  F1 {figure:5.1f}  ({right + missed} gold)")
    return figure


if __name__ == "__main__":
    main()
