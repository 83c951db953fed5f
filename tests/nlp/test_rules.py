"""Patterns that are looked for in lower case must find there what they find, without regard to case, as written."""

from __future__ import annotations

import re

import pytest

from kb.nlp.rules import lowered, pattern, rules

ESCAPES_AND_GROUPS = re.compile(r"\\[A-Z]|\(\?P<\w+>")

SIGNALS = [
    ("kinds", "signal", at, next(how for how in ("any", "none", "opens") if how in signal))
    for at, signal in enumerate(rules("kinds")["signal"])
]
STATED = [("strength", "stated", form) for form in rules("strength")["stated"]]
SCALES = [("scales", "group", at, "phrases") for at in range(len(rules("scales")["group"]))]


@pytest.mark.parametrize("keys", [*SIGNALS, *STATED, *SCALES], ids=str)
def test_patterns_for_lower_case_ask_for_no_capital(keys: tuple[str, ...]) -> None:
    source = ESCAPES_AND_GROUPS.sub("", lowered(*keys).pattern)
    assert not re.search(r"[A-Z]|\(\?-i", source)


def test_a_lowered_pattern_is_the_same_one() -> None:
    keys = SIGNALS[0]
    assert lowered(*keys).pattern == pattern(*keys).pattern
    assert not lowered(*keys).flags & re.IGNORECASE
