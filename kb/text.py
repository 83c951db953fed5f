"""Normalisation that keeps offsets, hashes and quotation marks. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from kb.types import Spans

OPENING = "“„«‹"
CLOSING = "”»›"
STRAIGHT = '"'
QUOTATION_MARKS = OPENING + CLOSING + STRAIGHT

# C0 and C1 controls except tab and newline, the replacement character's cousins, and bidirectional overrides, which
# can make a text read differently from what it says (CVE-2021-42574).
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Text as it is stored: ``\\n`` line ends, no control characters, no white space at either end.

    Idempotent. Letters are left as they are (no Unicode normalisation), so that quotations stay exact.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _SURROGATES.sub("\ufffd", text)
    text = _UNWANTED.sub("", text)
    text = re.sub(r"[ \t]+\n", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def sha256(text: str) -> str:
    """Hexadecimal SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def words_at(text: str, spans: Spans) -> str:
    """The words at ``spans``, joined by one space: what a store keeps beside the offsets."""
    return " ".join(text[start:end] for start, end in spans)


def fold(text: str) -> str:
    """Text for matching only: compatibility forms unified, accents and case dropped, white space collapsed.

    NFKC first, because people type "mathematical bold" letters for emphasis.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.replace("’", "'").replace("‘", "'").split())


def fold_words(text: str) -> list[str]:
    """The folded words of ``text``, without punctuation."""
    return re.findall(r"\w+", fold(text))


def fingerprint(parts: Iterable[str]) -> str:
    """Hexadecimal digest (32 characters) of ``parts``, for identities that must be equal across databases."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


_SOUND_ALIKE = (("ph", "f"), ("v", "f"), ("ck", "k"), ("c", "k"), ("q", "k"), ("z", "s"))


def spelling_key(name: str) -> str:
    """A key shared by near spellings of a name: "Clément Delangue" and "Clement Delange", "De Lang" and "Delangue".

    Consonants without doublings and spaces, letters that sound alike in European names unified. The folded name itself
    where that leaves nothing. Keys find candidates; they decide nothing.
    """
    folded = "".join(fold_words(name))
    key = folded
    for letters, one in _SOUND_ALIKE:
        key = key.replace(letters, one)
    return re.sub(r"[aeiouyw]|(.)(?=\1)", "", key) or folded
