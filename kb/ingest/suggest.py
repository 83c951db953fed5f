"""Which speakers may be one though nothing merged them? Suggestions with their reasons, for a person to judge.

Never suggested: a pair that a person has parted, speakers with different Wikidata entries, groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import fuzz, process

from kb.ingest.likeness import variants
from kb.ingest.people import closest, other_account
from kb.ingest.roles import common_role, contradiction, describe, same_organisation
from kb.store import Session, candidates, speaker_rows
from kb.store.candidates import StoredSpeaker
from kb.store.speakers import keys_of, members
from kb.text import exact_key, fold
from kb.types import RoleRow, SpeakerKind, SuggestionRow

SAME_ACCOUNT, SAME_ROLE, SAME_ORGANISATION, SAME_DOCUMENT = 30.0, 25.0, 15.0, 10.0
"""Points for what two speakers share besides a like name (``kb.ingest.likeness``), by hand: only their order counts."""
OTHER_ROLE, OTHER_ACCOUNT = -25.0, -15.0
"""Points for what speaks against them."""

WORTH_ASKING = 50.0
"""Least score of a pair that is suggested unasked: a surname alone needs a shared organisation or document."""
WORTH_SHOWING = 40.0
"""Least score when somebody asks about one name."""

LOOKED_AT = 50
"""Names, most alike first, that are compared in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """Somebody who may be a stored speaker."""

    name: str
    names: tuple[str, ...]
    kinds: tuple[SpeakerKind, ...]
    root_id: int | None = None
    roles: tuple[RoleRow, ...] = ()
    handles: tuple[str, ...] = ()
    wikidata_ids: frozenset[str] = frozenset()
    apart: frozenset[int] = frozenset()


def suggest_for(session: Session, name_or_id: str, *, limit: int) -> list[SuggestionRow]:
    """Who may be the one of that name or id, the most likely first; the name may be new to the record.

    Raises NotFoundError for an id that nobody has.
    """
    return _suggestions(session, _subject(session, name_or_id), least=WORTH_SHOWING)[:limit]


def suggest(session: Session, *, limit: int) -> list[SuggestionRow]:
    """Pairs of speakers who may be one, the most likely first, among those most quoted."""
    return sorted(islice(_pairs(session), limit), key=lambda row: -row.score)


def _pairs(session: Session) -> Iterator[SuggestionRow]:
    seen: set[frozenset[int | None]] = set()
    for root in candidates.doubtful(session):
        for row in _suggestions(session, _known(session, root), least=WORTH_ASKING):
            pair = frozenset((row.speaker_id, row.candidate_id))
            if pair not in seen:
                seen.add(pair)
                yield row


def _subject(session: Session, name_or_id: str) -> _Subject:
    root = speaker_rows.exactly(session, name_or_id)
    if root is not None:
        return _known(session, root)
    return _Subject(name=name_or_id, names=(name_or_id,), kinds=("person", "organisation"))


def _known(session: Session, root: int) -> _Subject:
    cluster = candidates.load(session, members(session, [root]))
    lead = next(speaker for speaker in cluster if speaker.id == root)
    names = dict.fromkeys(alias for speaker in cluster for alias in speaker.aliases if alias not in lead.handles)
    return _Subject(
        name=lead.name,
        names=tuple(names),
        kinds=(lead.kind,) if lead.kind != "group" else (),
        root_id=root,
        roles=lead.roles,
        handles=lead.handles,
        wikidata_ids=lead.wikidata_ids,
        apart=lead.apart,
    )


def _suggestions(session: Session, subject: _Subject, *, least: float) -> list[SuggestionRow]:
    """One suggestion for each cluster that may be ``subject``, the most likely first."""
    stored = [s for s in candidates.load(session, _near(session, subject)) if _may_be(subject, s)]
    roots = {speaker.root_id for speaker in stored}
    quoted = candidates.documents_of(session, {*roots, subject.root_id}) if subject.root_id and roots else {}
    shared = {root: quoted.get(root, set()) & quoted.get(subject.root_id or 0, set()) for root in roots}
    names = speaker_rows.names(session, roots)
    best: dict[int, SuggestionRow] = {}
    for speaker in stored:
        row = _judged(subject, speaker, names[speaker.root_id], shared[speaker.root_id])
        if row and row.score >= least and row.score > (best[row.candidate_id].score if row.candidate_id in best else 0):
            best[row.candidate_id] = row
    return sorted(best.values(), key=lambda row: (-row.score, row.candidate_id))


def _near(session: Session, subject: _Subject) -> set[int]:
    """Ids of speakers worth comparing in full: the same name, a like spelling, an account, the same organisation."""
    ids = candidates.named(session, {exact_key(name, kind) for name in subject.names for kind in subject.kinds})
    ids |= candidates.given(session, {fold(handle) for handle in subject.handles})
    folded = {
        form for name in subject.names for form in (variants(name) if "person" in subject.kinds else [fold(name)])
    }
    keys = {key for kind in subject.kinds for form in folded for key in keys_of(form, kind)}
    ids |= _most_alike(folded, candidates.alike(session, keys))
    for organisation in {role.organisation for role in subject.roles if role.organisation}:
        ids |= _most_alike(folded, ((i, fold(name)) for i, name in candidates.colleagues(session, organisation)))
    return ids


def _most_alike(folded: Iterable[str], known: Iterable[tuple[int, str]]) -> set[int]:
    """Ids of the (id, folded name) pairs whose names have the most letters in common with one of ``folded``."""
    pairs = list(known)
    names = [name for _, name in pairs]
    found = (process.extract(form, names, scorer=fuzz.token_sort_ratio, limit=LOOKED_AT) for form in folded)
    best = sorted((hit for hits in found for hit in hits), key=lambda hit: -hit[1])
    return {pairs[place][0] for _, _, place in best[:LOOKED_AT]}


def _may_be(subject: _Subject, speaker: StoredSpeaker) -> bool:
    other_entry = subject.wikidata_ids and speaker.wikidata_ids and not subject.wikidata_ids & speaker.wikidata_ids
    parted = speaker.root_id in subject.apart or speaker.root_id == subject.root_id
    return speaker.kind in subject.kinds and not other_entry and not parted


def _judged(subject: _Subject, speaker: StoredSpeaker, name: str, documents: set[int]) -> SuggestionRow | None:
    """The case for ``subject`` being ``speaker``; None where their names are not alike."""
    like = closest(subject.names, speaker)
    if like is None:
        return None
    points = [(like.score, like.reason), *_evidence(subject, speaker, documents)]
    return SuggestionRow(
        speaker_id=subject.root_id,
        speaker=subject.name,
        candidate_id=speaker.root_id,
        candidate=name,
        score=round(max(0.0, min(100.0, sum(score for score, _ in points))), 1),
        reasons=tuple(reason for _, reason in points),
    )


def _evidence(subject: _Subject, speaker: StoredSpeaker, documents: set[int]) -> Iterator[tuple[float, str]]:
    """Points and reasons besides the name, for it first."""
    accounts = set(map(fold, subject.handles)) & set(map(fold, speaker.handles))
    if accounts:
        yield SAME_ACCOUNT, f"the same account: {', '.join(sorted(accounts))}"
    if subject.wikidata_ids & speaker.wikidata_ids:
        yield SAME_ACCOUNT, f"the same Wikidata entry: {', '.join(sorted(subject.wikidata_ids))}"
    yield from _of_roles(subject.roles, speaker.roles)
    if documents:
        yield SAME_DOCUMENT, f"quoted in the same document: {', '.join(map(str, sorted(documents)[:5]))}"
    clash = contradiction(subject.roles, speaker.roles)
    if clash:
        yield OTHER_ROLE, f"but at the same time {describe(clash[0])} and {describe(clash[1])}"
    other = other_account(subject.handles, speaker.handles)
    if other:
        yield OTHER_ACCOUNT, f"but two accounts: {other[0]} and {other[1]}"


def _of_roles(some: Sequence[RoleRow], others: Sequence[RoleRow]) -> Iterator[tuple[float, str]]:
    role = next((role for role in some if role.title and (r := common_role(role, others)) and r.title), None)
    organisation = next(
        (a.organisation for a in some for b in others if same_organisation(a.organisation, b.organisation)), None
    )
    if role:
        yield SAME_ROLE, f"the same role: {describe(role)}"
    elif organisation:
        yield SAME_ORGANISATION, f"the same organisation: {organisation}"
