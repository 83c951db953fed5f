"""Headers of mail: who sent what to whom, with every way of writing letters that are not ASCII undone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from sources.times import Moment, parse_moment

MAX_CHARS = 5_000
"""Of one header field that are read; subjects and lists of addresses are shorter."""
# One of these is in what is sent to many: RFC 2369, RFC 2919, and what the large senders add.
_TO_MANY = frozenset(
    "list-id list-unsubscribe list-post feedback-id x-campaign x-campaignid x-campaign-id x-mc-user".split()
)
_BULK = frozenset(["bulk", "list"])
_COMMENT = re.compile(r"\s*\([^()]*\)\s*$")
_ANGLES = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the header of a message says; texts are empty where it does not say."""

    message_id: str
    subject: str
    name: str
    """Of the sender, as displayed."""
    address: str
    list_name: str
    """Of a mailing list or newsletter, as displayed."""
    date: Moment | None
    to_many: bool
    """Whether it shows a sign of being sent to many."""
    permalink: str
    """Address of a copy on the web (RFC 5064)."""


def read_head(message: Message, now: dt.datetime) -> Head:
    """Never fails: what cannot be read is empty."""
    fields: dict[str, str] = {}
    for key, value in message.raw_items():
        fields.setdefault(key.lower(), _unfolded(str(value)[:MAX_CHARS]))
    name, address = sender(fields.get("from") or fields.get("sender") or "")
    list_name, _, list_id = fields.get("list-id", "").partition("<")
    return Head(
        message_id=_inside(fields.get("message-id", "")),
        subject=decoded(fields.get("subject", "")),
        name=name,
        address=address,
        list_name=decoded(list_name.strip(' "')) if list_id else "",
        date=_date(fields, now),
        to_many=not _TO_MANY.isdisjoint(fields) or fields.get("precedence", "").lower() in _BULK,
        permalink=_inside(fields.get("archived-at", "")),
    )


def sender(value: str) -> tuple[str, str]:
    """Name and address; empty where there is none."""
    try:
        name, address = parseaddr(value)
    except RecursionError:  # brackets in brackets, a thousand deep
        return "", ""
    return decoded(name), address


def decoded(value: str) -> str:
    """``=?utf-8?q?Caf=C3=A9?=`` as Café, on one line; as it is where it is broken."""
    try:
        pieces = decode_header(value)
        text = "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "raw-unicode-escape", "replace")
            for piece, charset in pieces
        )
    except (HeaderParseError, LookupError, ValueError):
        text = value
    return " ".join(text.split())


def parse_date(value: str, now: dt.datetime) -> Moment | None:
    """A date as mail has it: "Tue, 03 Feb 2026 07:30:00 +0100 (CET)"."""
    return parse_moment(_COMMENT.sub("", value), now)


def _unfolded(value: str) -> str:
    """One line; bytes that are not ASCII are UTF-8 (RFC 6532) or windows-1252."""
    data = value.encode("utf-8", "surrogateescape")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return " ".join(text.split())


def _inside(value: str) -> str:
    found = _ANGLES.search(value)
    return (found[1] if found else value).strip()


def _date(fields: dict[str, str], now: dt.datetime) -> Moment | None:
    """When it was sent, else when the last server received it."""
    return parse_date(fields.get("date", ""), now) or parse_date(
        fields.get("received", "").rpartition(";")[2].strip(), now
    )
