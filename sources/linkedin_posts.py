"""Posts on LinkedIn, however they were exported: what their numbers and addresses tell."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple
from urllib.parse import unquote

_URN = re.compile(r"urn:li:(?P<kind>share|ugcPost|activity|groupPost):(?P<group>\d+-)?(?P<number>\d{1,20})")
_IN_ADDRESS = re.compile(r"[-_](?P<kind>share|ugcPost|activity)-(?P<number>\d{15,20})(?:-|$|\?|/)")
_ACCOUNT = re.compile(r"https?://(?:[\w-]+\.)?linkedin\.com/(in|company|school|showcase)/([^/?#\s]+)", re.IGNORECASE)


class PostId(NamedTuple):
    """What an address says of a post."""

    kind: str
    """``share``, ``ugcPost``, ``activity`` or ``groupPost``."""
    number: str
    at: dt.datetime
    """From the number, whose upper bits are Unix milliseconds; to the second."""


def post_id(address: str) -> PostId | None:
    """The post that an address or URN names, escaped or not; None when it names none."""
    match = _URN.search(unquote(address)) or _IN_ADDRESS.search(address)
    if match is None:
        return None
    try:
        at = dt.datetime.fromtimestamp((int(match["number"]) >> 22) // 1000, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return PostId(match["kind"], match["number"], at)


def external_id(number: str) -> str:
    """Identity of a post, the same in an export and on a saved page as far as they use the same number."""
    return f"post:linkedin:{number}"


def account(address: str | None) -> tuple[str, bool] | None:
    """The handle in the address of a profile, and whether it is an organisation's; None for other addresses."""
    match = _ACCOUNT.match(address or "")
    if match is None:
        return None
    kind, name = match[1].lower(), unquote(match[2])
    return (f"linkedin:{name}", False) if kind == "in" else (f"linkedin:{kind}/{name}", True)
