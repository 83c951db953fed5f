"""Numbers in running text, in digits and in words: "1.5 million", "twenty-five", "a third", "hundreds of thousands"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from kb.nlp.rules import pattern, rules
from kb.text import lower_case
from kb.types import Comparator

# Digits that stand alone, after "5-" or a minus: no part of a name (GPT-5), a clock time, a version or an address.
_DIGITS = r"(?:(?<![\w.,/:#−-])|(?<=[\d%][-–])|(?<=[\s(][-−])|(?<=^[-−]))(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"

# What stands before digits that are negative.
_MINUS = (" -", " −", "(-", "(−")

# Characters before "by a factor of" in which the verb is looked for.
BEFORE = 40


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as printed; ``end`` is after its scale word."""

    start: int
    end: int
    value: float
    scale: float = 1
    """What "million" multiplied it by: in "5 to 10 million" the first number takes it over."""
    unit: str = ""
    """Where the number itself tells it: a currency sign, "one in five", "double"."""
    comparator: Comparator = "="
    bare: bool = False
    """Digits and nothing else: perhaps a year, a version or a label."""


def any_of(entries: Iterable[str]) -> str:
    """A pattern for any of ``entries``, the longest first."""
    return "|".join(re.escape(entry) for entry in sorted(entries, key=len, reverse=True))


def amounts(text: str) -> Iterator[Amount]:
    """Yield the numbers of ``text``, in order."""
    for match in _number().finditer(lower_case(text)):
        yield _READERS[match.lastgroup or ""](match)


def scale_of(word: str | None) -> float:
    """What a scale word multiplies by; 1 for None."""
    return float(rules("quantities")["scales"][word.lower()]) if word else 1.0


def spelled(number: str) -> float:
    """The value of a number in words or digits: "three hundred and five", "half a million", "7"."""
    ones, scales = rules("quantities")["ones"], rules("quantities")["scales"]
    total = part = 0.0
    for word in re.findall(r"\d+(?:\.\d+)?|[^\W\d]+", number.lower()):
        if word[0].isdigit():
            part += float(word)
        elif word in ones:
            part += ones[word]
        elif word in scales and scales[word] <= scales["hundred"]:
            part = max(part, 1) * scales[word]
        elif word in scales:
            total, part = total + max(part, 1) * scales[word], 0
    return total + part


@cache
def _number() -> re.Pattern[str]:
    """One pattern for all, in lower case; the name of the group that closes last says how to read the match."""
    data = rules("quantities")
    scales, ones = any_of(data["scales"]), any_of(data["ones"])
    long_scales = any_of(word for word in data["scales"] if len(word) > len("mln"))
    word = rf"(?:{ones}|{long_scales})"
    signs = any_of(data["signs"])
    no_multiple = pattern("quantities", "no_quantity", "multiple").pattern
    return re.compile(
        rf"""
        \b(?P<ratio> (?P<count>{ones}|\d) \s (?:in|out\ of) \s (?P<base>{ones}|\d0{{0,3}}) )\b
            (?!,\d|[\s-](?:{data["no_quantity"]["time"]})\b)
        | (?P<digits> (?P<minus>\bminus\s)?(?:(?P<sign>{signs})\s?)?(?P<figure>{_DIGITS})
            (?:(?P<short>{scales})|[\s-](?P<long>{long_scales}|bn|mn))?(?:(?!\w)|(?=(?:x|bps?)\b)) )
        | \b(?P<divided> divided\sby\s(?P<divisor>{word}|\d+(?:\.\d+)?) )\b
        | \b(?P<factor> by\san?\sfactor\sof\s(?P<over>{word}|\d+(?:\.\d+)?) )\b
        | \b(?P<magnitude> (?P<orders>an?|{ones}|\d)\sorders?\sof\smagnitude )\b
        | \b(?P<fraction> (?P<parts>an?|one|two|three|four) [\s-] (?P<part>{any_of(data["fractions"])}) )\b
        | \b(?P<half> half (?:\s an? \s (?P<halved>{long_scales})|\s an? (?=\s (?:percent|per\scent)\b)
            |\s a (?=\spercentage\spoint)|(?=\s (?:of|the|all|its|their|our)\b)|(?<=\bby\shalf)(?!\s\w+\spast)) )
        | \b(?P<multiple> {any_of(data["multiples"])} )\b (?!{no_multiple})
        | \b(?P<plural> (?P<many>{any_of(data["plurals"])}) \s of (?:\s (?P<times>{any_of(data["plurals"])}))? )\b
        | \b(?P<some> (?:several|a\sfew|(?P<two>a\scouple(?:\sof)?)) \s (?P<unknown>{long_scales}) )\b
        | \b(?P<words> (?:an? \s (?={long_scales}))? {word} (?:(?:[\s-]|\s and \s) {word})* )\b(?!-)
        """,
        re.VERBOSE,
    )


def _read_digits(match: re.Match[str]) -> Amount:
    scale = scale_of(match["short"] or match["long"])
    value = float(match["figure"].replace(",", "")) * scale
    unit = rules("quantities")["units"].get((match["sign"] or "").lower(), "")
    before = " " + match.string[: match.start()]
    signed = before[-1] if before.endswith(_MINUS) else ""
    if signed or match["minus"]:
        return Amount(match.start() - len(signed), match.end(), -value, scale, unit)
    return Amount(match.start(), match.end(), value, scale, unit, bare=match["figure"] == match[0].strip())


def _read_ratio(match: re.Match[str]) -> Amount:
    base = spelled(match["base"])
    return Amount(match.start(), match.end(), 100 * spelled(match["count"]) / base if base else 0.0, unit="%")


def _read_fraction(match: re.Match[str]) -> Amount:
    parts = 1 if match["parts"].lower() in {"a", "an"} else spelled(match["parts"])
    return Amount(match.start(), match.end(), parts * rules("quantities")["fractions"][match["part"].lower()])


def _read_half(match: re.Match[str]) -> Amount:
    return Amount(match.start(), match.end(), 0.5 * scale_of(match["halved"]))


def _read_multiple(match: re.Match[str]) -> Amount:
    value = rules("quantities")["multiples"][match["multiple"].lower()]
    return Amount(match.start(), match.end(), float(value), unit="times")


def _read_divided(match: re.Match[str]) -> Amount:
    divisor = spelled(match["divisor"])
    return Amount(match.start(), match.end(), 1 / divisor if divisor else 0.0, unit="times")


def _read_factor(match: re.Match[str]) -> Amount:
    over = spelled(match["over"])
    before = max(0, match.start() - BEFORE)
    shrinks = pattern("quantities", "range", "shrinks").search(match.string, before, match.start())
    return Amount(match.start(), match.end(), 1 / over if shrinks and over else over, unit="times")


def _read_magnitude(match: re.Match[str]) -> Amount:
    orders = 1 if match["orders"].lower() in {"a", "an"} else spelled(match["orders"])
    return Amount(match.start(), match.end(), 10**orders, unit="times")


def _read_some(match: re.Match[str]) -> Amount:
    """ "a couple of thousand" is about two, "a few" and "several" are more than two."""
    scale = scale_of(match["unknown"])
    return Amount(match.start(), match.end(), 2 * scale, scale, comparator="~" if match["two"] else ">")


def _read_plural(match: re.Match[str]) -> Amount:
    plurals = rules("quantities")["plurals"]
    value = plurals[match["many"].lower()] * (plurals[match["times"].lower()] if match["times"] else 1)
    return Amount(match.start(), match.end(), float(value), comparator=">")


def _read_words(match: re.Match[str]) -> Amount:
    if year := _spoken_year(match["words"]):
        return Amount(match.start(), match.end(), year, bare=True)
    last = match["words"].lower().split()[-1]
    scale = scale_of(last) if last in rules("quantities")["scales"] else 1.0
    return Amount(match.start(), match.end(), spelled(match["words"]), scale)


def _spoken_year(number: str) -> float | None:
    """2026 for "twenty twenty-six"; None for what is no such year."""
    century, _, rest = number.lower().partition(" ")
    in_century = spelled(rest) if rest else 0.0
    if century in ("nineteen", "twenty") and 10 <= in_century < 100:
        return 100 * spelled(century) + in_century
    return None


_READERS = {
    "digits": _read_digits,
    "ratio": _read_ratio,
    "fraction": _read_fraction,
    "half": _read_half,
    "multiple": _read_multiple,
    "divided": _read_divided,
    "factor": _read_factor,
    "magnitude": _read_magnitude,
    "some": _read_some,
    "plural": _read_plural,
    "words": _read_words,
}
