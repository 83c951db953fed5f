"""When is a source asked next, and what follows from how a poll went? Pure; the time and chance are data.

news          -> sooner          nothing new  -> later            what the server wishes -> no sooner than that
failures      -> ever later, then not at all                      gone (410)             -> not at all
moved for good, said for a day                                    -> read from the new address
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

SHORTEST, LONGEST = dt.timedelta(minutes=10), dt.timedelta(hours=24)
"""Between two polls of a source: Media Cloud's bounds, found on 180,000 feeds."""
FIRST = dt.timedelta(hours=1)
"""After the first poll, which tells nothing of how often news comes."""
SOONER, LATER = 0.5, 1.5
"""What the interval is multiplied by after news, and without. A quarter more polls bring nothing than something, where
both happen equally often (0.5 * 1.5 < 1): it is worse to lose an item than to ask in vain."""
MOST_NEW = 0.5
"""Share of new items above which a feed may have dropped some before they were read; then it is asked twice as soon."""
JITTER = 0.1
"""Share of an interval by which polls are spread, so that sources added together are not asked together for ever."""
FAILURES = 30
"""Polls in a row that failed, after which a source is paused (Media Cloud's number). At intervals that double up to a
day these take more than three weeks."""
GONE = 410
SURE_MOVE = dt.timedelta(days=1)
"""How long a server must say that a feed has moved for good, at two polls at least, before that is believed: a hotel's
sign-in page answers 301 too."""
WHOLE_READ = dt.timedelta(days=7)
"""Once a week a source is read whole, whatever its validators say: some servers never change them."""
LONGEST_HOLD = dt.timedelta(days=7)
"""No Retry-After is believed beyond this."""
HELD = dt.timedelta(minutes=15)
"""How long a host is left alone that answers "too many requests" and does not say until when."""
TOO_MANY, UNAVAILABLE = 429, 503
TRIES = 6
"""How often a page is tried: over about 31 hours, at intervals that double from an hour."""
MISSING_TRIES = 2
"""How often a page is tried that is not there (404): a feed may be faster than the pages that it names, by minutes."""
MISSING = 404
FINAL_STATUSES = frozenset([401, 402, 403, 410, 451])
"""Answers that do not change by asking again: a login, a paywall, no programs, gone, forbidden by law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a source says that it has moved to, and since when."""

    to: str
    since: dt.datetime


def next_interval(last: dt.timedelta | None, *, new: int, known: int) -> dt.timedelta:
    """How long to wait after a poll that brought so many new items beside known ones."""
    if last is None:
        return FIRST
    factor = SOONER if new else LATER
    if new > MOST_NEW * (new + known):
        factor *= SOONER
    return bounded(last * factor)


def next_poll(now: dt.datetime, interval: dt.timedelta, wish: dt.timedelta | None, *, chance: float) -> dt.datetime:
    """When to poll: after ``interval``, give or take; no sooner than the server wishes, but once a day at least.

    ``chance`` is between 0 and 1.
    """
    spread = interval * (1 + JITTER * (2 * chance - 1))
    return now + min(max(spread, wish or spread), LONGEST)


def back_off(interval: dt.timedelta | None, failures: int) -> dt.timedelta:
    """How long to wait after so many failures in a row, at least one: twice as long after each."""
    return bounded((interval or SHORTEST) * 2.0 ** (min(failures, FAILURES) - 1))


def bounded(interval: dt.timedelta) -> dt.timedelta:
    """The nearest interval that is neither impolite nor useless."""
    return min(max(interval, SHORTEST), LONGEST)


def ends(status: int | None, failures: int, error: str) -> str | None:
    """Why a source is polled no more after so many failures, the last of which was ``error``; None while it is."""
    if status == GONE:
        return "gone for good: the server answered 410"
    return f"paused after {failures} failures in a row: {error}" if failures >= FAILURES else None


def hold(status: int | None, retry_after: dt.timedelta | None) -> dt.timedelta | None:
    """How long to leave the whole host alone after such an answer; None: it need not be."""
    if status not in (TOO_MANY, UNAVAILABLE):
        return None
    if retry_after is None:
        return HELD if status == TOO_MANY else None
    return min(max(retry_after, dt.timedelta(0)), LONGEST_HOLD)


def moving(seen: Move | None, to: str | None, now: dt.datetime) -> Move | None:
    """What is known of a move after a poll whose permanent redirects led to ``to``; None where they led nowhere."""
    if to is None:
        return None
    return seen if seen and seen.to == to else Move(to=to, since=now)


def has_moved(move: Move | None, now: dt.datetime) -> bool:
    """Whether a move has been announced for so long that it is believed."""
    return move is not None and now - move.since >= SURE_MOVE


def read_whole(read_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether to read a source even if it seems unchanged."""
    return read_at is None or now - read_at >= WHOLE_READ


def next_try(tries: int, status: int | None) -> dt.timedelta | None:
    """How long to wait before a page is tried again that failed so many times; None: not again."""
    if status in FINAL_STATUSES or tries >= (MISSING_TRIES if status == MISSING else TRIES):
        return None
    return FIRST * 2.0 ** (tries - 1)
