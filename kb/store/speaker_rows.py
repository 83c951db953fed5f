"""Speakers as questions see them: found by name, merges applied, with names, roles and counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from sqlalchemy import ColumnElement, Select, and_, func, or_
from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col, select

from kb.errors import NotFoundError
from kb.store.speakers import in_clusters
from kb.store.tables import Alias, Document, Merge, Role, Speaker, Statement
from kb.text import fold, fold_words
from kb.types import MergeRow, RoleRow, SpeakerRow

ROOT_ID: ColumnElement[int] = func.coalesce(Speaker.merged_into, Speaker.id)
"""The root of a speaker's cluster of merges."""

_COUNTED = and_(
    col(Statement.speaker_id) == col(Speaker.id), col(Statement.kind) != "other", col(Statement.review) != "rejected"
)
"""A speaker's statements, as far as listings show them."""

PORTION = 5000
"""Speakers loaded at once; SQLite takes 32,766 values in one query."""

FEW = 500
"""Speakers up to whom naming each in a query is faster than reading what all are called."""

LARGEST_ID = 2**31 - 1
"""PostgreSQL's INTEGER."""

SUGGESTION_SCORE = 70
"""Least similarity (0 to 100, rapidfuzz WRatio) at which a name is offered instead of an unknown one: "Delange" for
"Delangue" scores above 90, unrelated names below 60."""

FITTING = 10
"""Speakers listed in a message when a name fits several."""


def named(session: Session, name: str) -> list[int]:
    """Roots of every speaker that ``name`` fits: an id, or words that all stand in one of their names.

    Accents and case do not count. Raises NotFoundError, with a suggestion, when it fits nobody.
    """
    roots = sorted(_by_id(session, int(name)) if _is_id(name) else {root for root, _ in _fitting(session, name)})
    if not roots:
        suggested = _like(session, name)
        hint = f"; did you mean {suggested!r}?" if suggested else ""
        raise NotFoundError(f"no speaker {name!r} in the record{hint}", name=name, suggested=suggested)
    return roots


def one_named(session: Session, name: str) -> int:
    """The root of the one speaker that ``name`` fits; the whole name goes before a part of it.

    Raises NotFoundError when it fits nobody, or several: the message lists them.
    """
    roots = named(session, name)
    if len(roots) > 1 and not _is_id(name):
        whole = {root for root, folded in _fitting(session, name) if folded == fold(name)}
        roots = sorted(whole) or roots
    if len(roots) > 1:
        found = "; ".join(f"{row.id}: {row.name}" for row in load(session, roots[:FITTING]))
        more = " ..." if len(roots) > FITTING else ""
        raise NotFoundError(f"{name!r} fits {len(roots)} speakers, give the number of one: {found}{more}")
    return roots[0]


def exactly(session: Session, name: str) -> int | None:
    """The root of the one speaker with that id or that whole name; None for a name that none or several have.

    Raises NotFoundError for an id that nobody has. Answered by an index, unlike ``one_named``.
    """
    if _is_id(name):
        return one_named(session, name)
    query = select(ROOT_ID).join(Alias, col(Alias.speaker_id) == col(Speaker.id))
    roots = session.exec(query.where(Alias.folded == fold(name)).distinct().limit(2)).all()
    return roots[0] if len(roots) == 1 else None


def names(session: Session, roots: Set[int]) -> dict[int, str]:
    """What these speakers are called, by id."""
    chosen = col(Speaker.id).in_(roots) if len(roots) <= FEW else col(Speaker.merged_into).is_(None)
    return {id_: name for id_, name in session.exec(select(Speaker.id, Speaker.name).where(chosen)) if id_ in roots}


def most_quoted(
    session: Session, *, words: str | None = None, watched: bool = False, limit: int | None = None
) -> list[int]:
    """Roots of speakers, those with most statements first; ``words``, or parts of words, all stand in one name.

    ``watched`` keeps those on the list of people to watch.
    """
    query = select(ROOT_ID).outerjoin(Statement, _COUNTED).group_by(ROOT_ID)
    if watched:
        query = query.where(ROOT_ID.in_(select(ROOT_ID).where(col(Speaker.watched).is_(True))))
    if words:
        query = query.where(ROOT_ID.in_({root for root, _ in _containing(session, words)}))
    return list(session.exec(query.order_by(func.count(col(Statement.id)).desc(), ROOT_ID).limit(limit)))


def load(session: Session, roots: Sequence[int]) -> Iterator[SpeakerRow]:
    """The speakers with these ids, in that order."""
    for start in range(0, len(roots), PORTION):
        yield from _load_portion(session, roots[start : start + PORTION])


def _load_portion(session: Session, roots: Sequence[int]) -> Iterator[SpeakerRow]:
    speakers = {speaker.id: speaker for speaker in session.exec(select(Speaker).where(col(Speaker.id).in_(roots)))}
    members = select(Speaker.id).where(in_clusters(list(roots)))
    wikidata, watched = _described(session, roots)
    statements = _statements(session, roots)
    aliases, accounts = _aliases(session, members)
    roles, merges = _roles(session, members), _merges(session, members)
    for root in roots:
        yield SpeakerRow(
            id=root,
            name=speakers[root].name,
            kind=speakers[root].kind,
            statements=statements.get(root, 0),
            aliases=tuple(dict.fromkeys(aliases[root])),
            accounts=tuple(dict.fromkeys(accounts[root])),
            roles=tuple(_joined(roles[root])),
            merges=tuple(merges[root]),
            wikidata_id=wikidata.get(root),
            watched=root in watched,
        )


def _described(session: Session, roots: Sequence[int]) -> tuple[dict[int, str], set[int]]:
    """Wikidata entries by root, and the roots that are watched; any member of a cluster speaks for it."""
    query = select(ROOT_ID, Speaker.wikidata_id, Speaker.watched).where(in_clusters(list(roots)))
    rows = session.exec(query.order_by(col(Speaker.id).desc())).all()
    return {root: entry for root, entry, _ in rows if entry}, {root for root, _, watched in rows if watched}


def _statements(session: Session, roots: Sequence[int]) -> dict[int, int]:
    """How many statements each of ``roots`` made."""
    query = select(ROOT_ID, func.count(col(Statement.id))).join(Statement, _COUNTED)
    return dict(session.exec(query.where(in_clusters(list(roots))).group_by(ROOT_ID)).all())


def _aliases(session: Session, members: Select[int]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Spellings by root, and handles by root."""
    query = select(ROOT_ID, Alias.text, Alias.origin).join(Alias, col(Alias.speaker_id) == col(Speaker.id))
    spellings: dict[int, list[str]] = defaultdict(list)
    handles: dict[int, list[str]] = defaultdict(list)
    for root, text, origin in session.exec(query.where(col(Alias.speaker_id).in_(members)).order_by(col(Alias.id))):
        (handles if origin == "handle" else spellings)[root].append(text)
    return spellings, handles


def _roles(session: Session, members: Select[int]) -> dict[int, list[RoleRow]]:
    """Roles by root, the earliest seen first."""
    query = select(ROOT_ID, Role, Document).join(Role, col(Role.speaker_id) == col(Speaker.id))
    query = query.outerjoin(Document, col(Document.id) == col(Role.document_id))
    query = query.options(defer(Document.text))  # type: ignore[arg-type]  # SQLModel types a column as its value
    query = query.where(col(Role.speaker_id).in_(members))
    roles: dict[int, list[RoleRow]] = defaultdict(list)
    found = session.exec(query.order_by(col(Role.first_seen).asc().nulls_last(), col(Role.id)))
    for root, role, document in found:
        roles[root].append(
            RoleRow(
                title=role.title,
                organisation=role.organisation,
                first_seen=role.first_seen,
                last_seen=role.last_seen,
                document_id=role.document_id,
                document_title=document.title if document else None,
                publisher=document.publisher if document else None,
                url=document.url if document else None,
            )
        )
    return roles


def _joined(roles: Iterable[RoleRow]) -> Iterable[RoleRow]:
    """``roles`` with those of the same title and organisation (accents and case aside) as one, seen first to last."""
    joined: dict[tuple[str, str], RoleRow] = {}
    for role in roles:
        key = fold(role.title or ""), fold(role.organisation or "")
        known = joined.setdefault(key, role)
        last_seen = max(filter(None, (known.last_seen, role.last_seen)), default=None)
        joined[key] = replace(known, last_seen=last_seen)
    return joined.values()


def _merges(session: Session, members: Select[int]) -> dict[int, list[MergeRow]]:
    """Merges that touch a cluster, undone ones included, by root and in the order made."""
    source, target = aliased(Speaker), aliased(Speaker)
    query = (
        select(Merge, source, target)
        .join(source, col(Merge.from_id) == source.id)
        .join(target, col(Merge.into_id) == target.id)
        .where(or_(col(Merge.from_id).in_(members), col(Merge.into_id).in_(members)))
    )
    merges: dict[int, list[MergeRow]] = defaultdict(list)
    for merge, from_speaker, into_speaker in session.exec(query.order_by(col(Merge.id))):
        row = MergeRow(
            id=merge.id,
            from_id=merge.from_id,
            from_name=from_speaker.name,
            into_id=merge.into_id,
            into_name=into_speaker.name,
            made_at=merge.made_at,
            made_by=merge.made_by,
            reason=merge.reason,
            undone_at=merge.undone_at,
        )
        for root in {speaker.merged_into or speaker.id for speaker in (from_speaker, into_speaker)}:
            merges[root].append(row)
    return merges


def _is_id(name: str) -> bool:
    return name.isascii() and name.isdigit() and int(name) <= LARGEST_ID


def _by_id(session: Session, speaker_id: int) -> set[int]:
    return set(session.exec(select(ROOT_ID).where(Speaker.id == speaker_id)))


def _fitting(session: Session, name: str) -> list[tuple[int, str]]:
    """(root, folded name) of every alias that has all words of ``name``."""
    words = set(fold_words(name))
    return [(root, folded) for root, folded in _containing(session, name) if words <= set(fold_words(folded))]


def _containing(session: Session, name: str) -> list[tuple[int, str]]:
    """(root, folded name) of every alias that has all words of ``name``, be it as parts of words."""
    words = fold_words(name)
    if not words:
        return []
    query = select(ROOT_ID, Alias.folded).join(Alias, col(Alias.speaker_id) == col(Speaker.id))
    return list(session.exec(query.where(*(col(Alias.folded).contains(word, autoescape=True) for word in words))))


def _like(session: Session, name: str) -> str | None:
    """The known name most like ``name``; None when none is."""
    from rapidfuzz import fuzz, process

    names = dict(session.exec(select(Alias.folded, Alias.text)).all())
    best = process.extractOne(fold(name), list(names), scorer=fuzz.WRatio, score_cutoff=SUGGESTION_SCORE)
    return names[best[0]] if best else None
