"""What a statement counts: "at least 100,000 robots" is ``>= 100000 robots``."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import zip_longest

from spacy.language import Language
from spacy.tokens import Doc

from kb.nlp.amounts import Amount, amounts, any_of
from kb.nlp.drafts import register_extensions, statements_of, text_of
from kb.nlp.rules import pattern, rules, words
from kb.types import Comparator, Quantity

# Bare numbers in this range are years.
YEARS = range(1900, 2101)

# Small numbers without a unit ("divided by two", "round three") count nothing that could be checked.
VAGUE = 12

# Below this the first number of "5 to 10 million" takes over the scale of the second ("500,000 to 1 million" does not).
SCALELESS = 1000

# Words after a number among which its unit is looked for ("100,000 personal AI robots").
UNIT_WORDS = 4

# Characters on either side of a number in which its comparator and its unit are looked for.
NEARBY = 60

_SIGNS: tuple[Comparator, ...] = ("=", ">=", "<=", ">", "<", "~")

# A capitalised word that does not open a sentence.
_NAME_BEFORE = re.compile(r"[^\s.!?:“\"]\s+[\w&]*[A-Z]\w*\s$|^\w[\w&]*[A-Z]\w*\s$")
_UNIT_WORD = re.compile(r"[\s-]([^\W\d_]+(?:[-'’&][^\W\d_]+)*)")


def read_quantity(text: str) -> Quantity | None:
    """The first quantity in ``text``; dates, clock times, ordinals, names with numbers and horizons are none."""
    found = list(amounts(text))
    for amount, following in zip_longest(found, found[1:]):
        span = _range(text, amount, following) if following else None
        quantity = span or _single(text, amount)
        if quantity:
            return quantity
    return None


def _single(text: str, amount: Amount) -> Quantity | None:
    unit, end = _unit(text, amount)
    if _is_joined(text, amount) or not _counts(text, amount, unit, end):
        return None
    comparator = _comparator(text, amount, end) or amount.comparator
    if not unit and _is_taken_away(text, amount):
        return Quantity(comparator=comparator, value=_rounded(100 * amount.value), unit="%")
    return Quantity(comparator=comparator, value=_rounded(amount.value), unit=unit)


def _range(text: str, low: Amount, high: Amount) -> Quantity | None:
    """ "between 5 and 10", "5 to 10", "5-10"; a change "from 5 to 10" is what it leads to."""
    if not pattern("quantities", "range", "between").fullmatch(text, low.end, high.start) or _is_joined(text, low):
        return None
    before = text[max(0, low.start - NEARBY) : low.start]
    if " and " in text[low.end : high.start] and not pattern("quantities", "range", "opens").search(before):
        return None
    unit, end = _unit(text, high)
    if high.scale > low.scale == 1 and low.value < SCALELESS:
        low = replace(low, value=low.value * high.scale)
    if not _counts(text, low, unit, end) or _is_year(high) or (low.unit == "times" and unit != "times"):
        return None
    unit = low.unit or unit
    if pattern("quantities", "range", "change").search(before):
        return Quantity(comparator="=", value=_rounded(high.value), unit=unit)
    if low.value >= high.value:
        return None
    return Quantity(comparator="range", value=_rounded(low.value), high=_rounded(high.value), unit=unit)


def _is_taken_away(text: str, amount: Amount) -> bool:
    """Whether the number is the part by which something changes: "costs fall by a third"."""
    by = pattern("quantities", "range", "part").search(text, max(0, amount.start - NEARBY), amount.start)
    return by is not None and 0 < amount.value < 1


def _is_joined(text: str, amount: Amount) -> bool:
    """Whether the number is the second part of "5-10" or "2024-12"."""
    return text[max(0, amount.start - 1) : amount.start] in {"-", "–"}


def _rounded(value: float) -> float:
    """Without the noise of binary fractions (1.1 million is 1100000.0000000001)."""
    return float(f"{value:.12g}")


def _unit(text: str, amount: Amount) -> tuple[str, int]:
    """The unit of a number ("" when it has none) and where it ends."""
    named = _named_unit().match(text, amount.end)
    if amount.unit:
        return amount.unit, amount.end
    if named:
        return rules("quantities")["units"][" ".join(named["unit"].lower().split())], named.end()
    return _counted(text, amount.end)


def _counted(text: str, at: int) -> tuple[str, int]:
    """The noun that is counted: the first plural after the number, else the last word of the phrase."""
    for skipped in (*(_beside(sign)[1] for sign in _SIGNS), pattern("quantities", "unit", "of")):
        match = skipped.match(text, at)
        at = match.end() if match else at
    noun, end = "", at
    for _ in range(UNIT_WORDS):
        word = _UNIT_WORD.match(text, end)
        if word is None or word[1].lower() in words("quantities", "no_unit"):
            break
        noun, end = word[1], word.end()
        if text[word.start()] == "-" or pattern("quantities", "unit", "plural").fullmatch(noun):
            break
    return rules("quantities")["units"].get(noun.lower(), noun), end


def _counts(text: str, amount: Amount, unit: str, end: int) -> bool:
    """Whether the number is a quantity: no year, date, time, label, pronoun or horizon."""
    before, after = text[max(0, amount.start - NEARBY) : amount.start], text[amount.end : amount.end + NEARBY]
    if _is_year(amount) or (amount.bare and _labels(before)):
        return False
    if pattern("quantities", "no_quantity", "dated").match(after):
        return False
    if pattern("quantities", "no_quantity", "time").fullmatch(unit):
        horizon = pattern("quantities", "no_quantity", "horizon").search(before)
        return not horizon and not pattern("quantities", "no_quantity", "elapsed").match(text, end)
    if not unit and amount.value <= VAGUE:
        return _is_taken_away(text, amount)
    return amount.value != 1 or bool(amount.unit) or unit in words("quantities", "counted_one")


def _is_year(amount: Amount) -> bool:
    return amount.bare and amount.value in YEARS


def _labels(before: str) -> bool:
    """Whether a bare number is part of a date or a name ("March 15", "iPhone 17 will")."""
    labelled = pattern("quantities", "no_quantity", "label").search(before) or _NAME_BEFORE.search(before)
    return labelled is not None


def _comparator(text: str, amount: Amount, end: int) -> Comparator | None:
    """The comparator before the number, after it, or after its unit, which ends at ``end``."""
    before = text[max(0, amount.start - NEARBY) : amount.start]
    for sign in _SIGNS:
        preceding, following = _beside(sign)
        if preceding.search(before) or following.match(text, amount.end) or following.match(text, end):
            return sign
    return None


@cache
def _beside(sign: Comparator) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns for the words of a comparator before and after a number."""
    before, after = rules("quantities")["before"], rules("quantities")["after"]
    return (
        re.compile(rf"(?<!\w)(?:{any_of(before[sign])})\s*(?:an? )?$", re.IGNORECASE),
        re.compile(rf"[\s,]*(?:{any_of(after.get(sign, ())) or '(?!)'})(?!\w)", re.IGNORECASE),
    )


@cache
def _named_unit() -> re.Pattern[str]:
    return re.compile(rf"[\s-]?(?P<unit>{any_of(rules('quantities')['units'])})(?!\w)", re.IGNORECASE)


class Quantities:
    """Component that reads what each statement counts."""

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        for draft in statements_of(doc):
            draft.quantity = read_quantity(draft.words(text))
        return doc


@Language.factory("quantities", requires=["doc._.drafts"], assigns=["doc._.drafts"])
def make_quantities(nlp: Language, name: str) -> Quantities:
    """Build the component."""
    register_extensions()
    return Quantities()
