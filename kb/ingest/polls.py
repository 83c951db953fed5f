"""Writing down how polls went, and with that when the next ones are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kb.errors import FetchError, InputError
from kb.ingest import polling
from kb.ingest.outside import Fetched, host_of
from kb.store import Store, pending, sources
from kb.store.sources import StoredSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """What a poll that succeeded brought."""

    fetched: Fetched
    statuses: Counter[str]
    """Of its items."""
    digest: str | None = None
    """SHA-256 of the body, when it was read; None when it is the one that is known."""
    wish: dt.timedelta | None = None
    """How often the server, or the feed, wishes to be polled at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polls:
    """The book of polls. ``chance`` gives numbers between 0 and 1 that spread the next ones."""

    store: Store
    now: Callable[[], dt.datetime]
    chance: Callable[[], float]

    def succeeded(self, source: StoredSource, poll: Success) -> None:
        """Note a good poll: only when all that it brought is stored, or a crash would hide it from the next."""
        now, statuses = self.now(), poll.statuses
        new = statuses["added"] + statuses["changed"] + statuses["waiting"]
        interval = polling.next_interval(_interval(source), new=new, known=statuses["unchanged"])
        values: dict[str, Any] = {
            "last_polled_at": now,
            "next_poll_at": polling.next_poll(now, interval, poll.wish, chance=self.chance()),
            "poll_seconds": int(polling.bounded(max(interval, poll.wish or interval)).total_seconds()),
            "last_error": None,
            "error_count": 0,
            **_validators(source, poll.fetched),
        }
        values |= {"body_sha256": poll.digest, "read_at": now} if poll.digest else {}
        values |= {"news_at": now} if new else {}
        move = polling.moving(_move(source), poll.fetched.moved_permanently_to, now)
        values |= {"moving_to": move.to if move else None, "moving_since": move.since if move else None}
        with self.store.transaction() as session:
            if move and polling.has_moved(move, now):
                values |= _moved(source, move.to, sources.at(session, move.to))
            sources.change(session, source.id, **values)

    def failed(self, source: StoredSource, error: InputError) -> str:
        """Note a failed poll; return why, or why there will be no more."""
        now, failures = self.now(), source.error_count + 1
        wait = polling.back_off(_interval(source), failures)
        status, retry_after = (error.status, error.retry_after) if isinstance(error, FetchError) else (None, None)
        hold = polling.hold(status, retry_after)
        if hold is not None:
            wait = hold if failures == 1 else max(hold, wait)
        because = polling.ends(status, failures, str(error))
        with self.store.transaction() as session:
            sources.change(
                session,
                source.id,
                last_polled_at=now,
                next_poll_at=now + wait,
                last_error=str(error),
                error_count=failures,
                active=because is None,
                inactive_because=because,
            )
        return because or str(error)

    def wait_until(self, source: StoredSource, until: dt.datetime) -> None:
        """Poll a source no sooner than that."""
        with self.store.transaction() as session:
            sources.change(session, source.id, next_poll_at=until)

    def hold(self, error: FetchError) -> tuple[str, dt.datetime] | None:
        """Leave the host that answered so alone, in later updates too; return it and until when. None: no need."""
        wait = polling.hold(error.status, error.retry_after)
        if wait is None:
            return None
        host, until = host_of(error.final_url or error.url), self.now() + wait
        with self.store.transaction() as session:
            pending.hold(session, host, until=until, reason=str(error))
        return host, until


def _validators(source: StoredSource, fetched: Fetched) -> dict[str, str | None]:
    """Those of a new body replace the old ones even by nothing; "not modified" need not repeat them."""
    old = (None, None) if fetched.payload else (source.etag, source.last_modified)
    return {"etag": fetched.etag or old[0], "last_modified": fetched.last_modified or old[1]}


def _interval(source: StoredSource) -> dt.timedelta | None:
    return dt.timedelta(seconds=source.poll_seconds) if source.poll_seconds else None


def _move(source: StoredSource) -> polling.Move | None:
    if source.moving_to is None or source.moving_since is None:
        return None
    return polling.Move(to=source.moving_to, since=source.moving_since)


def _moved(source: StoredSource, to: str, there: StoredSource | None) -> dict[str, Any]:
    """Read it from its new address; not at all, where another source is read from there already."""
    if there and there.id != source.id:
        return {"active": False, "inactive_because": f"moved to {to}, which is source {there.id}"}
    return {"address": None if to == source.url else to, "moving_to": None, "moving_since": None}
