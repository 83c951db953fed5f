"""Titles and organisations out of one line: "Chief Financial Officer, Norvane Freight plc"."""

from __future__ import annotations

import re

from kb.types import Role

MAX_TITLE_WORDS = 5
"""A longer line without an organisation is a motto ("Freight, cash and patience"), not a title."""

_TITLE_AT_ORGANISATION = re.compile(r"(?P<title>[^,@|]+?)(?: at | @ ?|, )(?P<organisation>[A-Z][^,|]*)")


def read_role(line: str) -> Role | None:
    """The role that a LinkedIn headline or a transcript's name line states; None when it states none."""
    line = line.strip()
    parts = (part.strip() for part in re.split(r"[|·]", line))
    if match := next(filter(None, map(_TITLE_AT_ORGANISATION.fullmatch, parts)), None):
        return Role(title=match["title"].strip(), organisation=match["organisation"].strip())
    is_title = 0 < len(line.split()) <= MAX_TITLE_WORDS and not re.search(r"[,.!?|·]", line)
    return Role(title=line) if is_title else None
