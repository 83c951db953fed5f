"""What questions return of speakers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kb.types.documents import Role
from kb.types.words import PartialDate, SpeakerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow(Role):
    """A role of a speaker with the first and last date of the documents that give it, and the first of these."""

    first_seen: PartialDate | None = None
    last_seen: PartialDate | None = None
    document_id: int | None = None
    """None for a role that a person gave; the three below tell of this document."""
    document_title: str | None = None
    publisher: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """A judgement that two speakers are one."""

    id: int
    from_id: int
    from_name: str
    into_id: int
    into_name: str
    made_at: dt.datetime
    made_by: str
    reason: str
    undone_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerRow:
    """A speaker as the record knows it, merges applied."""

    id: int
    name: str
    kind: SpeakerKind
    statements: int
    aliases: tuple[str, ...] = ()
    """Every spelling, ``name`` among them, as documents and people gave them."""
    accounts: tuple[str, ...] = ()
    """Handles with their channel: ``x:danawhitlock_ex``."""
    roles: tuple[RoleRow, ...] = ()
    """Each once, the earliest seen first."""
    merges: tuple[MergeRow, ...] = ()
    wikidata_id: str | None = None
    watched: bool = False
    """Whether somebody put the speaker on the list of people to watch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRow:
    """A speaker of the record who may be the same as another one, or as somebody of a name that is new."""

    speaker_id: int | None
    """None for a name that the record does not have."""
    speaker: str
    candidate_id: int
    candidate: str
    score: float
    """0 to 100; orders suggestions, and is no probability."""
    reasons: tuple[str, ...]
    """For it first, then against it."""
