"""A LinkedIn member's data export: ``Shares.csv`` and ``Comments.csv``, with ``Profile.csv`` beside them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import unquote

from kb.errors import InputError
from kb.text import fingerprint
from kb.types import Payload, RawDocument, Skipped
from sources.decode import decode
from sources.linkedin_member import Member, read_member
from sources.linkedin_posts import PostId, external_id, post_id
from sources.shapes import web_at
from sources.urls import canonical_url

SHARES = ("Date", "ShareLink", "ShareCommentary")
COMMENTS = ("Date", "Link", "Message")
_PUBLIC = frozenset(["", "MEMBER_NETWORK", "PUBLIC", "ANYONE"])
"""Values of ``Visibility`` that are public; MEMBER_NETWORK is the only one seen in exports."""

Row = dict[str, str]


def header(text: str) -> list[str]:
    """The column names in the first line."""
    return text.partition("\n")[0].strip().split(",")


def read_shares(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One post per row; reshares without words and posts for a smaller circle are skipped."""
    return _read(payload, csv.DictReader(_lines(payload), restkey="extra", restval=""), SHARES, _share)


def read_comments(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One post per comment; they are all the member's. Quotation marks in them are escaped with a backslash."""
    rows = csv.DictReader(_lines(payload), restkey="extra", restval="", escapechar="\\")
    return _read(payload, rows, COMMENTS, _comment)


def _lines(payload: Payload) -> io.StringIO:
    return io.StringIO(decode(payload), newline="")


def _read(
    payload: Payload,
    rows: csv.DictReader[str],
    needed: tuple[str, ...],
    read_row: Callable[[Row, PostId, Member | None], RawDocument | Skipped],
) -> Iterator[RawDocument | Skipped]:
    try:
        if missing := [name for name in needed if name not in (rows.fieldnames or ())]:
            raise InputError(f"{payload.name} looks like LinkedIn's export but has no column {', '.join(missing)}")
        member = read_member(payload)
        for number, row in enumerate(rows, 1):
            post = post_id(row[needed[1]])
            if "extra" in row or post is None or web_at(row, needed[1]) is None:
                reason = "row with too many columns or without the address of a post"
                yield Skipped(f"{payload.name}, row {number}", reason, failed=True)
            else:
                yield read_row(row, post, member)
    except csv.Error as error:
        yield Skipped(f"{payload.name}, line {rows.line_num}", f"the rest is not readable: {error}", failed=True)


def _share(row: Row, post: PostId, member: Member | None) -> RawDocument | Skipped:
    url = unquote(row["ShareLink"])
    visibility = row.get("Visibility") or ""
    if visibility not in _PUBLIC:
        return Skipped(url, f"not public (visibility {visibility})")
    if post.kind == "groupPost":
        return Skipped(url, "post in a group: not public")
    text = _unquote_lines(row["ShareCommentary"]).strip()
    if not text:
        return Skipped(url, "share without words of its own")
    at = _date(row["Date"]) or post.at
    document = _document(external_id(post.number), text, at, member)
    notes = (f"shares {row['SharedUrl']}",) if row.get("SharedUrl") else ()
    return replace(document, url=url, canonical_url=canonical_url(url), notes=notes)


def _comment(row: Row, post: PostId, member: Member | None) -> RawDocument | Skipped:
    """Without an address: that in the row is the post's under which the comment stands, and often another's."""
    url, text, at = unquote(row["Link"]), row["Message"].strip(), _date(row["Date"])
    if post.kind == "groupPost":
        return Skipped(url, "comment in a group: not public")
    if not text:
        return Skipped(url, "comment without words")
    own = f"{at:%Y%m%dT%H%M%S}" if at else fingerprint([text])
    document = _document(f"{external_id(post.number)}:comment:{own}", text, at, member)
    return replace(document, notes=(f"comment on {url}, whose words are not in the export",))


def _document(identity: str, text: str, at: dt.datetime | None, member: Member | None) -> RawDocument:
    author = member.author(at) if member else None
    return RawDocument(
        external_id=identity,
        kind="post",
        text=text,
        author=author.name if author else None,
        speaker=author,
        published_at=at,
        published_precision="second" if at else "unknown",
    )


def _unquote_lines(text: str) -> str:
    """Undo the export's own quoting: every line break in a post is written quote, line feed, quote."""
    return text.replace('"\n"', "\n")


def _date(text: str) -> dt.datetime | None:
    """``Date`` is in UTC: it equals the time in the post's number, in all of 201 rows of a real export."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
