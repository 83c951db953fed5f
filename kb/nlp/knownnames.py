"""What the words of a name show: whole names that are well known, and the words that organisations and places end in.

The encoder has seen few names and judges by the words around them; lists know which of them are countries. In brackets
is what a rule gives on ner/ewt dev: F1 of all names, 80.2 with all rules, 73.8 without any. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice, pairwise

from kb.nlp.lexicon import plain
from kb.nlp.rules import words

Name = tuple[int, int, str]
"""(start, end, label) in characters."""

_PLACES = ("countries", "states", "cities", "regions")
_BETTER = {
    "places": ("GPE", frozenset(["ORG", "MISC", "PERSON"])),
    "known": ("ORG", frozenset(["GPE", "MISC", "PERSON"])),
    "demonyms": ("MISC", frozenset(["GPE", "ORG"])),
    "things": ("MISC", frozenset(["ORG", "PERSON"])),
    "heavens": ("MISC", frozenset(["GPE"])),
}
"""For each list what its names are, and the labels of the encoder that give way: "Mr. Christian", the island of Java
and Mars Inc. stay."""

LONGEST_KNOWN = 4
"""Words of the longest listed name that is looked for ("united states of america")."""
FOLLOWING = 2
"""Words with a capital that may stand between a name and the noun that shows an organisation, that noun included."""
LONGEST_ABBREVIATION = 4
"""Letters up to which a listed name that the encoder did not see must be in capitals, among words that are not: "US",
"MIT", never "Us"."""

_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[\w&](?:[\w&'’-]*\w)?")
_CAPITAL = r"(?:(?:[A-Z]\.)+|[A-Z][\w&’'-]*)"
_FOLLOWING = re.compile(rf"(?P<own>(?: ?['’]| )s)? (?P<words>{_CAPITAL}(?: {_CAPITAL}){{0,{FOLLOWING - 1}}})")
_OF = re.compile(rf" (?:of|for) (?:the )?{_CAPITAL}(?:(?:,? (?:and|of|&) (?:the )?| ){_CAPITAL})*")
_BEFORE_OF = re.compile(rf"(?:{_CAPITAL} ){{0,3}}(?P<noun>[A-Z]\w+) of (?:the )?$")
_CAPITALISED = re.compile(r"(?<![\w@#./'’-])[A-Z]")
_SITE = re.compile(r"\w+\.[a-z]{2,4}")
"""A name that is an address: "Znak.com"."""
_GOES_ON = re.compile(r"[@/_-]|\.\w")
"""Behind a word that is part of an address or a compound: "example.org", "U.S.-led"."""
_FORM = re.compile(r",? (?P<form>[A-Za-z]{2,12})\b\.?(?: (?:Ltd|LTD)\b\.?)?")
"""Behind a name: ", Inc.", " Pvt. Ltd."."""
_BEFORE = 80
_BEHIND = 40
"""Characters looked at before and behind a name."""


def settled(text: str, names: Sequence[Name]) -> list[Name]:
    """``names``, in order, with the borders and labels that their words show, and well-known names beside them."""
    seen = sorted([*names, *_overlooked(text, names)])
    parts = [part for name in seen for part in _split(text, name)]
    behind = [*parts, (len(text), len(text), "")][1:]
    whole = _merged(_grown(text, name, following) for name, following in zip(parts, behind, strict=True))
    surnames = {_last(text[s:e]) for s, e, label in whole if label == "PERSON" and " " in text[s:e]}
    return [(start, end, _label(text[start:end], label, surnames)) for start, end, label in whole]


# --- borders -----------------------------------------------------------------------------------------------------


def _split(text: str, name: Name) -> Iterator[Name]:
    """A place and the state or country behind it ("Ashby Texas"), a person and an organisation: two names (1.0)."""
    start, end, label = name
    spans = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]
    for (_, cut), (tail, _) in pairwise(spans):
        if _are_two(_key(text[start:cut]), _key(text[tail:end]), label):
            yield start, cut, "ORG" if _last(text[start:cut]) in _listed("nouns") else label
            yield tail, end, "ORG" if label == "PERSON" else label
            return
    yield name


def _are_two(head: str, tail: str, label: str) -> bool:
    if label == "PERSON":
        return _index().get(tail) == "known" and tail not in _listed("surnames")
    larger = tail in _listed("countries") | _listed("states") | _listed("abbreviated")
    return label == "GPE" and larger and _last(head) not in _listed("modifiers") and f"{head} {tail}" not in _index()


def _grown(text: str, name: Name, following: Name) -> Name:
    """The name with the words around it that belong to it; never with half of the ``following`` one.

    In a heading in capitals every word would look like a part.
    """
    start, end, label = name
    if _in_capitals(text, start, end):
        return name
    for grow in (_to_listed, _to_noun, _to_office, _to_form, _from_office):
        longer = grow(text, (start, end, label))
        if longer and not following[0] < longer[1] < following[1]:
            start, end, label = longer
    return start, end, label


def _to_listed(text: str, name: Name) -> Name | None:
    """To the end of a longer name in the lists: "Gaza" strip (0.2)."""
    found = list(islice(_WORD.finditer(text, name[0], name[1] + _BEHIND), LONGEST_KNOWN))
    for word in reversed(found):
        if word.end() > name[1] and _key(text[name[0] : word.end()]) in _index():
            return name[0], word.end(), name[2]
    return None


def _to_noun(text: str, name: Name) -> Name | None:
    """To a noun that shows an organisation: "Ashby" Holdings, "Ann Ashby" 's Bakery (0.6)."""
    start, end, label = name
    match = _FOLLOWING.match(text, end)
    if not match or (match["own"] and label == "GPE"):
        return None
    nouns = _listed("trades") if match["own"] else _listed("trades") | _listed("nouns") - _listed("venues")
    for word in reversed(list(_WORD.finditer(match["words"]))):
        if plain(word[0]) in nouns:
            return start, match.start("words") + word.end(), "ORG"
    return None


def _to_office(text: str, name: Name) -> Name | None:
    """On over "of" or "for": "Ashby Department" of Housing and Urban Development (0.1)."""
    match = _OF.match(text, name[1]) if _last(text[name[0] : name[1]]) in _listed("openers") else None
    return (name[0], match.end(), "ORG") if match else None


def _to_form(text: str, name: Name) -> Name | None:
    """With its legal form: "Ashby", Inc. (0.1)."""
    match = _FORM.match(text, name[1])
    if not match or not match["form"][0].isupper() or plain(match["form"]) not in _listed("forms"):
        return None
    return name[0], match.end(), "ORG"


def _from_office(text: str, name: Name) -> Name | None:
    """From the words before "of": Law Offices of "Ann Ashby" (0.1)."""
    if not text.endswith(("of ", "of the "), 0, name[0]):
        return None  # most names
    match = _BEFORE_OF.search(text, max(0, name[0] - _BEFORE), name[0])
    return (match.start(), name[1], "ORG") if match and plain(match["noun"]) in _listed("openers") else None


def _merged(names: Iterable[Name]) -> list[Name]:
    """Names that have grown into one another as one."""
    kept: list[Name] = []
    for start, end, label in names:
        while kept and start < kept[-1][1]:
            before = kept.pop()
            label = "ORG" if "ORG" in (label, before[2]) else before[2]
            start, end = min(before[0], start), max(before[1], end)
        kept.append((start, end, label))
    return kept


def _in_capitals(text: str, start: int, end: int) -> bool:
    """Whether the words around a name have no small letter on its line."""
    before = text[max(0, start - _BEHIND) : start].rpartition("\n")[2]
    behind = text[end : end + _BEHIND].partition("\n")[0]
    return not any(c.islower() for c in before + text[start:end] + behind)


# --- labels ------------------------------------------------------------------------------------------------------


def _label(name: str, label: str, surnames: set[str]) -> str:
    """What the lists say of a whole name (4.3), else what its last word shows (0.5), else what the encoder says.

    ``surnames``: of the document's people; "Houston" stays a person where Sam Houston is one.
    """
    key = _key(name)
    if listed := _index().get(key):
        better, worse = _BETTER[listed]
        is_surname = label == "PERSON" and (key in surnames or key in _listed("surnames"))
        return better if label in worse and not is_surname else label
    if " " not in key:
        return "ORG" if label == "PERSON" and _SITE.fullmatch(name) else label
    last = _last(name)
    if label in ("GPE", "ORG") and last in _listed("ways"):
        return "MISC"
    shown = last in _listed("forms") | _listed("nouns") - _listed("venues")
    return "ORG" if shown and name.split()[-1][0].isupper() else label


def _overlooked(text: str, names: Sequence[Name]) -> Iterator[Name]:
    """Well-known places and organisations, written with a capital, where the encoder saw no name (0.5)."""
    taken = iter([*names, (len(text), len(text), "")])
    start, end, _ = next(taken)
    at = 0
    while match := _CAPITALISED.search(text, at):
        while end <= match.start() < len(text):
            start, end, _ = next(taken, (len(text), len(text), ""))
        found = _known_at(text, match.start(), start)
        at = found[1] if found else max(match.end(), end if start <= match.start() else 0)
        if found:
            yield found


def _known_at(text: str, start: int, limit: int) -> Name | None:
    """The longest listed name at ``start`` that ends before ``limit``."""
    found = list(islice(_WORD.finditer(text, start, min(limit, start + _BEHIND)), LONGEST_KNOWN))
    capitals = _in_capitals(text, start, start)
    for word in reversed(found):
        name = text[start : word.end()]
        key = _key(name)
        doubtful = key in _listed("surnames") or (
            len(name) <= LONGEST_ABBREVIATION and (capitals or not name.isupper())
        )
        if (
            (listed := _index().get(key)) in ("places", "known")
            and not doubtful
            and not _GOES_ON.match(text, word.end())
        ):
            return start, word.end(), _BETTER[listed][0]
    return None


# --- lists -------------------------------------------------------------------------------------------------------


def _key(name: str) -> str:
    """A name as the lists have it."""
    return " ".join(plain(word) for word in name.split())


def _last(name: str) -> str:
    return _key(name).rpartition(" ")[2]


@cache
def _listed(key: str) -> frozenset[str]:
    """The entries of a list of ``data/names.toml``."""
    return frozenset(word.replace("_", " ") for word in words("names", key))


@cache
def _index() -> dict[str, str]:
    """The key of ``_BETTER`` for each well-known name; demonyms with their plurals."""
    found = {name: listed for listed in _BETTER if listed != "places" for name in _listed(listed)}
    found |= {f"{name}s": "demonyms" for name in _listed("demonyms")}
    return found | {name: "places" for key in _PLACES for name in _listed(key)}
