"""Feeds that go on over several pages: which of these are read.

The page behind one that is being read is waited for, as pages behind teasers are, before anything of this one is taken:
afterwards nobody could tell any more what was new on it, and a process that is killed in between loses no page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kb.ingest.entries import is_known
from kb.ingest.outside import Hints, Outside
from kb.ingest.pipeline import Item
from kb.store import Store, pending
from kb.store.sources import StoredSource
from kb.types import Payload, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherPages:
    """Follows the feeds of one update from page to page."""

    store: Store
    outside: Outside
    now: Callable[[], dt.datetime]
    most: int
    """Pages of one feed that are read, the first included."""
    _seen: set[tuple[int, str]] = field(default_factory=set)
    """Pages that were read, by source and address: some feeds go in circles."""

    def items(self, source: StoredSource, payload: Payload, *, number: int = 1) -> Iterable[Item | Skipped]:
        """What the page of that number holds; the next one is waited for from now on if it may bring something."""
        self._seen.update((source.id, url) for url in (payload.name, payload.url) if url)
        items = self.outside.documents(payload, source.id, Hints.from_config(dict(source.config)))
        url = self.outside.next_page(payload)
        if url is None or number >= self.most or (source.id, url) in self._seen:
            return items
        read = list(items)
        if self._leads_on(source, read, number):
            with self.store.transaction() as session:
                pending.put_further(session, source.id, url=url, number=number + 1, now=self.now())
        return read

    def _leads_on(self, source: StoredSource, items: Iterable[Item | Skipped], number: int) -> bool:
        """Whether older items may be unknown: all of a first page are new, so that some have slipped behind it since.

        Of a feed that was never read, and on further pages, one new item will do.
        """
        with self.store.reading() as session:
            new = [not is_known(session, item) for item in items if isinstance(item, Item)]
        return any(new) and (number > 1 or source.read_at is None or all(new))
