"""Pages that are waited for: what each gives when it has answered, and whether it is waited for still.

a page behind a teaser    ->  its article and the posts in it; the summary, when there will be no article
a further page of a feed  ->  its items
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kb.errors import InputError
from kb.ingest import polling, teasers
from kb.ingest.further import FurtherPages
from kb.ingest.jobs import Answer
from kb.ingest.outside import Hints, Outside, is_url
from kb.ingest.pipeline import Item, label
from kb.store import Store, pending
from kb.store.pending import StoredPage
from kb.store.sources import StoredSource
from kb.types import ItemResult, Payload, RawDocument, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """The pages of one update."""

    store: Store
    outside: Outside
    now: Callable[[], dt.datetime]
    further: FurtherPages

    def put_off(self, item: Item) -> ItemResult:
        """Note a teaser; its page is fetched later."""
        raw = item.document
        with self.store.transaction() as session:
            waits = pending.put(
                session,
                item.source_id,
                external_id=raw.external_id,
                url=raw.text_url or raw.url or "",
                canonical_url=raw.canonical_url,
                teaser=teasers.pack(raw),
                now=self.now(),
            )
        if not waits:
            return ItemResult(item=label(raw), status="unchanged", reason="its page could not be had")
        return ItemResult(item=label(raw), status="waiting", reason=f"its page: {teasers.LATER}")

    def take(self, page: StoredPage, answer: Answer, source: StoredSource) -> Sequence[Item | Skipped] | ItemResult:
        """What is to be stored of a page, which is to be settled then; a result where that is nothing."""
        return self._feed(page, answer, source) if page.number else self._article(page, answer, source)

    def settle(self, page: StoredPage, results: Sequence[ItemResult]) -> None:
        """Wait for a page no more. A teaser without a document is remembered, or the next poll would begin anew."""
        with self.store.transaction() as session:
            if page.number or any(result.document_id is not None for result in results):
                pending.drop(session, page.id)
            else:
                pending.put_off(session, page.id, until=None, error=results[-1].reason, tried=True)

    def try_later(self, page: StoredPage, until: dt.datetime, why: str, *, tried: bool) -> None:
        """Try a page again then. ``tried``: whether it was tried, or its host is to be left alone."""
        with self.store.transaction() as session:
            pending.put_off(session, page.id, until=until, error=why, tried=tried)

    def _article(self, page: StoredPage, answer: Answer, source: StoredSource) -> list[Item | Skipped] | ItemResult:
        """The document with its text and posts, its summary alone, or nothing yet."""
        teaser = teasers.unpack(page.teaser)
        if answer.error and self._waits_on(page, answer, source, answer.error):
            return _later(label(teaser), answer.error)
        try:
            documents = teasers.completed(teaser, self._read(answer)) or [teasers.summary(teaser, teasers.NO_ARTICLE)]
        except InputError as error:
            documents = [teasers.summary(teaser, str(error))]
        return [Item(page.source_id, document) for document in documents]

    def _read(self, answer: Answer) -> Iterable[RawDocument | Skipped]:
        """What the page of an article holds. Raises InputError when it could not be had or read."""
        return self.outside.read(_payload(answer), Hints())

    def _feed(self, page: StoredPage, answer: Answer, source: StoredSource) -> list[Item | Skipped] | ItemResult:
        """The items of a further page; one that cannot be had or read costs no other page anything."""
        try:
            items = self._items(page, answer, source)
        except InputError as error:
            if self._waits_on(page, answer, source, error):
                return _later(page.url, error)
            self.settle(page, ())
            reason = f"page {page.number} of the feed is given up: {error}"
            return ItemResult(item=page.url, status="failed", reason=reason)
        if not items:
            self.settle(page, ())
            return ItemResult(item=page.url, status="skipped", reason="no items on this page of the feed")
        return items

    def _items(self, page: StoredPage, answer: Answer, source: StoredSource) -> list[Item | Skipped]:
        payload = _payload(answer)
        if misfit := self.outside.misfit(payload, source.kind):
            raise InputError(f"{page.url} gave {misfit} where a {source.kind} was")
        items = list(self.further.items(source, payload, number=page.number or 1))
        if items and all(isinstance(item, Skipped) and item.failed for item in items):
            raise InputError(f"{page.url} has nothing that can be read")
        return items

    def _waits_on(self, page: StoredPage, answer: Answer, source: StoredSource, error: InputError) -> bool:
        """Have a page tried again later; False where it was tried often enough, or there is no use in it.

        A file is not polled, so it is read as far as it can be now. A hurried user must not use up the tries.
        """
        is_due = page.next_try_at <= self.now()
        wait = polling.next_try(max(page.tries + is_due, 1), answer.status)
        if wait is None or answer.refused or not is_url(source.url):
            return False
        self.try_later(page, self.now() + max(wait, answer.hold or wait), str(error), tried=is_due)
        return True


def _payload(answer: Answer) -> Payload:
    """The bytes that came back. Raises InputError where none did."""
    if answer.fetched is None or answer.fetched.payload is None:
        raise answer.error or InputError("nothing came back")
    return answer.fetched.payload


def _later(name: str, error: InputError) -> ItemResult:
    return ItemResult(item=name, status="waiting", reason=f"{error}; {teasers.LATER}")
