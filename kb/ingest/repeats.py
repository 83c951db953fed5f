"""Did the speaker foretell this before? Repeats, dates moved to later ones, contradictions. Deciding is pure.

Two predictions are about one matter when the words that carry their meaning, and the names, are the same; dates and
figures are compared by themselves. Said after the other, a prediction then

    repeats      it: same last day, same figures
    slips        it: a later last day, same figures
    contradicts  it: the days overlap, and one denies the other, falls where it rises, or has figures that exclude it

A slip or a contradiction is a candidate for a person to look at; nothing is resolved by it. Two of which a person said
that nothing links them stay apart, and so does one of them from whatever counts as one with the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil

from kb.figures import bounds
from kb.ingest.same import SHARED, SHORTER
from kb.ingest.wording import Wording, read_wording
from kb.store import Session, threads
from kb.store.threads import Foretold, Links
from kb.types import Quantity

LEAST_WORDS = 3
"""Informative words without which nothing tells one matter from another ("it will happen")."""

LEAST_SHARED = ceil(SHARED * LEAST_WORDS)
"""Words that two wordings of one matter share at least; much that one speaker says shares one or two."""


def relate(foretold: Iterable[Foretold], apart: Iterable[frozenset[int]] = ()) -> dict[int, Links]:
    """What each of one speaker's predictions has to do with those before it, by id.

    ``apart``: pairs of ids that a person parted.
    """
    said = {one.id: one for one in foretold}
    links: dict[int, Links] = {}
    by_stem: dict[str, list[int]] = defaultdict(list)
    parted: dict[int, set[int]] = defaultdict(set)
    for pair in apart:
        for id_ in pair:
            parted[id_] |= pair - {id_}
    for new in sorted(said.values(), key=_when):
        barred = {_first(other, links) for other in parted[new.id] & links.keys()}
        earlier = (old for old in _candidates(new, said, by_stem) if _first(old.id, links) not in barred)
        links[new.id] = _link(new, earlier, links)
        for stem in _wording(new).informative:
            by_stem[stem].append(new.id)
    return links


def _first(id_: int, links: dict[int, Links]) -> int:
    """The first of those that count as one with it."""
    return links[id_].repeats or id_


def _wording(said: Foretold) -> Wording:
    return read_wording(said.text, said.phrase)


def _when(said: Foretold) -> tuple[bool, str, int]:
    return said.said_on is None, said.said_on or "", said.id


def _candidates(new: Foretold, said: dict[int, Foretold], by_stem: dict[str, list[int]]) -> Sequence[Foretold]:
    """Earlier ones that share as many words as one matter needs, the last one said first."""
    shared = Counter(id_ for stem in _wording(new).informative for id_ in by_stem[stem])
    found = (said[id_] for id_, number in shared.items() if number >= LEAST_SHARED)
    return sorted(found, key=_when, reverse=True)


def _link(new: Foretold, earlier: Iterable[Foretold], links: dict[int, Links]) -> Links:
    link = Links()
    for old in earlier:
        first = _first(old.id, links)
        if _contradicts(new, old):
            link = replace(link, contradicts=link.contradicts or first)
        elif _same_matter(_wording(new), _wording(old)) and _same_figures(new, old):
            if new.latest == old.latest:
                return Links(repeats=first)
            if new.latest and old.latest and new.latest > old.latest:
                link = replace(link, slips=link.slips or first)
    return link


def _same_matter(a: Wording, b: Wording, *, but: int = 0) -> bool:
    """Whether both speak of one thing; ``but`` words of each may differ."""
    short, long = sorted((a, b), key=lambda wording: len(wording.informative))
    size = len(short.informative) - but
    if size < LEAST_WORDS or size < SHORTER * len(long.informative):
        return False
    if a.names - b.informative and b.names - a.informative:
        return False
    if not but and (a.negated != b.negated or a.direction * b.direction < 0):
        return False
    return len(short.informative & long.informative) >= SHARED * size


def _contradicts(new: Foretold, old: Foretold) -> bool:
    a, b = _wording(new), _wording(old)
    if not _overlap(new, old):
        return False
    if a.direction * b.direction < 0:  # the two words of direction differ, as they must
        return a.negated == b.negated and _same_matter(a, b, but=1)
    if a.negated != b.negated:
        return _same_matter(replace(a, negated=b.negated), b)
    return new.latest == old.latest and _excluding(new.quantity, old.quantity) and _same_matter(a, b)


def _overlap(a: Foretold, b: Foretold) -> bool:
    """Whether there may be a day on which both can come true."""
    if a.latest is None or b.latest is None:
        return True
    return (a.earliest is None or a.earliest <= b.latest) and (b.earliest is None or b.earliest <= a.latest)


def _same_figures(a: Foretold, b: Foretold) -> bool:
    if a.quantity and b.quantity and a.quantity.unit == b.quantity.unit:
        return a.quantity == b.quantity
    return _wording(a).numbers == _wording(b).numbers


def _excluding(a: Quantity | None, b: Quantity | None) -> bool:
    """Whether no figure can meet both."""
    if a is None or b is None or a.unit != b.unit:
        return False
    (low_a, high_a), (low_b, high_b) = bounds(a), bounds(b)
    return high_a < low_b or high_b < low_a


def link_document(session: Session, document_id: int) -> None:
    """Join what a new document reports to what its speakers foretold elsewhere."""
    link_speakers(session, threads.foretellers(session, document_id))


def link_speakers(session: Session, roots: Iterable[int]) -> None:
    """Work out anew what each of these speakers (roots of clusters) repeated, moved and contradicted."""
    for root in roots:
        known = {said.id: said for said in threads.foretold(session, root)}
        for id_, links in relate(known.values(), threads.apart(session, known)).items():
            if links != known[id_].links:
                threads.join(session, id_, links)
