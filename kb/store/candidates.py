"""Which stored speakers could a name mean? Found through indexes, so that it takes no longer as the record grows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from kb.store.speaker_rows import ROOT_ID
from kb.store.speakers import GIVEN, in_clusters
from kb.store.tables import Alias, Attribution, Merge, NameKey, Role, Speaker, Statement
from kb.text import organisation_key
from kb.types import RoleRow, SpeakerKind

NAMESAKES = 50
"""Speakers of one and the same name that are looked at; two are enough to know that the name alone is ambiguous."""
COLLEAGUES = 1000
"""People of one organisation who are looked at, the last ones recorded first."""
ALIKE = 5000
"""Names that share a key which are looked at. Of 100,000 people with names as frequent as in the US census, about 900
are called Smith, so this is reached by nobody but a record of millions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSpeaker:
    """What is needed to decide whether a mention means this speaker."""

    id: int
    root_id: int
    """Root of its cluster of merges: its own id when it has not been merged into another."""
    name: str
    kind: SpeakerKind
    aliases: tuple[str, ...]
    """Its own names, handles included."""
    given: tuple[str, ...] = ()
    """Those of ``aliases`` that a person added."""
    roles: tuple[RoleRow, ...] = ()
    """Of its whole cluster, as ``handles`` and ``wikidata_ids``."""
    handles: tuple[str, ...] = ()
    wikidata_ids: frozenset[str] = frozenset()
    apart: frozenset[int] = frozenset()
    """Roots of speakers from whom a person parted somebody of the cluster."""


def named(session: Session, keys: Collection[str]) -> set[int]:
    """Ids of speakers one of whose names has one of these keys (``kb.text.exact_key``)."""
    query = select(NameKey.speaker_id).where(col(NameKey.key).in_(list(keys)))
    return set(session.exec(query.order_by(col(NameKey.key), col(NameKey.speaker_id)).limit(NAMESAKES)))


def given(session: Session, folded: Collection[str]) -> set[int]:
    """Ids of speakers to whom a person gave one of these names, or whose handle it is."""
    surely = (*GIVEN, "handle")
    query = select(Alias.speaker_id).where(col(Alias.folded).in_(list(folded)), col(Alias.origin).in_(surely))
    return set(session.exec(query.order_by(col(Alias.id)).limit(NAMESAKES)))


def described(session: Session, wikidata_id: str) -> set[int]:
    """Ids of speakers with that Wikidata entry."""
    return set(session.exec(select(Speaker.id).where(Speaker.wikidata_id == wikidata_id)))


def colleagues(session: Session, organisation: str) -> list[tuple[int, str]]:
    """(speaker id, name) for every name of the people who have a role at the organisation, merges applied."""
    holders = select(ROOT_ID).join(Role, col(Role.speaker_id) == col(Speaker.id))
    holders = holders.where(Role.organisation_key == organisation_key(organisation)).distinct()
    roots = session.exec(holders.order_by(ROOT_ID.desc()).limit(COLLEAGUES)).all()
    query = select(Alias.speaker_id, Alias.text).join(Speaker, col(Speaker.id) == col(Alias.speaker_id))
    query = query.where(in_clusters(list(roots)), Alias.origin != "handle")
    return list(session.exec(query.order_by(col(Alias.id).desc())).all())


def alike(session: Session, keys: Collection[str]) -> list[tuple[int, str]]:
    """(speaker id, folded name) of every name of speakers who have one of these keys."""
    query = select(Alias.speaker_id, Alias.folded).join(NameKey, col(NameKey.speaker_id) == col(Alias.speaker_id))
    query = query.where(col(NameKey.key).in_(list(keys)), Alias.origin != "handle").distinct()
    return list(session.exec(query.limit(ALIKE)).all())


def doubtful(session: Session) -> Iterator[int]:
    """Roots of speakers who share a key with somebody else, those with most statements first."""
    shared = select(NameKey.key).group_by(col(NameKey.key)).having(func.count() > 1)
    holders = select(NameKey.speaker_id).where(col(NameKey.key).in_(shared))
    query = select(ROOT_ID).outerjoin(Statement, col(Statement.speaker_id) == col(Speaker.id))
    query = query.where(col(Speaker.id).in_(holders)).group_by(ROOT_ID)
    yield from session.exec(query.order_by(func.count(col(Statement.id)).desc(), ROOT_ID)).all()


def load(session: Session, ids: Collection[int]) -> list[StoredSpeaker]:
    """These speakers, in order of id."""
    speakers = session.exec(select(Speaker).where(col(Speaker.id).in_(list(ids))).order_by(col(Speaker.id))).all()
    clusters = _clusters(session, {speaker.merged_into or speaker.id for speaker in speakers})
    aliases, given_names = _aliases(session, [speaker.id for speaker in speakers])
    return [
        StoredSpeaker(
            id=speaker.id,
            root_id=speaker.merged_into or speaker.id,
            name=speaker.name,
            kind=speaker.kind,
            aliases=tuple(aliases[speaker.id]),
            given=tuple(given_names[speaker.id]),
            roles=tuple(cluster.roles),
            handles=tuple(cluster.handles),
            wikidata_ids=frozenset(cluster.wikidata_ids),
            apart=frozenset(cluster.apart),
        )
        for speaker in speakers
        for cluster in (clusters[speaker.merged_into or speaker.id],)
    ]


def documents_of(session: Session, roots: Collection[int]) -> dict[int, set[int]]:
    """Documents that quote each of these clusters, by root."""
    query = select(ROOT_ID, Attribution.document_id).join(Statement, col(Statement.speaker_id) == col(Speaker.id))
    query = query.join(Attribution, col(Attribution.statement_id) == col(Statement.id))
    documents: dict[int, set[int]] = defaultdict(set)
    for root, document_id in session.exec(query.where(in_clusters(list(roots))).distinct()):
        documents[root].add(document_id)
    return documents


class _Cluster:
    """What all members of a cluster have together."""

    def __init__(self) -> None:
        self.roles: list[RoleRow] = []
        self.handles: list[str] = []
        self.wikidata_ids: set[str] = set()
        self.apart: set[int] = set()


def _clusters(session: Session, roots: set[int]) -> dict[int, _Cluster]:
    clusters = {root: _Cluster() for root in roots}
    query = select(Speaker.id, ROOT_ID, Speaker.wikidata_id).where(in_clusters(list(roots)))
    root_of: dict[int, int] = {}
    for speaker_id, root, wikidata_id in session.exec(query):
        root_of[speaker_id] = root
        clusters[root].wikidata_ids |= {wikidata_id} if wikidata_id else set()
    for role in session.exec(select(Role).where(col(Role.speaker_id).in_(list(root_of))).order_by(col(Role.id))):
        clusters[root_of[role.speaker_id]].roles.append(role_row(role))
    handles = select(Alias.speaker_id, Alias.text).where(
        Alias.origin == "handle", col(Alias.speaker_id).in_(list(root_of))
    )
    for speaker_id, handle in session.exec(handles):
        clusters[root_of[speaker_id]].handles.append(handle)
    for speaker_id, other_root in _parted(session, root_of):
        clusters[root_of[speaker_id]].apart.add(other_root)
    return clusters


def role_row(role: Role) -> RoleRow:
    """A stored role without what its document is called."""
    return RoleRow(
        title=role.title,
        organisation=role.organisation,
        first_seen=role.first_seen,
        last_seen=role.last_seen,
        document_id=role.document_id,
    )


def _parted(session: Session, ids: Collection[int]) -> Iterator[tuple[int, int]]:
    """(one of ``ids``, root of another speaker) for each merge of the two that was undone."""
    for mine, other in ((Merge.from_id, Merge.into_id), (Merge.into_id, Merge.from_id)):
        query = select(mine, ROOT_ID).join(Speaker, col(Speaker.id) == other)
        yield from session.exec(query.where(col(mine).in_(list(ids)), col(Merge.undone_at).is_not(None)))


def _aliases(session: Session, ids: list[int]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """All names by speaker, and those that a person gave."""
    aliases: dict[int, list[str]] = defaultdict(list)
    given: dict[int, list[str]] = defaultdict(list)
    query = select(Alias.speaker_id, Alias.text, Alias.origin).where(col(Alias.speaker_id).in_(ids))
    for speaker_id, text, origin in session.exec(query.order_by(col(Alias.id))):
        aliases[speaker_id].append(text)
        if origin in GIVEN:
            given[speaker_id].append(text)
    return aliases, given
