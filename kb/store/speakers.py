"""Speakers, their names and roles, and the merges that make several of them one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from kb import types
from kb.errors import JudgementError, NotFoundError
from kb.store.tables import Alias, AliasOrigin, Merge, Role, Speaker
from kb.text import fold, spelling_key
from kb.types import PartialDate, SpeakerKind, SpeakerMention


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSpeaker:
    """What is needed to decide whether a mention means this speaker."""

    id: int
    root_id: int
    """Root of its cluster of merges: its own id when it has not been merged into another."""
    name: str
    kind: SpeakerKind
    aliases: tuple[str, ...]
    roles: tuple[types.Role, ...]
    given: tuple[str, ...] = ()
    """Those of ``aliases`` that a person added."""


def candidates(
    session: Session, folded_names: Collection[str], *, organisation: str | None = None
) -> list[StoredSpeaker]:
    """Speakers with an alias that is one of these names (``kb.text.fold``) or spelled nearly so, in order of id.

    With ``organisation``, also everybody who has a role there (case aside), whatever their names.
    """
    keys = {spelling_key(name) for name in folded_names}
    near = or_(col(Alias.folded).in_(list(folded_names)), col(Alias.spelling).in_(keys))
    found = set(session.exec(select(Alias.speaker_id).where(near)))
    if organisation:
        held = func.lower(Role.organisation) == organisation.lower()
        found.update(session.exec(select(Role.speaker_id).where(held)))
    ids = sorted(found)
    aliases: dict[int, list[str]] = defaultdict(list)
    given: dict[int, list[str]] = defaultdict(list)
    for alias in session.exec(select(Alias).where(col(Alias.speaker_id).in_(ids)).order_by(col(Alias.id))):
        aliases[alias.speaker_id].append(alias.text)
        if alias.origin == "user":
            given[alias.speaker_id].append(alias.text)
    roles: dict[int, list[types.Role]] = defaultdict(list)
    for role in session.exec(select(Role).where(col(Role.speaker_id).in_(ids)).order_by(col(Role.id))):
        roles[role.speaker_id].append(types.Role(title=role.title, organisation=role.organisation))
    return [
        StoredSpeaker(
            id=speaker.id,
            root_id=speaker.merged_into or speaker.id,
            name=speaker.name,
            kind=speaker.kind,
            aliases=tuple(aliases[speaker.id]),
            roles=tuple(roles[speaker.id]),
            given=tuple(given[speaker.id]),
        )
        for speaker in session.exec(select(Speaker).where(col(Speaker.id).in_(ids)).order_by(col(Speaker.id)))
    ]


def create(session: Session, mention: SpeakerMention) -> int:
    """Store a new speaker with the names that the mention gives, and return its id. Roles are added apart."""
    speaker = Speaker(name=mention.name, kind=mention.kind)
    session.add(speaker)
    session.flush()
    for name in (mention.name, *mention.spellings):
        add_alias(session, speaker.id, name)
    if mention.handle:
        add_alias(session, speaker.id, mention.handle, origin="handle")
    return speaker.id


def add_alias(session: Session, speaker_id: int, text: str, *, origin: AliasOrigin = "text") -> None:
    """Let a speaker go by another name; one that it has already (accents and case aside) changes nothing."""
    _existing(session, speaker_id)
    folded = fold(text)
    known = select(Alias.id).where(Alias.speaker_id == speaker_id, Alias.folded == folded)
    if folded and session.exec(known).first() is None:
        spelling = spelling_key(text)
        session.add(Alias(speaker_id=speaker_id, text=text, folded=folded, spelling=spelling, origin=origin))
        session.flush()


def add_role(
    session: Session, speaker_id: int, role: types.Role, *, seen: PartialDate | None, document_id: int
) -> None:
    """Note that a document of day ``seen`` gives the speaker this role; the dates of a known role widen."""
    _existing(session, speaker_id)
    known = session.exec(
        select(Role).where(
            Role.speaker_id == speaker_id,
            col(Role.title).is_not_distinct_from(role.title),
            col(Role.organisation).is_not_distinct_from(role.organisation),
        )
    ).first()
    if known is None:
        known = Role(speaker_id=speaker_id, title=role.title, organisation=role.organisation, document_id=document_id)
        session.add(known)
    if seen:
        known.first_seen = min(known.first_seen or seen, seen)
        known.last_seen = max(known.last_seen or seen, seen)
    session.flush()


def merge(session: Session, from_id: int, into_id: int, *, made_by: str, reason: str, now: dt.datetime) -> int:
    """Judge that two speakers are one, known by the name of ``into_id``; return the id of the merge.

    Raises NotFoundError for an unknown speaker, JudgementError when the two are one already.
    """
    source, target = _existing(session, from_id), _existing(session, into_id)
    if from_id == into_id:
        raise JudgementError(f"cannot merge speaker {from_id} ({source.name}) into itself")
    if (source.merged_into or source.id) == (target.merged_into or target.id):
        raise JudgementError(f"{source.name} ({from_id}) and {target.name} ({into_id}) are one speaker already")
    row = Merge(from_id=from_id, into_id=into_id, made_at=now, made_by=made_by, reason=reason)
    session.add(row)
    session.flush()
    _apply_merges(session)
    return row.id


def unmerge(session: Session, merge_id: int, *, now: dt.datetime) -> None:
    """Take back a merge; every other one stands. Raises NotFoundError, or JudgementError when it is undone already."""
    row = session.get(Merge, merge_id)
    if row is None:
        raise NotFoundError(f"no merge {merge_id} in the record")
    if row.undone_at:
        raise JudgementError(f"merge {merge_id} was undone on {row.undone_at:%Y-%m-%d} already")
    row.undone_at = now
    session.flush()
    _apply_merges(session)


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


def surviving_merges(session: Session) -> list[tuple[int, int]]:
    """(from, into) of every merge that has not been undone, in the order made."""
    query = select(Merge.from_id, Merge.into_id).where(col(Merge.undone_at).is_(None))
    return list(session.exec(query.order_by(col(Merge.id))))


def _apply_merges(session: Session) -> None:
    """Derive every ``merged_into`` from the surviving merges."""
    roots = replay(surviving_merges(session))
    merged = select(Speaker.id, Speaker.merged_into).where(col(Speaker.merged_into).is_not(None))
    before = dict(session.exec(merged).all())
    for speaker_id in before.keys() | roots.keys():
        if before.get(speaker_id) != roots.get(speaker_id):
            session.get_one(Speaker, speaker_id).merged_into = roots.get(speaker_id)
    session.flush()


def _existing(session: Session, speaker_id: int) -> Speaker:
    speaker = session.get(Speaker, speaker_id)
    if speaker is None:
        raise NotFoundError(f"no speaker {speaker_id} in the record")
    return speaker
