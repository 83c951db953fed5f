"""Which stored speaker does a mention mean? Pure.

    handle    the same account                                              -> that speaker
    name      the same full name, accents and case aside                    -> that speaker
    spelling  nearly the same name in the same role                         -> a new speaker, merged with a reason
    else                                                                    -> a new speaker

Only the third is a judgement, so only it makes a merge, which a person can undo. An undone merge is never made again,
because only speakers that are new to the record are merged here. A bare surname names nobody outside its document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from rapidfuzz import fuzz

from kb.store.speakers import StoredSpeaker
from kb.text import fold, fold_words
from kb.types import Author, Role, SpeakerMention

SIMILAR = 85.0
"""Percent of rapidfuzz's ratio, accents, case and spaces aside. Measured against "Clément Delangue": "Clement Delange"
97, "Clem Delangue" 89; against "Delangue": "De Lang" 86. The role keeps namesakes apart, so the name may differ."""

_HONORIFIC = re.compile(r"^(?:(?:mr|mrs|ms|dr|prof|professor|sir|dame|lord|lady)\.?\s+)+", re.IGNORECASE)
_LEGAL_FORM = re.compile(r",?\s+(?:inc|corp|co|ltd|llc|plc|gmbh|ag|sa|se|nv|bv|ab|oy)\.?$", re.IGNORECASE)
_TITLES = {
    "ceo": "chief executive",
    "chief executive officer": "chief executive",
    "boss": "chief executive",
    "cto": "chief technology officer",
    "cfo": "chief financial officer",
    "coo": "chief operating officer",
    "cofounder": "founder",
    "co founder": "founder",
    "chairman": "chair",
    "chairwoman": "chair",
    "chairperson": "chair",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a mention is: a stored speaker, or a new one that may belong to a stored one's cluster."""

    speaker_id: int | None = None
    """None for a new speaker."""
    merge_with: int | None = None
    """A new speaker's cluster (its root)."""
    leads: bool = False
    """Whether the new speaker's name is the better one for the cluster."""
    reason: str = ""


NEW = Identity()


def identify(mention: SpeakerMention, known: Sequence[StoredSpeaker]) -> Identity:
    """Find ``mention`` among ``known`` speakers, which need only include all with a like name or handle."""
    for speaker in known:
        if mention.handle and fold(mention.handle) in map(fold, speaker.aliases):
            return Identity(speaker_id=speaker.id)
    known = [speaker for speaker in known if speaker.kind == mention.kind]
    named = [speaker for speaker in known if shares_name(mention, speaker)]
    if len(roots(named)) > 1:
        named = [speaker for speaker in named if common_role(mention.role, speaker.roles)]
    if len(roots(named)) == 1:
        return Identity(speaker_id=named[0].id)
    return NEW if named else _by_spelling(mention, known)


def _by_spelling(mention: SpeakerMention, known: Sequence[StoredSpeaker]) -> Identity:
    alike = [
        (percent, speaker, role)
        for speaker in known
        if mention.kind == "person" and mention.role and (role := common_role(mention.role, speaker.roles))
        if (percent := similarity(mention, speaker, surnames=bool(mention.role.title and role.title))) >= SIMILAR
    ]
    if len(roots([speaker for _, speaker, _ in alike])) != 1:
        return NEW
    percent, speaker, role = max(alike, key=lambda found: found[0])
    return Identity(
        merge_with=speaker.root_id,
        leads=is_better_name(mention, speaker),
        reason=f"similar spelling ({percent:.0f} %) and the same role: {describe(role)}",
    )


def roots(speakers: Collection[StoredSpeaker]) -> set[int]:
    """The clusters that ``speakers`` belong to."""
    return {speaker.root_id for speaker in speakers}


def names_of(mention: SpeakerMention) -> Iterator[str]:
    """Every name that the mention gives, best first, and each without its honorific or legal form."""
    for name in (mention.name, *mention.spellings):
        yield name
        plain = (_HONORIFIC if mention.kind == "person" else _LEGAL_FORM).sub("", name)
        if plain and plain != name:
            yield plain


def shares_name(mention: SpeakerMention, speaker: StoredSpeaker) -> bool:
    """Whether a name that identifies by itself belongs to both; a single word does so only for organisations and
    groups, and where a person made it an alias."""
    aliases, given = set(map(fold, speaker.aliases)), set(map(fold, speaker.given))
    for name in names_of(mention):
        whole = mention.kind != "person" or len(fold_words(name)) > 1
        if fold(name) in (aliases if whole else given):
            return True
    return False


def similarity(mention: SpeakerMention, speaker: StoredSpeaker, *, surnames: bool = False) -> float:
    """Percent by which the closest two names of both agree, spaces, accents and case aside.

    With ``surnames``, a whole name may also be near the last word of the other's: "De Lang" for "Clément Delangue".
    Two last words say nothing.
    """
    pairs = list(product(map(fold_words, names_of(mention)), map(fold_words, speaker.aliases)))
    if surnames:
        pairs += [pair for a, b in pairs for pair in ((a[-1:], b), (a, b[-1:]))]
    return max((fuzz.ratio("".join(a), "".join(b)) for a, b in pairs), default=0.0)


def is_better_name(mention: SpeakerMention, speaker: StoredSpeaker) -> bool:
    """Whether the mention's spelling is nearer to the person: their own account's, or the one with its accents."""
    return bool(mention.handle) or (not mention.name.isascii() and speaker.name.isascii())


def common_role(role: Role | None, roles: Collection[Role]) -> Role | None:
    """The one of ``roles`` that says the same as ``role``: the same organisation, and titles that do not differ."""
    for other in roles if role else ():
        if role and _same_organisation(role.organisation, other.organisation) and _titles_fit(role.title, other.title):
            return other
    return None


def is_same_role(a: Role, b: Role) -> bool:
    """Whether two roles differ in letter case and accents only."""
    return all(fold(x or "") == fold(y or "") for x, y in ((a.title, b.title), (a.organisation, b.organisation)))


def describe(role: Role) -> str:
    """A role in words."""
    return " of ".join(part for part in (role.title, role.organisation) if part)


def author_mention(author: Author) -> SpeakerMention:
    """The author of a post as a mention."""
    return SpeakerMention(name=author.name, kind=author.kind, role=author.role, handle=author.handle)


def _same_organisation(a: str | None, b: str | None) -> bool:
    bare = [" ".join(fold_words(_LEGAL_FORM.sub("", name or ""))).removeprefix("the ") for name in (a, b)]
    return bare[0] == bare[1] != ""


def _titles_fit(a: str | None, b: str | None) -> bool:
    return not a or not b or bool(_titles(a) & _titles(b))


def _titles(title: str) -> set[str]:
    parts = (" ".join(fold_words(part)) for part in re.split(r",|/|&|\band\b", title))
    return {_TITLES.get(part, part) for part in parts if part}
