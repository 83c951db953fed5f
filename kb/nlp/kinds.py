"""What a statement is: prediction, commitment, question, opinion, claim, or nothing that is stated."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from kb.nlp.clauses import holds_clause
from kb.nlp.drafts import Draft, drafts_of, register_extensions, text_of
from kb.nlp.rules import lowered, pattern, rules
from kb.text import words_at
from kb.types import StatementKind

Scores = dict[str, float]
"""Probabilities of "prediction", "commitment" and "other", which add up to 1."""

# How much the rules count beside the encoder (exponents of a product of experts; the encoder's is 1). Small, because
# both learnt from the same labels; a choice, not a measurement.
RULES_WEIGHT = 0.3

# Probability below which an expert's "impossible" is not believed.
_FLOOR = 1e-4

# Words from which on a quotation states something even without a plain verb, unless it is the name of something, and
# from which on everything does that somebody "said". On PolNeAR's development articles, where fewer state nothing.
_QUOTED_WORDS = 4
_SAID_WORDS = 5

# What stands for the speaker's own name, but not in a possessive.
_OWN = re.compile(r"@own(?!')")

# Capitalised words of a source, but not the determiner that opens it.
_NAME = re.compile(r"\b(?!(?:The|This|These|Those|Some|Many|Most|His|Her|Its|Their|One|Two|An?)\b)[A-Z][\w'-]+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words that the rules look at, with straight apostrophes and single spaces."""

    cue: str
    content: str
    """With "@own" for the speaker's own name."""
    spoken: bool = False
    """Whether the content is the speaker's own wording."""

    @property
    def both(self) -> str:
        """Cue and content."""
        return f"{self.cue} | {self.content}"


def words_of(text: str, draft: Draft) -> Words:
    """What the rules see of ``draft``."""
    cue, content = words_at(text, draft.cue), draft.words(text)
    names = "|".join(re.escape(name) for name in _own_names(text, draft) if name in content)
    if names:  # rarely; each of these patterns has to be compiled
        content = re.sub(rf"\b(?:(?:Mr|Ms|Mrs|Dr)\.? )?(?:{names})(?: (?:{names}))*\b", "@own", content)
    return Words(_plain(cue), _plain(content), spoken=draft.quote_kind in {"direct", "self"})


def _plain(words: str) -> str:
    return " ".join(words.replace("’", "'").split())


def _own_names(text: str, draft: Draft) -> list[str]:
    """Names that in the speaker's mouth or in a report of it mean the speaker."""
    names = _NAME.findall(words_at(text, draft.source))
    if draft.speaker:
        names.append(draft.speaker.name)
    if draft.speaker and draft.speaker.role and draft.speaker.role.organisation:
        names.append(draft.speaker.role.organisation)
    return names


def read_scores(words: Words) -> Scores:
    """What the rules think of a statement."""
    logits = {"other": 0.0, **rules("kinds")["bias"]}
    seen = {"cue": words.cue.lower(), "content": words.content.lower(), "both": words.both.lower()}
    for signal in _signals():
        if signal.is_in(seen[signal.where]):
            logits["prediction"] += signal.prediction
            logits["commitment"] += signal.commitment
    return _normalised({kind: math.exp(logit) for kind, logit in logits.items()})


@dataclass(frozen=True, slots=True)
class _Signal:
    """A rule of ``data/kinds.toml``: where it looks, for what, and what it adds."""

    where: str
    is_in: Callable[[str], bool]
    prediction: float
    commitment: float


@cache
def _signals() -> tuple[_Signal, ...]:
    return tuple(
        _Signal(signal["in"], _test(at, signal), signal["prediction"], signal["commitment"])
        for at, signal in enumerate(rules("kinds")["signal"])
    )


def _test(at: int, signal: Mapping[str, object]) -> Callable[[str], bool]:
    how = next(how for how in ("any", "none", "opens") if how in signal)
    compiled = lowered("kinds", "signal", at, how)
    find = compiled.match if how == "opens" else compiled.search
    return (lambda words: find(words) is None) if how == "none" else (lambda words: find(words) is not None)


def _normalised(weights: Scores) -> Scores:
    total = sum(weights.values())
    return {kind: weight / total for kind, weight in weights.items()}


def combined(rules_say: Scores, encoder_says: Scores, *, rules_weight: float) -> Scores:
    """Both experts' view; the rules alone where the encoder says nothing."""
    if not encoder_says:
        return rules_say
    return _normalised(
        {kind: max(encoder_says.get(kind, 0), _FLOOR) * score**rules_weight for kind, score in rules_say.items()}
    )


def read_kind(words: Words, scores: Scores) -> StatementKind:
    """The kind of a statement, given what it may be."""
    if asks(words):
        return "question"
    forward = scores["other"] < max(scores["prediction"], scores["commitment"])
    if not (announces(words) if forward else states(words)):
        return "other"
    if forward:
        return "prediction" if scores["prediction"] >= scores["commitment"] else "commitment"
    judges = pattern("kinds", "opinion", "cue").search(words.cue)
    if judges or pattern("kinds", "opinion", "content").search(words.content):
        return "opinion"
    return "claim"


def asks(words: Words) -> bool:
    """Whether the content is a question, in the speaker's words or reported."""
    if pattern("kinds", "question", "ends").fullmatch(words.content):
        return True
    reported = pattern("kinds", "question", "indirect").match(words.content)
    return reported is not None and pattern("kinds", "question", "cue").search(words.cue) is not None


def announces(words: Words) -> bool:
    """Whether something to come is stated: by the content, or by a cue ("will open", "promises") with its object."""
    to_come = pattern("kinds", "nothing", "forward_cue").search(words.cue)
    return to_come is not None or states(words) or bool(pattern("kinds", "nothing", "forward").search(words.content))


def states(words: Words) -> bool:
    """Whether anything is stated. Who will not speak or not be named states nothing, nor does who only names things."""
    refuses = pattern("kinds", "nothing", "cue").search(words.cue)
    if refuses or pattern("kinds", "nothing", "unnamed").fullmatch(words.content):
        return False
    if holds_clause(_OWN.sub("he", words.content)) or _is_predicate(words):
        return True
    length = len(words.content.split())
    if length >= _SAID_WORDS and pattern("kinds", "nothing", "clause_cue").search(words.cue):
        return True
    return words.spoken and length >= _QUOTED_WORDS and not _names(words.content)


def _names(content: str) -> bool:
    """Whether ``content``, which has no verb, plainly names something and gives no number or date."""
    opens = pattern("kinds", "nothing", "name").match(content)
    return opens is not None and not pattern("kinds", "predicate", "amounting_to", "content").search(content)


def _is_predicate(words: Words) -> bool:
    """Whether the content completes a cue that needs more than a thing: what it is to do or be, or amounts to."""
    return any(
        pattern("kinds", "predicate", name, "cue").search(words.cue)
        and pattern("kinds", "predicate", name, "content").search(words.content)
        for name in rules("kinds")["predicate"]
    )


class Kinds:
    """Component that says what each draft states; a kind other than ``claim`` is an earlier judgement and stays."""

    def __init__(self, rules_weight: float) -> None:
        self._rules_weight = rules_weight

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        for draft in drafts_of(doc):
            if draft.kind == "claim":
                draft.kind = self.read(text, draft)
        return doc

    def read(self, text: str, draft: Draft) -> StatementKind:
        """The kind of one draft."""
        words = words_of(text, draft)
        return read_kind(words, combined(read_scores(words), draft.kind_scores, rules_weight=self._rules_weight))


@Language.factory(
    "kinds",
    requires=["doc._.drafts"],
    assigns=["doc._.drafts"],
    default_config={"rules_weight": RULES_WEIGHT},
)
def make_kinds(nlp: Language, name: str, rules_weight: float) -> Kinds:
    """Build the component. ``rules_weight``: how much the rules count beside the encoder, whose weight is 1."""
    register_extensions()
    return Kinds(rules_weight)
