"""What a source span says: a name, several names, a pronoun, a role, an organisation's noun, or a group. Pure.

The head of the phrase decides. Relative clauses, appositives and what follows a preposition say more about the head
and are cut off first: "Keron Blair, executive director of AROS," is Keron Blair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.nlp.entities import Entity
from kb.nlp.lexicon import lexicon, plain
from kb.nlp.mentions import Mention, MentionIndex
from kb.nlp.names import ARTICLES, Word, parts, words_of
from kb.types import Span

Form = Literal[
    "first",
    "you",
    "he",
    "she",
    "it",
    "they",
    "both",
    "who",
    "which",
    "name",
    "names",
    "several",
    "coined",
    "role",
    "organisation",
    "group",
]
"""``first`` is I and we; ``who`` and ``which`` follow their name; ``names`` are organisations or places joined by
"and", ``several`` anybody else; ``coined`` is an organisation named after somebody ("the Obama administration")."""

_PRONOUNS: dict[str, Form] = {
    **dict.fromkeys(("i", "me", "my", "mine", "myself", "we", "us", "our", "ours"), "first"),
    **dict.fromkeys(("you", "your", "yours", "yourself"), "you"),
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(("it", "its", "itself"), "it"),
    **dict.fromkeys(("they", "them", "their", "themselves"), "they"),
    **dict.fromkeys(("both", "each"), "both"),
    **dict.fromkeys(("who", "whose", "whom"), "who"),
    **dict.fromkeys(("which", "that"), "which"),
}
_DEMONSTRATIVES = frozenset(["this", "that"])
_DEFINITE = _DEMONSTRATIVES | {"the"}
_MANY = frozenset(["all", "few", "many", "most", "several", "some"])
_OWNERS = frozenset(["my", "your", "his", "her", "its", "our", "their"])

_EMPTY = ARTICLES | {"there"}
"""Words that name nobody by themselves."""
_CONTRACTED = re.compile(r"['’](?:ve|d|ll|re|m)$")

LONGEST_NOUN = 30
"""Characters after a possessive in which what it owns is looked for."""

_LEAD = re.compile(
    r"(?:according to|as per|by|from|per|said|says|and|but|then|that(?=\s(?:he|she|it|they|we|i|the)\b))\s+",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"(?<=\bof) (?:them|us|these|those)\b")
_EDGES = ' \t\n,;:.“”"()[]—–-'
_CUT = re.compile(
    r"\s*[,;(\[]|\s--|\s[–—-]\s|\s(?:who|which|whose|whom|that|now)\b|\s(?:of|in|at|for|by|with|from|to|on|about|against|"
    r"among|after|before|during|under|near|over|across|including|like|as|than|around|throughout)\s|"
    r"\s\w+(?:ed|ing)\s(?:by|in|at|on|to|for|after|with|from|information|that)\b"
)
_AND = re.compile(r",?\s+(?:and|or|&)\s+|,\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A source span, read. ``words`` has no leading article: the name of a group."""

    form: Form
    words: str
    start: int
    end: int
    names: tuple[Mention, ...] = ()
    """The names that are, or help to tell, who is meant."""
    head: str = ""
    """The folded head noun of a role or an organisation."""
    modifiers: tuple[str, ...] = ()
    """Folded words before the head."""
    points: Literal["same", "other"] | None = None
    """Whether it means a person or body told of before ("the same man"), or one beside it ("another man")."""


class Names(MentionIndex):
    """The document's mentions with the entities they belong to."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entity_of = {mention: entity for entity in entities for mention in entity.mentions}
        super().__init__(self.entity_of)


def read_phrase(text: str, span: Span, names: Names) -> Phrase | None:
    """Read one source span; None when it holds no word."""
    start, end = names.widened(*_core(text, span[0], _owned_end(text, *span)))
    words = list(words_of(text, start, end))
    if all(plain(word.text) in _EMPTY for word in words):
        return None
    pronoun = _CONTRACTED.sub("", plain(words[0].text))
    form = _PRONOUNS.get(pronoun) if len(words) == 1 or pronoun in ("who", "which") else None
    if form:
        return Phrase(form=form, words=words[0].text, start=start, end=end)
    return _joined(text, start, end, names) or _single(text, start, end, names)


def _core(text: str, start: int, end: int) -> Span:
    """The span without punctuation at its ends, a leading preposition, a trailing possessive."""
    lead = _LEAD.match(text, start, end)
    if lead and lead.end() < end:
        start = lead.end()
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES and not (text[end - 1] == ")" and "(" in text[start:end]):
        end -= 1
    for ending in ("'s", "’s", "'", "’"):
        if text.endswith(ending, start, end):
            return start, end - len(ending)
    return start, end


def _owned_end(text: str, start: int, end: int) -> int:
    """Past what a possessive at the end of the span owns, if that can speak: "Her" stops short of "daughter"; and past
    whom a part is taken of: "One of" stops short of "them"."""
    if whole := _WHOLE.match(text, end):
        return whole.end()
    owner = plain(text[start:end]) in _OWNERS or text.endswith(("'s", "’s"), start, end)
    owned = next(words_of(text, end, end + LONGEST_NOUN), None) if owner else None
    if owned is None or not text[end : owned.start].isspace():
        return end
    return owned.end if lexicon().is_role(owned.text) or plain(owned.text) in lexicon().apart else end


def _joined(text: str, start: int, end: int, names: Names) -> Phrase | None:
    """Several conjoined heads: organisations stay one speaker, persons become a group; None for a single head."""
    pieces = [piece for piece in _pieces(text, start, end, names) if any(words_of(text, *piece))]
    if len(pieces) < 2:
        return None
    parsed = [_single(text, *piece, names) for piece in pieces]
    named = tuple(name for phrase in parsed for name in phrase.names)
    words = _without_article(text, start, pieces[-1][1])
    one = parsed[0].form == "role" and all(lexicon().is_role(phrase.head) for phrase in parsed)
    if one and not _opens_with_article(text, pieces[1]):
        return Phrase(
            form="role",
            words=words,
            start=start,
            end=end,
            names=named,
            head=parsed[-1].head,
            modifiers=tuple(phrase.head for phrase in parsed[:-1]),
        )
    bodies = all(phrase.form in ("name", "coined") and not _person(phrase, names) for phrase in parsed)
    return Phrase(form="names" if bodies else "several", words=words, start=start, end=end, names=named)


def _pieces(text: str, start: int, end: int, names: Names) -> list[Span]:
    """The conjoined parts; one part when a comma opens an appositive or there is no "and"."""
    head_end = end
    pieces: list[Span] = []
    at = start
    for match in _AND.finditer(text, start, end):
        if names.overlapping(match.start(), match.end()) or _CUT.search(text[at : match.start()].split(",")[0] + " "):
            continue
        if _joins_titles(text, at, match, end, names):
            continue
        if match[0].strip() == "," and not _is_list(text, at, match, end, names):
            head_end = match.start()
            break
        pieces.append((at, match.start()))
        at = match.end()
    return [*pieces, (at, head_end)]


def _joins_titles(text: str, at: int, joint: re.Match[str], end: int, names: Names) -> bool:
    """Whether an "and" stands between two roles of the one person named behind them.

    "Co-founder and CEO Ana Lim", "Retired agent and terrorism specialist Ana Lim"; "the mayor and Senator Lim" are two.
    """
    named = next((m for m in names.within(joint.end(), end) if names.entity_of[m].kind == "person"), None)
    first, second = (
        list(words_of(text, *span))
        for span in ((at, joint.start()), (joint.end(), named.start if named else joint.end()))
    )
    if not first or not second or plain(first[0].text) in ARTICLES | _OWNERS | lexicon().quantifiers:
        return False
    roles = lexicon().is_role(first[-1].text) and lexicon().is_role(second[-1].text)
    someone = any(names.entity_of[m].kind == "person" for m in names.within(at, joint.start()))
    return roles and not someone and not lexicon().is_plural(first[-1].text) and plain(second[0].text) not in ARTICLES


def _is_list(text: str, at: int, comma: re.Match[str], end: int, names: Names) -> bool:
    """Whether a comma stands between two names of a list that "and" ends: "the United States, Britain and France"."""
    following = names.within(comma.end(), end)
    opens = bool(following) and following[0].start <= comma.end() + len("the ")
    return opens and bool(names.within(at, comma.start())) and bool(re.match(r",? and ", text[following[0].end : end]))


def _person(phrase: Phrase, names: Names) -> bool:
    return phrase.form == "name" and names.entity_of[phrase.names[0]].kind == "person"


def _opens_with_article(text: str, span: Span) -> bool:
    return plain(next((w.text for w in words_of(text, *span)), "")) in ARTICLES | _OWNERS


def _without_article(text: str, start: int, end: int) -> str:
    """The words that name a group: "the same analysts" are "analysts"."""
    words = text[start:end].split()
    while len(words) > 1 and words[0].lower() in ARTICLES | lexicon().same:
        del words[0]
    return " ".join(words)


def _single(text: str, start: int, end: int, names: Names) -> Phrase:
    """One head, named or not."""
    head_end = _head_end(text, start, end, names)
    named = names.within(start, end)
    last = next((m for m in reversed(named) if m.end >= head_end - 1 and m.start < head_end), None)
    last = last or _name_after_comma(head_end, end, named, names, text)
    last = last or _named_last(text, start, head_end, named, names)
    if last:
        many = names.entity_of[last].kind == "other" or _is_many(last) or _counts(text, start, last.start)
        form: Form = "group" if many or _is_document_name(last) else "name"
        return Phrase(form=form, words=_without_article(text, start, end), start=start, end=end, names=(last,))
    return _common(text, (start, end), head_end, named)


def _is_many(mention: Mention) -> bool:
    """ "Fellow Republicans": a name of common nouns, the last of them a plural."""
    words = parts(mention.text)
    return bool(words) and lexicon().is_plural(words[-1]) and all(lexicon().is_common(word) for word in words)


def _counts(text: str, start: int, end: int) -> bool:
    """Whether the words before a name make many of it: "Several judges handling federal ...", not "both Trump"."""
    words = [plain(word.text) for word in words_of(text, start, end)]
    return bool(words) and words[0] in (lexicon().quantifiers if len(words) > 1 else _MANY)


def _is_document_name(mention: Mention) -> bool:
    """ "Refugee Convention", not "Washington Post": a name whose last word is something written."""
    words = parts(mention.text)
    return len(words) > 1 and lexicon().is_document(words[-1]) and words[-1] not in lexicon().organisations


def _head_end(text: str, start: int, end: int, names: Names) -> int:
    """Where the words up to the head end: before a preposition, clause or bracket that no name spans."""
    first = next(words_of(text, start, end))
    cuts = (match.start() for match in _CUT.finditer(text, start, end) if match.start() >= first.end)
    return next((cut for cut in cuts if not names.overlapping(cut, cut + 1)), end)


def _name_after_comma(head_end: int, end: int, named: Sequence[Mention], names: Names, text: str) -> Mention | None:
    """The person in "the F.B.I. director, James B. Comey" and "A lawyer for the news outlets, David Schulz"."""
    for mention in named:
        titles = mention.titles[0] if mention.titles else text[mention.start : mention.end]
        before = text[head_end : text.rfind(titles, head_end, mention.end)].rstrip()
        alone = mention.end >= end or text[mention.end] in ",;("
        if mention.start >= head_end and before.endswith(",") and alone and names.entity_of[mention].kind == "person":
            return mention
    return None


def _named_last(text: str, start: int, head_end: int, named: Sequence[Mention], names: Names) -> Mention | None:
    """The person in "Senator from Vermont Ana Lim" and "head of the bank Ana Lim", not in "friend of Ana Lim"."""
    head = next(reversed(list(words_of(text, start, head_end))), None)
    person = named[-1] if named and names.entity_of[named[-1]].kind == "person" and not named[-1].titles else None
    if person is None or head is None or not lexicon().is_role(head.text) or person.start < head_end:
        return None
    body = next(reversed(list(words_of(text, head_end, person.start))), None)
    if body is None or text[body.end : person.start] != " ":
        return None
    place = names.overlapping(body.start, body.end)
    return person if place or plain(body.text) in lexicon().organisations else None


def _common(text: str, span: Span, head_end: int, named: Sequence[Mention]) -> Phrase:
    """A phrase whose head is a common noun."""
    start, end = span
    words = list(words_of(text, start, head_end))
    head, opening = plain(words[-1].text), plain(words[0].text)
    points = _pointer(words)
    form: Form = "group"
    if opening not in _OWNERS and opening not in lexicon().quantifiers and points != "other":
        before = [m for m in named if m.end <= head_end]
        form = "role" if _is_owned_role(text, start, head, before) else _form_of_noun(words, head, opening, before)
    return Phrase(
        form=form,
        words=_without_article(text, start, head_end if form == "coined" else end),
        start=start,
        end=end,
        names=tuple(named),
        head=head,
        modifiers=tuple(plain(w.text) for w in words[:-1] if plain(w.text) not in ARTICLES),
        points=points,
    )


def _is_owned_role(text: str, start: int, head: str, named: Sequence[Mention]) -> bool:
    """Whether an organisation or a place has the role: "Telvia's chief executive"."""
    owner = named[0] if named and named[0].start <= start + len("the ") else None
    owns = owner is not None and owner.label in ("ORG", "GPE") and text.startswith(("'s ", "’s "), owner.end)
    return owns and lexicon().is_role(head)


def _pointer(words: Sequence[Word]) -> Literal["same", "other"] | None:
    """What "same", "other" or "another" before a singular noun says; "other analysts" are a group like any other."""
    opening = [key for word in words[:-1] if (key := plain(word.text)) not in ARTICLES | _DEMONSTRATIVES][:1]
    if not opening or not lexicon().is_one(words[-1].text):
        return None
    return "same" if opening[0] in lexicon().same else "other" if opening[0] in lexicon().other else None


def _form_of_noun(words: Sequence[Word], head: str, opening: str, named: Sequence[Mention]) -> Form:
    if lexicon().is_document(head) and not (head in lexicon().general and opening in _DEFINITE):
        return "group"
    if head in lexicon().organisations:
        if named and opening not in ("a", "an"):
            return "coined"
        return "organisation" if opening in _DEFINITE else "group"
    definite = opening in _DEFINITE or (words[0].capital and opening not in ("a", "an") and not named)
    return "role" if lexicon().is_role(head) and definite else "group"
