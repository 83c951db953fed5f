"""Can it be told whether a prediction came true? A score with its reasons. Pure.

What is missing is listed by what resolution needs (a last day, something to measure, somebody it is about) and by what
defeats it (a condition, words that leave every outcome open), as the platforms' rules ask for before they accept a
question. Read from the statement each time it is shown, so a correction shows at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.text import fold
from kb.types import StatementRow

TESTED = ("prediction", "commitment")
"""Kinds of statements that turn out one way or another."""

COST = {
    "no date": 0.4,
    "no clear subject": 0.2,
    "no number": 0.1,
    "conditional": 0.2,
    "hedged beyond test": 0.4,
}
"""Reason -> what it takes off the score of 1. A missing date or a hedge alone makes a prediction untestable: it could
come true for ever, or cannot fail. A missing number alone does not ("the bridge will open in June"), nor does a
condition (the outcome is void where it never held)."""

LEAST = 0.65
"""Testable from here on: at most one of the lesser reasons, or two that cost 0.3 together."""

_PRONOUN = r"(?:he|she|it|they|this|that|these|those|everything|everyone|everybody|something|things|one)\b"
_OPEN_SUBJECT = re.compile(rf"{_PRONOUN}|(?:will|would|may|to)\b")
# What only introduces the prediction: "there is a 70 % chance that", "it is likely that", "I think that".
_PREAMBLE = re.compile(r"(?:(?:there|it) is|there's|it's|(?:i|we) (?:think|expect|believe|predict))\b.{0,60}?\bthat\s+")
_CONDITION = re.compile(
    r"^should (?:we|they|it|he|she|the)\b|"
    r"\b(?:if|unless|provided|assuming|(?:as|so) long as|in case|only when|in the event|subject to|depending on)\b"
)
_HEDGE = re.compile(
    r"\b(?:could|may(?! \d)|might|possibly|perhaps|maybe|conceivabl[ey]|who knows|hard to (?:say|tell|predict)|"
    r"it is possible|there is a (?:chance|possibility)|(?:some|one) day|sooner or later|eventually|at some point|"
    r"more or less|in a sense|in some (?:way|form)|to some (?:degree|extent))\b"
)


@dataclass(frozen=True, slots=True)
class Testability:
    """How well a prediction can be tested: 1 has everything; and what it lacks."""

    score: float
    reasons: tuple[str, ...]

    @property
    def testable(self) -> bool:
        """Whether it can be told if it came true."""
        return self.score >= LEAST


def testability(row: StatementRow) -> Testability:
    """How testable a statement is; claims and opinions foretell nothing, so 0 without a reason."""
    if row.kind not in TESTED:
        return Testability(0.0, ())
    reasons = tuple(_reasons(row))
    return Testability(round(max(1 - sum(COST[reason] for reason in reasons), 0.0), 2), reasons)


def _reasons(row: StatementRow) -> Iterator[str]:
    timeless = row.text.replace(row.horizon.phrase, " ") if row.horizon and row.horizon.phrase else row.text
    words = fold(timeless).strip(" \"“”„«»'.,-")
    if row.horizon is None or row.horizon.latest is None:
        yield "no date"
    if row.quantity is None:
        yield "no number"
    if row.kind == "prediction" and _OPEN_SUBJECT.match(_PREAMBLE.sub("", words, count=1)):
        yield "no clear subject"
    if _CONDITION.search(words):
        yield "conditional"
    if row.p_low is None and (row.strength == "possible" or _HEDGE.search(words)):
        yield "hedged beyond test"
