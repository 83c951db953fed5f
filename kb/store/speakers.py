"""Speakers, their names and roles, and the merges that make several of them one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from kb import types
from kb.errors import JudgementError, NotFoundError
from kb.store.tables import Alias, AliasOrigin, Merge, NameKey, Role, Speaker
from kb.text import fold, organisation_key, organisation_keys, person_keys
from kb.types import PartialDate, SpeakerKind, SpeakerMention

GIVEN: tuple[AliasOrigin, ...] = ("user", "import")
"""Origins of names that a person gave."""


def create(session: Session, mention: SpeakerMention, *, origin: AliasOrigin = "text") -> int:
    """Store a new speaker with the names that the mention gives, and return its id. Roles are added apart."""
    speaker = Speaker(name=mention.name, kind=mention.kind)
    session.add(speaker)
    session.flush()
    for name in (mention.name, *mention.spellings):
        add_alias(session, speaker.id, name, origin=origin)
    if mention.handle:
        add_alias(session, speaker.id, mention.handle, origin="handle")
    return speaker.id


def add_alias(session: Session, speaker_id: int, text: str, *, origin: AliasOrigin = "text") -> bool:
    """Let a speaker go by another name; tell whether that changes anything.

    A name that it has already (accents and case aside) stays as it is written; that a person gives it is noted.
    """
    speaker = _existing(session, speaker_id)
    folded = fold(text)
    if not folded:
        return False
    known = session.exec(select(Alias).where(Alias.speaker_id == speaker_id, Alias.folded == folded)).first()
    if known is None:
        session.add(Alias(speaker_id=speaker_id, text=text, folded=folded, origin=origin))
        if origin != "handle":
            _add_keys(session, speaker, text)
    elif known.origin == "text" and origin in GIVEN:
        known.origin = origin
    else:
        return False
    session.flush()
    return True


def keys_of(name: str, kind: SpeakerKind) -> set[str]:
    """The keys under which a speaker of that kind is found by ``name``; none for a group."""
    if kind == "group":
        return set()
    return person_keys(name) if kind == "person" else organisation_keys(name)


def add_role(
    session: Session, speaker_id: int, role: types.Role, *, seen: PartialDate | None, document_id: int | None
) -> bool:
    """Note that a document of day ``seen`` gives the speaker this role; tell whether that changes anything.

    The dates of a known role widen, and its document is the earliest. ``document_id`` None: a person says so.
    """
    _existing(session, speaker_id)
    same = select(Role).where(
        Role.speaker_id == speaker_id,
        col(Role.title).is_not_distinct_from(role.title),
        col(Role.organisation).is_not_distinct_from(role.organisation),
    )
    known = session.exec(same).first()
    if known is None:
        key = organisation_key(role.organisation) if role.organisation else None
        row = Role(speaker_id=speaker_id, title=role.title, organisation=role.organisation, organisation_key=key)
        row.document_id, row.first_seen, row.last_seen = document_id, seen, seen
        session.add(row)
    else:
        before = (known.first_seen, known.last_seen, known.document_id)
        _widen(known, seen, document_id)
        if before == (known.first_seen, known.last_seen, known.document_id):
            return False
    session.flush()
    return True


def watch(session: Session, speaker_id: int, *, wikidata_id: str | None = None) -> bool:
    """Put a speaker on the list of people to watch; tell whether that, or its Wikidata entry, is new.

    Raises JudgementError when the speaker has another entry.
    """
    speaker = _existing(session, speaker_id)
    if wikidata_id and speaker.wikidata_id and wikidata_id != speaker.wikidata_id:
        raise JudgementError(f"{speaker.name} ({speaker_id}) is {speaker.wikidata_id} on Wikidata, not {wikidata_id}")
    changed = not speaker.watched or bool(wikidata_id and not speaker.wikidata_id)
    speaker.watched = True
    speaker.wikidata_id = wikidata_id or speaker.wikidata_id
    session.flush()
    return changed


# --- merges ------------------------------------------------------------------------------------------------------


def merge(session: Session, from_id: int, into_id: int, *, made_by: str, reason: str, now: dt.datetime) -> int:
    """Judge that two speakers are one, known by the name of ``into_id``; return the id of the merge.

    Raises NotFoundError for an unknown speaker, JudgementError when the two are one already.
    """
    source, target = _existing(session, from_id), _existing(session, into_id)
    if from_id == into_id:
        raise JudgementError(f"cannot merge speaker {from_id} ({source.name}) into itself")
    if root_of(source) == root_of(target):
        raise JudgementError(f"{source.name} ({from_id}) and {target.name} ({into_id}) are one speaker already")
    row = Merge(from_id=from_id, into_id=into_id, made_at=now, made_by=made_by, reason=reason)
    session.add(row)
    session.flush()
    _apply(session, members(session, [root_of(source), root_of(target)]))
    return row.id


def unmerge(session: Session, merge_id: int, *, now: dt.datetime) -> set[int]:
    """Take back a merge; every other one stands. Returns the roots of those who were one speaker.

    Raises NotFoundError, or JudgementError when it is undone already.
    """
    row = session.get(Merge, merge_id)
    if row is None:
        raise NotFoundError(f"no merge {merge_id} in the record")
    if row.undone_at:
        raise JudgementError(f"merge {merge_id} was undone on {row.undone_at:%Y-%m-%d} already")
    cluster = members(session, [root_of(_existing(session, row.from_id))])
    row.undone_at = now
    session.flush()
    _apply(session, cluster)
    return {root_of(_existing(session, speaker_id)) for speaker_id in cluster}


def replay(merges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Roots by speaker id after (from, into) merges in the order made; roots themselves are left out."""
    root: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for from_id, into_id in merges:
        loser, winner = root.get(from_id, from_id), root.get(into_id, into_id)
        if loser == winner:
            continue
        moved = [loser, *members.pop(loser, [])]
        members.setdefault(winner, []).extend(moved)
        root.update(dict.fromkeys(moved, winner))
    return root


def surviving_merges(session: Session, among: Iterable[int] | None = None) -> list[tuple[int, int]]:
    """(from, into) of every merge that has not been undone, in the order made; of those speakers only, if any given."""
    query = select(Merge.from_id, Merge.into_id).where(col(Merge.undone_at).is_(None))
    if among is not None:
        query = query.where(col(Merge.from_id).in_(list(among)))
    return list(session.exec(query.order_by(col(Merge.id))))


def roots(session: Session, ids: Iterable[int]) -> set[int]:
    """The roots of the clusters that these speakers belong to."""
    return {root_of(_existing(session, speaker_id)) for speaker_id in ids}


def root_of(speaker: Speaker) -> int:
    """The speaker under whose name ``speaker`` goes, after all merges."""
    return speaker.merged_into or speaker.id


def is_group(session: Session, speaker_id: int) -> bool:
    """Whether a speaker is an unnamed group, whose statements have nothing to do with one another."""
    return _existing(session, speaker_id).kind == "group"


def members(session: Session, roots: list[int]) -> list[int]:
    """Every speaker of these clusters, roots included."""
    return list(session.exec(select(Speaker.id).where(in_clusters(roots))))


def in_clusters(roots: list[int]) -> ColumnElement[bool]:
    """The condition that a speaker belongs to one of these clusters, as indexes can answer it."""
    return or_(col(Speaker.id).in_(roots), col(Speaker.merged_into).in_(roots))


def _apply(session: Session, among: list[int]) -> None:
    """Derive ``merged_into`` of these speakers, who are whole clusters, from the surviving merges between them."""
    roots = replay(surviving_merges(session, among))
    for speaker_id in among:
        session.get_one(Speaker, speaker_id).merged_into = roots.get(speaker_id)
    session.flush()


def _widen(role: Role, seen: PartialDate | None, document_id: int | None) -> None:
    if document_id and (role.document_id is None or (seen and (role.first_seen is None or seen < role.first_seen))):
        role.document_id = document_id
    if seen:
        role.first_seen = min(role.first_seen or seen, seen)
        role.last_seen = max(role.last_seen or seen, seen)


def _add_keys(session: Session, speaker: Speaker, name: str) -> None:
    known = set(session.exec(select(NameKey.key).where(NameKey.speaker_id == speaker.id)))
    session.add_all(NameKey(key=key, speaker_id=speaker.id) for key in keys_of(name, speaker.kind) - known)


def _existing(session: Session, speaker_id: int) -> Speaker:
    speaker = session.get(Speaker, speaker_id)
    if speaker is None:
        raise NotFoundError(f"no speaker {speaker_id} in the record")
    return speaker
