"""How alike are two names, and why? Pure. Likeness finds who may be one; ``kb.ingest.people`` decides.

same        equal but for accents, case, spaces, hyphens, honorific, legal form
spelling    nearly the same letters                       Clement Delange, Clément Delangue
nickname    forms of one given name, the same surname     Bob Smith, Robert Smith
initial     a letter for the given name                   M. Okafor, Mira Okafor
acronym     the first letters of an organisation          IMF, International Monetary Fund
surname     one gives nothing but a surname               De Lang, Clément Delangue
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from kb.nlp.lexicon import nicknames
from kb.text import acronym, fold_words, name_parts, organisation_key, spelling_key, without_legal_form
from kb.types import SpeakerKind

NEAR = 85.0
"""Percent of rapidfuzz's ratio from which names are nearly the same, accents, case and spaces aside. Measured against
"Clément Delangue": "Clement Delange" 97, "Clem Delangue" 89; against "Delangue": "De Lang" 86."""

SAME, NICKNAME, INITIAL, SINGLE, SURNAME = 100.0, 80.0, 70.0, 45.0, 40.0
"""Scores of the other likenesses, by hand: only their order matters. A spelling scores its percentage, less a tenth."""

WHOLE = 60.0
"""Least score of two names that can be one person's by themselves: not a surname alone."""

_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|rev|hon)\.?\s+)+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far two names agree (0 to 100), and in what."""

    score: float
    reason: str


def plain_name(name: str, kind: SpeakerKind) -> str:
    """``name`` without honorific or legal form."""
    return _HONORIFIC.sub("", name) if kind == "person" else without_legal_form(name)


def is_whole(name: str) -> bool:
    """Whether a person's name has more than a surname: given names or initials too."""
    return bool(_parts(plain_name(name, "person"))[0])


def is_initial(name: str) -> bool:
    """Whether a person's name has a letter for the given name: "M. Okafor"."""
    given, _ = _parts(plain_name(name, "person"))
    return len(given[0]) == 1 if given else False


def variants(name: str) -> list[str]:
    """The folded name of a person, and with every other form of the given name: "bob smith", "robert smith"."""
    given, surname = _parts(name)
    others = sorted(nicknames().get(given[0], ())) if given else []
    return [" ".join([*given, *surname]), *(" ".join([other, *given[1:], *surname]) for other in others)]


def likeness(a: str, b: str, kind: SpeakerKind) -> Likeness | None:
    """How alike two names of speakers of that kind are; None where they are not."""
    return _persons(a, b) if kind == "person" else _organisations(a, b)


def _persons(a: str, b: str) -> Likeness | None:
    a, b = plain_name(a, "person"), plain_name(b, "person")
    (given_a, surname_a), (given_b, surname_b) = _parts(a), _parts(b)
    letters_a, letters_b = "".join(fold_words(a)), "".join(fold_words(b))
    if letters_a == letters_b:
        return Likeness(SAME, "the same name") if given_a and given_b else Likeness(SINGLE, "the same single name")
    surnames = _surnames(surname_a, surname_b)
    if not given_a or not given_b:
        alone = bool(given_a) != bool(given_b) and surnames >= NEAR
        return Likeness(SURNAME, "the surname, and nothing but the surname") if alone else None
    if _differ(given_a, given_b):
        return None
    whole = fuzz.ratio(letters_a, letters_b)
    if whole >= NEAR or (surnames >= NEAR and spelling_key(given_a[0]) == spelling_key(given_b[0])):
        return Likeness(0.9 * whole, f"similar spelling ({whole:.0f} %)")
    return _given_names(given_a[0], given_b[0]) if surnames >= NEAR else None


def _surnames(a: list[str], b: list[str]) -> float:
    """Percent by which two surnames agree, with their particles or without."""
    return max(fuzz.ratio("".join(a), "".join(b)), fuzz.ratio("".join(a[-1:]), "".join(b[-1:])))


def _given_names(a: str, b: str) -> Likeness | None:
    """What two given names, of people of one surname, have in common."""
    if a[0] == b[0] and min(len(a), len(b)) == 1:
        return Likeness(INITIAL, f"“{min(a, b, key=len).upper()}.” may stand for {max(a, b, key=len).title()}")
    if b in nicknames().get(a, ()):
        return Likeness(NICKNAME, f"{min(a, b).title()} and {max(a, b).title()} are forms of one name")
    return None


def _differ(a: list[str], b: list[str]) -> bool:
    """Whether given names tell two people apart: two known names that are no forms of one, or two middle initials."""
    first, other = a[0], b[0]
    forms = nicknames()
    known = first in forms and other in forms and other not in {first, *forms[first]}
    if known and spelling_key(first) != spelling_key(other) and fuzz.ratio(first, other) < NEAR:
        return True
    return len(a) > 1 and len(b) > 1 and a[1][0] != b[1][0]


def _parts(name: str) -> tuple[list[str], list[str]]:
    """Given names and surname; "Al Gore" has a given name though "al" is a particle elsewhere."""
    given, surname = name_parts(name)
    if not given and len(surname) > 1 and surname[0] in nicknames():
        return surname[:1], surname[1:]
    return given, surname


def _organisations(a: str, b: str) -> Likeness | None:
    letters_a, letters_b = organisation_key(a), organisation_key(b)
    if letters_a == letters_b:
        return Likeness(SAME, "the same name")
    if acronym(a) and acronym(a) == acronym(b) and acronym(a) in (letters_a, letters_b):
        return Likeness(NICKNAME, f"“{min(a, b, key=len)}” are the first letters of “{max(a, b, key=len)}”")
    ratio = fuzz.ratio(letters_a, letters_b)
    return Likeness(0.9 * ratio, f"similar spelling ({ratio:.0f} %)") if ratio >= NEAR else None
