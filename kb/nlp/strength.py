"""How strongly a prediction or commitment is put, and the probability that its words name."""

from __future__ import annotations

from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from kb.config import DEFAULT_SCALE
from kb.nlp.amounts import spelled
from kb.nlp.drafts import register_extensions, statements_of, text_of
from kb.nlp.rules import lowered, pattern, rules
from kb.text import words_at
from kb.types import STATED, Strength

# Group of the phrases that look like those of a scale and say no probability.
NO_GROUP = "nothing"

# How a number is given as a probability, the plainest first.
_FORMS = ("chance", "sure", "ratio", "times", "part", "given", "of", "bet", "share", "small")

# From which probability a stated number counts as which strength: the borders of ICD 203 between "roughly even chance"
# (45 to 55 %), "likely" (from 55 %) and "almost certain" (from 95 %).
_FLOORS: tuple[tuple[float, Strength], ...] = ((0.95, "certain"), (0.55, "likely"), (0.45, "possible"))


class Probability(NamedTuple):
    """A range of probability, 0 to 1, and the scale that it comes from."""

    low: float
    high: float
    scale: str


def read_probability(text: str, scale: str = DEFAULT_SCALE) -> Probability | None:
    """The probability that ``text`` states as a number, or by a phrase of the scale; None for "could" and "may"."""
    text = text.replace("’", "'").lower()
    return _stated(text) or _on_scale(text, scale)


def _stated(text: str) -> Probability | None:
    """The first number that is given as a probability; None for what cannot be one ("110 % sure")."""
    if lowered("strength", "stated", "even").search(text):
        return Probability(0.5, 0.5, STATED)
    found = (lowered("strength", "stated", form).search(text) for form in _FORMS)
    low, high = next((_bounds(match.groupdict()) for match in found if match), (1.0, 0.0))
    return Probability(round(low, 4), round(high, 4), STATED) if low <= high <= 1 else None


def _bounds(given: dict[str, str | None]) -> tuple[float, float]:
    """What a match of the rules gives: one number twice, a range, or all that lies above or below a number."""
    if share := given.get("share"):
        return float(share), float(share)
    if part := given.get("part"):
        base = 1 / rules("quantities")["fractions"][part.lower()]
    else:
        base = spelled(given.get("base") or "") or 100.0
    low = spelled(given.get("given") or given.get("count") or "") or float(given.get("count") in {"a", "an"})
    high = spelled(given.get("upto") or "") or low
    bound = given.get("bound") or ""
    if pattern("strength", "bounds", "over").search(bound):
        return low / base, 1.0
    return (0.0 if pattern("strength", "bounds", "under").search(bound) else low / base), high / base


def _on_scale(text: str, scale: str) -> Probability | None:
    """The range that ``scale`` gives the phrase in ``text``; None where it has none, or for phrases that differ."""
    ranges = rules("scales")["scale"][scale]
    found = set()
    for at, group in enumerate(rules("scales")["group"]):
        text, hits = lowered("scales", "group", at, "phrases").subn("", text)
        if hits and group["name"] != NO_GROUP:
            found.add(tuple(ranges.get(group["name"], ())))
    if len(found) != 1 or not (percent := found.pop()):
        return None
    return Probability(percent[0] / 100, percent[1] / 100, scale)


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

    def __init__(self, scale: str = DEFAULT_SCALE) -> None:
        self._scale = scale

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        for draft in statements_of(doc):
            if draft.kind in {"prediction", "commitment"}:
                draft.strength, probability = self.read(words_at(text, draft.cue), draft.words(text))
                draft.p_low, draft.p_high, draft.p_scale = probability or (None, None, None)
        return doc

    def read(self, cue: str, content: str) -> tuple[Strength, Probability | None]:
        """Strength and probability of one statement; a stated number decides both."""
        probability = read_probability(content, self._scale) or read_probability(cue, self._scale)
        if probability and probability.scale == STATED:
            return strength_of((probability.low + probability.high) / 2), probability
        return read_strength(cue, content), probability


@Language.factory(
    "strength", requires=["doc._.drafts"], assigns=["doc._.drafts"], default_config={"scale": DEFAULT_SCALE}
)
def make_strengths(nlp: Language, name: str, scale: str) -> Strengths:
    """Build the component; ``scale`` is one of ``kb.config.SCALES``."""
    register_extensions()
    return Strengths(scale)
