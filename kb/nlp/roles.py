"""Roles read from the words around a person's name: title and organisation. Pure.

Hugging Face chief executive Clément Delangue     the F.B.I. director, James B. Comey     CEO of X Ana Lim
Delangue, chief executive of Hugging Face,        Delangue, who is X's chief executive    NBC's Ana Lim
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kb.nlp.entities import Entity
from kb.nlp.lexicon import lexicon, plain
from kb.nlp.mentions import Mention, MentionIndex
from kb.nlp.names import Word, parts, words_of
from kb.types import Role

LONGEST_TITLE = 120
"""Characters around a name that can hold its role; longer appositives exist, their role comes first."""

_BETWEEN = re.compile(r"(?:,\s*\d{1,3})?\s*(?:\([^)]{1,20}\))?\s*(?:,|--|—|–|\s-\s)\s*")
_OPENING = re.compile(
    r"(?:(?:who|now|also|currently|formerly)\s+)*(?:(?:is|was|serves as|served as|works as|worked as)\s+)?"
    r"(?:(?:the|a|an|its|his|her)\s+)?(?:[A-Z][\w. ]*-based\s+)?"
)
_APPOSITIVE_END = re.compile(
    r"[,;:()\n“”\"]|(?<!\b[A-Z])\.(?=\s|$)| -- |—| – |\s(?:who|which|that|said|says|told|and)\s"
)
_AT = re.compile(r"\s+(?:of|at|for|with)\s+(?:the\s+)?$", re.IGNORECASE)
_AT_THE = re.compile(r"\s(?:of|at|for|with)\s(?:the|its|his|her|their)\s(\w+)$")
_PREPOSITION = re.compile(r"\s(?:of|at|for|with|to|in|on|from|since|until|who)\s")
_EMPLOYER = re.compile(r"(?P<title>.+?)\s(?:of|at)\s(?P<organisation>[A-Z][\w&.'’-]*(?:\s[A-Z][\w&.'’-]*)*)")
"""A role at a name that nothing has marked as an organisation's: what has a chief executive is one."""
_POSSESSIVE = re.compile(r"['’]s?\s+")


def read_roles(text: str, entities: Sequence[Entity]) -> None:
    """Give each person the fullest role that stands beside one of the mentions; authors keep what is known of them."""
    bodies = ("organisation", "place", "unknown")
    organisations = MentionIndex(m for e in entities if e.kind in bodies for m in e.mentions)
    for entity in entities:
        if entity.kind == "person" and entity.role is None:
            found = (read_role(text, mention, organisations) for mention in entity.mentions)
            roles = [role for role in found if role]
            entity.role = max(roles, key=lambda r: (r.title is not None) + (r.organisation is not None), default=None)


def correct_places(entities: Sequence[Entity]) -> None:
    """What has a chief executive is an organisation, whatever its label says."""
    corporate = (e.role for e in entities if e.role and e.role.title and lexicon().is_corporate(e.role.title))
    employers = {parts(role.organisation) for role in corporate if role.organisation}
    for entity in entities:
        if entity.kind in ("place", "unknown") and any(parts(m.text) in employers for m in entity.mentions):
            entity.kind = "organisation"


def read_role(text: str, mention: Mention, organisations: MentionIndex) -> Role | None:
    """The role that stands beside one mention of a person; None when none does."""
    near = organisations.within(mention.start - LONGEST_TITLE, mention.end + 2 * LONGEST_TITLE)
    role = _before(text, mention, near) or _after(text, mention, near)
    return _in_full(role, mention.start, organisations) if role else None


def _in_full(role: Role, offset: int, organisations: MentionIndex) -> Role:
    """ "Economist at the council" with the council that was named last before ``offset``."""
    noun = _AT_THE.search(role.title or "")
    if role.title is None or noun is None or plain(noun[1]) not in lexicon().organisations:
        return role
    before = reversed(organisations.within(0, offset))
    named = (organisation.text for organisation in before if plain(noun[1]) in parts(organisation.text))
    return Role(title=role.title[: noun.start()], organisation=role.organisation or next(named, None))


def _before(text: str, mention: Mention, organisations: Sequence[Mention]) -> Role | None:
    """``ORG TITLE Name``, ``ORG's TITLE, Name``, ``TITLE of ORG Name``, ``ORG's Name``, ``Sen. Name``."""
    gap = text[max(0, mention.start - 2) : mention.start]
    end = mention.start - len(gap) + len(gap.rstrip(", "))
    title = _title_ending_at(text, end)
    if title:
        organisation = _ending_at(text, title[0].start, organisations)
        return Role(title=text[title[0].start : _with_full_stop(text, title[-1].end)], organisation=organisation)
    employer = next((o for o in organisations if o.end <= end and _is_link(text[o.end : mention.start])), None)
    if employer is None:
        return None
    lead = _AT.search(text, max(0, employer.start - 12), employer.start)
    title = _title_ending_at(text, lead.start()) if lead else []
    if title:
        return Role(title=text[title[0].start : title[-1].end], organisation=employer.text)
    possessive = bool(_POSSESSIVE.fullmatch(text[employer.end : mention.start]))
    return Role(organisation=employer.text) if possessive else None


def _is_link(between: str) -> bool:
    return bool(re.fullmatch(r"(?:['’]s?)?,?\s+", between))


def _title_ending_at(text: str, end: int) -> list[Word]:
    """The title words that end at ``end``: a role noun last, role nouns and modifiers before it."""
    words = list(words_of(text, max(0, end - LONGEST_TITLE), end))
    title: list[Word] = []
    for i in range(len(words) - 1, -1, -1):
        word = words[i]
        following = title[0].start if title else end
        if text[word.end : following].strip(" ") not in ("", ".", "-", "&", "/"):
            break
        joins = bool(title) and word.text == "and" and i > 0 and lexicon().is_role(words[i - 1].text)
        if not (joins or (_may_extend(plain(word.text)) if title else lexicon().is_title(word.text))):
            break
        title.insert(0, word)
    return title if title and plain(title[-1].text) not in lexicon().courtesy else []


def _may_extend(key: str) -> bool:
    return key in lexicon().modifiers or key in lexicon().roles or key.startswith(("co-", "vice-", "ex-"))


def _with_full_stop(text: str, end: int) -> int:
    """Past the full stop of an abbreviation: "Sen."."""
    return end + 1 if text[end : end + 2] == ". " else end


def _ending_at(text: str, start: int, organisations: Sequence[Mention]) -> str | None:
    """The organisation that ends right before ``start``, perhaps in the possessive."""
    return next((o.text for o in organisations if o.end <= start and _is_link(text[o.end : start])), None)


def _after(text: str, mention: Mention, organisations: Sequence[Mention]) -> Role | None:
    """``Name, TITLE of ORG,``, ``Name, ORG's TITLE``, ``Name, who is TITLE at ORG``, ``Name of ORG``."""
    employer = _starting_after(text, mention.end, organisations, " of ")
    if employer:
        return Role(organisation=employer.text)
    between = _BETWEEN.match(text, mention.end)
    if not between:
        return None
    opening = _OPENING.match(text, between.end())
    start = opening.end() if opening else between.end()
    end = _appositive_end(text, start)
    return _in_appositive(text, start, end, [o for o in organisations if start <= o.start and o.end <= end])


def _appositive_end(text: str, start: int) -> int:
    """Where what stands after a name ends; "co-founder and CEO of X" goes on at its "and"."""
    last = min(len(text), start + LONGEST_TITLE)
    stops = [*_APPOSITIVE_END.finditer(text, start + 1, last), None]
    for stop, following in pairwise(stops):
        assert stop is not None
        both = (text[start : stop.start()], text[stop.end() : following.start() if following else last])
        if stop[0].strip() != "and" or not all(map(_has_role, both)):
            return stop.start()
    return last


def _in_appositive(text: str, start: int, end: int, inside: Sequence[Mention]) -> Role | None:
    owner = next((o for o in inside if o.start == start), None)
    if owner:
        title = text[owner.end : end]
        title = _POSSESSIVE.sub("", title, count=1) if _POSSESSIVE.match(title) else title.lstrip()
        return Role(title=title, organisation=owner.text) if _has_role(title) else None
    if not _has_role(text[start:end]):
        return None
    for organisation in inside:
        lead = _AT.search(text, start, organisation.start)
        if lead:
            return Role(title=text[start : lead.start()], organisation=organisation.text)
    unmarked = _EMPLOYER.fullmatch(text[start:end].strip())
    if unmarked and lexicon().is_corporate(unmarked["title"]):
        return Role(title=unmarked["title"], organisation=unmarked["organisation"])
    return Role(title=text[start:end].strip())


def _has_role(phrase: str) -> bool:
    """Whether the words before the first preposition end in a role noun: "chief executive", "professor emeritus"."""
    words = [word.text for word in words_of(_PREPOSITION.split(f"{phrase} ", maxsplit=1)[0])]
    while len(words) > 1 and plain(words[-1]) in lexicon().modifiers and not lexicon().is_role(words[-1]):
        del words[-1]
    return bool(words) and lexicon().is_role(words[-1])


def _starting_after(text: str, end: int, organisations: Sequence[Mention], link: str) -> Mention | None:
    return next((o for o in organisations if text[end : o.start] in (link, f"{link}the ")), None)
