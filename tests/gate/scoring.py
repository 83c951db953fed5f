"""How far extracted attributions agree with labelled ones.

source, cue, content: F1 of exact spans, without quotation marks, white space and . , ; : at both ends. verbatim: F1
of content spans that are the same to the last mark. content_found: an attribution counts when its content overlaps a
labelled one with Dice >= 0.8 (characters, one to one). who_said_what: and its source overlaps the labelled source, or
both have none. direct_recall: recall of who_said_what where the labelled content holds a double quotation mark. Of
those found also: speaker (share of named speakers that get the name), groups (share of unnamed ones that get
somebody's name) and kind (share of right kinds).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kb.text import fold
from kb.types import Attribution, Span
from tests.gate.marked import Gold

SPAN_ROLES = ("source", "cue", "content")
LEAST_DICE = 0.8
_TRIMMED = frozenset(" \t\n\r\"'“”‘’`.,;:")
_UNNAMED = ("group: ", "document: ")


@dataclass
class Counts:
    """Sums over documents; ``figures`` turns them into per cent."""

    n: Counter[str] = field(default_factory=Counter)
    confidences: list[tuple[float, bool]] = field(default_factory=list)
    """(confidence, right in the sense of who_said_what) of every attribution found."""

    def add(self, text: str, gold: Sequence[Gold], found: Sequence[Attribution]) -> None:
        """Count one document."""
        for role in SPAN_ROLES:
            self._spans(role, *([_trim(text, s) for a in side for s in getattr(a, role)] for side in (gold, found)))
        self._spans("verbatim", *([s for a in side for s in a.content] for side in (gold, found)))
        pairs = list(pairs_of(gold, found))
        right = [(g, f) for g, f in pairs if same_source(g, f)]
        self._count("content_found", len(pairs), len(found), len(gold))
        self._count("who_said_what", len(right), len(found), len(gold))
        direct = [g for g in gold if any(c in '"“”' for s in g.content for c in text[slice(*s)])]
        self._count("direct", sum(any(g is d for d in direct) for g, _ in right), 0, len(direct))
        for g, f in right:
            self._meaning(g, f)
        matched = {id(f) for _, f in right}
        self.confidences += [(f.confidence, id(f) in matched) for f in found]

    def _spans(self, name: str, gold: Sequence[Span], found: Sequence[Span]) -> None:
        right = Counter(gold) & Counter(found)
        self._count(name, right.total(), len(found), len(gold))

    def _count(self, name: str, right: int, found: int, gold: int) -> None:
        self.n.update({f"{name} right": right, f"{name} found": found, f"{name} gold": gold})

    def _meaning(self, gold: Gold, found: Attribution) -> None:
        self._count("kind", found.statement.kind == gold.kind, 0, 1)
        named = found.speaker is not None and found.speaker.kind != "group"
        if gold.speaker.startswith(_UNNAMED):
            self._count("groups", named and found.speaker.name not in gold.speaker, 0, 1)
        elif gold.speaker != "-":
            same = found.speaker is not None and fold(found.speaker.name) == fold(gold.speaker)
            self._count("speaker", same, 0, 1)

    def figures(self) -> dict[str, float]:
        """Per cent: F1 of spans and pairs, recall of ``direct_recall``, shares of the rest."""
        f1 = {name: self._share(name, 2) for name in (*SPAN_ROLES, "verbatim", "content_found", "who_said_what")}
        return (
            f1 | {"direct_recall": self._share("direct")} | {n: self._share(n) for n in ("speaker", "groups", "kind")}
        )

    def _share(self, name: str, times: int = 1) -> float:
        right, found, gold = (self.n[f"{name} {part}"] for part in ("right", "found", "gold"))
        return round(100 * times * right / max(1, found + gold), 1)


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] in _TRIMMED:
        start += 1
    while end > start and text[end - 1] in _TRIMMED:
        end -= 1
    return start, end


def pairs_of(gold: Sequence[Gold], found: Sequence[Attribution]) -> Iterable[tuple[Gold, Attribution]]:
    """The best one-to-one matching by content, greedily."""
    scored = [(_dice(characters(g.content), characters(f.content)), g, f) for g in gold for f in found]
    used: set[int] = set()
    for dice, g, f in sorted(scored, key=lambda triple: -triple[0]):
        if dice >= LEAST_DICE and id(g) not in used and id(f) not in used:
            used |= {id(g), id(f)}
            yield g, f


def characters(spans: Iterable[Span]) -> set[int]:
    return {i for span in spans for i in range(*span)}


def _dice(a: set[int], b: set[int]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def same_source(gold: Gold, found: Attribution) -> bool:
    wanted, got = characters(gold.source), characters(found.source)
    return bool(wanted & got) or not (wanted or got)
