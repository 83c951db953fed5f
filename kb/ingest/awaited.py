"""Pages that are waited for: what each gives when it has answered, and whether it is waited for still.

a page behind a teaser    ->  its article and the posts in it; the summary, when there will be no article
one that was read before  ->  its article, if there is one that may be new; what is in the record stays otherwise
a further page of a feed  ->  its items
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kb.errors import InputError
from kb.ingest import polling, teasers
from kb.ingest.further import FurtherPages
from kb.ingest.jobs import Answer
from kb.ingest.outside import Fetched, Hints, Outside, is_url
from kb.ingest.pipeline import Item, label
from kb.store import Session, Store, entries, pending
from kb.store.pending import StoredPage
from kb.store.sources import StoredSource
from kb.types import ItemResult, Payload, RawDocument, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is to be stored of a page, at least one item."""

    page: StoredPage
    items: Sequence[Item | Skipped]
    fetched: Fetched | None = None
    """Where it came from; None for a summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """The pages of one update."""

    store: Store
    outside: Outside
    now: Callable[[], dt.datetime]
    further: FurtherPages

    def take(self, page: StoredPage, answer: Answer, source: StoredSource) -> Taken | ItemResult:
        """What is to be stored of a page, which is to be settled then; a result where that is nothing."""
        with self.store.reading() as session:
            page = pending.get(session, page.id) or page  # its teaser may have changed while it was fetched
        return self._feed(page, answer, source) if page.number else self._article(page, answer, source)

    def settle(self, taken: Taken, results: Sequence[ItemResult]) -> None:
        """Wait for a page no more. A teaser without a document is remembered, or the next poll would begin anew."""
        page, document_id = taken.page, next((r.document_id for r in results if r.document_id is not None), None)
        with self.store.transaction() as session:
            if page.number:
                pending.drop(session, page.id)
            elif document_id is None:
                pending.put_off(session, page.id, until=None, error=results[-1].reason, tried=True)
            else:
                pending.drop(session, page.id)
                has_news = any(result.status in ("added", "changed") for result in results)
                _remember(session, taken, document_id, has_news=has_news)

    def try_later(self, page: StoredPage, until: dt.datetime, why: str, *, tried: bool) -> None:
        """Try a page again then. ``tried``: whether it was tried, or its host is to be left alone."""
        with self.store.transaction() as session:
            pending.put_off(session, page.id, until=until, error=why, tried=tried)
            if tried:
                _count_vain(session, page)

    # --- articles ---

    def _article(self, page: StoredPage, answer: Answer, source: StoredSource) -> Taken | ItemResult:
        """The document with its text and posts, its summary alone, or nothing, at least for now."""
        teaser = teasers.unpack(page.teaser)
        try:
            documents, fetched = self._documents(teaser, answer), answer.fetched
        except InputError as error:
            if answer.error and self._waits_on(page, answer, source, error):
                return _later(label(teaser), error)
            if page.entry:
                return self._stays(page, label(teaser), error)
            documents, fetched = [teasers.summary(teaser, str(error))], None
        return Taken(page=page, items=[Item(page.source_id, document) for document in documents], fetched=fetched)

    def _documents(self, teaser: RawDocument, answer: Answer) -> list[RawDocument]:
        """The article and its posts. Raises InputError where the page gave none."""
        documents = teasers.completed(teaser, self.outside.read(_payload(answer), Hints()))
        if not documents:
            raise InputError(teasers.NO_ARTICLE)
        return documents

    def _stays(self, page: StoredPage, name: str, why: InputError) -> ItemResult:
        """Leave the article of an entry as it is."""
        with self.store.transaction() as session:
            pending.drop(session, page.id)
            _count_vain(session, page)
        return ItemResult(item=name, status="unchanged", reason=f"already in the record; its page again: {why}")

    # --- feeds ---

    def _feed(self, page: StoredPage, answer: Answer, source: StoredSource) -> Taken | ItemResult:
        """The items of a further page; one that cannot be had or read costs no other page anything."""
        try:
            items = self._items(page, answer, source)
        except InputError as error:
            if self._waits_on(page, answer, source, error):
                return _later(page.url, error)
            self._forget(page)
            reason = f"page {page.number} of the feed is given up: {error}"
            return ItemResult(item=page.url, status="failed", reason=reason)
        if not items:
            self._forget(page)
            return ItemResult(item=page.url, status="skipped", reason="no items on this page of the feed")
        return Taken(page=page, items=items, fetched=answer.fetched)

    def _items(self, page: StoredPage, answer: Answer, source: StoredSource) -> list[Item | Skipped]:
        payload = _payload(answer)
        if misfit := self.outside.misfit(payload, source.kind):
            raise InputError(f"{page.url} gave {misfit} where a {source.kind} was")
        items = list(self.further.items(source, payload, number=page.number or 1))
        if items and all(isinstance(item, Skipped) and item.failed for item in items):
            raise InputError(f"{page.url} has nothing that can be read")
        return items

    def _forget(self, page: StoredPage) -> None:
        with self.store.transaction() as session:
            pending.drop(session, page.id)

    # --- both ---

    def _waits_on(self, page: StoredPage, answer: Answer, source: StoredSource, error: InputError) -> bool:
        """Have a page tried again later; False where it was tried often enough, or there is no use in it.

        A file is not polled, so it is read as far as it can be now. A hurried user must not use up the tries.
        """
        is_due = page.next_try_at <= self.now()
        wait = polling.next_try(max(page.tries + is_due, 1), answer.status)
        is_vain = page.entry is not None and page.entry.vain + is_due >= teasers.MOST_VAIN
        if wait is None or is_vain or answer.refused or not is_url(source.url):
            return False
        self.try_later(page, self.now() + max(wait, answer.hold or wait), str(error), tried=is_due)
        return True


def _remember(session: Session, taken: Taken, document_id: int, *, has_news: bool) -> None:
    """Know from now on what a page was read for, and how to ask whether it has changed."""
    page, fetched = taken.page, taken.fetched
    known = page.entry or teasers.entry(teasers.unpack(page.teaser), document_id)
    vain = 0 if has_news or not page.entry else page.entry.vain + 1
    if fetched:
        known = replace(known, url=page.url, etag=fetched.etag, last_modified=fetched.last_modified)
    entries.put(session, page.source_id, page.external_id, replace(known, vain=vain))


def _count_vain(session: Session, page: StoredPage) -> None:
    if page.entry:
        entries.put(session, page.source_id, page.external_id, replace(page.entry, vain=page.entry.vain + 1))


def _payload(answer: Answer) -> Payload:
    """The bytes that came back. Raises InputError where none did."""
    if answer.fetched is None or answer.fetched.payload is None:
        raise answer.error or InputError("it has not changed")
    return answer.fetched.payload


def _later(name: str, error: InputError) -> ItemResult:
    return ItemResult(item=name, status="waiting", reason=f"{error}; {teasers.LATER}")
