"""Pages that are still to be fetched, those behind teasers and further ones of feeds, and hosts that asked to be left
alone for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnExpressionArgument, and_, func
from sqlmodel import Session, col, delete, select

from kb.store import entries
from kb.store.entries import StoredEntry
from kb.store.tables import Entry, Host, PendingPage, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A page to fetch, and the teaser that leads to it."""

    id: int
    source_id: int
    external_id: str
    url: str
    teaser: Mapping[str, Any]
    """Empty for a further page of a feed."""
    tries: int
    next_try_at: dt.datetime
    number: int | None = None
    """Which page of its feed it is, counted from 1; None for a page behind a teaser."""
    entry: StoredEntry | None = None
    """What is known of the teaser's entry, where its page was read before."""

    @property
    def validators(self) -> tuple[str | None, str | None]:
        """ETag and Last-Modified of what was read from the page before."""
        known = self.entry if self.entry and self.entry.url == self.url else None
        return (known.etag, known.last_modified) if known else (None, None)


def put(
    session: Session,
    source_id: int,
    *,
    external_id: str,
    url: str,
    canonical_url: str | None,
    teaser: Mapping[str, Any],
    now: dt.datetime,
) -> bool:
    """Keep a teaser until its page has been fetched; tell whether it is waited for now.

    Two feeds that lead to one page wait for it once; a page that was given up is not waited for again.
    """
    known = _known(session, source_id, external_id, canonical_url)
    if known:
        return known.next_try_at is not None
    session.add(
        PendingPage(
            source_id=source_id,
            external_id=external_id,
            url=url,
            canonical_url=canonical_url,
            teaser=dict(teaser),
            next_try_at=now,
        )
    )
    session.flush()
    return True


def put_again(
    session: Session, source_id: int, *, external_id: str, url: str, teaser: Mapping[str, Any], now: dt.datetime
) -> None:
    """Have a page read again, that of an entry which is known."""
    page = _known(session, source_id, external_id, None)
    page = page or PendingPage(source_id=source_id, external_id=external_id, url=url, teaser={}, next_try_at=now)
    page.url, page.teaser, page.tries, page.next_try_at = url, dict(teaser), 0, now
    session.add(page)
    session.flush()


def put_further(session: Session, source_id: int, *, url: str, number: int, now: dt.datetime) -> None:
    """Wait for the page of a feed with that number, unless it is waited for already."""
    if _known(session, source_id, url, None) is None:
        page = PendingPage(source_id=source_id, external_id=url, url=url, teaser={}, number=number, next_try_at=now)
        session.add(page)
        session.flush()


def knows(session: Session, source_id: int, *, external_id: str, canonical_url: str | None) -> bool:
    """Whether a teaser is kept, or its page was given up."""
    return _known(session, source_id, external_id, canonical_url) is not None


def due(session: Session, now: dt.datetime | None, *, source_ids: set[int] | None = None) -> list[StoredPage]:
    """The pages to try ``now``, the longest known first; those of sources that are polled, or of ``source_ids`` alone.

    Without ``now``, those that are not due yet, too.
    """
    when = col(PendingPage.next_try_at) <= now if now else col(PendingPage.next_try_at).is_not(None)
    conditions: list[ColumnExpressionArgument[bool]] = [when, col(Source.active)]
    if source_ids is not None:
        conditions.append(col(PendingPage.source_id).in_(source_ids))
    return _pages(session, *conditions)


def get(session: Session, page_id: int) -> StoredPage | None:
    """A page as it is waited for now; None where it is not."""
    found = _pages(session, col(PendingPage.id) == page_id, col(PendingPage.next_try_at).is_not(None))
    return next(iter(found), None)


def next_try(session: Session) -> dt.datetime | None:
    """When the next page of a polled source is due, None where none is pending."""
    query = select(func.min(PendingPage.next_try_at)).join(Source, col(Source.id) == col(PendingPage.source_id))
    return session.exec(query.where(col(Source.active))).one()


def count(session: Session, source_id: int) -> int:
    """How many pages a source waits for."""
    waits = (col(PendingPage.source_id) == source_id, col(PendingPage.next_try_at).is_not(None))
    return session.exec(select(func.count()).where(*waits)).one()


def put_off(session: Session, page_id: int, *, until: dt.datetime | None, error: str, tried: bool) -> None:
    """Try a page again then, or never (None). ``tried``: whether it was tried, or its host is to be left alone.

    One that is not waited for any more (another process has it) stays so.
    """
    page = session.get(PendingPage, page_id)
    if page:
        page.next_try_at, page.last_error, page.tries = until, error, page.tries + tried
        session.flush()


def drop(session: Session, page_id: int) -> None:
    """Wait for a page no more."""
    session.exec(delete(PendingPage).where(col(PendingPage.id) == page_id))


def hold(session: Session, host: str, *, until: dt.datetime, reason: str) -> None:
    """Leave a host alone until then."""
    session.merge(Host(name=host, held_until=until, reason=reason))
    session.flush()


def held(session: Session, now: dt.datetime) -> dict[str, tuple[dt.datetime, str]]:
    """The hosts that must be left alone now: until when, and why."""
    rows = session.exec(select(Host).where(col(Host.held_until) > now))
    return {row.name: (row.held_until, row.reason) for row in rows}


def _known(session: Session, source_id: int, external_id: str, canonical_url: str | None) -> PendingPage | None:
    same = (PendingPage.source_id == source_id) & (PendingPage.external_id == external_id)
    if canonical_url:
        same |= PendingPage.canonical_url == canonical_url
    return session.exec(select(PendingPage).where(same).limit(1)).first()


def _pages(session: Session, *conditions: ColumnExpressionArgument[bool]) -> list[StoredPage]:
    query = select(PendingPage, Entry).join(Source, col(Source.id) == col(PendingPage.source_id))
    same = col(Entry.source_id) == col(PendingPage.source_id), col(Entry.external_id) == col(PendingPage.external_id)
    query = query.join(Entry, and_(*same), isouter=True).where(*conditions).order_by(col(PendingPage.id))
    return [_stored(page, entry) for page, entry in session.exec(query)]


def _stored(row: PendingPage, entry: Entry | None) -> StoredPage:
    assert row.next_try_at is not None
    return StoredPage(
        id=row.id,
        source_id=row.source_id,
        external_id=row.external_id,
        url=row.url,
        teaser=row.teaser,
        tries=row.tries,
        next_try_at=row.next_try_at,
        number=row.number,
        entry=entries.stored(entry) if entry else None,
    )
