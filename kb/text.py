"""Normalisation that keeps offsets, hashes and quotation marks. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from kb.types import Spans, SpeakerKind

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
    text = re.sub(r"(?<![ \t])[ \t]+\n", "\n", text)  # each run of spaces is looked at once, however long
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def sha256(text: str) -> str:
    """Hexadecimal SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def lower_case(text: str) -> str:
    """``text`` in lower case, letter by letter, so that offsets stay: "İ", which is two letters then, is kept."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def words_at(text: str, spans: Spans) -> str:
    """The words at ``spans``, joined by one space: what a store keeps beside the offsets."""
    return " ".join(text[start:end] for start, end in spans)


# Quotation marks, typewriter and TeX habits included.
_OPENS = re.compile(r"(?:''|``|[“„”«»‹\"])\s*(?=\S)")
_CLOSES = re.compile(r"\s*(?:''|[“”«»›\"])(?P<stop>[.!?…]?)$")
_MARK = re.compile(r"''|``|[“„”«»‹›\"]")
_OPEN_BEFORE = " ([{—–"
# Single marks around words, unless one inside closes them: apostrophes stand within words or after an s.
_SINGLE = re.compile(r"[‘'](?=\w)(?P<inner>(?:(?>(?<=[\ss])|(?=['’]\w))['’]|[^'’])+)['’](?P<stop>[.!?…]?)")

# A "that" that introduces a clause, before two words at least: not "that success", "that is why", "that of the firm".
_THAT = re.compile(
    r"^(?:that[\s,]+)+(?!(?:is|was|will|would|has|had|can|could|may|might|must|should|does|did|means|makes|made|of)\b)"
    r"(?=\W?\w\S*\s)"
)
_BEFORE = re.compile(r"^(?:[\s,;:)\]]|[.—–-]+(?=\s))+")
_AFTER = " ,;([—–-"
_SENTENCE_END = re.compile(r"[.!?:]\W*$")
_STOPS = (".", "!", "?", "…")


def plain_words(text: str, spans: Spans) -> str:
    """The words at ``spans`` as people read them: on one line, without quotation marks around them, a "that" before
    them or a comma after them; marks inside stay.

    ``“We will,” she said, “win.”`` gives ``We will, win.`` Where the text between two spans ends a sentence, so does
    the first of them. Spans that hold nothing but punctuation keep it.
    """
    read, at = "", 0
    for start, end in spans:
        piece = _unquoted(" ".join(text[start:end].split()))
        read = _joined(read, text[at:start], piece) if read else piece
        at = end
    return _trimmed(read) or " ".join(words_at(text, spans).split())


def _joined(before: str, between: str, after: str) -> str:
    if _SENTENCE_END.search(between) and not after[:1].islower():
        before = before.rstrip(" ,;")
        before = before if before.endswith(_STOPS) else f"{before}."
    return f"{before} {after}"


def _trimmed(words: str) -> str:
    """``words`` without what does not belong to them at either end, in whatever order it stands there."""
    before = None
    while words != before:
        before = words
        words = _unquoted(_BEFORE.sub("", words.rstrip(_AFTER)))
        words = _THAT.sub("", words)
    return words


def _unquoted(words: str) -> str:
    """``words`` without the marks of a quotation that holds all of them, or a mark at an end that has no partner."""
    single = _SINGLE.fullmatch(words)
    if single:
        return _stopped(single["inner"], single["stop"])
    opening, closing = _OPENS.match(words), _CLOSES.search(words)
    start, end = opening.end() if opening else 0, closing.start() if closing else len(words)
    if start >= end or (not opening and not closing):
        return words
    if _depth(words, start, end) != 0:
        return words
    return _stopped(words[start:end], closing["stop"] if closing else "")


def _depth(words: str, start: int, end: int) -> int:
    """How many quotations opened in ``words[start:end]`` stay open there; negative once one is closed too many."""
    depth = 0
    for mark in _MARK.finditer(words, start, end):
        before, after = words[mark.start() - 1 : mark.start()], words[mark.end() : mark.end() + 1]
        opens = (not before or before in _OPEN_BEFORE) and after.strip() != ""
        depth += 1 if opens else -1
        if depth < 0:
            return depth
    return depth


def _stopped(words: str, stop: str) -> str:
    """``words`` with the full stop that stood behind their closing mark."""
    return f"{words.rstrip(' ,')}{stop}" if stop and not words.endswith(_STOPS) else words


_STYLED = re.compile("[\U0001d400-\U0001d7ff]")
"""Mathematical letters and digits (Unicode block), each of which has one plain form."""


def plain_letters(text: str) -> str:
    """``text`` with its "mathematical bold" letters, which people type for emphasis, plain; every offset stays."""
    return _STYLED.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), text)


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def fold(text: str) -> str:
    """Text for matching only: compatibility forms unified, accents and case dropped, white space collapsed.

    NFKC first, because people type "mathematical bold" letters for emphasis.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = _BEYOND_ASCII.sub(_without_mark, decomposed)
    return " ".join(plain.replace("’", "'").replace("‘", "'").split())


def _without_mark(match: re.Match[str]) -> str:
    return "" if unicodedata.combining(match[0]) else match[0]


def fold_words(text: str) -> list[str]:
    """The folded words of ``text``, without punctuation."""
    return re.findall(r"\w+", fold(text))


def fingerprint(parts: Iterable[str]) -> str:
    """Hexadecimal digest (32 characters) of ``parts``, for identities that must be equal across databases."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


_LOWER_IN_NAMES = frozenset("and bin den der for ibn of the van von".split())
_INITIALS = re.compile(r"[^AEIOUY\W\d_]{2,3}")
_ABBREVIATED_TITLES = frozenset(["MR", "MRS", "MS", "DR", "ST"])


def title_case(name: str) -> str:
    """A name printed in capitals as people write it: "ANN O'NEIL-MCKAY" is Ann O'Neil-McKay, "JD VANCE" JD Vance.

    A name that has small letters is left as it is.
    """
    if not name.isupper():
        return name
    first, *rest = name.split(" ")
    initials = _INITIALS.fullmatch(first) and first not in _ABBREVIATED_TITLES
    written = [first if initials else first.title()]
    written += [word.lower() if word.lower() in _LOWER_IN_NAMES else word.title() for word in rest]
    return re.sub(r"\bMc([a-z])", lambda match: f"Mc{match[1].upper()}", " ".join(written))


_SOUND_ALIKE = (("ph", "f"), ("v", "f"), ("ck", "k"), ("c", "k"), ("q", "k"), ("z", "s"))
_SHORTEST_SKELETON = 2
"""Consonants below which a skeleton says nothing: "Lee", "Li" and "Lau" would be one name."""


def spelling_key(name: str) -> str:
    """A key shared by near spellings of a name: "Clément Delangue" and "Clement Delange", "De Lang" and "Delangue".

    Consonants without doublings and spaces, letters that sound alike in European names unified; the folded name itself
    where that leaves too little. Keys find candidates; they decide nothing.
    """
    folded = "".join(fold_words(name))
    skeleton = re.sub(r"[aeiouyw]|(.)(?=\1)", "", _unified(folded))
    return skeleton if len(skeleton) >= _SHORTEST_SKELETON else folded


def _unified(folded: str) -> str:
    for letters, one in _SOUND_ALIKE:
        folded = folded.replace(letters, one)
    return folded


_PARTICLES = frozenset("al bin da das de del della den der di dos du el ibn la le st ten van von y".split())
_AFTER_NAMES = frozenset("jr sr ii iii iv phd md esq".split())


def name_parts(name: str) -> tuple[list[str], list[str]]:
    """Folded given names, and surname with its particles: ([ursula], [von, der, leyen]).

    A single name, with or without a particle ("De Lang"), is all surname.
    """
    words = fold_words(name)
    while len(words) > 1 and words[-1] in _AFTER_NAMES:
        words.pop()
    start = max(len(words) - 1, 0)
    while start and words[start - 1] in _PARTICLES:
        start -= 1
    return words[:start], words[start:]


def person_keys(name: str) -> set[str]:
    """Keys of which two names share one where they may be one person's: the whole name's spelling, the surname's, and
    the surname's with the first letter of the given name, which initials and most misspellings leave alone.

    "Clément Delangue" has "=clementdelangue", "klmntdlng", "dlng" and "dlng k".
    """
    given, surname = name_parts(name)
    if not surname:
        return set()
    surnames = {spelling_key("".join(surname)), spelling_key(surname[-1])}
    first = (given or surname[:-1])[:1]
    whole = {exact_key(name, "person"), spelling_key(name)}
    return {*whole, *surnames, *(f"{key} {_unified(word)[0]}" for key in surnames for word in first)}


_LEGAL_FORM = re.compile(r",?\s+(?:inc|corp|co|ltd|llc|plc|gmbh|ag|sa|se|nv|bv|ab|oy)\.?$", re.IGNORECASE)
_SMALL_WORDS = frozenset("a an and at for in of on the".split())
_LONGEST_ACRONYM = 6
"""Letters; longer capitals are names (NASDAQ is one)."""


def without_legal_form(organisation: str) -> str:
    """ "Acme, Inc." is Acme."""
    return _LEGAL_FORM.sub("", organisation)


def organisation_words(name: str) -> list[str]:
    """Folded words that tell organisations apart: without legal form, articles and prepositions."""
    words = fold_words(without_legal_form(name))
    return [word for word in words if word not in _SMALL_WORDS] or words


def organisation_key(name: str) -> str:
    """Equal for two names of one organisation that differ in case, accents, spaces, article and legal form."""
    return "".join(organisation_words(name))


def acronym(name: str) -> str:
    """The first letters of an organisation's words, or the word itself where it is short enough to be an acronym.

    Empty where there is none: one longer word.
    """
    words = organisation_words(name)
    if len(words) == 1:
        return words[0] if len(words[0]) <= _LONGEST_ACRONYM else ""
    return "".join(words) if all(len(word) == 1 for word in words) else "".join(word[0] for word in words)


def organisation_keys(name: str) -> set[str]:
    """Keys of which two names share one where they may be one organisation's: spelling and acronym."""
    return {exact_key(name, "organisation"), spelling_key(organisation_key(name)), acronym(name)} - {"", "="}


def exact_key(name: str, kind: SpeakerKind) -> str:
    """Equal for two names that are the same but for accents, case, spaces, hyphens, and for organisations article and
    legal form."""
    return "=" + (organisation_key(name) if kind == "organisation" else "".join(fold_words(name)))
