"""Comparing figures: which numbers a quantity allows, and what one says of another. Pure."""

from __future__ import annotations

import math

from kb.types import Comparator, Direction, Quantity

NEARLY = 0.1
"""How far off a figure may be that is "about" another: a tenth, as people round."""

_SPOKEN: dict[Comparator, str] = {
    ">=": "at least ",
    ">": "more than ",
    "<=": "at most ",
    "<": "less than ",
    "~": "about ",
}


def bounds(quantity: Quantity) -> tuple[float, float]:
    """The least and the greatest number that a quantity allows."""
    value = quantity.value
    match quantity.comparator:
        case ">=" | ">":
            return value, math.inf
        case "<=" | "<":
            return -math.inf, value
        case "range":
            return value, value if quantity.high is None else quantity.high
        case "~":
            return value - abs(value) * NEARLY, value + abs(value) * NEARLY
    return value, value


def verdict_of(found: Quantity, foretold: Quantity) -> Direction:
    """What a figure found later says of a figure foretold in the same unit; neutral where both may be right."""
    (low, high), (least, most) = bounds(found), bounds(foretold)
    if least <= low and high <= most and not _on_open_end(found, foretold):
        return "supports"
    if high < least or low > most or _on_open_end(found, foretold):
        return "refutes"
    return "neutral"


def _on_open_end(found: Quantity, foretold: Quantity) -> bool:
    """ "more than 5" is not met by 5 itself."""
    return foretold.comparator in (">", "<") and found.comparator == "=" and found.value == foretold.value


def spoken(quantity: Quantity) -> str:
    """``at least 100,000 robots``, ``10 to 12 %``."""
    number = f"{quantity.value:,.12g}"
    if quantity.high is not None:
        number += f" to {quantity.high:,.12g}"
    return f"{_SPOKEN.get(quantity.comparator, '')}{number} {quantity.unit}".rstrip()
