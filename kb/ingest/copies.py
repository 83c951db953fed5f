"""Is a new document a copy of a stored one? Copies are linked, never merged.

An index finds candidates (``kb.store.copies``), then all word sequences are compared. A text that is mostly the same
may still say something else: figures, dates, negations and names are compared one by one in the sentences that were
edited. With another figure it is linked and noted, and counts as a report of its own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from kb.ingest.changes import Sentence, compared
from kb.ingest.wording import read_wording
from kb.shingles import bare, is_copy, shingles, sketch
from kb.store import Session, copies
from kb.text import fold
from kb.types import DocumentData

ALIKE = 70.0
"""Percent of rapidfuzz's ratio from which a sentence of the copy is an edited one of the original: below it the words
around a figure are others, and it may be a figure of something else."""

_FIGURE = re.compile(
    r"\d[\d.,]*(?: ?(?:thousand|million|billion|trillion|k|m|mn|bn|tn)\b)?|\b(?:two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    r"dozen|half|first|second|third|fourth|fifth)\b"
)
_NAME = re.compile(r"[A-Z][\w'’-]*")
_WORD = re.compile(r"[\w'’-]+")
_FORMS_OF_ADDRESS = frozenset("dr lady lord minister mr mrs ms president prof professor sen senator sir".split())


@dataclass(frozen=True, slots=True)
class Copy:
    """What a document is a near duplicate of."""

    document_id: int
    differs: tuple[str, ...] = ()
    """Facts in which it differs ("“40,000” there, “50,000” here"); none for a mere copy."""


def find_copy(session: Session, data: DocumentData, now: dt.datetime) -> Copy | None:
    """The story that a new document copies, or nearly does; None for a text of its own.

    A stored copy with the same facts goes before one with others. ``now`` stands in for an unknown date.
    """
    if data.raw.kind == "post":
        return None
    own = shingles(data.text)
    found = None
    for candidate in copies.candidates(session, sketch(own), day=copies.day_of(data.raw.published_at, now)):
        if is_copy(own, shingles(candidate.text)):
            copy = Copy(candidate.story, differing(candidate.text, data.text))
            if not copy.differs:
                return copy
            found = found or copy
    return found


def differing(there: str, here: str) -> tuple[str, ...]:
    """Figures, negations and names of which an edited sentence has others; what is only left out or added is none."""
    pairs = ((old, new) for old, new in compared(bare(there), bare(here), alike=ALIKE) if old and new)
    return tuple(dict.fromkeys(fact for old, new in pairs for fact in _facts(old, new)))


def _facts(there: Sentence, here: Sentence) -> Iterator[str]:
    old, new = _figures(there.printed), _figures(here.printed)
    gone, come = [old[key] for key in old.keys() - new.keys()], [new[key] for key in new.keys() - old.keys()]
    if gone and come:
        yield _told(", ".join(sorted(gone)), ", ".join(sorted(come)))
    if read_wording(there.printed).negated != read_wording(here.printed).negated:
        yield _told(there.printed, here.printed)
    yield from (_told(a, b) for a, b in _replaced(there.printed, here.printed) if _are_names(a, b))


def _told(there: str, here: str) -> str:
    return f"“{there}” there, “{here}” here"


def _figures(sentence: str) -> dict[str, str]:
    """Every figure, as printed, by what it amounts to."""
    found = (match[0].rstrip(".,") for match in _FIGURE.finditer(fold(sentence)))
    return {str(min(read_wording(figure).numbers, default=figure)): figure for figure in found}


def _replaced(there: str, here: str) -> Iterator[tuple[str, str]]:
    """Words that stand in the place of as many others."""
    old, new = _WORD.findall(there), _WORD.findall(here)
    for how, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "replace" and j - i == m - k:
            yield from zip(old[i:j], new[k:m], strict=True)


def _are_names(a: str, b: str) -> bool:
    """Whether both begin with a capital and are no two spellings, or forms of address."""
    if not (_NAME.fullmatch(a) and _NAME.fullmatch(b)) or fold(a) == fold(b):
        return False
    return not any(fold(word) in _FORMS_OF_ADDRESS or not read_wording(word).informative for word in (a, b))
