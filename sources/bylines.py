"""Bylines: "By Ann Perez and Ugo Neri" as names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sources.labels import is_title

_BY = re.compile(r"^\s*(?:written\s+)?by:?\s+", re.IGNORECASE)
_WORD = r"[^\W\d_a-z][\w.'’-]*"
_NAME = re.compile(rf"{_WORD}(?: (?:{_WORD}|de|da|di|du|van|von|der|den|del|la|le|el|al|bin)){{1,3}}")
_BETWEEN = re.compile(r"\s*(?:,|;|\||\s(?:and|&)\s)\s*")
_LONGEST = 500
"""Characters; a longer byline is a text that stands in the wrong place."""
_MAIL = re.compile(r"\S+@\S+\.\w+")
_MAIL_AND_NAME = re.compile(r"\S+@\S+\.\w+ ?\((.+)\)")


def names_in(byline: str | None) -> Iterator[str]:
    """The names of a byline. Split only where every part looks like a full name: "Marks and Spencer" is one.
    Titles behind a name ("Ann Perez, Business Editor") are left out.

    Addresses of mailboxes and pages, which feeds and pages put in the place of names, are no names.
    """
    text = " ".join(_BY.sub("", (byline or "")[: _LONGEST + 1]).split())
    if len(text) > _LONGEST or "://" in text or _MAIL.fullmatch(text):
        return
    if in_brackets := _MAIL_AND_NAME.fullmatch(text):
        text = in_brackets[1]
    parts = [_BY.sub("", part) for part in _BETWEEN.split(text) if part and not is_title(part)]
    yield from parts if all(map(_NAME.fullmatch, parts)) else filter(None, [text])
