"""Do two roles say the same, or contradict each other? Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from kb.ingest.likeness import SAME, likeness
from kb.text import fold, fold_words, organisation_words
from kb.types import PartialDate, Role, RoleRow

AT_ONCE = dt.timedelta(days=183)
"""Roles at two organisations, seen within half a year of each other, are two people's until a person says otherwise:
parting one person is mended by one merge, while statements of two people under one name are hard to tell apart."""

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
_PAST = re.compile(r"\b(?:ex|former|formerly|then|late|retired|outgoing|incoming|designate|emeritus)\b", re.IGNORECASE)


def common_role(role: Role | None, roles: Iterable[RoleRow]) -> RoleRow | None:
    """The one of ``roles`` at the same organisation, with a title that does not differ."""
    for other in roles if role else ():
        if role and same_organisation(role.organisation, other.organisation) and _titles_fit(role.title, other.title):
            return other
    return None


def contradiction(some: Sequence[RoleRow], others: Sequence[RoleRow]) -> tuple[RoleRow, RoleRow] | None:
    """Two roles that one person hardly holds at once; None where nothing speaks against one person.

    Roles without an organisation contradict none, and former ones neither. Somebody who has roles at several
    organisations at once already (because a person merged them) may have another.
    """
    mine, theirs = _present(some), _present(others)
    if any(_related(a, b) for a in mine for b in theirs) or _many(mine) or _many(theirs):
        return None
    return next(((a, b) for a in mine for b in theirs if _at_once(a, b)), None)


def is_same_role(a: Role, b: Role) -> bool:
    """Whether two roles differ in letter case and accents only."""
    return all(fold(x or "") == fold(y or "") for x, y in ((a.title, b.title), (a.organisation, b.organisation)))


def describe(role: Role) -> str:
    """A role in words."""
    return " of ".join(part for part in (role.title, role.organisation) if part)


def seen_as(role: Role | None, seen: PartialDate | None) -> tuple[RoleRow, ...]:
    """A role that a document of day ``seen`` gives, as a row."""
    if role is None:
        return ()
    return (RoleRow(title=role.title, organisation=role.organisation, first_seen=seen, last_seen=seen),)


def same_organisation(a: str | None, b: str | None) -> bool:
    """Whether two names of organisations are the same, legal form and article aside."""
    alike = likeness(a, b, "organisation") if a and b else None
    return alike is not None and alike.score == SAME


def _present(roles: Sequence[RoleRow]) -> list[RoleRow]:
    return [role for role in roles if role.organisation and not _PAST.search(role.title or "")]


def _many(roles: list[RoleRow]) -> bool:
    """Whether somebody holds roles at several organisations at once."""
    return any(not _related(a, b) and _at_once(a, b) for i, a in enumerate(roles) for b in roles[:i])


def _related(a: Role, b: Role) -> bool:
    """Whether two organisations may be one: one name is within the other, as Google in Google DeepMind; IMF."""
    first, second = a.organisation or "", b.organisation or ""
    words, other_words = set(organisation_words(first)), set(organisation_words(second))
    return words <= other_words or other_words <= words or likeness(first, second, "organisation") is not None


def _at_once(a: RoleRow, b: RoleRow) -> bool:
    """Whether two roles are seen at the same time; a role without a date can be of any."""
    if not (a.first_seen and a.last_seen and b.first_seen and b.last_seen):
        return True
    return _day(a.first_seen) <= _day(b.last_seen) + AT_ONCE and _day(b.first_seen) <= _day(a.last_seen) + AT_ONCE


def _day(date: PartialDate) -> dt.date:
    """The first day of a partial date."""
    return dt.date.fromisoformat(f"{date}-01-01"[:10])


def _titles_fit(a: str | None, b: str | None) -> bool:
    return not a or not b or bool(_titles(a) & _titles(b))


def _titles(title: str) -> set[str]:
    parts = (" ".join(fold_words(part)) for part in re.split(r",|/|&|\band\b", title))
    return {_TITLES.get(part, part) for part in parts if part}
