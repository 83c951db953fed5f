"""Sentences with exact offsets, without a model: full stops, abbreviations, initials, decimals, ellipses, lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.nlp.rules import words
from kb.types import Span

# A run of end marks, the closing marks and notes that belong to it, then white space or the end; or a line end.
_STOP = re.compile(r"(?P<mark>[.!?…]+|[。！？]+)(?P<close>(?:[\"”»›'’)\]*_]|\[\d+\])*)(?=\s|$)|\n")
# What ends sentences in posts when a word that starts sentences follows: a face, or a stop without the space after it.
# It opens with a set of characters, which a search finds at once.
_POST_STOP = re.compile(
    r"[\s.!?](?:(?<=\s)(?:[:;]-?[)(DP]|[\U0001F300-\U0001FAFF☀-➿\uFE0F\u200D]+)(?=\s+[A-Z])"
    r"|(?<=[a-z]{2}[.!?])(?=[A-Z]))"
)
_UP_TO_WORD = re.compile(r".*[\s\"“”(\[«—–]", re.DOTALL)
_WORD_AFTER = re.compile(r"\s*([^\W_]+)?")

# Characters before a full stop within which an abbreviation is looked for.
LONGEST_WORD = 40


def sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences of ``text[start:end]`` without surrounding white space; a line end always ends one."""
    spans: list[Span] = []
    for stop in (*_stops(text, start, end), end):
        begin, finish = trim(text, start, stop)
        if begin < finish:
            spans.append((begin, finish))
        start = stop
    return spans


def trim(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends; empty at ``start`` when there is nothing else."""
    words_in = text[start:end]
    left = len(words_in) - len(words_in.lstrip())
    length = len(words_in.strip())
    return (start + left, start + left + length) if length else (start, start)


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    stops = [m.end() for m in _STOP.finditer(text, start, end) if m[0] == "\n" or _ends_sentence(text, m, end)]
    stops += [m.end() for m in _POST_STOP.finditer(text, start, end) if _starts_sentence(text, m.end(), end)]
    yield from sorted(stops)


def _starts_sentence(text: str, at: int, end: int) -> bool:
    word = _WORD_AFTER.match(text, at, end)
    return word is not None and (word[1] or "").lower() in words("sentences", "starters")


def _ends_sentence(text: str, stop: re.Match[str], end: int) -> bool:
    after = _WORD_AFTER.match(text, stop.end(), end)
    following = (after and after[1]) or ""
    if following[:1].islower():
        return _ends_before_lower_case(text, stop)
    return stop["mark"] != "." or _stop_is_final(text, stop, following)


def _ends_before_lower_case(text: str, stop: re.Match[str]) -> bool:
    """People who never use capitals still end sentences: a plain full stop after a word that is no abbreviation."""
    if stop["close"] or stop["mark"] not in {".", "!", "?"}:
        return False
    word = _word_before(text, stop)
    return len(word) > 1 and "." not in word and not _abbreviated(word)


def _stop_is_final(text: str, stop: re.Match[str], following: str) -> bool:
    word = _word_before(text, stop)
    if word in words("sentences", "inside"):
        return False
    if following[:1].isdigit() and word in words("sentences", "numbered"):
        return False
    initial = len(word) == 1 and word.isalpha() and word != "i"
    if initial or word in words("sentences", "maybe"):
        return not following or following.lower() in words("sentences", "starters")
    return True


def _abbreviated(word: str) -> bool:
    return word in words("sentences", "inside") or word in words("sentences", "maybe")


def _word_before(text: str, stop: re.Match[str]) -> str:
    before = text[max(0, stop.start() - LONGEST_WORD) : stop.start()]
    rest = _UP_TO_WORD.match(before)
    return before[rest.end() if rest else 0 :].lower()
