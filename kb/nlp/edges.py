"""Where a content begins and ends: without the punctuation beside it or the time of saying before its "that", and with
the whole of an amount. Pure."""

from __future__ import annotations

from kb.nlp.rules import pattern
from kb.types import Span, Spans

# Punctuation that belongs to the sentence around a content, wherever the model draws the line.
_BEFORE = " \t\n\u00a0,;:)"
_AFTER = " \t\n\u00a0,;("


def trimmed(text: str, content: Spans) -> Spans:
    """``content`` without what is none of its words; spans of punctuation alone are left out, unless all are."""
    spans = [_without_punctuation(text, start, _with_amount(text, end)) for start, end in content]
    spans = [span for span in spans if span[0] < span[1]]
    if not spans:
        return content
    start, end = spans[0]
    said = pattern("edges", "time").match(text, start, end)
    return ((said.end() if said else start, end), *spans[1:])


def _with_amount(text: str, end: int) -> int:
    rest = pattern("edges", "amount").match(text, end)
    return rest.end() if rest else end


def _without_punctuation(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in _BEFORE:
        start += 1
    while start < end and text[end - 1] in _AFTER:
        end -= 1
    return start, end
