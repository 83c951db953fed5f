"""How strongly a prediction or commitment is put, and the probability that its words name."""

from __future__ import annotations

from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from kb.nlp.amounts import spelled
from kb.nlp.drafts import drafts_of, register_extensions
from kb.nlp.rules import pattern, rules
from kb.text import words_at
from kb.types import Strength

STATED = "stated"

# From which probability a stated number counts as which strength: the borders of ICD 203 between "roughly even chance"
# (45 to 55 %), "likely" (from 55 %) and "almost certain" (from 95 %).
_FLOORS: tuple[tuple[float, Strength], ...] = ((0.95, "certain"), (0.55, "likely"), (0.45, "possible"))


class Probability(NamedTuple):
    """A range of probability, 0 to 1, and the scale that it comes from."""

    low: float
    high: float
    scale: str


def read_probability(text: str) -> Probability | None:
    """The probability that ``text`` states as a number, or by a phrase of the scale; None for "could" and "may"."""
    text = text.replace("’", "'")
    return _stated(text) or _on_scale(text)


def _stated(text: str) -> Probability | None:
    if pattern("strength", "stated", "even").search(text):
        return Probability(0.5, 0.5, STATED)
    ratio = pattern("strength", "stated", "ratio").search(text) or pattern("strength", "stated", "times").search(text)
    if ratio:
        count, base = spelled(ratio["count"]), spelled(ratio["base"])
        return _probability(count, count, base=base)
    given = pattern("strength", "stated", "before").search(text) or pattern("strength", "stated", "after").search(text)
    return _probability(spelled(given["given"]), spelled(given["upto"] or given["given"]), base=100) if given else None


def _probability(low: float, high: float, *, base: float) -> Probability | None:
    """Of so many in ``base``; None for what is no probability ("110 % sure")."""
    return Probability(round(low / base, 4), round(high / base, 4), STATED) if low <= high <= base else None


def _on_scale(text: str) -> Probability | None:
    """The row of the scale whose phrase ``text`` holds; None when phrases of several rows contradict one another."""
    scale = rules("strength")["scale"]
    found = set()
    for at, row in enumerate(scale["row"]):
        text, hits = pattern("strength", "scale", "row", at, "phrases").subn("", text)
        if hits:
            found.add(Probability(row["low"], row["high"], scale["name"]))
    return found.pop() if len(found) == 1 else None


def read_strength(cue: str, content: str) -> Strength:
    """How strongly ``content`` is put: the first entry of the rules that fits the cue or the content."""
    cue, content = cue.replace("’", "'"), content.replace("’", "'")
    strengths: list[Strength] = [entry["strength"] for entry in rules("strength")["entry"]]
    for at, strength in enumerate(strengths):
        fits_cue = pattern("strength", "entry", at, "cue").search(cue)
        if fits_cue or pattern("strength", "entry", at, "content").search(content):
            return strength
    return "certain"


def strength_of(probability: float) -> Strength:
    """The strength of a stated probability."""
    return next((strength for floor, strength in _FLOORS if probability >= floor), "unlikely")


class Strengths:
    """Component that reads strength and probability of predictions and commitments; nothing else has any."""

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text  # spaCy puts it together anew each time
        for draft in drafts_of(doc):
            if draft.kind in {"prediction", "commitment"}:
                draft.strength, probability = self.read(words_at(text, draft.cue), draft.words(text))
                draft.p_low, draft.p_high, draft.p_scale = probability or (None, None, None)
        return doc

    def read(self, cue: str, content: str) -> tuple[Strength, Probability | None]:
        """Strength and probability of one statement; a stated number decides both."""
        probability = read_probability(content) or read_probability(cue)
        if probability and probability.scale == STATED:
            return strength_of((probability.low + probability.high) / 2), probability
        return read_strength(cue, content), probability


@Language.factory("strength", requires=["doc._.drafts"], assigns=["doc._.drafts"])
def make_strengths(nlp: Language, name: str) -> Strengths:
    """Build the component."""
    register_extensions()
    return Strengths()
