"""Links in posts: networks show addresses shortened, and people link words."""

from __future__ import annotations

import re

_DECORATION = re.compile(r"^https?://(?:www\.)?|(?:…|\.\.\.)$|/$", re.IGNORECASE)


def written_out(shown: str, address: str) -> str:
    """The address where ``shown`` is a shortened form of it; words that were made a link stay words."""
    start = _DECORATION.sub("", _DECORATION.sub("", shown.strip()))
    return address if start.lower() in address.lower() and "." in start and " " not in start else shown
