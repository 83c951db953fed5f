"""What the headers of an answer say: when to come again, how long it stays fresh. Nonsense counts as not said."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime

Pairs = tuple[tuple[str, str], ...]
"""Header lines in their order, as sent; bytes beyond ASCII as Latin-1, so that what is sent back equals what came."""

MAX_RETRY_AFTER = dt.timedelta(days=1)
"""A server that asks for longer is mistaken or gone; asking once a day harms nobody."""
MAX_AGE = dt.timedelta(days=30)
"""Delays that come from headers end here, as in lemon24/reader."""
MAX_VALIDATOR = 2_048
"""Characters; a longer ETag, sent back, makes servers refuse the request (most take 8 KB of headers in all)."""
_SECONDS = re.compile(r"[0-9]{1,12}")
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?([0-9]{1,12})\"?\s*(?=,|$)", re.IGNORECASE)
_NOT_KEPT = re.compile(r"(?:^|,)\s*no-(?:store|cache)\s*(?=,|$)", re.IGNORECASE)


def pairs(raw: Iterable[tuple[bytes, bytes]]) -> Pairs:
    """The header lines as text."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


def each(headers: Pairs, name: str) -> Iterator[str]:
    """Every header called ``name`` (lower case)."""
    return (value for key, value in headers if key.lower() == name)


def one(headers: Pairs, name: str) -> str | None:
    """The first header called ``name`` (lower case); None without one."""
    return next(each(headers, name), None)


def validator(headers: Pairs, name: str) -> str | None:
    """An ETag or Last-Modified, verbatim; None when it is absent or too long to be sent back."""
    value = one(headers, name)
    return value if value and len(value) <= MAX_VALIDATOR else None


def retry_after(headers: Pairs, now: dt.datetime) -> dt.timedelta | None:
    """How long the server asks to be left alone: ``Retry-After`` in seconds, or as a date counted from ``Date``.

    At most ``MAX_RETRY_AFTER``. None when nothing, nonsense or no time to wait is stated.
    """
    value = (one(headers, "retry-after") or "").strip()
    if _SECONDS.fullmatch(value):
        wait = dt.timedelta(seconds=min(int(value), MAX_RETRY_AFTER.total_seconds()))
    elif moment := _date(value):
        wait = moment - (_date(one(headers, "date")) or now)
    else:
        return None
    return min(wait, MAX_RETRY_AFTER) if wait > dt.timedelta() else None


def fresh_for(headers: Pairs, now: dt.datetime) -> dt.timedelta | None:
    """How long the answer may be used without asking again (RFC 9111, 4.2.1), at most ``MAX_AGE``.

    Zero when it is stale at once, which ``Expires: 0`` and ``no-cache`` mean; None when nothing is stated.
    """
    control = ",".join(each(headers, "cache-control"))
    if _NOT_KEPT.search(control):
        return dt.timedelta()
    if stated := _MAX_AGE.search(control):
        return dt.timedelta(seconds=min(int(stated[1]), MAX_AGE.total_seconds()))
    expires = one(headers, "expires")
    if expires is None:
        return None
    moment = _date(expires)
    age = moment - (_date(one(headers, "date")) or now) if moment else dt.timedelta()
    return max(dt.timedelta(), min(age, MAX_AGE))


def _date(value: str | None) -> dt.datetime | None:
    """An HTTP date in any of its three forms; one without a zone is in GMT (RFC 9110, 5.6.7)."""
    try:
        moment = parsedate_to_datetime(value or "")
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # what the parser raises for nonsense, by kind
        return None
