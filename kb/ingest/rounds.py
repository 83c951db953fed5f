"""What one update did for one source, counted up to the line that tells of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kb.store.sources import StoredSource
from kb.types import ItemResult, SourceResult

COUNTED = ("added", "changed", "unchanged", "failed")


def is_again(result: ItemResult) -> bool:
    """Whether it is a document of the record whose page is to be read again, which is no news yet."""
    return result.status == "waiting" and result.document_id is not None


@dataclass(slots=True)
class Round:
    """Counts of one source."""

    source: StoredSource
    note: str = ""
    """What to say when nothing was counted."""
    open: int = 0
    """Fetches that have not been answered."""
    counts: Counter[str] = field(default_factory=Counter)
    _reasons: list[str] = field(default_factory=list)
    _page_errors: list[str] = field(default_factory=list)
    _end: tuple[str, bool] | None = None
    """Why it could not be read, and whether its host asked to be left alone."""

    @property
    def has_begun(self) -> bool:
        """Whether anything was done for it."""
        return bool(self.counts)

    def count(self, result: ItemResult) -> None:
        """Take in what became of an item; of a page that is read again, only what comes of that."""
        if is_again(result):
            return
        self.counts[result.status] += 1
        if result.status == "failed":
            self._reasons.append(f"{result.item}: {result.reason}")

    def count_page(self, result: ItemResult) -> None:
        """Take in what became of a page; one that is to be tried again is no news."""
        if result.status == "waiting":
            self._page_errors.append(result.reason)
        else:
            self.count(result)

    def fail(self, reason: str, *, waiting: bool) -> None:
        """Take in that the source itself could not be read. ``waiting``: its host asked to be left alone."""
        self._end = (reason, waiting)

    def result(self, *, waiting: int) -> SourceResult:
        """What to tell. It failed when nothing could be read from it, and is unchanged without news.

        ``waiting``: pages that later updates fetch.
        """
        counts = {name: self.counts[name] for name in COUNTED}
        nothing_read = 0 < counts["failed"] == sum(counts.values())
        failed = not self._end[1] if self._end else nothing_read
        news = counts["added"] + counts["changed"] + counts["failed"] + self.counts["waiting"]
        return SourceResult(
            source=self.source.name,
            url=self.source.reads,
            status="failed" if failed else "waiting" if self._end else "ok" if news else "unchanged",
            reason=self._reason(waiting),
            waiting=waiting,
            **counts,
        )

    def _reason(self, waiting: int) -> str:
        if self._end:
            return self._end[0]
        reasons = self._reasons or (self._page_errors if waiting else [])
        if reasons:
            return reasons[0] + (f" (and {len(reasons) - 1} more)" if reasons[1:] else "")
        return "" if self.counts else self.note
