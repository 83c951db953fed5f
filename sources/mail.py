"""Newsletters and press releases as mail: an ``.eml`` file, or a mailbox (mbox)."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import BinaryIO

from kb.errors import InputError
from kb.text import fingerprint
from kb.types import Payload, RawDocument, Skipped
from sources.decode import decode, head
from sources.letters import Letter, read_html, read_plain
from sources.mail_heads import Head, parse_date, read_head, sender
from sources.urls import canonical_url, resolve

NAME = "mail"
MAX_DEPTH = 3
"""How deep messages attached to messages are read."""
MAX_PARTS = 500
"""Parts of one message that are looked at; newsletters have three."""
PERSONAL = "no sign that this was sent to many; if it is private mail, think before you keep it"

_TELLING = re.compile(
    r"^(?:from|sender|return-path|received|delivered-to|message-id|mime-version|list-id|subject|date):", re.I | re.M
)
_TECHNICAL = re.compile(
    r"^(?:(?:return-path|received|delivered-to|message-id|mime-version):|from:.*\S@\S)", re.I | re.M
)
"""What people who write "From" and "To" over a memo leave out."""
_FIELD = re.compile(r"[!-9;-~]+:")
_POSTMARK = re.compile(
    rb"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d{1,2} +\d{1,2}:\d\d.{0,20} \d{4}\b"
)
_QUOTED_POSTMARK = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")


def matches(payload: Payload) -> bool:
    """A mailbox, or header lines at the very start, three of them such as mail has and one as only mail has."""
    if is_mailbox(payload.data):
        return True
    block = re.split(r"\r?\n\r?\n", head(payload), maxsplit=1)[0]
    lines = [line for line in block.splitlines() if line[:1] not in (" ", "\t")]
    is_head = all(_FIELD.match(line) for line in lines[:-1])  # the last one may be cut
    return is_head and len(_TELLING.findall(block)) >= 3 and bool(_TECHNICAL.search(block))


def is_mailbox(start: bytes) -> bool:
    """Whether the first line is the postmark of a mailbox."""
    return bool(_POSTMARK.match(start.partition(b"\n")[0]))


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One article per message, followed by the messages attached to it."""
    if not is_mailbox(payload.data):
        yield from _read_message(payload)
        return
    for found in _messages(io.BytesIO(payload.data), payload.name, payload.fetched_at, len(payload.data)):
        yield from [found] if isinstance(found, Skipped) else _read_message(found)


def payloads(path: Path, now: dt.datetime, max_bytes: int) -> Iterator[Payload | Skipped]:
    """The messages of a mailbox of any size that were sent to many; ``max_bytes`` limits one message.

    Private mail is skipped: nobody chose it message by message.
    """
    with path.open("rb") as file:
        yield from _messages(file, str(path), now, max_bytes)


def _messages(file: BinaryIO, name: str, now: dt.datetime, max_bytes: int) -> Iterator[Payload | Skipped]:
    for number, data in enumerate(_split(file, max_bytes), 1):
        shown = f"{name}, message {number}"
        if len(data) > max_bytes:
            yield Skipped(shown, f"larger than {max_bytes:,} bytes", failed=True)
        elif not read_head(message_from_bytes(_HEAD_END.split(data, maxsplit=1)[0]), now).to_many:
            yield Skipped(shown, "private mail (no sign that it was sent to many); add it as a file of its own")
        else:
            yield Payload(data=data, name=shown, fetched_at=now, container=name)


def _split(file: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """Messages without their postmarks. Of one that is too large, a little more than ``max_bytes``."""
    lines: list[bytes] = []
    size, after_blank = 0, True
    while line := file.readline(max_bytes + 1):
        if after_blank and _POSTMARK.match(line):
            if lines:
                yield _QUOTED_POSTMARK.sub(rb"\1", b"".join(lines))
            lines, size = [], 0
        elif size <= max_bytes:
            lines.append(line)
            size += len(line)
        after_blank = not line.strip()
    if lines:
        yield _QUOTED_POSTMARK.sub(rb"\1", b"".join(lines))


def _read_message(payload: Payload) -> Iterator[RawDocument | Skipped]:
    try:
        message = message_from_bytes(payload.data)
        yield from _read_parsed(message, payload, depth=0)
    except RecursionError as error:
        raise InputError(f"{payload.name} has parts within parts, too deep to be read") from error


def _read_parsed(message: Message, payload: Payload, *, depth: int) -> Iterator[RawDocument | Skipped]:
    header = read_head(message, payload.fetched_at)
    if not header.address and not header.name:
        yield Skipped(payload.name, "mail without a sender", failed=True)
        return
    letter, attached = _content(message, payload)
    if letter.text:
        yield _document(header, letter, payload)
    elif not attached:
        yield Skipped(payload.name, "mail without text: only pictures or attachments?", failed=True)
    if attached and depth >= MAX_DEPTH:
        yield Skipped(payload.name, f"mail attached to mail, deeper than {MAX_DEPTH} times, was not read", failed=True)
        return
    for inner in attached:
        yield from _read_parsed(inner, payload, depth=depth + 1)


def _content(message: Message, payload: Payload) -> tuple[Letter, list[Message]]:
    """The letter, from the HTML part where that has words, and the messages attached."""
    html, plain = "", ""
    attached: list[Message] = []
    parts = [message]
    for _ in range(MAX_PARTS):
        if not parts:
            break
        part = parts.pop(0)
        kind, inner = part.get_content_type(), part.get_payload()
        if isinstance(inner, list):
            messages = [item for item in inner if isinstance(item, Message)]
            if kind == "message/rfc822":
                attached += messages
            else:
                parts[:0] = messages
        elif part.get_content_disposition() != "attachment":
            if kind == "text/html":
                html += _text(part, payload)
            elif kind == "text/plain":
                plain += _text(part, payload)
    letter = read_html(html) if html else Letter("")
    return (letter if letter.text or not plain else read_plain(plain)), attached


def _text(part: Message, payload: Payload) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    content_type = str(part.get("content-type", ""))
    return decode(Payload(data=data, name=payload.name, content_type=content_type, fetched_at=payload.fetched_at))


def _document(header: Head, letter: Letter, payload: Payload) -> RawDocument:
    original = letter.original or {}
    name, address = sender(original.get("from", ""))
    date = parse_date(original.get("date", ""), payload.fetched_at) or header.date
    domain = (address or header.address).rpartition("@")[2].lower()
    url = resolve(None, header.permalink)
    return RawDocument(
        external_id=f"mail:{header.message_id or fingerprint([header.address, header.subject, letter.text])}",
        kind="article",
        text=letter.text,
        url=url,
        canonical_url=canonical_url(url) if url else None,
        title=original.get("subject") or header.subject or None,
        author=name or address or header.name or header.address,
        publisher=header.list_name or domain or None,
        published_at=date.at if date else None,
        published_precision=date.precision if date else "unknown",
        notes=tuple(_notes(header, letter, date.note if date else None)),
    )


def _notes(header: Head, letter: Letter, date_note: str | None) -> Iterator[str]:
    if date_note:
        yield date_note
    if letter.original is not None:
        yield f"forwarded by {header.name or header.address}, whose own words are left out"
    if not header.to_many:
        yield PERSONAL
