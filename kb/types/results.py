"""What came of work: each item, each source, an import."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """What became of one item of a batch; the batch goes on whatever it is."""

    item: str
    status: Literal["added", "changed", "unchanged", "skipped", "failed", "waiting", "registered"]
    """``waiting``: a teaser that becomes a document when its page has been fetched; ``registered``: a source to poll,
    of which nothing was read yet."""
    reason: str = ""
    statements: int = 0
    predictions: int = 0
    document_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """What polling one source gave; the other sources go on whatever it is."""

    source: str
    """Its name."""
    url: str | None
    status: Literal["ok", "unchanged", "failed", "waiting"]
    """``unchanged``: the server said so (304) or every document was known; ``failed``: the source could not be read;
    ``waiting``: its host asked to be left alone for a while."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    waiting: int = 0
    """Pages that a later update fetches."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source on the network, and how it is doing."""

    id: int
    kind: str
    name: str
    url: str
    """Where it is read from now."""
    documents: int
    waiting: int = 0
    """Pages that are still to be fetched."""
    last_polled_at: dt.datetime | None = None
    news_at: dt.datetime | None = None
    """When it last brought something."""
    next_poll_at: dt.datetime | None = None
    """None: at the next update; or never, if it is not active."""
    every: dt.timedelta | None = None
    """About how often it is polled; None before the first poll."""
    error_count: int = 0
    """Failed polls since the last good one."""
    last_error: str | None = None
    active: bool = True
    inactive_because: str | None = None

    @property
    def health(self) -> Literal["ok", "failing", "paused"]:
        """``failing`` after a failed poll; ``paused`` when it is not polled."""
        return "paused" if not self.active else "failing" if self.error_count else "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What importing an exported record changed."""

    added: dict[str, int]
    """New rows by what they are: source, speaker, document, statement, report, outcome ..."""
    changed: int = 0
    """Rows that were there and took over something."""
    conflicts: tuple[str, ...] = ()
    """Where the two records disagree, one line each: both sides are kept, and the line says which one counts."""
