"""Whose LinkedIn export it is, from ``Profile.csv``, and the roles that ``Positions.csv`` gives over time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.types import Author, Payload, Role
from sources.roles import read_role

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = re.compile(r"(?:([a-z]{3})[a-z]*\.?\s+)?(\d{4})", re.IGNORECASE)

Month = tuple[int, int]
"""Year and month."""


@dataclass(frozen=True, slots=True)
class _Position:
    role: Role
    start: Month
    end: Month | None
    """None while it is held."""


@dataclass(frozen=True, slots=True)
class Member:
    """Who wrote the posts of an export."""

    name: str
    headline: str
    positions: tuple[_Position, ...] = ()

    def author(self, at: dt.datetime | None) -> Author:
        """The member with the role held at that time: of several the one taken up last. None is known of a time for
        which ``Positions.csv`` lists none; without that file the headline's role stands for all times.
        """
        return Author(name=self.name, role=self._role(at) if self.positions else read_role(self.headline))

    def _role(self, at: dt.datetime | None) -> Role | None:
        month = (at.year, at.month) if at else None
        held = [p for p in self.positions if month and p.start <= month and (p.end is None or month <= p.end)]
        return max(held, key=lambda position: position.start).role if held else None


def read_member(payload: Payload) -> Member | None:
    """The member, from the files beside a payload; None without ``Profile.csv``."""
    row = next(_rows(payload, "Profile.csv"), {})
    name = " ".join(filter(None, (row.get(key, "").strip() for key in ("First Name", "Last Name"))))
    return Member(name, row.get("Headline", ""), tuple(_positions(payload))) if name else None


def _positions(payload: Payload) -> Iterator[_Position]:
    for row in _rows(payload, "Positions.csv"):
        title, organisation = (row.get(key, "").strip() or None for key in ("Title", "Company Name"))
        finished = row.get("Finished On", "").strip()
        start, end = _month(row.get("Started On", ""), 1), _month(finished, 12)
        if start and (title or organisation) and (end or not finished):
            yield _Position(Role(title=title, organisation=organisation), start, end)


def _month(text: str, default: int) -> Month | None:
    """ "Jan 2023", or "2023" with the ``default`` month; None for anything else."""
    match = _MONTH.fullmatch(text.strip())
    if match is None or (match[1] and match[1].lower() not in _MONTHS):
        return None
    return int(match[2]), _MONTHS.index(match[1].lower()) + 1 if match[1] else default


def _rows(payload: Payload, name: str) -> Iterator[dict[str, str]]:
    """The rows of a file beside the payload as far as they can be read; none without the file."""
    data = payload.sibling(name)
    text = (data or b"").decode("utf-8-sig", "replace")
    try:
        for row in csv.DictReader(io.StringIO(text, newline=""), restkey="", restval=""):
            yield {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)}
    except csv.Error:
        return
