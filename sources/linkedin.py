"""Posts of a LinkedIn member: ``Shares.csv`` of the member's data export, with ``Profile.csv`` beside it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from kb.errors import InputError
from kb.types import Author, Payload, RawDocument, Skipped
from sources.decode import decode, head
from sources.roles import read_role
from sources.urls import canonical_url

NAME = "linkedin"
_NEEDED = ("Date", "ShareLink", "ShareCommentary")
_PUBLIC = frozenset(["", "MEMBER_NETWORK", "PUBLIC", "ANYONE"])
"""Values of ``Visibility`` that are public; MEMBER_NETWORK is the only one seen in exports."""
_URN = re.compile(r"urn:li:(share|ugcPost|activity|groupPost):((?:\d+-)?(\d+))")


class _Post(NamedTuple):
    kind: str
    number: str
    at: dt.datetime
    """From the number: its upper bits are Unix milliseconds."""


def matches(payload: Payload) -> bool:
    """The first line is the header of ``Shares.csv``, whole or in part."""
    return "ShareCommentary" in head(payload).partition("\n")[0].split(",")


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One post per row; reshares without words and posts for a smaller circle are skipped."""
    rows = csv.DictReader(io.StringIO(decode(payload), newline=""), restkey="extra", restval="")
    if missing := [name for name in _NEEDED if name not in (rows.fieldnames or ())]:
        raise InputError(f"{payload.name} looks like LinkedIn's Shares.csv but has no column {', '.join(missing)}")
    author = _author(payload)
    try:
        for number, row in enumerate(rows, 1):
            yield _read_row(row, f"{payload.name}, row {number}", author)
    except csv.Error as error:
        yield Skipped(f"{payload.name}, line {rows.line_num}", f"the rest is not readable: {error}", failed=True)


def _read_row(row: dict[str, str], item: str, author: Author | None) -> RawDocument | Skipped:
    url = unquote(row["ShareLink"])
    post = _post(url)
    if "extra" in row or post is None:
        return Skipped(item, "row with too many columns or without the address of a post", failed=True)
    visibility = row.get("Visibility") or ""
    if visibility not in _PUBLIC:
        return Skipped(url, f"not public (visibility {visibility})")
    text = _unquote_lines(row["ShareCommentary"]).strip()
    if not text:
        return Skipped(url, "share without words of its own")
    return RawDocument(
        external_id=f"post:linkedin:{post.kind}:{post.number}",
        kind="post",
        text=text,
        url=url,
        canonical_url=canonical_url(url),
        author=author.name if author else None,
        speaker=author,
        published_at=_date(row["Date"]) or post.at,
        published_precision="second",
        notes=(f"shares {row['SharedUrl']}",) if row.get("SharedUrl") else (),
    )


def _unquote_lines(text: str) -> str:
    """Undo the export's own quoting: every line break in a post is written quote, line feed, quote."""
    return text.replace('"\n"', "\n")


def _post(url: str) -> _Post | None:
    match = _URN.search(url)
    if not match:
        return None
    kind, number, digits = match.groups()
    try:
        return _Post(kind, number, dt.datetime.fromtimestamp((int(digits) >> 22) // 1000, dt.UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _date(text: str) -> dt.datetime | None:
    """``Date`` is in UTC: it equals the time in the post's number, in all of 201 rows of a real export."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def _author(payload: Payload) -> Author | None:
    """The member, from ``Profile.csv`` beside the export; None without it."""
    data = payload.sibling("Profile.csv")
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline="")) if data else ()
    row = next(iter(rows), {})
    name = " ".join(filter(None, ((row.get(key) or "").strip() for key in ("First Name", "Last Name"))))
    return Author(name=name, role=read_role(row.get("Headline") or "")) if name else None
