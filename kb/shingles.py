"""Is one text a copy of another, or an excerpt of it? Word sequences, and a sketch that finds candidates. Pure.

The sketch is a FracMinHash (Irber et al. 2022, "Lightweight compositional analysis of metagenomes with FracMinHash"):
of the hashes of all five-word sequences, those below a fixed limit, and of a short text the smallest ones at least. Two
texts that share words share hashes, in proportion to what is contained, so one index of hashes finds both copies and
excerpts. The banded MinHash of datasketch finds texts of equal length only (an excerpt of 40 % has a Jaccard index of
0.4, where its bands miss or find everything), holds its index in memory, and brings scipy: 35 MB that nothing else
here needs.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect
from collections.abc import Iterable, Sequence

from kb.text import fold_words

SIZE = 5
"""Words of a shingle, the usual number: shorter ones are shared by chance, longer ones are lost with every edit."""

LEAST_WORDS = 48
"""Shorter texts share their words by chance (the limit of lemon24/reader's entry_dedupe)."""

CONTAINED = 0.65
"""Share of a passage's word sequences that the other text must have: with one word in fifteen replaced it has 0.71,
with one in thirty 0.84; a paraphrase has below 0.3."""

COVERED = 0.5
"""Share of the shorter text that the passage must make up. Follow-ups repeat less than that as their background; what
an outlet puts around a story (its newsletter, its other headlines) can be as long as an excerpt."""

SAMPLED = 16
"""One hash in so many is kept: an article of 600 words has 37."""
LEAST_HASHES = 16
"""Hashes of a short text, so that a copy of 50 words shares some of them."""

_LIMIT = 2**32 // SAMPLED

# What every outlet puts around the same story: dateline ("LONDON, May 5 (Reuters) -"), credits, notes on rights.
_AROUND = re.compile(
    r"^[^\n]{0,60}?\([A-Z]\w{1,20}\) ?[-–—]|"
    r"^\W*(?i:(?:(?:additional )?reporting |editing |writing )?by [^.\n]{3,80}|(?:©|copyright\b|read more\b)[^\n]*)$",
    re.MULTILINE,
)


def bare(text: str) -> str:
    """``text`` without what outlets put around a story."""
    return _AROUND.sub(" ", text)


def shingles(text: str) -> tuple[int, ...]:
    """Hashes (32 bits) of the sequences of ``SIZE`` folded words, in order; none below ``LEAST_WORDS``."""
    words = fold_words(bare(text))
    if len(words) < LEAST_WORDS:
        return ()
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    return tuple(zlib.crc32(b" ".join(encoded[i : i + SIZE])) for i in range(len(words) - SIZE + 1))


def sketch(hashes: Iterable[int]) -> list[int]:
    """Those by which a text is found, smallest first; of two texts the share in common is about what they share."""
    ordered = sorted(set(hashes))
    return ordered[: max(LEAST_HASHES, bisect(ordered, _LIMIT))]


def is_copy(a: Sequence[int], b: Sequence[int]) -> bool:
    """Whether two texts are one, or one is an excerpt of the other, whatever else stands before and after it.

    The passage of the shorter text from the first to the last word sequence that both have must be in the other one.
    """
    shorter, longer = sorted((a, b), key=len)
    there = set(longer)
    shared = [place for place, hash_ in enumerate(shorter) if hash_ in there]
    if not shared:
        return False
    passage = shared[-1] - shared[0] + 1
    least = max(LEAST_WORDS - SIZE + 1, COVERED * len(shorter))
    return passage >= least and len(shared) >= CONTAINED * passage
